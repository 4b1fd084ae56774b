// SQL of verification of lots: their bounds, their sums, their grants. Their figures are proved with charges. Read-only.
import { type CheckSql, count } from "./store-proof.ts"

export const LOT_CHECKS: readonly CheckSql[] = [
  {
    name: "lot_bounds",
    promise: "0 <= remaining <= granted on every lot",
    checked: count("lots"),
    broken: `
      SELECT public_id AS example FROM lots
      WHERE NOT (0 <= remaining_nano AND remaining_nano <= granted_nano AND granted_nano > 0
                 AND consumed_nano >= 0 AND expired_nano >= 0 AND voided_nano >= 0 AND clawed_nano >= 0
                 AND unspent = (remaining_nano > 0))`,
  },
  {
    name: "lot_sums",
    promise: "granted = consumed + expired + voided + clawed + remaining on every lot",
    checked: count("lots"),
    broken: `
      SELECT public_id AS example FROM lots
      WHERE granted_nano <> consumed_nano + expired_nano + voided_nano + clawed_nano + remaining_nano`,
  },
  {
    name: "grants_once",
    promise: "a key grants once: every lot has one transaction with its key, which credits all of it",
    checked: count("lots"),
    broken: `
      SELECT l.public_id AS example FROM lots l
      LEFT JOIN transactions t ON t.key = l.key
      LEFT JOIN entries e ON e.transaction_id = t.id AND e.lot_id = l.id AND e.amount_nano = l.granted_nano
      WHERE e.lot_id IS NULL
      UNION ALL SELECT 'lot key ' || key FROM lots GROUP BY key HAVING COUNT(*) > 1
      UNION ALL SELECT 'transaction key ' || key FROM transactions WHERE key IS NOT NULL GROUP BY key HAVING COUNT(*) > 1`,
  },
]
