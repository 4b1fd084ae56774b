// SQL of verification of claw-backs and what ended them, of what developers bore of them, and of frozen lots. Read-only.
import { BROKEN_OF_LOT } from "../corrections/store.ts"
import { type CheckSql, count } from "./store-proof.ts"

/** What ended a correction `c`. */
const ended = (verb: string) => `EXISTS (SELECT 1 FROM corrections e WHERE e.of_key = c.key AND e.verb = '${verb}')`
const REVERSED = "EXISTS (SELECT 1 FROM transactions r WHERE r.reverses = c.transaction_id)"

/** Claw-backs that the bank has not decided about. */
const IN_DISPUTE = `
  SELECT a.mode, c.amount_nano FROM corrections c JOIN lots l ON l.id = c.lot_id JOIN accounts a ON a.id = l.account_id
  WHERE c.verb = 'claw_back' AND json_extract(c.request, '$.through') = 'disputes' AND NOT ${REVERSED}
    AND NOT ${ended("restore_claw")} AND NOT ${ended("settle_dispute")}`

/** What a transaction moved on accounts of a kind. */
const moved = (transaction: string, kind: string) => `COALESCE((
  SELECT SUM(n.amount_nano) FROM entries n JOIN accounts o ON o.id = n.account_id
  WHERE n.transaction_id = ${transaction} AND o.kind IN (${kind})), 0)`

/** What credits were spent on, of those that a claw-back names. */
const PAID_FOR = `
  SELECT id, account_id, at_ms, collected_nano FROM charges WHERE id IN (SELECT charge_id FROM clawed_calls)
  UNION ALL SELECT transaction_id, account_id, at_ms, amount_nano FROM sales`

const DEVELOPERS = "'pending', 'payable'"

/** A lot is frozen by freezes of it, or of the lot that it was rolled over from, which nothing ended. */
export const FROZEN_LOTS = `
  SELECT l.id, EXISTS (
    SELECT 1 FROM corrections c WHERE c.lot_id = COALESCE(l.rolled_from, l.id) AND c.verb = 'freeze_lot' AND NOT ${ended("thaw_lot")}
  ) AS frozen FROM lots l`

/** When a lot was frozen; no end yet: 2^63 − 1. */
export const FREEZES = `
  SELECT c.lot_id, c.at_ms AS from_ms, COALESCE(
    (SELECT e.at_ms FROM corrections e WHERE e.of_key = c.key AND e.verb = 'thaw_lot'), 9223372036854775807) AS until_ms
  FROM corrections c WHERE c.verb = 'freeze_lot'`

