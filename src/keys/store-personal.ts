// What `keys` has of a person: their API keys.
import { eraseFactsAbout } from "../audit/index.ts"
import { type Personal, takeSteps } from "../part/index.ts"
import { deleteSome, type Tx } from "../store/index.ts"

const SUMS = { not: "sums of the calls" }

export const KEYS_PERSONAL: Personal = {
  tables: {
    api_keys: { erased: "deleted", exported: "api-keys.csv" },
    api_key_secrets: { erased: "deleted", exported: { not: "hashes of secrets" } },
    api_key_uses: { erased: "deleted", exported: "api-keys.csv" },
    api_key_spend: { erased: "deleted", exported: SUMS },
    api_key_days: { erased: "deleted", exported: SUMS },
    api_key_folds: { erased: { stays: "up to which charge they are summed: two numbers" }, exported: SUMS },
  },
  files: [
    {
      name: "api-keys.csv",
      what: "Your API keys, without the keys themselves.",
      sql: `SELECT k.id AS place, k.public_id AS id, k.mode, k.name, k.scopes, k.allowed_ips, k.expires_ms, k.disabled_ms, k.revoked_ms,
          k.revoked_because, k.created_ms, u.last_used_ms
        FROM api_keys k LEFT JOIN api_key_uses u ON u.key_id = k.id WHERE k.user_id = ?1 AND k.id > ?2 ORDER BY k.id LIMIT ?3`,
    },
  ],
}

const OWN = "key_id IN (SELECT id FROM api_keys WHERE user_id = ?)"

export const eraseKeys = (tx: Tx, userId: number, rows: number): number =>
  takeSteps(rows, [
    (left) => deleteSome(tx, "api_key_secrets", OWN, [userId], left),
    (left) => deleteSome(tx, "api_key_uses", OWN, [userId], left),
    () => tx.run(`DELETE FROM api_key_spend WHERE ${OWN}`, userId).changes,
    () => tx.run(`DELETE FROM api_key_days WHERE ${OWN}`, userId).changes,
    (left) => {
      const gone = tx.all<{ id: string }>(
        "SELECT public_id AS id FROM api_keys WHERE user_id = ? LIMIT ?",
        userId,
        left,
      )
      eraseFactsAbout(
        tx,
        gone.map(({ id }) => id),
      )
      return deleteSome(tx, "api_keys", "user_id = ?", [userId], left)
    },
  ])
