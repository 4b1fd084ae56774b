// SQL of verification: one named query per promise of DESIGN §4 that answers with what breaks it. Sums are compared inside
// SQLite, where 64 bits are exact; only texts come out. Read-only, needs nothing but a reader. What needs the order of all
// entries is proved by `walk.ts`. Joins over all entries are written as CROSS JOIN: SQLite keeps their order then, which is that
// of the primary keys, so neighbours are read together.
import { CHARGE_CHECKS } from "./store-checks-charges.ts"
import { CORRECTION_CHECKS } from "./store-checks-corrections.ts"
import { EARNING_CHECKS } from "./store-checks-earnings.ts"
import { HISTORY_CHECKS } from "./store-checks-history.ts"
import { HOLD_CHECKS } from "./store-checks-holds.ts"
import { LOT_CHECKS } from "./store-checks-lots.ts"
import { type CheckSql, count, REFERENCES, type SharedSql, shared } from "./store-proof.ts"
import { BUDGET_SUMS } from "./store-sums.ts"

const OTHERS: readonly CheckSql[] = [
  {
    name: "reversals_once",
    promise: "a transaction is reversed once, by its exact opposite",
    checked: count("transactions", "WHERE type = 'reversal'"),
    broken: `
      SELECT r.public_id AS example FROM transactions r
      WHERE r.type = 'reversal' AND (r.reverses IS NULL OR EXISTS (
        SELECT 1 FROM entries e WHERE e.transaction_id IN (r.id, r.reverses)
        GROUP BY e.account_id, e.lot_id HAVING SUM(e.amount_nano) <> 0))
      UNION ALL
      SELECT 'transaction ' || reverses FROM transactions WHERE reverses IS NOT NULL GROUP BY reverses HAVING COUNT(*) > 1`,
  },
  {
    name: "claims_apart",
    promise: "claims of one wallet are 24 hours apart, each with its grant and its streak",
    checked: count("claims"),
    broken: `
      SELECT 'account ' || c.account_id || ' at ' || c.at_ms AS example FROM (
        SELECT *, LAG(at_ms) OVER w AS before_ms, LAG(streak) OVER w AS before_streak FROM claims
        WINDOW w AS (PARTITION BY account_id ORDER BY at_ms)) c
      LEFT JOIN transactions t ON t.id = c.transaction_id AND t.type = 'daily_bonus' AND t.at_ms = c.at_ms
      LEFT JOIN entries e ON e.transaction_id = t.id AND e.account_id = c.account_id AND e.amount_nano = c.amount_nano
      WHERE e.account_id IS NULL OR c.at_ms - c.before_ms < 86400000
         OR c.streak <> CASE WHEN c.at_ms - c.before_ms <= 172800000 THEN c.before_streak + 1 ELSE 1 END`,
  },
  {
    name: "free_budget",
    promise: "the free claims of a UTC day stay within the free budget, and its row counts them",
    checked: count("free_budget_day"),
    broken: `
      SELECT mode || ' day ' || day AS example FROM (
        SELECT mode, day, granted_nano AS granted, budget_nano AS budget FROM free_budget_day
        UNION ALL SELECT mode, day, -granted, -budget FROM (${BUDGET_SUMS}))
      GROUP BY mode, day HAVING SUM(granted) <> 0 OR SUM(budget) <> 0
      UNION ALL
      SELECT mode || ' transaction ' || transaction_id FROM (
        SELECT a.mode, c.transaction_id, c.budget_nano, SUM(c.amount_nano) OVER (
                 PARTITION BY a.mode, c.at_ms / 86400000 ORDER BY c.transaction_id) AS granted
        FROM claims c JOIN accounts a ON a.id = c.account_id WHERE c.budget_nano IS NOT NULL)
      WHERE granted > budget_nano`,
  },
  {
    name: "modes_apart",
    promise: "live and test never meet in one transaction, hold or claim",
    checked: count("entries"),
    broken: `
      SELECT t.public_id AS example FROM entries e CROSS JOIN transactions t ON t.id = e.transaction_id
      LEFT JOIN accounts a ON a.id = e.account_id WHERE a.mode IS NOT t.mode
      UNION ALL
      SELECT t.public_id FROM transactions t CROSS JOIN holds h ON h.id = t.hold_id CROSS JOIN accounts a ON a.id = h.account_id
      WHERE a.mode <> t.mode
      UNION ALL
      SELECT 'claim of account ' || c.account_id FROM claims c JOIN accounts a ON a.id = c.account_id
      JOIN transactions t ON t.id = c.transaction_id WHERE a.mode <> t.mode`,
  },
  REFERENCES,
]

export const CHECKS: readonly SharedSql[] = [
  ...[...LOT_CHECKS, ...HOLD_CHECKS].map(shared),
  CHARGE_CHECKS,
  ...[...OTHERS, ...EARNING_CHECKS, ...CORRECTION_CHECKS, ...HISTORY_CHECKS].map(shared),
]
