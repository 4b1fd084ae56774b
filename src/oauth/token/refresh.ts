// grant_type=refresh_token (OAuth 2.1 §4.3, RFC 9700 §4.14).
// * bound to the client   * one rotation per token, atomically   * scope never grows   * dead with grant, consent, user
// * the same request again within 10 s gets the identical answer (sealed in the row); later reuse kills the family
import { AppError, sha256Hex } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { type SealedColumn, sealIn } from "../../part/index.ts"
import type { Reader, Tx, WriteContext } from "../../store/index.ts"
import { type Core, invalidGrant, rememberRevoked, requireActiveUserIn } from "../core.ts"
import type { Suggested } from "../details.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { formatScopes, intersect, parseScopes } from "../scopes.ts"
import type { Client, Scope, TokenResponse } from "../types.ts"
import { signCandidate } from "./issue.ts"
import { narrowingOf, narrowingText, narrowScopes } from "./narrow.ts"
import { boundRefresh, givesRefreshToken, required, standingScopes, type TokenRequest } from "./rules.ts"
import { endGrants, insertRefresh, type RefreshToken, refreshByHash, spendRefresh } from "./store.ts"

interface Attempt {
  hash: string
  client: Pick<Client, "id" | "type">
  /** The scope parameter in canonical form; "" when not sent. */
  scope: string
  /** What the access token is to be for; null when not sent. */
  resources: readonly string[] | null
  /** The key that the request proves. */
  jkt: string | null
  /** Less than the grant gives, for this access token alone. */
  wanted: Suggested | null
}

/** What a repetition has to be equal in. */
const wishOf = ({ scope, resources, jkt, wanted }: Attempt): string =>
  [scope, ...(resources ?? []), ...(jkt ? [jkt] : []), ...(wanted ? [narrowingText(wanted)] : [])].join("\n")

type Verdict =
  | { kind: "rotate"; scopes: Scope[] }
  /** The sealed answer of the first rotation. */
  | { kind: "replay"; sealed: string }
  | { kind: "reuse" }

type Result = { kind: "issued"; response: TokenResponse } | Exclude<Verdict, { kind: "rotate" }>

const PURPOSE = "oauth-refresh-replay"
const place = (hash: string): string => `oauth_refresh_tokens:replay:${hash}`

export const SEALED_REPLAYS: SealedColumn = {
  what: "repeated answers of the token endpoint",
  table: "oauth_refresh_tokens",
  blob: "replay",
  assign: "replay = ?",
  purpose: PURPOSE,
  columns: ["hash"],
  place,
}

export async function refresh(
  core: Core,
  client: Client,
  { param, resources, proof }: TokenRequest,
  ctx: WriteContext,
): Promise<TokenResponse> {
  const hash = sha256Hex(required(param("refresh_token"), "refresh_token"))
  const wanted = narrowingOf(param, client)
  const attempt = { hash, client, scope: canonicalScope(param("scope")), resources, jkt: proof?.jkt ?? null, wanted }
  const { token, verdict } = judge(core, refreshByHash(core.store.read, hash), attempt, core.clock.now())
  const audiences = core.resources.narrowed(resources, token.grant.resources)
  proof?.spend()
  if (verdict.kind === "replay") return unseal(core, hash, verdict.sealed)

  const user = core.identity.userById(token.grant.userId)
  if (!user) throw invalidGrant("The account behind this token is gone.")
  // A narrowed scope binds the access token; the family goes on with all of it (RFC 6749 §6).
  const options = { nonce: null, refresh: true, resources: audiences, jkt: attempt.jkt, limits: wanted }
  const candidate =
    verdict.kind === "rotate"
      ? await signCandidate(core, token.grant, user, narrowed(core.store.read, token, attempt, verdict.scopes), options)
      : null
  const result = await core.store.write(ctx, (tx) => rotateIn(core, tx, attempt, candidate))
  if (result.kind === "issued") return result.response
  if (result.kind === "replay") return unseal(core, hash, result.sealed)
  // The revocation had to be committed, so the refusal comes after the body.
  throw invalidGrant("This refresh token was used before. All tokens of this login are revoked; sign in again.")
}

