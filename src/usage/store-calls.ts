// SQL of single calls: charges of the books with their route and prices, through the views that the ledger publishes, and refused
// calls. By key or in ranges of one person's app, so that no statement's cost grows with the past.
import type { AccountId, ClientId, KeyId, UserId } from "../app/index.ts"
import { firstIdSince, type Reader } from "../store/index.ts"
import type { Mode, UsageCall } from "./types.ts"

/** The person's wallets, whose charges are theirs: one of each mode, from the first credits or the first call on. */
export const walletsOf = (reader: Reader, userId: UserId): { id: AccountId; mode: Mode }[] =>
  reader.all(
    `SELECT account_id AS id, mode FROM v_ledger_accounts
     WHERE owner_kind = 'principal' AND owner_id = ? AND mode IN ('live', 'test') AND kind = 'wallet'`,
    userId,
  )

type Row = Omit<UsageCall, "stream"> & { id: number; stream: 0 | 1 }

const toCall = ({ id: _, ...row }: Row): UsageCall => ({ ...row, stream: row.stream === 1 })

const CHARGED = `c.id, c.call_id AS publicId, c.at_ms AS atMs, c.mode, c.caller_id AS callerId, c.client_id AS clientId, c.key_id AS keyId,
  c.developer_id AS developerId, COALESCE(r.endpoint, '') AS endpoint, c.scope, COALESCE(r.requested, '') AS model,
  NULLIF(r.upstream_id, 0) AS upstreamId, NULLIF(r.model, '') AS upstreamModel, c.stream, c.status,
  c.error_code AS errorCode, c.end_reason AS end, c.latency_ms AS latencyMs, c.first_token_ms AS firstTokenMs,
  c.input_tokens AS inputTokens, c.cached_tokens AS cachedTokens, c.output_tokens AS outputTokens,
  c.reasoning_tokens AS reasoningTokens, c.units, c.usage_source AS source, p.snapshot AS prices, c.charge_nano AS chargeNano,
  c.upstream_nano AS upstreamNano, c.developer_nano AS developerNano,
  c.charge_nano - c.upstream_nano - c.developer_nano AS platformNano, c.collected_nano AS collectedNano,
  c.charge_nano - c.collected_nano AS uncollectedNano,
  CASE WHEN c.charge_nano > 0 THEN 'txn_' || substr(c.call_id, 5) END AS transactionId`
const WITH_ROUTE = "LEFT JOIN usage_routes r ON r.id = c.route_id LEFT JOIN usage_prices p ON p.id = r.prices_id"

const REFUSED = `id, public_id AS publicId, at_ms AS atMs, mode, user_id AS callerId, client_id AS clientId, key_id AS keyId,
  NULL AS developerId, endpoint, scope, requested AS model, NULL AS upstreamId, NULL AS upstreamModel, stream, status,
  error_code AS errorCode, 'refused' AS end, latency_ms AS latencyMs, NULL AS firstTokenMs, 0 AS inputTokens,
  0 AS cachedTokens, 0 AS outputTokens, 0 AS reasoningTokens, 'none' AS source, NULL AS prices, 0 AS chargeNano,
  0 AS upstreamNano, 0 AS developerNano, 0 AS platformNano, 0 AS collectedNano, 0 AS uncollectedNano,
  NULL AS transactionId`

/** Who called, and by what. */
interface Through {
  userId: UserId
  clientId: ClientId | null
  keyId: KeyId | null
}

export function findCall(reader: Reader, { userId, clientId, keyId }: Through, publicId: string): UsageCall | null {
  const row =
    reader.get<Row>(
      `SELECT ${CHARGED} FROM v_charges c ${WITH_ROUTE}
       WHERE c.call_id = ? AND c.caller_id = ? AND c.client_id IS ? AND c.key_id IS ?`,
      publicId,
      userId,
      clientId,
      keyId,
    ) ??
    reader.get<Row>(
      `SELECT ${REFUSED} FROM refused_calls WHERE public_id = ? AND user_id = ? AND client_id IS ? AND key_id IS ?`,
      publicId,
      userId,
      clientId,
      keyId,
    )
  return row ? toCall(row) : null
}

/** Further parts of a call whose tools ran here: its id, a dash and their number. In that order. */
export const partsOf = (reader: Reader, { userId, clientId, keyId }: Through, publicId: string): UsageCall[] =>
  reader
    .all<Row>(
      `SELECT ${CHARGED} FROM v_charges c ${WITH_ROUTE}
       WHERE c.call_id > ?1 || '-' AND c.call_id < ?1 || '.' AND c.caller_id = ?2 AND c.client_id IS ?3 AND c.key_id IS ?4
       ORDER BY length(c.call_id), c.call_id`,
      publicId,
      userId,
      clientId,
      keyId,
    )
    .map(toCall)

