// Signs what a grant entitles to: access token (RFC 9068), ID token (OIDC Core §2). Signing is asynchronous and
// bodies are not, so candidates are signed first and handed out only if the body that follows says so.
import type { JWTPayload } from "jose"
import { randomSecret } from "../../app/index.ts"
import { FEDERATED } from "../../identity/index.ts"
import { personClaims, storedClaims } from "../claims.ts"
import type { Core } from "../core.ts"
import { detailsOf, type Suggested } from "../details.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { formatScopes } from "../scopes.ts"
import type { OauthUser, Scope, TokenResponse } from "../types.ts"
import { acrOf } from "./acr.ts"
import { detailsFor } from "./narrow.ts"
import { openScopes } from "./rules.ts"
import type { Grant } from "./store.ts"

export interface TokenOptions {
  nonce: string | null
  refresh: boolean
  /** What the access token is for; default: all that the grant is for. */
  resources?: readonly string[]
  /** The key that it is bound to. */
  jkt?: string | null | undefined
  /** The ID token is handed out alone. */
  isAlone?: boolean
  /** What it may use at most, where it was asked for less than the grant gives; in force as long as the token is. */
  limits?: Suggested | null
}

/** One address as a text, several as a list (RFC 7519 §4.1.3). */
const audienceOf = (resources: readonly string[]) => (resources.length === 1 ? resources[0]! : [...resources])

/** A signed but not yet valid answer; it counts once its refresh token (and the used code) is committed. */
export async function signCandidate(
  core: Core,
  grant: Grant,
  user: OauthUser,
  scopes: readonly Scope[],
  options: TokenOptions,
): Promise<TokenResponse> {
  const iat = Math.floor(core.clock.now() / 1_000)
  const authTime = Math.floor(grant.authTimeMs / 1_000)
  const accessToken = await core.keys.sign(
    {
      iss: core.issuer,
      sub: user.publicId,
      aud: audienceOf(options.resources ?? core.resources.narrowed(null, grant.resources)),
      client_id: grant.clientIdentifier,
      scope: formatScopes(scopes),
      jti: core.ids.next("jti"),
      gid: grant.publicId,
      iat,
      exp: iat + OAUTH_LIMITS.accessTokenMs / 1_000,
      auth_time: authTime,
      ...(grant.clientEpoch > 0 ? { client_epoch: grant.clientEpoch } : {}),
      ...(options.jkt ? { cnf: { jkt: options.jkt } } : {}),
      ...(options.limits ? { authorization_details: detailsFor(options.limits) } : {}),
    },
    "at+jwt",
  )
  const response: TokenResponse = {
    access_token: accessToken,
    token_type: options.jkt ? "DPoP" : "Bearer",
    expires_in: OAUTH_LIMITS.accessTokenMs / 1_000,
    scope: formatScopes(scopes),
  }
  const details = options.limits ? detailsFor(options.limits) : detailsOf(core.store.read, grant, scopes)
  if (details) response.authorization_details = details
  if (options.refresh) response.refresh_token = `rt_${randomSecret()}`
  if (scopes.includes("openid")) {
    const issued = Math.floor(core.wall.now() / 1_000)
    const payload: JWTPayload = {
      iss: core.issuer,
      sub: user.publicId,
      aud: grant.clientIdentifier,
      azp: grant.clientIdentifier,
      iat: issued,
      exp: issued + OAUTH_LIMITS.idTokenMs / 1_000,
      auth_time: authTime,
      ...strengthOf(grant),
      ...(options.isAlone ? {} : { at_hash: leftHalfHash(accessToken) }),
      // In the ID token too, although userinfo has them: many clients never ask userinfo (OIDC Core §5.4 allows both).
      ...personClaims(user, scopes, storedClaims(grant.claims).idToken, openScopes(grant)),
    }
    if (options.nonce !== null) payload.nonce = options.nonce
    response.id_token = await core.keys.sign(payload, "JWT", grant.idTokenAlg)
  }
  return response
}

/** How they signed in, and which sign-in it was; grants of before know neither. */
function strengthOf({ amr, sid }: Grant) {
  // Registered methods only (RFC 8176): that somebody else looked has no name there.
  const methods = amr?.split(" ").filter((method) => method !== "" && method !== FEDERATED) ?? []
  return { ...(methods.length > 0 ? { amr: methods, acr: acrOf(methods) } : {}), ...(sid === null ? {} : { sid }) }
}

/** OIDC Core §3.1.3.6: RS256 and ES256 both go with SHA-256. */
const leftHalfHash = (token: string): string =>
  new Bun.CryptoHasher("sha256").update(token).digest().subarray(0, 16).toString("base64url")
