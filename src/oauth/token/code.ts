// grant_type=authorization_code (OAuth 2.1 §4.1.3).
// * the code is bound to client, redirect URI and PKCE challenge   * an invalid attempt burns nothing
// * exactly one valid redemption   * a second valid one revokes the grant and everything issued under it
import { sha256Hex } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import { type Core, invalidGrant, rememberRevoked, requireActiveUserIn } from "../core.ts"
import type { Suggested } from "../details.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { formatScopes } from "../scopes.ts"
import type { Client, TokenResponse } from "../types.ts"
import { signCandidate } from "./issue.ts"
import { narrowingOf, narrowScopes } from "./narrow.ts"
import {
  boundRefresh,
  givesRefreshToken,
  required,
  standingScopes,
  type TokenRequest,
  verifierMatches,
} from "./rules.ts"
import { type Code, codeByHash, endGrants, insertRefresh, useCode } from "./store.ts"

interface Attempt {
  hash: string
  client: Pick<Client, "id" | "type">
  redirectUri: string | null
  verifier: string
  /** The key that the request proves. */
  jkt: string | null
  /** Less than the grant gives. */
  wanted: Suggested | null
}

export async function redeemCode(
  core: Core,
  client: Client,
  { param, resources, proof }: TokenRequest,
  ctx: WriteContext,
): Promise<TokenResponse> {
  const attempt: Attempt = {
    hash: sha256Hex(required(param("code"), "code")),
    client,
    redirectUri: param("redirect_uri"),
    verifier: required(param("code_verifier"), "code_verifier"),
    jkt: proof?.jkt ?? null,
    wanted: narrowingOf(param, client),
  }
  const seen = judge(core, codeByHash(core.store.read, attempt.hash), attempt, core.clock.now())
  const user = core.identity.userById(seen.grant.userId)
  if (!user) throw invalidGrant("The account behind this code is gone.")
  const standing = standingScopes(seen.grant)
  const scopes = narrowScopes(core.store.read, seen.grant, standing, attempt.wanted)
  const options = {
    nonce: seen.nonce,
    refresh: givesRefreshToken(standing),
    resources: core.resources.narrowed(resources, seen.grant.resources),
    jkt: attempt.jkt,
    limits: attempt.wanted,
  }
  proof?.spend()
  const candidate = seen.usedMs === null ? await signCandidate(core, seen.grant, user, scopes, options) : null

  const granted = await core.store.write(ctx, (tx) => redeemIn(core, tx, attempt, candidate))
  // The revocation had to be committed, so the refusal comes after the body.
  if (!granted) throw invalidGrant("This code was used already. What it gave is revoked; start the login again.")
  return granted
}

function redeemIn(core: Core, tx: Tx, attempt: Attempt, candidate: TokenResponse | null): TokenResponse | null {
  const code = judge(core, codeByHash(tx, attempt.hash), attempt, tx.now)
  requireActiveUserIn(core, tx, code.grant.userId)
  if (code.usedMs !== null || !candidate) {
    endGrants(tx, [code.grant.id], "code_reuse")
    rememberRevoked(core, tx, [code.grant.id])
    auditIn(tx, { action: "grant.revoked", subject: code.grant.publicId, after: { because: "code_reuse" } })
    return null
  }
  const scopes = narrowScopes(tx, code.grant, standingScopes(code.grant), attempt.wanted)
  if (candidate.scope !== formatScopes(scopes)) throw invalidGrant("Permissions changed meanwhile.")
  if (!useCode(tx, code.hash)) throw invalidGrant("This code was used already.")
  if (candidate.refresh_token) {
    insertRefresh(tx, {
      hash: sha256Hex(candidate.refresh_token),
      grantId: code.grant.id,
      expiresMs: tx.now + OAUTH_LIMITS.refreshTokenMs,
      dpopJkt: boundRefresh(attempt),
    })
  }
  return candidate
}

/** A valid attempt, used before or not; everything else is refused without a trace on the code. */
function judge(core: Core, code: Code | null, attempt: Attempt, nowMs: number): Code {
  if (!code) throw invalidGrant("This code is unknown or long over.")
  if (code.grant.clientId !== attempt.client.id) throw invalidGrant("This code was given to another client.")
  if (attempt.redirectUri !== null && attempt.redirectUri !== code.redirectUri) {
    throw invalidGrant("redirect_uri differs from the one in the authorization request.")
  }
  if (!verifierMatches(attempt.verifier, code.codeChallenge)) {
    throw invalidGrant("code_verifier does not match the code_challenge.")
  }
  if (code.dpopJkt !== null && code.dpopJkt !== attempt.jkt) {
    throw invalidGrant("This code is for the key of dpop_jkt. Send a DPoP proof of that key.")
  }
  if (code.usedMs === null && nowMs >= code.expiresMs)
    throw invalidGrant("This code has expired. Start the login again.")
  if (code.grant.revokedMs !== null) throw invalidGrant("This code was revoked. Start the login again.")
  if (core.identity.isSuspended(code.grant.userId)) throw invalidGrant("This account is suspended.")
  if (standingScopes(code.grant).length === 0) throw invalidGrant("The permission for this app was revoked.")
  return code
}
