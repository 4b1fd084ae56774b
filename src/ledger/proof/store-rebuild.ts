// Recomputes every projection from what is never changed: charges, entries and claims. Uses the sums of verification, so that
// what is proven and what is rebuilt are the same thing.
import type { Tx } from "../../store/index.ts"
import { BooksMemory, booksOf, bringSums } from "../books/memory.ts"
import { FROZEN_LOTS } from "./store-checks-claws.ts"
import { dayRebuild } from "./store-checks-days.ts"
import { EARNING_REBUILD } from "./store-checks-earnings.ts"
import { CALLER_REBUILD } from "./store-checks-sponsor.ts"
import { ACCOUNT_SUMS, BUDGET_SUMS, lotSums } from "./store-sums.ts"

const statements = (): readonly string[] => [
  `UPDATE accounts SET balance_nano = s.balance FROM (${ACCOUNT_SUMS}) s
   WHERE s.id = accounts.id AND balance_nano IS NOT s.balance`,
  `UPDATE lots SET consumed_nano = s.consumed, expired_nano = s.expired, voided_nano = s.voided, clawed_nano = s.clawed,
                   remaining_nano = s.remaining, unspent = s.remaining > 0
   FROM (${lotSums()}) s
   WHERE s.lot_id = lots.id AND (consumed_nano, expired_nano, voided_nano, clawed_nano, remaining_nano, unspent)
     IS NOT (s.consumed, s.expired, s.voided, s.clawed, s.remaining, s.remaining > 0)`,
  `UPDATE lots SET frozen = s.frozen FROM (${FROZEN_LOTS}) s WHERE s.id = lots.id AND lots.frozen <> s.frozen`,
  ...dayRebuild(BooksMemory.limits.foldSlice),
  `DELETE FROM free_budget_day WHERE (mode, day) NOT IN (SELECT mode, day FROM (${BUDGET_SUMS}))`,
  `INSERT INTO free_budget_day (mode, day, granted_nano, budget_nano)
   SELECT mode, day, granted, budget FROM (${BUDGET_SUMS}) WHERE true
   ON CONFLICT DO UPDATE SET granted_nano = excluded.granted_nano, budget_nano = excluded.budget_nano
   WHERE (granted_nano, budget_nano) IS NOT (excluded.granted_nano, excluded.budget_nano)`,
  ...EARNING_REBUILD,
  ...CALLER_REBUILD,
]

/** @returns how many rows were changed, removed or made anew; 0 on healthy books */
export function rebuildProjectionsIn(tx: Tx): { changed: number } {
  bringSums(tx)
  const changed = statements().reduce((sum, sql) => sum + tx.run(sql).changes, 0)
  if (changed > 0) booksOf(tx).rowsChanged()
  return { changed }
}
