// SQL of verification of what corrects the books: rollovers, refunds, debts and the keys of corrections. Read-only.
import { type CheckSql, count } from "./store-proof.ts"
import { BACK_OF_CHARGE, BACK_OF_SALE } from "./store-sums.ts"

/** Does this lot count under the cap of `o`: rolled over, of the same wallet, and outliving it? */
const UNDER_CAP = (lotId: string) => `${lotId} IN (
  SELECT r.id FROM lots r WHERE r.account_id = n.account_id AND r.rolled_from IS NOT NULL AND r.expires_ms > o.expires_ms)`

/** What those lots had when `t` was posted. */
const ROLLED_THEN = `
  COALESCE((SELECT SUM(e.amount_nano) FROM entries e WHERE e.account_id = n.account_id AND e.account_id > 100
              AND e.transaction_id <= t.id AND ${UNDER_CAP("e.lot_id")}), 0)
  - COALESCE((SELECT SUM(c.collected_nano) FROM charges c WHERE c.account_id = n.account_id AND c.id <= t.id
                AND ${UNDER_CAP("c.lot_id")}), 0)
  - COALESCE((SELECT SUM(k.amount_nano) FROM charges c CROSS JOIN charge_lots k ON k.charge_id = c.id
              WHERE c.account_id = n.account_id AND c.id <= t.id AND c.lot_id IS NULL AND ${UNDER_CAP("k.lot_id")}), 0)`

export const CORRECTION_CHECKS: readonly CheckSql[] = [
  {
    name: "rollovers",
    promise:
      "a rolled-over lot continues one expired lot, in its terms, by its transaction, within its maximum and cap",
    checked: count("lots", "WHERE rolled_from IS NOT NULL"),
    broken: `
      SELECT n.public_id AS example FROM lots n
      LEFT JOIN lots o ON o.id = n.rolled_from LEFT JOIN transactions t ON t.key = n.key
      WHERE n.rolled_from IS NOT NULL AND (o.id IS NULL OR t.id IS NULL
        OR (n.account_id, n.bucket, n.paid, n.priority) <> (o.account_id, o.bucket, o.paid, o.priority)
        OR n.restriction IS NOT o.restriction OR n.rollover_max_nano IS NOT NULL
        OR o.rollover_max_nano IS NULL OR n.effective_ms <> o.expires_ms
        OR n.expires_ms <> o.expires_ms + o.rollover_lifetime_ms OR t.type <> 'subscription' OR t.at_ms < o.expires_ms
        OR 2 <> (SELECT COUNT(*) FROM entries e WHERE e.transaction_id = t.id)
        OR NOT EXISTS (SELECT 1 FROM entries e WHERE e.transaction_id = t.id AND e.lot_id = o.id
                         AND e.amount_nano = -n.granted_nano)
        OR o.rollover_max_nano < (SELECT SUM(r.granted_nano) FROM lots r WHERE r.rolled_from = o.id)
        OR o.rollover_cap_nano < ${ROLLED_THEN})
      UNION ALL
      SELECT t.public_id FROM transactions t JOIN entries e ON e.transaction_id = t.id
      LEFT JOIN lots n ON n.key = t.key AND n.rolled_from = e.lot_id
      WHERE t.type = 'subscription' AND e.lot_id IS NOT NULL AND e.amount_nano < 0 AND n.id IS NULL`,
  },
  {
    name: "refunds_bounded",
    promise: "a call or a sale gives back at most what it collected, to the lots that paid for it",
    checked: count("corrections", "WHERE verb = 'refund_charge'"),
    broken: `
      SELECT 'txn_' || substr(c.call_id, 5) AS example FROM (${BACK_OF_CHARGE}) b CROSS JOIN charges c ON c.id = b.charge_id
      WHERE b.back < 0 OR b.back > CASE WHEN c.lot_id IS NOT NULL THEN (b.lot_id = c.lot_id) * c.collected_nano
        ELSE COALESCE((SELECT k.amount_nano FROM charge_lots k WHERE k.charge_id = c.id AND k.lot_id = b.lot_id), 0) END
      UNION ALL
      SELECT b.sale FROM (${BACK_OF_SALE}) b LEFT JOIN transactions t ON t.public_id = b.sale AND t.type = 'sale'
      WHERE b.back < 0 OR b.back > COALESCE(
        (SELECT -e.amount_nano FROM entries e WHERE e.transaction_id = t.id AND e.lot_id = b.lot_id), 0)`,
  },
  {
    name: "debts",
    promise:
      "debt is what claw-backs could not take, less what paid lots repaid; never below zero, never from promo lots",
    checked: count("accounts", "WHERE kind = 'debt'"),
    broken: `
      SELECT 'account ' || a.id AS example FROM accounts a WHERE a.kind = 'debt' AND (a.balance_nano > 0 OR a.balance_nano <>
        COALESCE((SELECT SUM(e.amount_nano) FROM entries e JOIN transactions t ON t.id = e.transaction_id
                  JOIN transactions x ON x.id = COALESCE(t.reverses, t.id)
                  WHERE e.account_id = a.id AND e.account_id > 100 AND x.type IN ('refund', 'debt')), 0))
      UNION ALL
      SELECT t.public_id FROM transactions t CROSS JOIN entries e ON e.transaction_id = t.id
      JOIN accounts a ON a.id = e.account_id LEFT JOIN lots l ON l.id = e.lot_id
      WHERE t.type = 'debt' AND NOT ((a.kind = 'wallet' AND e.amount_nano < 0 AND l.paid = 1)
                                     OR (a.kind = 'wallet' AND e.amount_nano > 0 AND l.key = t.key AND l.paid = 1)
                                     OR (a.kind = 'debt' AND e.amount_nano > 0))`,
  },
  {
    name: "corrections",
    promise: "a key corrects once: its row and its transaction say the same, and a lot is clawed back at most in full",
    checked: count("corrections"),
    broken: `
      SELECT 'correction ' || c.key AS example FROM corrections c LEFT JOIN transactions t ON t.id = c.transaction_id
      WHERE (c.transaction_id IS NULL AND c.amount_nano <> 0)
         OR (c.transaction_id IS NOT NULL AND (t.key IS NOT c.key OR t.at_ms <> c.at_ms
             OR t.type <> CASE WHEN c.verb IN ('refund_charge', 'claw_back', 'restore_claw') THEN 'refund' ELSE 'adjustment' END
             OR c.amount_nano <> COALESCE(
               (SELECT SUM(e.amount_nano) * CASE WHEN c.verb IN ('claw_back', 'void_lot') THEN -1 ELSE 1 END
                FROM entries e JOIN accounts a ON a.id = e.account_id
                WHERE e.transaction_id = t.id AND (a.kind IN ('wallet', 'debt')
                  OR (a.kind = 'breakage' AND c.verb IN ('claw_back', 'restore_claw')))), 0)))
      UNION ALL
      SELECT l.public_id FROM lots l
      WHERE l.id IN (SELECT lot_id FROM corrections WHERE verb = 'claw_back') AND l.granted_nano <
        (SELECT SUM(CASE c.verb WHEN 'claw_back' THEN c.amount_nano ELSE -c.amount_nano END) FROM corrections c
         WHERE c.lot_id = l.id AND c.verb IN ('claw_back', 'restore_claw')
           AND NOT EXISTS (SELECT 1 FROM transactions r WHERE r.reverses = c.transaction_id))
      UNION ALL
      SELECT t.public_id FROM transactions t
      WHERE t.type = 'refund' AND t.charge_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM corrections c WHERE c.transaction_id = t.id AND c.verb = 'refund_charge')`,
  },
]
