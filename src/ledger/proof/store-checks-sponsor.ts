// SQL of verification of sponsoring: what moves between wallets stays what it was; what each person used of a wallet that is not theirs is what
// its charges say. Read-only but for the rebuild.
import { FREEZES } from "./store-checks-claws.ts"
import { type CheckSql, count } from "./store-proof.ts"
import { BACK_OF_CHARGE } from "./store-sums.ts"

/** Those that no platform account gave. */
const MOVES = `SELECT t.id, t.public_id, t.key, t.at_ms, t.mode FROM transactions t
  WHERE t.type = 'sponsor' AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.transaction_id = t.id AND e.account_id <= 100)`

const CALLER_SUMS = `
  SELECT account_id, caller_id, SUM(nano) AS used FROM (
    SELECT c.account_id, c.caller_id, c.collected_nano AS nano FROM charges c CROSS JOIN accounts a ON a.id = c.account_id
      WHERE c.caller_id <> a.owner_id
    UNION ALL
    SELECT c.account_id, c.caller_id, -b.back FROM (${BACK_OF_CHARGE}) b CROSS JOIN charges c ON c.id = b.charge_id
      CROSS JOIN accounts a ON a.id = c.account_id WHERE c.caller_id <> a.owner_id)
  GROUP BY account_id, caller_id`

export const CALLER_REBUILD: readonly string[] = [
  `DELETE FROM wallet_callers WHERE (account_id, caller_id) NOT IN (SELECT account_id, caller_id FROM (${CALLER_SUMS}))`,
  `INSERT INTO wallet_callers (account_id, caller_id, used_nano)
   SELECT account_id, caller_id, used FROM (${CALLER_SUMS}) WHERE true
   ON CONFLICT DO UPDATE SET used_nano = excluded.used_nano WHERE used_nano <> excluded.used_nano`,
]

export const SPONSOR_CHECKS: readonly CheckSql[] = [
  {
    name: "sponsored",
    promise: "paid credits that move to another wallet move lot by lot, and keep the time they had",
    checked: count("transactions", "WHERE type = 'sponsor'"),
    broken: `
      SELECT m.public_id AS example FROM (${MOVES}) m
      LEFT JOIN lots l ON l.key = m.key
      LEFT JOIN entries f ON f.transaction_id = m.id AND f.lot_id <> l.id
      LEFT JOIN lots s ON s.id = f.lot_id
      LEFT JOIN accounts a ON a.id = l.account_id LEFT JOIN accounts b ON b.id = s.account_id
      WHERE f.amount_nano IS NOT -l.granted_nano OR a.id = b.id OR a.mode <> b.mode OR a.mode <> m.mode
        OR l.paid = 0 OR s.paid = 0 OR l.restriction IS NOT NULL OR s.restriction IS NOT NULL
        OR l.expires_ms IS NOT s.expires_ms OR l.priority <> s.priority OR l.bucket NOT IN ('sponsored', 'purchase')
        OR m.at_ms < s.effective_ms OR m.at_ms < s.created_ms OR m.at_ms >= s.expires_ms
        OR (SELECT COUNT(*) FROM entries e WHERE e.transaction_id = m.id) <> 2
      UNION ALL
      SELECT m.public_id || ' of frozen credits' FROM (${FREEZES}) f JOIN lots l ON l.id = f.lot_id OR l.rolled_from = f.lot_id
      JOIN entries e ON e.lot_id = l.id AND e.amount_nano < 0 JOIN (${MOVES}) m ON m.id = e.transaction_id
      WHERE m.at_ms > f.from_ms AND m.at_ms < f.until_ms`,
  },
  {
    name: "wallet_callers",
    promise: "what each person used of a wallet that is not theirs is what its charges collected, less what came back",
    checked: count("wallet_callers"),
    broken: `
      SELECT 'account ' || account_id || ' by ' || caller_id AS example FROM (
        SELECT account_id, caller_id, used_nano AS nano, 1 AS known FROM wallet_callers
        UNION ALL SELECT account_id, caller_id, -used, 0 FROM (${CALLER_SUMS}))
      GROUP BY account_id, caller_id HAVING SUM(nano) <> 0 OR MAX(known) = 0`,
  },
]
