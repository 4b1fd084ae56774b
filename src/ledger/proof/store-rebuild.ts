// Recomputes every projection from what is never changed: entries, holds and claims. Uses the sums of verification, so that
// what is proven and what is rebuilt are the same thing.
import type { Tx } from "../../store/index.ts"
import { EARNING_REBUILD } from "./store-checks-earnings.ts"
import { HISTORY_REBUILD } from "./store-checks-history.ts"
import { ACCOUNT_SUMS, BUDGET_SUMS, LIMIT_SUMS, LOT_SUMS, OPEN_HELD } from "./store-sums.ts"

/** @returns how many rows differed from what they should have been; 0 on healthy books */
export function rebuildProjectionsIn(tx: Tx): { changed: number } {
  const statements = [
    `UPDATE accounts SET balance_nano = s.balance FROM (${ACCOUNT_SUMS}) s
     WHERE s.id = accounts.id AND balance_nano <> s.balance`,
    `UPDATE lots SET consumed_nano = s.consumed, expired_nano = s.expired, voided_nano = s.voided,
                     clawed_nano = s.clawed, remaining_nano = s.remaining, held_nano = s.held, unspent = s.remaining > 0
     FROM (SELECT x.*, COALESCE(h.held, 0) AS held FROM (${LOT_SUMS}) x LEFT JOIN (${OPEN_HELD}) h ON h.lot_id = x.lot_id) s
     WHERE s.lot_id = lots.id
       AND (consumed_nano, expired_nano, voided_nano, clawed_nano, remaining_nano, held_nano)
           IS NOT (s.consumed, s.expired, s.voided, s.clawed, s.remaining, s.held)`,
    `DELETE FROM limit_day WHERE NOT EXISTS (
       SELECT 1 FROM holds h WHERE h.account_id = limit_day.account_id AND h.client_id = limit_day.client_id
         AND h.limit_scope = limit_day.scope AND h.day = limit_day.day)`,
    `INSERT INTO limit_day (account_id, client_id, scope, day, used_nano, held_nano)
     SELECT account_id, client_id, scope, day, used, held FROM (${LIMIT_SUMS}) WHERE true
     ON CONFLICT DO UPDATE SET used_nano = excluded.used_nano, held_nano = excluded.held_nano
     WHERE (used_nano, held_nano) IS NOT (excluded.used_nano, excluded.held_nano)`,
    `DELETE FROM free_budget_day WHERE (mode, day) NOT IN (SELECT mode, day FROM (${BUDGET_SUMS}))`,
    `INSERT INTO free_budget_day (mode, day, granted_nano, budget_nano)
     SELECT mode, day, granted, budget FROM (${BUDGET_SUMS}) WHERE true
     ON CONFLICT DO UPDATE SET granted_nano = excluded.granted_nano, budget_nano = excluded.budget_nano
     WHERE (granted_nano, budget_nano) IS NOT (excluded.granted_nano, excluded.budget_nano)`,
    ...EARNING_REBUILD,
    ...HISTORY_REBUILD,
  ]
  return { changed: statements.reduce((changed, sql) => changed + tx.run(sql).changes, 0) }
}
