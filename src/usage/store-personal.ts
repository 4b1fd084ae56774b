// What `usage` has of a person: their calls, which the books keep, and those that were refused.
import { type Personal, takeSteps } from "../part/index.ts"
import { deleteSome, type Tx } from "../store/index.ts"

export const USAGE_PERSONAL: Personal = {
  tables: {
    refused_calls: { erased: "deleted", exported: "refused-calls.csv" },
    sponsored_calls: { erased: "deleted", exported: "sponsored-calls.csv" },
    refused_days: { erased: "deleted", exported: { not: "sums of the refused calls" } },
  },
  files: [
    {
      name: "calls.csv",
      what: "Every call that you or your apps made: what it was and what it cost. What was said in it is not stored.",
      sql: `SELECT c.id AS place, c.call_id, c.at_ms, c.mode, k.public_id AS app, k.name AS app_name, c.scope, r.requested AS model, c.status,
          c.error_code, c.input_tokens, c.cached_tokens, c.output_tokens, c.reasoning_tokens, c.charge_nano, c.collected_nano
        FROM v_charges c JOIN v_ledger_person_wallets w ON w.account_id = c.account_id
        LEFT JOIN v_oauth_clients k ON k.client_id = c.client_id LEFT JOIN usage_routes r ON r.id = c.route_id
        WHERE w.user_id = ?1 AND c.id > ?2 ORDER BY c.id LIMIT ?3`,
    },
    {
      name: "sponsored-calls.csv",
      what: "Calls of yours that an app paid for, and what they cost it.",
      sql: `SELECT c.id AS place, c.call_id, c.at_ms, c.mode, k.name AS app_name, c.scope, c.status, c.input_tokens, c.output_tokens,
          c.collected_nano AS paid_by_app_nano
        FROM sponsored_calls s JOIN v_charges c ON c.call_id = s.call_id LEFT JOIN v_oauth_clients k ON k.client_id = c.client_id
        WHERE s.user_id = ?1 AND c.id > ?2 ORDER BY c.id LIMIT ?3`,
    },
    {
      name: "refused-calls.csv",
      what: "Calls that were refused, and cost nothing.",
      sql: `SELECT r.id AS place, r.public_id AS id, r.at_ms, r.mode, k.name AS app_name, r.endpoint, r.scope, r.requested AS model, r.status, r.error_code
        FROM refused_calls r LEFT JOIN v_oauth_clients k ON k.client_id = r.client_id
        WHERE r.user_id = ?1 AND r.id > ?2 ORDER BY r.id LIMIT ?3`,
    },
  ],
}

/** Day by day: the key of these sums begins with it, and has the person next. */
const REFUSED_DAYS = `DELETE FROM refused_days WHERE user_id = ? AND day IN (
  WITH RECURSIVE days (day) AS (SELECT MIN(day) FROM refused_days
    UNION ALL SELECT day + 1 FROM days WHERE day < (SELECT MAX(day) FROM refused_days))
  SELECT day FROM days)`

export const eraseRefused = (tx: Tx, userId: number, rows: number): number =>
  takeSteps(rows, [
    (left) => deleteSome(tx, "refused_calls", "user_id = ?", [userId], left),
    (left) => deleteSome(tx, "sponsored_calls", "user_id = ?", [userId], left),
    () => tx.run(REFUSED_DAYS, userId).changes,
  ])
