// Verifies access tokens (RFC 9068 §4): type, algorithm, signature, issuer, audience, time. What a token says never
// changes, so it is remembered by hash; whether it still counts is never remembered (alive.ts).
import { decodeProtectedHeader, errors, jwtVerify } from "jose"
import { AppError, Lru, sha256Hex } from "../../app/index.ts"
import type { Core } from "../core.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { signedScopes } from "../scopes.ts"
import { grantByPublicId } from "../token/store.ts"
import type { AccessClaims } from "../types.ts"

export type Verifier = (token: string) => Promise<AccessClaims>

/** The verifier with its memory. */
export function createVerifier(core: Core): Verifier {
  const known = new Lru<AccessClaims>(OAUTH_LIMITS.verifiedTokensMax)
  return async (token) => {
    const hash = sha256Hex(token)
    const hit = known.get(hash)
    if (hit) {
      if (core.clock.now() < hit.expMs) return hit
      known.delete(hash)
      throw expired()
    }
    const claims = await readAccessToken(core, token)
    known.set(hash, claims)
    return claims
  }
}

/** @throws AppError token_invalid, token_expired */
export async function readAccessToken(core: Core, token: string): Promise<AccessClaims> {
  if (token.length > OAUTH_LIMITS.tokenCharsMax) throw invalid("too long")
  const { payload } = await jwtVerify(
    token,
    (header) => {
      const key = header.kid && core.keys.find(header.kid)
      if (!key) throw invalid("unknown key")
      return key
    },
    {
      algorithms: ["RS256"],
      typ: "at+jwt",
      issuer: core.issuer,
      audience: core.audience,
      requiredClaims: ["exp", "sub", "jti", "gid", "client_id", "scope"],
      currentDate: new Date(core.clock.now()),
    },
  ).catch((error: unknown) => {
    if (error instanceof AppError) throw error
    throw error instanceof errors.JWTExpired ? expired() : invalid(error)
  })
  const grant = grantByPublicId(core.store.read, String(payload.gid))
  if (!grant || grant.clientIdentifier !== payload.client_id) throw invalid("no such grant")
  return {
    jti: String(payload.jti),
    userId: grant.userId,
    userPublicId: String(payload.sub),
    clientId: grant.clientId,
    clientPublicId: grant.clientPublicId,
    clientEpoch: typeof payload.client_epoch === "number" ? payload.client_epoch : 0,
    grantId: grant.id,
    consentId: grant.consentId,
    developerId: grant.developerId,
    mode: grant.mode,
    scopes: signedScopes(String(payload.scope)),
    expMs: payload.exp! * 1_000,
  }
}

export interface IdTokenClaims {
  sub: string
  /** The client that it was made for. */
  aud: string
  /** null: from before there were such names. */
  sid: string | null
}

/** An ID token of ours, expired or not (OIDC Core §3.1.2.1, id_token_hint); null when it is not ours. */
export async function readIdToken(core: Core, token: string): Promise<IdTokenClaims | null> {
  if (token.length > OAUTH_LIMITS.tokenCharsMax) return null
  try {
    const { kid } = decodeProtectedHeader(token)
    const key = kid && core.keys.find(kid, true)
    if (!key) return null
    const { payload } = await jwtVerify(token, key, {
      algorithms: ["RS256"],
      typ: "JWT",
      issuer: core.issuer,
      currentDate: new Date(0),
    })
    const { sub, aud, sid } = payload
    return sub && typeof aud === "string" ? { sub, aud, sid: typeof sid === "string" ? sid : null } : null
  } catch {
    return null
  }
}

/** RFC 6750 §3: what every answer about a bad bearer token carries. */
export const CHALLENGE = { headers: { "www-authenticate": 'Bearer error="invalid_token"' } }

const invalid = (detail: unknown): AppError =>
  new AppError("token_invalid", "This access token is not valid. Sign in again to get a new one.", CHALLENGE, detail)
export const expired = (): AppError =>
  new AppError("token_expired", "This access token has expired. Use the refresh token to get a new one.", CHALLENGE)
