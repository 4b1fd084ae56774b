// SQL of grants, codes and refresh tokens. Codes and tokens are found by SHA-256 only; each
// kind has its own table, so that one can never be taken for another.
import type { ClientId, Nano, UserId } from "../../app/index.ts"
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import type { SigningAlg } from "../keys/algs.ts"
import { formatScopes, parseScopes, storedScopes } from "../scopes.ts"
import { codes, grants, refreshTokens } from "../tables.ts"
import type { RevokeReason, Scope } from "../types.ts"

export interface Grant {
  id: number
  publicId: string
  userId: UserId
  clientId: ClientId
  consentId: number | null
  scopes: Scope[]
  authTimeMs: number
  createdMs: number
  revokedMs: number | null
  trialNano: Nano | null
  sid: string | null
  amr: string | null
  claims: string | null
  details: string | null
  /** Scopes that stand in the consent now; all of the grant's for first-party clients, none once it is revoked. */
  standing: Scope[]
  clientScopes: Scope[]
  clientPublicId: string
  /** What the client calls itself, and tokens call it: its document's address, else its public id. */
  clientIdentifier: string
  clientSuspendedMs: number | null
  clientEpoch: number
  developerId: UserId | null
  mode: "live" | "test"
  idTokenAlg: SigningAlg
  /** Null: what every token was for before. */
  resources: string[] | null
}

type GrantRow = Omit<Grant, "scopes" | "standing" | "clientScopes" | "resources"> & {
  resources: string | null
  scopes: string
  consentScopes: string | null
  clientScopes: string
}

const GRANT = `g.id, g.public_id AS publicId, g.user_id AS userId, g.client_id AS clientId, g.consent_id AS consentId,
    g.scopes, g.auth_time_ms AS authTimeMs, g.created_ms AS createdMs,
    CASE WHEN g.created_ms <= c.moved_ms THEN coalesce(g.revoked_ms, c.moved_ms) ELSE g.revoked_ms END AS revokedMs,
    g.trial_nano AS trialNano, g.sid, g.amr, g.claims, g.details, CASE WHEN n.id IS NULL THEN NULL WHEN n.revoked_ms IS NULL THEN n.scopes ELSE '' END AS consentScopes,
    c.scopes AS clientScopes, c.public_id AS clientPublicId, c.suspended_ms AS clientSuspendedMs,
    c.token_epoch AS clientEpoch, c.owner_id AS developerId, c.mode, c.id_token_alg AS idTokenAlg, g.resources,
    coalesce((SELECT url FROM oauth_client_origins WHERE client_id = c.id), c.public_id) AS clientIdentifier`
const FROM = `oauth_grants g JOIN oauth_clients c ON c.id = g.client_id
  LEFT JOIN oauth_consents n ON n.id = g.consent_id`

function toGrant(row: GrantRow): Grant {
  const scopes = parseScopes(row.scopes)
  return {
    id: row.id,
    publicId: row.publicId,
    userId: row.userId,
    clientId: row.clientId,
    consentId: row.consentId,
    scopes,
    authTimeMs: row.authTimeMs,
    createdMs: row.createdMs,
    revokedMs: row.revokedMs,
    trialNano: row.trialNano,
    sid: row.sid,
    amr: row.amr,
    claims: row.claims,
    details: row.details,
    standing: row.consentScopes === null ? scopes : parseScopes(row.consentScopes),
    clientScopes: [...storedScopes(row.clientScopes)],
    clientPublicId: row.clientPublicId,
    clientIdentifier: row.clientIdentifier,
    clientSuspendedMs: row.clientSuspendedMs,
    clientEpoch: row.clientEpoch,
    developerId: row.developerId,
    mode: row.mode,
    idTokenAlg: row.idTokenAlg,
    resources: row.resources === null ? null : (JSON.parse(row.resources) as string[]),
  }
}

export const grantById = (reader: Reader, id: number): Grant | null => {
  const row = reader.get<GrantRow>(`SELECT ${GRANT} FROM ${FROM} WHERE g.id = ?`, id)
  return row && toGrant(row)
}
export const grantByPublicId = (reader: Reader, publicId: string): Grant | null => {
  const row = reader.get<GrantRow>(`SELECT ${GRANT} FROM ${FROM} WHERE g.public_id = ?`, publicId)
  return row && toGrant(row)
}

export const insertGrant = (
  tx: Tx,
  grant: Pick<Grant, "publicId" | "userId" | "clientId" | "consentId" | "scopes" | "authTimeMs"> & {
    sessionId: string
    trialNano?: Nano | undefined
    resources?: readonly string[] | null
    sid?: string
    amr?: string
    claims?: string | null
    details?: string | null
  },
): number =>
  insertRow(tx, grants, {
    publicId: grant.publicId,
    userId: grant.userId,
    clientId: grant.clientId,
    consentId: grant.consentId,
    sessionId: grant.sessionId,
    scopes: formatScopes(grant.scopes),
    authTimeMs: grant.authTimeMs,
    createdMs: tx.now,
    trialNano: grant.trialNano ?? null,
    resources: grant.resources ? JSON.stringify(grant.resources) : null,
    sid: grant.sid ?? null,
    amr: grant.amr ?? null,
    claims: grant.claims ?? null,
    details: grant.details ?? null,
  })