export const CLAW_CHECKS: readonly CheckSql[] = [
  {
    name: "claws_end",
    promise: "a claw-back is restored or settled once, in full; what waits for a bank stands in `disputes`",
    checked: count("corrections", "WHERE verb IN ('claw_back', 'restore_claw', 'settle_dispute')"),
    broken: `
      SELECT 'correction ' || e.key AS example FROM corrections e LEFT JOIN corrections c ON c.key = e.of_key
      WHERE e.verb IN ('restore_claw', 'settle_dispute') AND (c.key IS NULL OR c.verb <> 'claw_back' OR c.lot_id <> e.lot_id OR c.at_ms > e.at_ms
        OR ${REVERSED}
        OR CASE e.verb WHEN 'restore_claw' THEN e.amount_nano <> c.amount_nano
             ELSE ${moved("e.transaction_id", "'disputes'")} <> -c.amount_nano END)
      UNION ALL
      SELECT 'correction ' || of_key FROM corrections WHERE of_key IS NOT NULL GROUP BY of_key, verb HAVING COUNT(*) > 1
      UNION ALL
      SELECT mode || ' disputes' FROM (
        SELECT mode, balance_nano AS nano FROM accounts WHERE kind = 'disputes'
        UNION ALL SELECT mode, -amount_nano FROM (${IN_DISPUTE})) GROUP BY mode HAVING SUM(nano) <> 0`,
  },
  {
    name: "claws_of_breakage",
    promise: "what claw-backs took from breakage had expired of that lot, or was voided, and was taken once",
    checked: count("corrections", "WHERE verb = 'claw_back'"),
    broken: `
      SELECT l.public_id AS example FROM lots l
      WHERE l.id IN (SELECT lot_id FROM corrections WHERE verb = 'claw_back') AND ${BROKEN_OF_LOT("l.id")} < 0
      UNION ALL
      SELECT 'correction ' || c.key FROM corrections c
      WHERE c.verb = 'claw_back' AND ${moved("c.transaction_id", "'breakage'")} > 0
      UNION ALL
      SELECT 'correction ' || e.key FROM corrections e JOIN corrections c ON c.key = e.of_key
      WHERE e.verb = 'restore_claw'
        AND ${moved("e.transaction_id", "'breakage'")} <> COALESCE((SELECT SUM(iif(p.claw_key = c.key, p.amount_nano, -p.amount_nano)) FROM claw_repays p
          WHERE (p.claw_key = c.key AND p.late = 1) OR p.transaction_id = e.transaction_id), 0)
          - (${moved("c.transaction_id", "'breakage'")})`,
  },
  {
    name: "claw_repays",
    promise:
      "what a lot paid of what its claw-back left owed is in the books, is no more than that, and was not paid again; what would have expired paid first",
    checked: count("claw_repays"),
    broken: `
      SELECT 'claw-back ' || p.claw_key AS example FROM claw_repays p
      LEFT JOIN corrections c ON c.key = p.claw_key AND c.verb = 'claw_back' LEFT JOIN lots l ON l.id = p.lot_id
      LEFT JOIN transactions t ON t.id = p.transaction_id
      WHERE c.key IS NULL OR t.type IS NULL OR t.type NOT IN ('debt', 'refund') OR t.id < c.transaction_id OR c.lot_id IS NOT COALESCE(l.rolled_from, l.id)
        OR t.type = 'debt' AND p.late IS NOT (l.expires_ms IS NOT NULL AND l.expires_ms <= t.at_ms)
      UNION ALL
      SELECT 'claw-back ' || c.key FROM corrections c JOIN (
        SELECT claw_key, SUM(amount_nano) AS nano FROM claw_repays p
        WHERE NOT EXISTS (SELECT 1 FROM transactions r WHERE r.reverses = p.transaction_id) GROUP BY claw_key) s ON s.claw_key = c.key
      WHERE s.nano > -(${moved("c.transaction_id", "'debt'")})
      UNION ALL
      SELECT t.public_id FROM transactions t JOIN (
        SELECT transaction_id, lot_id, SUM(amount_nano) AS nano, MAX(late) AS late FROM claw_repays GROUP BY transaction_id, lot_id) s
        ON s.transaction_id = t.id
      LEFT JOIN entries e ON e.transaction_id = t.id AND e.lot_id = s.lot_id AND e.amount_nano < 0
      WHERE t.type = 'debt' AND (e.amount_nano IS NULL OR s.nano > -e.amount_nano OR (s.late = 1 AND s.nano <> -e.amount_nano))
      UNION ALL
      SELECT t.public_id FROM claw_repays p JOIN transactions t ON t.id = p.transaction_id
      WHERE t.type = 'refund' AND (p.late = 0 OR NOT EXISTS (
        SELECT 1 FROM corrections e WHERE e.transaction_id = t.id AND e.verb = 'restore_claw' AND e.of_key <> p.claw_key AND e.lot_id = p.lot_id))
      UNION ALL
      SELECT t.public_id FROM transactions t JOIN lots l ON l.key = t.key
      WHERE t.type = 'debt' AND NOT EXISTS (SELECT 1 FROM claw_repays p WHERE p.transaction_id = t.id AND p.late = 1)`,
  },
  {
    name: "clawed_calls",
    promise:
      "what developers bore of a claw-back is what its books took from them, for credits that its calls spent; restored, all came back",
    checked: count("clawed_calls"),
    broken: `
      SELECT 'claw-back ' || c.key AS example FROM corrections c
      WHERE c.verb = 'claw_back' AND ${moved("c.transaction_id", DEVELOPERS)} <>
        -COALESCE((SELECT SUM(k.earned_nano) FROM clawed_calls k WHERE k.claw_key = c.key), 0)
      UNION ALL
      SELECT 'correction ' || c.key FROM corrections c
      WHERE c.verb = 'restore_claw' AND ${moved("c.transaction_id", DEVELOPERS)} <>
        COALESCE((SELECT SUM(k.earned_nano) FROM clawed_calls k WHERE k.claw_key = c.of_key), 0)
      UNION ALL
      SELECT 'claw-back ' || k.claw_key FROM clawed_calls k LEFT JOIN corrections c ON c.key = k.claw_key AND c.verb = 'claw_back'
      LEFT JOIN (${PAID_FOR}) h ON h.id = k.charge_id LEFT JOIN lots l ON l.id = c.lot_id
      WHERE c.key IS NULL OR h.id IS NULL OR h.account_id IS NOT l.account_id OR h.at_ms > c.at_ms
      UNION ALL
      SELECT 'charge or sale ' || h.id FROM (
        SELECT k.charge_id, SUM(k.credits_nano) AS credits FROM clawed_calls k JOIN corrections c ON c.key = k.claw_key
        WHERE NOT ${ended("restore_claw")} GROUP BY k.charge_id) s JOIN (${PAID_FOR}) h ON h.id = s.charge_id
      WHERE s.credits > h.collected_nano`,
  },
  {
    name: "freezes",
    promise: "a lot is frozen from its first freeze to its last thaw, and no call that came later is paid from it",
    checked: count("corrections", "WHERE verb IN ('freeze_lot', 'thaw_lot')"),
    broken: `
      SELECT l.public_id AS example FROM lots l JOIN (${FROZEN_LOTS}) s ON s.id = l.id WHERE l.frozen <> s.frozen
      UNION ALL
      SELECT 'correction ' || t.key FROM corrections t LEFT JOIN corrections f ON f.key = t.of_key
      WHERE t.verb = 'thaw_lot' AND (f.verb IS NOT 'freeze_lot' OR f.lot_id <> t.lot_id OR f.at_ms > t.at_ms)
      UNION ALL
      SELECT 'hold of ' || h.call_id FROM (${FREEZES}) f CROSS JOIN lots l ON l.id = f.lot_id OR l.rolled_from = f.lot_id
      JOIN v_open_hold_lots p ON p.account_id = l.account_id AND p.lot_id = l.id
      JOIN open_holds h ON h.account_id = p.account_id AND h.id = p.hold_id
      WHERE h.created_ms > f.from_ms AND h.created_ms < f.until_ms
      UNION ALL
      SELECT 'txn_' || substr(c.call_id, 5) FROM charges c CROSS JOIN (${FREEZES}) f ON f.lot_id = c.lot_id
      WHERE EXISTS (SELECT 1 FROM corrections WHERE verb = 'freeze_lot')
        AND c.at_ms > f.from_ms AND c.at_ms < f.until_ms AND c.held_day * 86400000 > f.from_ms`,
  },
]
