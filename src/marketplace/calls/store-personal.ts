// What `calls` has of a person: the keys of their subscriptions.
import { eraseFactsAbout } from "../../audit/index.ts"
import { type Personal, takeSteps } from "../../part/index.ts"
import { deleteSome, type Tx } from "../../store/index.ts"

export const CALLS_PERSONAL: Personal = {
  tables: {
    market_keys: { erased: "deleted", exported: "product-keys.csv" },
    market_key_secrets: { erased: "deleted", exported: { not: "hashes of secrets" } },
    market_key_uses: { erased: "deleted", exported: "product-keys.csv" },
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
  ],
}

const OWN = "key_id IN (SELECT id FROM market_keys WHERE user_id = ?)"

export const eraseProductKeys = (tx: Tx, userId: number, rows: number): number =>
  takeSteps(rows, [
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