function rotateIn(core: Core, tx: Tx, attempt: Attempt, candidate: TokenResponse | null): Result {
  const { token, verdict } = judge(core, refreshByHash(tx, attempt.hash), attempt, tx.now)
  if (verdict.kind === "replay") return verdict
  requireActiveUserIn(core, tx, token.grant.userId)
  if (verdict.kind === "reuse") {
    endGrants(tx, [token.grant.id], "refresh_reuse")
    rememberRevoked(core, tx, [token.grant.id])
    auditIn(tx, { action: "grant.revoked", subject: token.grant.publicId, after: { because: "refresh_reuse" } })
    return verdict
  }
  // What was signed a moment ago must still be what stands.
  if (!candidate?.refresh_token || candidate.scope !== formatScopes(narrowed(tx, token, attempt, verdict.scopes))) {
    throw invalidGrant("Permissions changed meanwhile. Try again.")
  }
  const sealed = sealIn(tx, core.keyring, SEALED_REPLAYS, [attempt.hash], JSON.stringify(candidate))
  if (!spendRefresh(tx, token.tokenId, sealed, wishOf(attempt)))
    throw invalidGrant("This refresh token was used before.")
  insertRefresh(tx, {
    hash: sha256Hex(candidate.refresh_token),
    grantId: token.grant.id,
    expiresMs: tx.now + OAUTH_LIMITS.refreshTokenMs,
    dpopJkt: boundRefresh(attempt),
  })
  return { kind: "issued", response: candidate }
}

/** @throws AppError invalid_grant or invalid_scope; a refused attempt leaves no trace on the token */
function judge(
  core: Core,
  token: RefreshToken | null,
  attempt: Attempt,
  nowMs: number,
): { token: RefreshToken; verdict: Verdict } {
  if (!token) throw invalidGrant("This refresh token is unknown or long over.")
  const { grant } = token
  if (grant.clientId !== attempt.client.id) throw invalidGrant("This refresh token was given to another client.")
  if (grant.revokedMs !== null) throw invalidGrant("This login was revoked. Sign in again.")
  if (core.identity.isSuspended(grant.userId)) throw invalidGrant("This account is suspended.")
  if (token.dpopJkt !== null && token.dpopJkt !== attempt.jkt) {
    throw invalidGrant("This refresh token is bound to a key. Send a DPoP proof of that key.")
  }
  const standing = standingScopes(grant)
  if (!givesRefreshToken(standing) || standing.length === 0) {
    throw invalidGrant("The permission for this app was revoked.")
  }
  if (token.spentMs !== null) {
    const replayable = token.replay !== null && nowMs - token.spentMs <= OAUTH_LIMITS.refreshReplayMs
    if (!replayable) return { token, verdict: { kind: "reuse" } }
    if (token.asked !== wishOf(attempt))
      throw new AppError("invalid_scope", "Repeat the request as it was, with the same scope and resource.")
    return { token, verdict: { kind: "replay", sealed: token.replay! } }
  }
  if (nowMs >= token.expiresMs) throw invalidGrant("This refresh token has expired. Sign in again.")
  // Of what is asked, what stands: clients repeat the scopes of their first request, whatever was unticked since.
  const scopes = attempt.scope === "" ? standing : intersect(parseScopes(attempt.scope), standing)
  if (scopes.length === 0) {
    throw new AppError("invalid_scope", "None of these scopes was granted. Leave scope out to get all that were.")
  }
  return { token, verdict: { kind: "rotate", scopes } }
}

const narrowed = (reader: Reader, { grant }: RefreshToken, { wanted }: Attempt, scopes: readonly Scope[]): Scope[] =>
  narrowScopes(reader, grant, scopes, wanted)

/** Unknown scopes are ignored, as the authorization endpoint does. */
function canonicalScope(scope: string | null): string {
  if (scope === null) return ""
  const known = formatScopes(parseScopes(scope))
  if (known === "")
    throw new AppError("invalid_scope", "There is no such scope. Leave scope out to get all that were granted.")
  return known
}

const unseal = (core: Core, hash: string, sealed: string): TokenResponse =>
  JSON.parse(core.keyring.open(PURPOSE, place(hash), sealed)) as TokenResponse
