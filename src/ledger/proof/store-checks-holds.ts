// SQL of verification of calls: what open holds reserve, in which order lots are reserved and spent, and that a call is charged once. Open
// holds are as many as calls in progress; of resolved ones the charge is all that is left. Read-only.
import { type CheckSql, count } from "./store-proof.ts"

/** SQL twin of `compareLots`. */
export const order = (lot: string) =>
  `(${lot}.priority, COALESCE(${lot}.expires_ms, 9223372036854775807), ${lot}.paid, ${lot}.created_ms, ${lot}.id)`

export const HOLD_CHECKS: readonly CheckSql[] = [
  {
    name: "hold_parts",
    promise: "a hold is the sum of what it reserves, on lots of its own wallet; one that counts for a day is an app's",
    checked: count("open_holds"),
    broken: `
      SELECT 'hold of ' || h.call_id AS example FROM open_holds h LEFT JOIN accounts a ON a.id = h.account_id
      LEFT JOIN v_open_hold_lots p ON p.account_id = h.account_id AND p.hold_id = h.id LEFT JOIN lots l ON l.id = p.lot_id
      GROUP BY h.account_id, h.id
      HAVING a.kind IS NOT 'wallet' OR h.amount_nano <> COALESCE(SUM(p.amount_nano), 0) OR MIN(p.amount_nano) <= 0
        OR COUNT(DISTINCT p.lot_id) <> COUNT(p.hold_id) OR (COUNT(p.hold_id) = 1) <> (h.lot_id IS NOT NULL)
        OR (COUNT(p.hold_id) > 1) <> (h.lots IS NOT NULL) OR (h.limited = 1 AND h.client_id IS NULL)
        OR COALESCE(SUM(l.account_id IS NOT h.account_id AND p.hold_id IS NOT NULL), 0) > 0`,
  },
  {
    name: "lot_holds",
    promise: "open holds reserve no more of a lot than remains of it",
    checked: "SELECT COUNT(*) AS n FROM v_open_hold_lots",
    broken: `
      SELECT COALESCE(l.public_id, 'lot ' || p.lot_id) AS example
      FROM (SELECT lot_id, SUM(amount_nano) AS held FROM v_open_hold_lots GROUP BY lot_id) p LEFT JOIN lots l ON l.id = p.lot_id
      WHERE p.held > COALESCE(l.remaining_nano, 0)`,
  },
  {
    name: "consumption_order",
    promise:
      "the lots of a hold, and of a charge, follow each other by priority, expiry, promo before paid, created, id",
    checked: "SELECT (SELECT COUNT(*) FROM v_open_hold_lots) + (SELECT COUNT(*) FROM charge_lots) AS n",
    broken: `
      SELECT 'charge ' || b.charge_id || ' out of order' AS example
      FROM charge_lots a CROSS JOIN charge_lots b ON b.charge_id = a.charge_id AND b.seq > a.seq
      CROSS JOIN lots la ON la.id = a.lot_id CROSS JOIN lots lb ON lb.id = b.lot_id WHERE ${order("la")} > ${order("lb")}
      UNION ALL
      SELECT 'hold ' || a.hold_id || ' of account ' || a.account_id || ' out of order'
      FROM v_open_hold_lots a JOIN v_open_hold_lots b ON b.account_id = a.account_id AND b.hold_id = a.hold_id AND b.seq > a.seq
      JOIN lots la ON la.id = a.lot_id JOIN lots lb ON lb.id = b.lot_id WHERE ${order("la")} > ${order("lb")}`,
  },
  {
    name: "hold_resolved_once",
    promise:
      "a call is held once at a time and charged once; its charge has an id of its own, and nothing holds it any more",
    checked: "SELECT (SELECT COUNT(*) FROM charges) + (SELECT COUNT(*) FROM open_holds) AS n",
    broken: `
      SELECT 'call ' || call_id AS example FROM charges GROUP BY call_id HAVING COUNT(*) > 1
      UNION ALL SELECT 'hold of ' || h.call_id FROM open_holds h CROSS JOIN charges c ON c.call_id = h.call_id
      UNION ALL SELECT t.public_id FROM transactions t CROSS JOIN charges c ON c.call_id = 'req_' || substr(t.public_id, 5)
      UNION ALL SELECT public_id FROM transactions
        WHERE type = 'usage' OR (charge_id IS NOT NULL AND type NOT IN ('refund', 'reversal'))`,
  },
]
