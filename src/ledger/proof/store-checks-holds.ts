// SQL of verification of holds: what they reserved, in which order, on which lots, how they ended. Read-only.
import { type CheckSql, count } from "./store-proof.ts"
import { BACK_ON_LOT, LIMIT_SUMS } from "./store-sums.ts"

/** SQL twin of `compareLots`. */
const order = (lot: string) =>
  `(${lot}.priority, COALESCE(${lot}.expires_ms, 9223372036854775807), ${lot}.paid, ${lot}.created_ms, ${lot}.id)`

export const HOLD_CHECKS: readonly CheckSql[] = [
  {
    name: "hold_parts",
    promise: "a hold is the sum of what it reserved, on lots of its own wallet, on the day it was made",
    checked: count("holds"),
    broken: `
      SELECT 'hold ' || h.id AS example FROM holds h LEFT JOIN hold_lots p ON p.hold_id = h.id LEFT JOIN lots l ON l.id = p.lot_id
      GROUP BY h.id HAVING h.amount_nano <> COALESCE(SUM(p.amount_nano), 0) OR h.day <> h.created_ms / 86400000
        OR COALESCE(SUM(l.account_id <> h.account_id), 0) > 0`,
  },
  {
    name: "consumption_order",
    promise: "lots are reserved and spent by priority, expiry, promo before paid, created, id",
    checked: count("hold_lots"),
    // (1) a hold's own order; (2) spending a later lot before an earlier one is used up; (3) passing over an earlier lot that
    // was free: it has free credits now, none came back to it since, and no other hold was on it when this one was made or
    // raised. Few holds have a second part, and few lots stand behind one with free credits: only those holds are looked at.
    broken: `
      SELECT 'hold ' || a.hold_id || ' out of order' AS example
      FROM hold_lots b CROSS JOIN hold_lots a ON a.hold_id = b.hold_id AND b.seq > a.seq
      JOIN lots la ON la.id = a.lot_id JOIN lots lb ON lb.id = b.lot_id WHERE b.seq <> 0 AND ${order("la")} > ${order("lb")}
      UNION ALL
      SELECT 'hold ' || h.id || ' spent a later lot first'
      FROM hold_lots b CROSS JOIN hold_lots a ON a.hold_id = b.hold_id AND b.seq > a.seq CROSS JOIN holds h ON h.id = b.hold_id
      WHERE b.seq <> 0 AND h.state = 'settled'
        AND a.amount_nano > COALESCE((SELECT -SUM(e.amount_nano) FROM entries e
                                      WHERE e.transaction_id = h.transaction_id AND e.lot_id = a.lot_id), 0)
        AND EXISTS (SELECT 1 FROM entries e WHERE e.transaction_id = h.transaction_id AND e.lot_id = b.lot_id)
      UNION ALL
      SELECT 'hold ' || h.id || ' passed over ' || skipped.public_id
      FROM hold_lots p CROSS JOIN holds h ON h.id = p.hold_id CROSS JOIN lots used ON used.id = p.lot_id
      CROSS JOIN lots skipped ON skipped.account_id = h.account_id AND skipped.unspent = 1
      LEFT JOIN (${BACK_ON_LOT}) back ON back.lot_id = skipped.id
      WHERE p.lot_id IN (SELECT later.id FROM lots later JOIN lots early ON early.account_id = later.account_id
                         WHERE early.unspent = 1 AND early.remaining_nano > early.held_nano
                           AND ${order("early")} < ${order("later")})
        AND ${order("skipped")} < ${order("used")} AND skipped.remaining_nano > skipped.held_nano
        AND skipped.created_ms < h.created_ms AND skipped.effective_ms <= h.created_ms
        AND COALESCE(back.last_ms, -1) < h.created_ms
        AND (skipped.expires_ms IS NULL OR skipped.expires_ms > h.created_ms)
        AND (skipped.restriction IS NULL OR skipped.restriction = h.scope)
        AND NOT EXISTS (SELECT 1 FROM hold_lots mine WHERE mine.hold_id = h.id AND mine.lot_id = skipped.id)
        AND NOT EXISTS (SELECT 1 FROM holds o JOIN hold_lots q ON q.hold_id = o.id AND q.lot_id = skipped.id
                        WHERE o.account_id = h.account_id AND o.id <> h.id
                          AND (o.id < h.id OR o.created_ms <= h.raised_ms)
                          AND (o.resolved_ms IS NULL OR o.resolved_ms >= h.created_ms))`,
  },
  {
    name: "lots_alive",
    promise: "nothing is reserved on, or taken from, a lot outside its life, but by a hold made within it",
    checked: count("hold_lots"),
    broken: `
      SELECT 'hold ' || h.id || ' on ' || l.public_id AS example
      FROM hold_lots p CROSS JOIN holds h ON h.id = p.hold_id CROSS JOIN lots l ON l.id = p.lot_id
      WHERE h.created_ms >= l.expires_ms OR COALESCE(h.raised_ms, h.created_ms) < l.effective_ms
      UNION ALL
      SELECT t.public_id || CASE t.type WHEN 'usage' THEN ' took from ' ELSE ' expired early ' END || l.public_id
      FROM entries e CROSS JOIN transactions t ON t.id = e.transaction_id CROSS JOIN lots l ON l.id = e.lot_id
      WHERE CASE t.type
          WHEN 'usage' THEN (COALESCE(t.at_ms >= l.expires_ms, 0) OR t.at_ms < l.effective_ms)
            AND NOT EXISTS (SELECT 1 FROM hold_lots p WHERE p.hold_id = t.hold_id AND p.lot_id = l.id)
          WHEN 'expiry' THEN l.expires_ms IS NULL OR t.at_ms < l.expires_ms
          WHEN 'subscription' THEN e.amount_nano < 0 AND (l.expires_ms IS NULL OR t.at_ms < l.expires_ms) END`,
  },
  {
    name: "hold_resolved_once",
    promise: "a hold resolves once: a charged hold and its usage transaction name each other, an open one has none",
    checked: count("holds"),
    broken: `
      SELECT 'hold ' || h.id AS example FROM holds h LEFT JOIN transactions t ON t.id = h.transaction_id
      WHERE (h.state = 'open') <> (h.resolved_ms IS NULL) OR (h.charge_nano > 0) <> (h.transaction_id IS NOT NULL)
         OR (h.state <> 'settled' AND h.charge_nano <> 0)
         OR (h.transaction_id IS NOT NULL AND (t.id IS NULL OR t.type <> 'usage' OR t.hold_id IS NOT h.id))
      UNION ALL
      SELECT t.public_id FROM transactions t LEFT JOIN holds h ON h.id = t.hold_id
      WHERE (t.type = 'usage' AND h.transaction_id IS NOT t.id)
         OR (t.hold_id IS NOT NULL AND t.type NOT IN ('usage', 'refund', 'reversal'))
      UNION ALL
      SELECT 'hold ' || hold_id FROM transactions WHERE hold_id IS NOT NULL AND type = 'usage'
      GROUP BY hold_id HAVING COUNT(*) > 1`,
  },
  {
    name: "limit_day",
    promise: "used and held of an app's day are what its holds say",
    checked: count("limit_day"),
    broken: `
      SELECT 'account ' || account_id || ' client ' || client_id || ' ' || scope || ' day ' || day AS example FROM (
        SELECT account_id, client_id, scope, day, used_nano AS used, held_nano AS held FROM limit_day
        UNION ALL SELECT account_id, client_id, scope, day, -used, -held FROM (${LIMIT_SUMS}))
      GROUP BY account_id, client_id, scope, day HAVING SUM(used) <> 0 OR SUM(held) <> 0`,
  },
]
