// SQL of verification: one named query per promise of DESIGN §4 that answers with what breaks it. Sums are compared inside
// SQLite, where 64 bits are exact; only texts come out. Read-only, needs nothing but a reader. What needs the order of all
// entries is proved by `walk.ts`. Joins over all charges or entries are written as CROSS JOIN or LEFT JOIN: SQLite keeps their
// order then, which is that of the primary keys, so neighbours are read together.
import { CHARGE_CHECKS } from "./store-checks-charges.ts"
import { CLAW_CHECKS } from "./store-checks-claws.ts"
import { CORRECTION_CHECKS } from "./store-checks-corrections.ts"
import { DAY_CHECKS } from "./store-checks-days.ts"
import { EARNING_CHECKS } from "./store-checks-earnings.ts"
import { HOLD_CHECKS } from "./store-checks-holds.ts"
import { LOT_CHECKS } from "./store-checks-lots.ts"
import { SALE_CHECKS } from "./store-checks-sales.ts"
import { SPONSOR_CHECKS } from "./store-checks-sponsor.ts"
import { type CheckSql, count, type SharedSql, shared } from "./store-proof.ts"
import { BUDGET_SUMS, otherSides } from "./store-sums.ts"

/** Entries of reversals and of what they reverse, under the reversal's id. */
const REVERSED = `
  SELECT r.id, e.account_id, e.lot_id, e.amount_nano FROM transactions r CROSS JOIN entries e ON e.transaction_id = r.id
    WHERE r.reverses IS NOT NULL
  UNION ALL
  SELECT r.id, e.account_id, e.lot_id, e.amount_nano FROM transactions r CROSS JOIN entries e ON e.transaction_id = r.reverses
    WHERE r.reverses IS NOT NULL
  UNION ALL
  SELECT r.id, c.account_id, c.lot_id, -c.collected_nano FROM transactions r CROSS JOIN charges c ON c.id = r.reverses
    WHERE r.reverses IS NOT NULL AND c.lot_id IS NOT NULL
  UNION ALL
  SELECT r.id, c.account_id, k.lot_id, -k.amount_nano FROM transactions r CROSS JOIN charges c ON c.id = r.reverses
    CROSS JOIN charge_lots k ON k.charge_id = c.id WHERE r.reverses IS NOT NULL AND c.lot_id IS NULL
  UNION ALL
  SELECT reversal, account_id, NULL, amount_nano FROM (${otherSides(
    "FROM (SELECT r.id AS reversal, c.* FROM transactions r CROSS JOIN charges c ON c.id = r.reverses WHERE r.reverses IS NOT NULL) c",
    "c.reversal,",
  )})`

const OTHERS: readonly CheckSql[] = [
  {
    name: "reversals_once",
    promise: "a transaction is reversed once, by its exact opposite, about the same charge",
    checked: count("transactions", "WHERE type = 'reversal'"),
    broken: `
      SELECT r.public_id AS example FROM transactions r LEFT JOIN transactions o ON o.id = r.reverses
      LEFT JOIN charges c ON c.id = r.reverses
      WHERE r.type = 'reversal' AND (COALESCE(o.id, c.id) IS NULL OR r.charge_id IS NOT COALESCE(c.id, o.charge_id))
      UNION ALL
      SELECT 'transaction ' || id FROM (
        SELECT id FROM (${REVERSED}) GROUP BY id, account_id, lot_id HAVING SUM(amount_nano) <> 0) GROUP BY id
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
]

export const CHECKS: readonly SharedSql[] = [
  ...[...LOT_CHECKS, ...HOLD_CHECKS].map(shared),
  CHARGE_CHECKS,
  DAY_CHECKS,
  ...[...OTHERS, ...EARNING_CHECKS, ...SALE_CHECKS, ...SPONSOR_CHECKS, ...CORRECTION_CHECKS, ...CLAW_CHECKS].map(
    shared,
  ),
]
