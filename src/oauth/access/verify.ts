// Verifies access tokens (RFC 9068 §4): type, algorithm, signature, issuer, audience, time. What a token says never
// changes, so it is remembered by hash; whether it still counts is never remembered (alive.ts).
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from "jose"
import { AppError, Lru, sha256Hex } from "../../app/index.ts"
import type { Core } from "../core.ts"
import { ACCESS_TOKEN_ALG } from "../keys/algs.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { signedScopes } from "../scopes.ts"
import { limitsOfClaim } from "../token/narrow.ts"
import { grantByPublicId } from "../token/store.ts"
import type { AccessClaims } from "../types.ts"
import { ACCOUNT_RESOURCE } from "./resources.ts"

export type Verifier = (token: string, url?: string) => Promise<AccessClaims>

/** The verifier with its memory. */
export function createVerifier(core: Core): Verifier {
  let known = new Lru<AccessClaims>(OAUTH_LIMITS.verifiedTokensMax)
  let { generation } = core.keys
  async function read(token: string, hash: string): Promise<AccessClaims> {
    const memory = known
    const claims = await readAccessToken(core, token)
    // Its key may have been withdrawn while it was verified: then it is remembered where nobody looks, and read once more.
    memory.set(hash, claims)
    return core.keys.generation === generation && memory === known ? claims : readAccessToken(core, token)
  }
  return async (token, url) => {
    if (generation !== core.keys.generation) {
      known = new Lru(OAUTH_LIMITS.verifiedTokensMax)
      generation = core.keys.generation
    }
    const hash = sha256Hex(token)
    const hit = known.get(hash)
    if (hit && core.clock.now() >= hit.expMs) {
      known.delete(hash)
      throw expired()
    }
    const claims = hit ?? (await read(token, hash))
    if (!claims.isUsual || isApart(url)) assertOpens(core, claims, url ?? core.audience)
    return claims
  }
}

/** Of the one address that the usual tokens do not open; which of its spellings are meant, the resources say. */
const isApart = (url: string | undefined): boolean => url?.includes(ACCOUNT_RESOURCE) ?? false

/** @throws AppError token_invalid when the token is for other resources */
export function assertOpens(core: Core, claims: AccessClaims, url: string): void {
  if (!core.resources.opens(claims.audiences, new URL(url).pathname)) throw invalid("another audience")
}

/** Whatever it is for: who takes it asks that. @throws AppError token_invalid, token_expired */
export async function readAccessToken(core: Core, token: string): Promise<AccessClaims> {
  if (token.length > OAUTH_LIMITS.tokenCharsMax) throw invalid("too long")
  const { payload } = await jwtVerify(
    token,
    (header) => {
      const key = header.kid && core.keys.find(header.kid)
      if (!key || key.alg !== ACCESS_TOKEN_ALG) throw invalid("unknown key")
      return key.publicKey
    },
    {
      algorithms: [ACCESS_TOKEN_ALG],
      typ: "at+jwt",
      issuer: core.issuer,
      requiredClaims: ["exp", "aud", "sub", "jti", "gid", "client_id", "scope"],
      currentDate: new Date(core.clock.now()),
    },
  ).catch((error: unknown) => {
    if (error instanceof AppError) throw error
    throw error instanceof errors.JWTExpired ? expired() : invalid(error)
  })
  const grant = grantByPublicId(core.store.read, String(payload.gid))
  if (!grant || grant.clientIdentifier !== payload.client_id) throw invalid("no such grant")
  const audiences = [payload.aud ?? []].flat()
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
    audiences,
    isUsual: audiences.includes(core.audience),
    jkt: boundTo(payload),
    limits: limitsOfClaim(payload.authorization_details),
  }
}

/** Of tokens of ours: `cnf` holds a thumbprint or is not there (RFC 9449 §6.1). */
function boundTo({ cnf }: JWTPayload): string | null {
  if (cnf === undefined) return null
  const { jkt } = cnf as { jkt?: unknown }
  if (typeof jkt !== "string") throw invalid("cnf")
  return jkt
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
    const { payload } = await jwtVerify(token, key.publicKey, {
      algorithms: [key.alg],
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

const invalid = (detail: unknown): AppError =>
  new AppError("token_invalid", "This access token is not valid. Sign in again to get a new one.", {}, detail)
export const expired = (): AppError =>
  new AppError("token_expired", "This access token has expired. Use the refresh token to get a new one.")
