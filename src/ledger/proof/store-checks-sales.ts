// SQL of verification of sales: who paid from what, who earned, and the platform's part right behind. Read-only.
import { FREEZES } from "./store-checks-claws.ts"
import { order } from "./store-checks-holds.ts"
import { type CheckSql, count } from "./store-proof.ts"

/** What a transaction moved on one account, and with lots or without. */
const moved = (transaction: string, account: string) => `COALESCE((
  SELECT SUM(e.amount_nano) FROM entries e WHERE e.transaction_id = ${transaction} AND e.account_id = ${account}), 0)`

const entries = (transaction: string) => `(SELECT COUNT(*) FROM entries e WHERE e.transaction_id = ${transaction})`

export const SALE_CHECKS: readonly CheckSql[] = [
  {
    name: "sales",
    promise:
      "a sale takes its whole price of paid lots that live, of one wallet, for one seller; its commission goes to revenue right behind it",
    checked: count("sales"),
    broken: `
      SELECT COALESCE(t.public_id, 'sale ' || s.transaction_id) AS example FROM sales s
      LEFT JOIN transactions t ON t.id = s.transaction_id
      LEFT JOIN accounts w ON w.id = s.account_id LEFT JOIN accounts p ON p.id = s.pending_id
      WHERE t.type IS NOT 'sale' OR t.at_ms <> s.at_ms OR t.key IS NULL OR w.kind IS NOT 'wallet' OR p.kind IS NOT 'pending'
        OR ${moved("t.id", "s.account_id")} <> -s.amount_nano OR ${moved("t.id", "s.pending_id")} <> s.amount_nano
        OR ${entries("t.id")} <> 1 + (SELECT COUNT(*) FROM entries e WHERE e.transaction_id = t.id AND e.account_id = s.account_id)
      UNION ALL
      SELECT t.public_id FROM sales s JOIN transactions t ON t.id = s.transaction_id
      LEFT JOIN transactions c ON c.id = s.commission_id LEFT JOIN accounts r ON r.kind = 'revenue' AND r.mode = c.mode
      WHERE s.commission_nano > 0 AND (c.type IS NOT 'commission' OR c.id <> t.id + 1 OR c.key IS NOT t.key || ':commission'
        OR ${entries("c.id")} <> 2 OR ${moved("c.id", "s.pending_id")} <> -s.commission_nano
        OR ${moved("c.id", "r.id")} <> s.commission_nano)
      UNION ALL
      SELECT t.public_id FROM transactions t
      WHERE (t.type = 'sale' AND NOT EXISTS (SELECT 1 FROM sales s WHERE s.transaction_id = t.id))
         OR (t.type = 'commission' AND NOT EXISTS (SELECT 1 FROM sales s WHERE s.commission_id = t.id))
      UNION ALL
      SELECT t.public_id || ' from ' || l.public_id FROM sales s JOIN transactions t ON t.id = s.transaction_id
      JOIN entries e ON e.transaction_id = t.id JOIN lots l ON l.id = e.lot_id
      WHERE l.paid = 0 OR l.restriction IS NOT NULL OR e.amount_nano >= 0 OR t.at_ms < l.effective_ms OR t.at_ms < l.created_ms
         OR t.at_ms >= l.expires_ms
      UNION ALL
      SELECT t.public_id || ' out of order' FROM sales s JOIN transactions t ON t.id = s.transaction_id
      JOIN entries a ON a.transaction_id = t.id JOIN entries b ON b.transaction_id = t.id AND b.seq > a.seq
      JOIN lots la ON la.id = a.lot_id JOIN lots lb ON lb.id = b.lot_id WHERE ${order("la")} > ${order("lb")}
      UNION ALL
      SELECT t.public_id || ' from frozen credits' FROM (${FREEZES}) f JOIN lots l ON l.id = f.lot_id OR l.rolled_from = f.lot_id
      JOIN entries e ON e.lot_id = l.id JOIN transactions t ON t.id = e.transaction_id AND t.type = 'sale'
      WHERE t.at_ms > f.from_ms AND t.at_ms < f.until_ms`,
  },
]
