// What `gateway` has of a person: answers that may be asked for again, and which models they like.
import { type Personal, takeSteps } from "../part/index.ts"
import { deleteSome, type Tx } from "../store/index.ts"

export const GATEWAY_PERSONAL: Personal = {
  tables: {
    idempotency_keys: {
      erased: "deleted",
      exported: { not: "answers of the last day, sealed, by keys of the programs that asked" },
    },
    cached_answers: {
      erased: "deleted",
      exported: { not: "answers kept for a while for the same question, sealed" },
    },
    videos: {
      erased: "deleted",
      exported: {
        not: "jobs of the last days; what they were asked is not kept, and what they cost stands with your calls",
      },
    },
    cache_switches: {
      erased: "deleted",
      exported: { not: "a number of seconds of a key or an app; its page shows it" },
    },
    model_choices: { erased: "deleted", exported: "models.csv" },
    model_preferences: { erased: "deleted", exported: "models.csv" },
    provider_keys: { erased: "deleted", exported: "provider-keys.csv" },
    openrouter_accounts: { erased: "deleted", exported: "openrouter-account.csv" },
    provider_key_terms: { erased: "deleted", exported: "provider-keys.csv" },
  },
  files: [
    {
      name: "models.csv",
      what: "Which models you prefer, by app.",
      sql: `SELECT * FROM (SELECT row_number() OVER (ORDER BY client_id, capability) AS place, c.name AS app_name, capability, model FROM (
            SELECT client_id, capability, model FROM model_choices WHERE user_id = ?1 UNION ALL
            SELECT client_id, 'providers, ' || cost_tier, providers FROM model_preferences WHERE user_id = ?1) m
          LEFT JOIN v_oauth_clients c USING (client_id))
        WHERE place > ?2 ORDER BY place LIMIT ?3`,
    },
    {
      name: "openrouter-account.csv",
      what: "Your account at OpenRouter that this service made, without its key.",
      sql: `SELECT user_id AS place, public_id AS id, state, limit_nano, remaining_nano, used_nano, created_ms, synced_ms
        FROM openrouter_accounts WHERE user_id = ?1 AND user_id > ?2 LIMIT ?3`,
    },
    {
      name: "provider-keys.csv",
      what: "Your own keys at AI providers, without the keys themselves.",
      sql: `SELECT k.id AS place, k.public_id AS id, k.provider, k.hint, k.place AS asked, k.created_ms, k.test_ms, k.test_message,
          t.use_credits, t.changed_ms
        FROM provider_keys k LEFT JOIN provider_key_terms t ON t.user_id = k.user_id
        WHERE k.user_id = ?1 AND k.id > ?2 ORDER BY k.id LIMIT ?3`,
    },
  ],
}

export const eraseChoices = (tx: Tx, userId: number, rows: number): number =>
  takeSteps(rows, [
    (left) => deleteSome(tx, "idempotency_keys", "user_id = ?", [userId], left),
    (left) => deleteSome(tx, "cached_answers", "user_id = ?", [userId], left),
    (left) => deleteSome(tx, "cache_switches", "user_id = ?", [userId], left),
    () => tx.run("DELETE FROM model_choices WHERE user_id = ?", userId).changes,
    () => tx.run("DELETE FROM model_preferences WHERE user_id = ?", userId).changes,
  ])
