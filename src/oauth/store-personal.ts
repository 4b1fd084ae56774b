// What `oauth` has of a person: apps they let in, and apps of their own. An app that others never used goes with its owner; one whose
// number the books name stays without a word of it.
import { eraseFactsAbout } from "../audit/index.ts"
import { type Leaving, type Personal, takeSteps } from "../part/index.ts"
import { deleteSome, type Reader, type Tx, updateSome } from "../store/index.ts"
import { endPermissions } from "./store-ended.ts"

const SECRET = { not: "it lets somebody in, and is stored as a hash or sealed" }

export const OAUTH_PERSONAL: Personal = {
  tables: {
    oauth_clients: { erased: "emptied", exported: "own-apps.csv" },
    oauth_redirect_uris: { erased: "deleted", exported: "own-apps.csv" },
    oauth_post_logout_uris: { erased: "deleted", exported: "own-apps.csv" },
    oauth_client_secrets: { erased: "deleted", exported: SECRET },
    oauth_consents: { erased: "deleted", exported: "apps.csv" },
    oauth_consent_limits: { erased: "deleted", exported: "app-limits.csv" },
    oauth_grants: { erased: "deleted", exported: "app-sign-ins.csv" },
    oauth_codes: { erased: "deleted", exported: SECRET },
    oauth_refresh_tokens: { erased: "deleted", exported: SECRET },
    oauth_device_codes: { erased: "deleted", exported: { not: "devices that wait for an answer, an hour at most" } },
    oauth_interactions: { erased: "deleted", exported: { not: "sign-ins of the last minutes, sealed" } },
  },
  files: [
    {
      name: "apps.csv",
      what: "Apps that you let in, and what each may do.",
      sql: `SELECT c.id AS place, c.public_id AS id, k.public_id AS app, k.name AS app_name, c.scopes, c.declined, c.tools, c.created_ms, c.granted_ms, c.revoked_ms
        FROM oauth_consents c JOIN oauth_clients k ON k.id = c.client_id WHERE c.user_id = ?1 AND c.id > ?2 ORDER BY c.id LIMIT ?3`,
    },
    {
      name: "app-limits.csv",
      what: "How much each app may spend a day.",
      sql: `SELECT l.rowid AS place, k.name AS app_name, l.scope, l.daily_nano FROM oauth_consent_limits l JOIN oauth_consents c ON c.id = l.consent_id
        JOIN oauth_clients k ON k.id = c.client_id WHERE c.user_id = ?1 AND l.rowid > ?2 ORDER BY l.rowid LIMIT ?3`,
    },
    {
      name: "app-sign-ins.csv",
      what: "When you signed in to apps.",
      sql: `SELECT g.id AS place, g.public_id AS id, k.name AS app_name, g.scopes, g.created_ms, g.revoked_ms, g.revoked_reason FROM oauth_grants g
        JOIN oauth_clients k ON k.id = g.client_id WHERE g.user_id = ?1 AND g.id > ?2 ORDER BY g.id LIMIT ?3`,
    },
    {
      name: "own-apps.csv",
      what: "Apps that you made.",
      sql: `SELECT k.id AS place, k.public_id AS id, k.type, k.mode, k.name, k.homepage_url, k.policy_uri, k.tos_uri, k.scopes, k.created_ms, k.updated_ms,
          (SELECT group_concat(uri, ' ') FROM oauth_redirect_uris u WHERE u.client_id = k.id) AS redirect_uris,
          (SELECT group_concat(uri, ' ') FROM oauth_post_logout_uris u WHERE u.client_id = k.id) AS post_logout_uris,
          k.backchannel_logout_uri
        FROM oauth_clients k WHERE k.owner_id = ?1 AND k.id > ?2 ORDER BY k.id LIMIT ?3`,
    },
  ],
}

const GONE = "Deleted app"
export const GONE_REASON = "its developer is gone"
const OF_GRANTS = "grant_id IN (SELECT value FROM json_each(?1))"

/** Their grants, as JSON. */
const grantsOf = (tx: Tx, userId: number): string =>
  JSON.stringify(tx.all<{ id: number }>("SELECT id FROM oauth_grants WHERE user_id = ?", userId).map(({ id }) => id))