const ids = (rows: { id: number }[]): number[] => rows.map((row) => row.id)
export const activeGrantsOfConsent = (reader: Reader, consentId: number): number[] =>
  ids(reader.all("SELECT id FROM oauth_grants WHERE consent_id = ? AND revoked_ms IS NULL", consentId))
export const activeGrantsOfUser = (reader: Reader, userId: number): number[] =>
  ids(reader.all("SELECT id FROM oauth_grants WHERE user_id = ? AND revoked_ms IS NULL", userId))

export function endGrants(tx: Tx, grantIds: readonly number[], reason: RevokeReason): void {
  if (grantIds.length === 0) return
  for (const id of grantIds)
    tx.run(
      "UPDATE oauth_grants SET revoked_ms = ?, revoked_reason = ? WHERE id = ? AND revoked_ms IS NULL",
      tx.now,
      reason,
      id,
    )
  // Once for all of them: no index leads from a grant to its replays, so all replays there are get looked at.
  tx.run(
    `UPDATE oauth_refresh_tokens SET replay = NULL
     WHERE replay IS NOT NULL AND grant_id IN (SELECT value FROM json_each(?))`,
    JSON.stringify(grantIds),
  )
}

/** Everybody's that live. @returns their ids */
export function endAllGrants(tx: Tx, reason: RevokeReason): number[] {
  const ended = tx.all<{ id: number }>(
    "UPDATE oauth_grants SET revoked_ms = ?, revoked_reason = ? WHERE revoked_ms IS NULL RETURNING id",
    tx.now,
    reason,
  )
  tx.run("UPDATE oauth_refresh_tokens SET replay = NULL WHERE replay IS NOT NULL")
  return ended.map(({ id }) => id)
}

export const recentlyRevokedGrants = (reader: Reader, sinceMs: number): { id: number; revokedMs: number }[] =>
  reader.all("SELECT id, revoked_ms AS revokedMs FROM oauth_grants WHERE revoked_ms >= ?", sinceMs)

// ---- codes --------------------------------------------------------------------------------------

type StoredCode = typeof codes.$inferSelect

export interface Code
  extends Pick<StoredCode, "hash" | "redirectUri" | "codeChallenge" | "nonce" | "expiresMs" | "usedMs" | "dpopJkt"> {
  grant: Grant
}

type CodeRow = GrantRow & Omit<Code, "grant">

export function codeByHash(reader: Reader, hash: string): Code | null {
  const row = reader.get<CodeRow>(
    `SELECT ${GRANT}, k.hash, k.redirect_uri AS redirectUri, k.code_challenge AS codeChallenge, k.nonce,
       k.expires_ms AS expiresMs, k.used_ms AS usedMs, k.dpop_jkt AS dpopJkt
     FROM oauth_codes k JOIN ${FROM.replace("oauth_grants g", "oauth_grants g ON g.id = k.grant_id")} WHERE k.hash = ?`,
    hash,
  )
  return row && { ...row, grant: toGrant(row) }
}

export const insertCode = (tx: Tx, code: Omit<StoredCode, "usedMs">): void => {
  insertRow(tx, codes, {
    hash: code.hash,
    grantId: code.grantId,
    redirectUri: code.redirectUri,
    codeChallenge: code.codeChallenge,
    nonce: code.nonce,
    expiresMs: code.expiresMs,
    dpopJkt: code.dpopJkt,
  })
}

/** True for exactly one caller. */
export const useCode = (tx: Tx, hash: string): boolean =>
  tx.run("UPDATE oauth_codes SET used_ms = ? WHERE hash = ? AND used_ms IS NULL", tx.now, hash).changes === 1

// ---- refresh tokens -----------------------------------------------------------------------------

export interface RefreshToken
  extends Pick<
    typeof refreshTokens.$inferSelect,
    "hash" | "createdMs" | "expiresMs" | "spentMs" | "replay" | "asked" | "dpopJkt"
  > {
  tokenId: number
  grant: Grant
}

type RefreshRow = GrantRow & Omit<RefreshToken, "grant">

export function refreshByHash(reader: Reader, hash: string): RefreshToken | null {
  const row = reader.get<RefreshRow>(
    `SELECT ${GRANT}, r.id AS tokenId, r.hash, r.created_ms AS createdMs, r.expires_ms AS expiresMs, r.spent_ms AS spentMs, r.replay, r.asked, r.dpop_jkt AS dpopJkt
     FROM oauth_refresh_tokens r JOIN ${FROM.replace("oauth_grants g", "oauth_grants g ON g.id = r.grant_id")}
     WHERE r.hash = ?`,
    hash,
  )
  return row && { ...row, grant: toGrant(row) }
}

export const insertRefresh = (
  tx: Tx,
  token: Pick<typeof refreshTokens.$inferSelect, "hash" | "grantId" | "expiresMs"> & { dpopJkt?: string | null },
): void => {
  insertRow(tx, refreshTokens, {
    hash: token.hash,
    grantId: token.grantId,
    createdMs: tx.now,
    expiresMs: token.expiresMs,
    dpopJkt: token.dpopJkt ?? null,
  })
}

/** True for exactly one caller; keeps the sealed answer for those who repeat the request. */
export const spendRefresh = (tx: Tx, tokenId: number, replay: string, asked: string): boolean =>
  tx.run(
    "UPDATE oauth_refresh_tokens SET spent_ms = ?, replay = ?, asked = ? WHERE id = ? AND spent_ms IS NULL",
    tx.now,
    replay,
    asked,
    tokenId,
  ).changes === 1
