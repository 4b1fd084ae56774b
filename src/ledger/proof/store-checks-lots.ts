// SQL of verification of lots: their bounds, their sums, their grants. Read-only.
import { type CheckSql, count } from "./store-proof.ts"
import { LOT_SUMS } from "./store-sums.ts"

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
    name: "lot_entries",
    promise:
      "the figures of a lot are the sums of its charges and entries, and every wallet entry names a lot of that wallet",
    checked: count("lots"),
    broken: `
      SELECT l.public_id AS example FROM lots l LEFT JOIN (${LOT_SUMS}) s ON s.lot_id = l.id
      WHERE s.lot_id IS NULL OR s.grants <> 1 OR s.granted <> l.granted_nano OR s.remaining <> l.remaining_nano
         OR s.consumed <> l.consumed_nano OR s.expired <> l.expired_nano OR s.voided <> l.voided_nano
         OR s.clawed <> l.clawed_nano
      UNION ALL
      SELECT 'transaction ' || e.transaction_id || ' entry ' || e.seq
      FROM entries e CROSS JOIN accounts a ON a.id = e.account_id LEFT JOIN lots l ON l.id = e.lot_id
      WHERE (a.kind = 'wallet') <> (e.lot_id IS NOT NULL) OR l.account_id <> e.account_id`,
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