const CLIENTS = "client_id IN (SELECT id FROM oauth_clients WHERE owner_id = ?1)"

/** What hangs on their grants, then the grants. */
function eraseGrants(tx: Tx, userId: number, rows: number): number {
  const grants = grantsOf(tx, userId)
  return takeSteps(rows, [
    (left) => deleteSome(tx, "oauth_codes", OF_GRANTS, [grants], left),
    (left) => deleteSome(tx, "oauth_refresh_tokens", OF_GRANTS, [grants], left),
    (left) => deleteSome(tx, "oauth_device_codes", `${OF_GRANTS} OR user_id = ?2`, [grants, userId], left),
    (left) => deleteSome(tx, "oauth_grants", "id IN (SELECT value FROM json_each(?))", [grants], left),
  ])
}

export const eraseApps = (tx: Tx, userId: number, sub: string, rows: number): number =>
  takeSteps(rows, [
    (left) => endPermissions(tx, userId, sub, left),
    (left) => eraseGrants(tx, userId, left),
    (left) =>
      deleteSome(
        tx,
        "oauth_consent_limits",
        "consent_id IN (SELECT id FROM oauth_consents WHERE user_id = ?)",
        [userId],
        left,
      ),
    (left) => deleteSome(tx, "oauth_consents", "user_id = ?", [userId], left),
    (left) => deleteSome(tx, "oauth_interactions", "user_id = ?", [userId], left),
    (left) => {
      const own = tx.all<{ id: string }>(
        `SELECT public_id AS id FROM oauth_clients WHERE owner_id = ? AND name <> '${GONE}' LIMIT ?`,
        userId,
        left,
      )
      eraseFactsAbout(
        tx,
        own.map(({ id }) => id),
      )
      return 0
    },
    (left) => deleteSome(tx, "oauth_redirect_uris", CLIENTS, [userId], left),
    (left) => deleteSome(tx, "oauth_post_logout_uris", CLIENTS, [userId], left),
    (left) => deleteSome(tx, "oauth_client_secrets", CLIENTS, [userId], left),
    (left) =>
      updateSome(
        tx,
        "oauth_clients",
        `name = '${GONE}', homepage_url = NULL, policy_uri = NULL, tos_uri = NULL, backchannel_logout_uri = NULL,
         description = NULL, support_url = NULL,
         suspended_ms = COALESCE(suspended_ms, updated_ms), suspended_reason = '${GONE_REASON}', token_epoch = token_epoch + 1`,
        `owner_id = ? AND (name <> '${GONE}' OR suspended_reason IS NOT '${GONE_REASON}')`,
        [userId],
        left,
      ),
  ])

/** Apps that lose access, and apps of their own that others still use. */
export function leavingOf(reader: Reader, userId: number): Leaving {
  const n = (sql: string) => reader.get<{ n: number }>(sql, userId)!.n
  const apps = n("SELECT count(*) AS n FROM oauth_consents WHERE user_id = ? AND revoked_ms IS NULL")
  const used = reader.all<{ name: string; people: number }>(
    `SELECT k.name, count(*) AS people FROM oauth_clients k JOIN oauth_consents c ON c.client_id = k.id AND c.revoked_ms IS NULL
     WHERE k.owner_id = ?1 AND c.user_id <> ?1 AND k.suspended_ms IS NULL GROUP BY k.id ORDER BY k.id LIMIT 5`,
    userId,
  )
  const own = n("SELECT count(*) AS n FROM oauth_clients WHERE owner_id = ? AND suspended_ms IS NULL")
  return {
    ends: [
      ...(apps > 0 ? [`${apps === 1 ? "1 app loses" : `${apps} apps lose`} access to your account.`] : []),
      ...(own > 0 ? [`${own === 1 ? "The app" : `The ${own} apps`} that you made stop working.`] : []),
    ],
    first: used.map(({ name, people }) => ({
      text: `${people === 1 ? "1 person uses" : `${people} people use`} your app ${name}. Ask the people who run this service to end it or to take it over.`,
      href: "/developer",
    })),
  }
}