/** Whom a call is to be seen by: whoever made it, and the team whose wallet paid. */
const SEEN_BY = `(c.caller_id = ?2 OR c.account_id IN (SELECT account_id FROM v_ledger_accounts
  WHERE owner_kind = 'principal' AND owner_id = ?2 AND kind = 'wallet'))`
const PAID_KEYS = "SELECT key_id FROM v_key_payers WHERE payer_id = ?2"

/** The same by its person or team alone, through whatever it was made. */
export function findOwnCall(reader: Reader, userId: UserId, publicId: string): UsageCall | null {
  const row =
    reader.get<Row>(
      `SELECT ${CHARGED} FROM v_charges c ${WITH_ROUTE} WHERE c.call_id = ?1 AND ${SEEN_BY}`,
      publicId,
      userId,
    ) ??
    reader.get<Row>(
      `SELECT ${REFUSED} FROM refused_calls WHERE public_id = ?1 AND (user_id = ?2 OR key_id IN (${PAID_KEYS}))`,
      publicId,
      userId,
    )
  return row ? toCall(row) : null
}

/** Those of a team's keys, newest first; a person's own are told by `newestRefused`. */
export const newestRefusedOfTeam = (reader: Reader, teamId: UserId, limit: number): UsageCall[] =>
  reader
    .all<Row>(
      `SELECT ${REFUSED} FROM refused_calls
       WHERE user_id IN (SELECT user_id FROM v_key_payers WHERE payer_id = ?2 AND user_id <> ?2) AND client_id IS NULL
         AND key_id IN (${PAID_KEYS}) ORDER BY id DESC LIMIT ?1`,
      limit,
      teamId,
    )
    .map(toCall)

/** What requests with several parts came to in all; a range of names for each, its own first. */
export const sumsOfRequests = (
  reader: Reader,
  userId: UserId,
  publicIds: readonly string[],
): { publicId: string; parts: number; collectedNano: number }[] =>
  reader.all(
    `SELECT j.value AS publicId, COUNT(*) AS parts, SUM(c.collected_nano) AS collectedNano
     FROM json_each(?1) j CROSS JOIN v_charges c ON c.call_id >= j.value AND c.call_id < j.value || '.'
     WHERE ${SEEN_BY} GROUP BY j.value HAVING COUNT(*) > 1`,
    JSON.stringify([...new Set(publicIds)]),
    userId,
  )

/** Charged calls by their public ids, each once; ids travel as JSON so that the statement stays one. */
export const callsByIds = (reader: Reader, publicIds: readonly string[]): UsageCall[] =>
  reader
    .all<Row>(
      `SELECT ${CHARGED} FROM json_each(?) j CROSS JOIN v_charges c ON c.call_id = j.value ${WITH_ROUTE}`,
      JSON.stringify([...new Set(publicIds)]),
    )
    .map(toCall)

/** Apps that a wallet was charged through, found by steps from one to the next. The last row is NULL: calls without an app. */
export const APPS = `WITH RECURSIVE app (id) AS (
    SELECT (SELECT MIN(client_id) FROM v_charges WHERE account_id = ?1)
    UNION ALL
    SELECT (SELECT MIN(client_id) FROM v_charges WHERE account_id = ?1 AND client_id > app.id) FROM app WHERE app.id IS NOT NULL)`

export const clientsOfWallet = (reader: Reader, accountId: AccountId): ClientId[] =>
  idsOf(reader.all(`${APPS} SELECT id FROM app WHERE id IS NOT NULL`, accountId))

/** The same of refused calls. */
export const clientsRefused = (reader: Reader, userId: UserId): ClientId[] =>
  idsOf(
    reader.all(
      `WITH RECURSIVE app (id) AS (
         SELECT (SELECT MIN(client_id) FROM refused_calls WHERE user_id = ?1)
         UNION ALL
         SELECT (SELECT MIN(client_id) FROM refused_calls WHERE user_id = ?1 AND client_id > app.id) FROM app WHERE app.id IS NOT NULL)
       SELECT id FROM app WHERE id IS NOT NULL`,
      userId,
    ),
  )

const idsOf = (rows: { id: ClientId }[]): ClientId[] => rows.map((row) => row.id)

/** @param isCollected of those that something was collected for, or of the others: two ranges */
export const newestCharged = (
  reader: Reader,
  accountId: AccountId,
  clientId: ClientId | null,
  isCollected: 0 | 1,
  limit: number,
): UsageCall[] =>
  reader
    .all<Row>(
      `SELECT ${CHARGED} FROM v_charges c ${WITH_ROUTE}
       WHERE c.account_id = ? AND c.client_id IS ? AND (c.collected_nano > 0) = ? ORDER BY c.id DESC LIMIT ?`,
      accountId,
      clientId,
      isCollected,
      limit,
    )
    .map(toCall)

