// SQL of the people of an app: consents that stand and hold `openid`, newest first, by keyset. Runs in the read Worker. A name or an
// address that was not given to the app is neither read nor searched, so that no search tells whose it is.
import { type ClientId, nano } from "../../app/index.ts"
import { peopleWith } from "../../identity/index.ts"
import type { AiScope, Scope } from "../../oauth/index.ts"
import { type KeysetPage, keyset, pageOf, type Reader, type SqlValue } from "../../store/index.ts"
import type { AppUser, AppUsersQuery } from "./types.ts"

interface Row {
  consentId: number
  userId: string
  authorizedMs: number
  scopes: string
  name: string | null
  email: string | null
  verified: 0 | 1
  limits: string
}

/** Whether a list of scopes holds one; both are words. */
const has = (scope: string): string => `instr(' ' || n.scopes || ' ', ' ${scope} ') > 0`

/** Who allowed the app while another developer had it allowed nothing to this one. */
const IS_THEIRS = `n.granted_ms > coalesce((SELECT moved_ms FROM v_oauth_moves m WHERE m.client_id = n.client_id), 0)`

const SELECT = `SELECT n.consent_id AS consentId, u.public_id AS userId, n.granted_ms AS authorizedMs, n.scopes,
    CASE WHEN ${has("profile")} THEN u.name END AS name,
    CASE WHEN ${has("email")} THEN u.email END AS email, u.email_verified_ms IS NOT NULL AS verified,
    (SELECT json_group_object(scope, daily_nano) FROM v_oauth_consent_limits WHERE consent_id = n.consent_id) AS limits
  FROM v_oauth_consents n JOIN v_identity_users u ON u.id = n.user_id
  WHERE n.client_id = ? AND n.revoked_ms IS NULL AND ${has("openid")} AND ${IS_THEIRS}`

const ORDER = { key: "n.granted_ms", id: "n.consent_id", descending: true }

const SEARCHED = `(u.public_id = ? OR (${has("profile")} AND instr(lower(u.name), lower(?)) > 0)
  OR (${has("email")} AND instr(lower(u.email), lower(?)) > 0))`

/** Of so many people who have a text in their name or address each permission is looked up; of more, the app's newest are looked through. */
const FOUND_MAX = 2_000
const ONE_OF = `n.consent_id IN (
  SELECT c.consent_id FROM json_each(?) j CROSS JOIN v_oauth_consents c ON c.user_id = j.value AND c.client_id = ?)`
/** `+`: by what was found, and not by the app. */
const SELECT_FOUND = SELECT.replace("n.client_id = ?", "+n.client_id = ?")

function toUser({ userId, authorizedMs, scopes, name, email, verified, limits }: Row): AppUser {
  const given = scopes.split(" ") as Scope[]
  const stored = JSON.parse(limits) as Partial<Record<AiScope, number>>
  return {
    userId,
    authorizedMs,
    scopes: given,
    // The limit of a scope that was taken back is kept in its row but is no part of the consent.
    limits: Object.fromEntries(
      Object.entries(stored).flatMap(([scope, daily]) =>
        given.includes(scope as Scope) ? [[scope, nano(daily)] as const] : [],
      ),
    ),
    profile: given.includes("profile") ? { name } : null,
    email: email === null ? null : { address: email, verified: verified === 1 },
  }
}

export function appUsers(reader: Reader, query: AppUsersQuery): KeysetPage<AppUser> {
  const { clientId, limit, place, scope, fromMs, toMs, search } = query
  const { where, params, order } = keyset(ORDER, place)
  const conditions: [sql: string, ...values: SqlValue[]][] = [[where, ...params]]
  if (scope !== undefined) conditions.push(["instr(' ' || n.scopes || ' ', ' ' || ? || ' ') > 0", scope])
  if (fromMs !== undefined) conditions.push(["n.granted_ms >= ?", fromMs])
  if (toMs !== undefined) conditions.push(["n.granted_ms < ?", toMs])
  const people = search === undefined ? null : peopleWith(reader, search, FOUND_MAX)
  if (people !== null) conditions.push([ONE_OF, JSON.stringify(people), clientId])
  if (search !== undefined) conditions.push([SEARCHED, search, search, search])
  const found = reader.all<Row>(
    `${people === null ? SELECT : SELECT_FOUND} AND ${conditions.map(([sql]) => sql).join(" AND ")} ORDER BY ${order} LIMIT ?`,
    clientId,
    ...conditions.flatMap(([, ...values]) => values),
    limit + 1,
  )
  const page = pageOf(found, limit, place, (row) => ({ key: row.authorizedMs, id: row.consentId }))
  return { ...page, rows: page.rows.map(toUser) }
}

/** Null: nobody of the app's, whoever it is. */
export function appUser(reader: Reader, clientId: ClientId, userId: string): AppUser | null {
  const row = reader.get<Row>(`${SELECT} AND u.public_id = ?`, clientId, userId)
  return row && toUser(row)
}

/** How many people let these apps in now, each counted once an app. */
export const countAppUsers = (reader: Reader, clientIds: readonly ClientId[]): number =>
  reader.get<{ people: number }>(
    "SELECT COALESCE(SUM(users), 0) AS people FROM v_oauth_consent_counts WHERE client_id IN (SELECT value FROM json_each(?))",
    JSON.stringify(clientIds),
  )!.people
