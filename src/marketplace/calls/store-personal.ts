// What `calls` has of a person: the keys of their subscriptions.
import { eraseFactsAbout } from "../../audit/index.ts"
import { type Personal, takeSteps } from "../../part/index.ts"
import { deleteSome, type Tx } from "../../store/index.ts"

export const CALLS_PERSONAL: Personal = {
  tables: {
    market_keys: { erased: "deleted", exported: "product-keys.csv" },
    market_key_secrets: { erased: "deleted", exported: { not: "hashes of secrets" } },
    market_key_uses: { erased: "deleted", exported: "product-keys.csv" },
    market_nonces: { erased: "deleted", exported: { not: "random texts of signatures" } },
    market_rate_use: { erased: "deleted", exported: { not: "a count of the present hour" } },
    market_quota_notices: { erased: "deleted", exported: { not: "which mails about quotas were sent" } },
    market_calls: { erased: "deleted", exported: "product-calls.csv" },
    market_call_days: { erased: { stays: "sums of calls, which name nobody" }, exported: { not: "sums of the calls" } },
    market_signals: { erased: "deleted", exported: { not: "what the house noticed of keys, for its own safety" } },
  },
  files: [
    {
      name: "product-keys.csv",
      what: "Your keys for APIs of the marketplace, without the keys themselves.",
      sql: `SELECT k.id AS place, k.public_id AS id, s.public_id AS subscription, k.name, k.access, k.allowed_ips, k.denied_ips, k.expires_ms,
          k.revoked_ms, k.revoked_because, k.created_ms, u.last_used_ms, u.calls
        FROM market_keys k JOIN market_subscriptions s ON s.id = k.subscription_id LEFT JOIN market_key_uses u ON u.key_id = k.id
        WHERE k.user_id = ?1 AND k.id > ?2 ORDER BY k.id LIMIT ?3`,
    },
    {
      name: "product-calls.csv",
      what: "Your calls of APIs of the marketplace, as far as they are kept one by one.",
      sql: `SELECT c.id AS place, c.request_id AS id, c.at_ms, s.public_id AS subscription, c.method, c.path, c.status, c.error_code, c.latency_ms AS milliseconds,
          c.units, c.charged_nano, c.bytes_out
        FROM market_calls c JOIN market_subscriptions s ON s.id = c.subscription_id
        WHERE s.user_id = ?1 AND c.id > ?2 ORDER BY c.id LIMIT ?3`,
    },
  ],
}

const OWN = "key_id IN (SELECT id FROM market_keys WHERE user_id = ?)"
const SUBSCRIBED = "subscription_id IN (SELECT id FROM market_subscriptions WHERE user_id = ?)"

export const eraseProductKeys = (tx: Tx, userId: number, rows: number): number =>
  takeSteps(rows, [
    (left) => deleteSome(tx, "market_calls", SUBSCRIBED, [userId], left),
    (left) => deleteSome(tx, "market_signals", SUBSCRIBED, [userId], left),
    () => tx.run(`DELETE FROM market_nonces WHERE ${OWN}`, userId).changes,
    () => tx.run(`DELETE FROM market_rate_use WHERE ${SUBSCRIBED}`, userId).changes,
    () => tx.run(`DELETE FROM market_quota_notices WHERE ${SUBSCRIBED}`, userId).changes,
    (left) => deleteSome(tx, "market_key_secrets", OWN, [userId], left),
    (left) => deleteSome(tx, "market_key_uses", OWN, [userId], left),
    (left) => {
      const gone = tx.all<{ id: string }>(
        "SELECT public_id AS id FROM market_keys WHERE user_id = ? LIMIT ?",
        userId,
        left,
      )
      eraseFactsAbout(
        tx,
        gone.map(({ id }) => id),
      )
      return deleteSome(tx, "market_keys", "user_id = ?", [userId], left)
    },
  ])