export const newestSponsored = (reader: Reader, userId: UserId, limit: number): UsageCall[] =>
  reader
    .all<Row>(
      `SELECT ${CHARGED} FROM (SELECT call_id FROM sponsored_calls WHERE user_id = ? ORDER BY call_id DESC LIMIT ?) s
       CROSS JOIN v_charges c ON c.call_id = s.call_id ${WITH_ROUTE} ORDER BY c.id DESC`,
      userId,
      limit,
    )
    .map(toCall)

export const newestRefused = (reader: Reader, userId: UserId, clientId: ClientId | null, limit: number): UsageCall[] =>
  reader
    .all<Row>(
      `SELECT ${REFUSED} FROM refused_calls WHERE user_id = ? AND client_id IS ? ORDER BY id DESC LIMIT ?`,
      userId,
      clientId,
      limit,
    )
    .map(toCall)

/** Looked through for those of one key: a key that is seldom used must not cost the whole past. */
const LOOKED_THROUGH = 2_000

/** Calls without an app are one range of the wallet; those of one key are among its newest. */
export const newestOfKey = (
  reader: Reader,
  accountId: AccountId,
  keyId: KeyId,
  isCollected: 0 | 1,
  limit: number,
): UsageCall[] =>
  reader
    .all<Row>(
      `SELECT ${CHARGED} FROM (
         SELECT id FROM v_charges WHERE account_id = ? AND client_id IS NULL AND (collected_nano > 0) = ?
         ORDER BY id DESC LIMIT ${LOOKED_THROUGH}) newest
       CROSS JOIN v_charges c ON c.id = newest.id ${WITH_ROUTE} WHERE c.key_id = ? ORDER BY c.id DESC LIMIT ?`,
      accountId,
      isCollected,
      keyId,
      limit,
    )
    .map(toCall)

export const refusedOfKey = (reader: Reader, userId: UserId, keyId: KeyId, limit: number): UsageCall[] =>
  reader
    .all<Row>(
      `SELECT ${REFUSED} FROM (
         SELECT * FROM refused_calls WHERE user_id = ? AND client_id IS NULL ORDER BY id DESC LIMIT ${LOOKED_THROUGH})
       WHERE key_id = ? ORDER BY id DESC LIMIT ?`,
      userId,
      keyId,
      limit,
    )
    .map(toCall)

const LAST_CHARGED =
  "SELECT at_ms FROM v_charges WHERE account_id = ?1 AND client_id = ?2 AND caller_id = ?3 AND (collected_nano > 0)"

/** ms UTC; 0 = none. */
export const lastOf = (reader: Reader, userId: UserId, accountId: AccountId | null, clientId: ClientId): number =>
  reader.get<{ atMs: number }>(
    `SELECT max(
       ${[0, 1].map((isCollected) => `COALESCE((${LAST_CHARGED} = ${isCollected} ORDER BY id DESC LIMIT 1), 0),`).join(" ")}
       COALESCE((SELECT at_ms FROM refused_calls WHERE user_id = ?3 AND client_id = ?2 ORDER BY id DESC LIMIT 1), 0)) AS atMs`,
    accountId,
    clientId,
    userId,
  )!.atMs

export const chargeIdOf = (reader: Reader, accountId: AccountId, publicId: string): number | null =>
  reader.get<{ id: number }>("SELECT id FROM v_charges WHERE call_id = ? AND account_id = ?", publicId, accountId)
    ?.id ?? null

/** The books are written forwards in time, so ids and `at_ms` grow together. */
export function chargeSince(reader: Reader, ms: number): number {
  const lastId = reader.get<{ id: number }>("SELECT id FROM v_charges ORDER BY id DESC LIMIT 1")?.id ?? 0
  return firstIdSince(reader, "SELECT at_ms AS atMs FROM v_charges WHERE id >= ? ORDER BY id LIMIT 1", lastId, ms)
}

/** `req_…` of the app's calls that something was collected for. Both ends excluded. */
export const collectedCalls = (
  reader: Reader,
  accountId: AccountId,
  clientId: ClientId,
  span: { above: number; below: number },
  direction: "DESC" | "ASC",
  limit: number,
): string[] =>
  reader
    .all<{ publicId: string }>(
      `SELECT call_id AS publicId FROM v_charges
       WHERE account_id = ? AND client_id = ? AND (collected_nano > 0) = 1 AND id > ? AND id < ?
       ORDER BY id ${direction} LIMIT ?`,
      accountId,
      clientId,
      span.above,
      span.below,
      limit,
    )
    .map((row) => row.publicId)
