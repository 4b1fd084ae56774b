// Token introspection (RFC 7662): what a token of the asking client says, as long as it counts. Anything else, tokens of others
// too, is `active: false` and not a word more (§2.2), so that the endpoint tells nobody about tokens that are not theirs.
import { decodeJwt } from "jose"
import { AppError, sha256Hex } from "../../app/index.ts"
import { assertAlive } from "../access/alive.ts"
import { readAccessToken } from "../access/verify.ts"
import { authenticateClient } from "../client/authenticate.ts"
import type { Core } from "../core.ts"
import { detailsOf } from "../details.ts"
import { formatScopes } from "../scopes.ts"
import type { Client, EndpointInput, Introspection, Scope } from "../types.ts"
import { standingDetails } from "./narrow.ts"
import { givesRefreshToken, required, singleParams, standingScopes } from "./rules.ts"
import { type Grant, grantById, refreshByHash } from "./store.ts"

const INACTIVE: Introspection = { active: false }

export async function introspect(core: Core, input: EndpointInput): Promise<Introspection> {
  const param = singleParams(input.params)
  const client = authenticateClient(core, input.params, input.authorization)
  // Who cannot prove itself could try out tokens that it found (RFC 7662 §4).
  if (client.type === "public") throw new AppError("unauthorized_client", "Only clients with a secret may introspect.")
  const token = required(param("token"), "token")
  // `token_type_hint` saves a look at most (RFC 7662 §2.1): both are cheap.
  return ofRefreshToken(core, client, token) ?? (await ofAccessToken(core, client, token)) ?? INACTIVE
}

function ofRefreshToken(core: Core, client: Client, token: string): Introspection | null {
  const found = refreshByHash(core.store.read, sha256Hex(token))
  if (!found || found.grant.clientId !== client.id) return null
  const scopes = living(core, found.grant)
  const isOver = found.spentMs !== null || core.clock.now() >= found.expiresMs
  if (isOver || scopes.length === 0 || !givesRefreshToken(scopes)) return null
  return {
    ...ofGrant(core, found.grant, scopes),
    iat: seconds(found.createdMs),
    exp: seconds(found.expiresMs),
  }
}

async function ofAccessToken(core: Core, client: Client, token: string): Promise<Introspection | null> {
  try {
    const claims = await readAccessToken(core, token)
    if (claims.clientId !== client.id) return null
    assertAlive(core, claims)
    const grant = grantById(core.store.read, claims.grantId)
    const scopes = grant ? living(core, grant).filter((scope) => claims.scopes.has(scope)) : []
    if (!grant || scopes.length === 0) return null
    const { iat, exp, aud, jti } = decodeJwt(token)
    const bound = claims.jkt === null ? {} : { cnf: { jkt: claims.jkt } }
    const token_type: "Bearer" | "DPoP" = claims.jkt === null ? "Bearer" : "DPoP"
    const own = claims.limits ? { authorization_details: standingDetails(core.store.read, grant, claims.limits) } : {}
    return { ...ofGrant(core, grant, scopes), ...own, token_type, ...bound, iat, exp, aud, jti }
  } catch (error) {
    if (error instanceof AppError && error.status < 500) return null
    throw error
  }
}

/** Scopes that a grant gives now; none once it, its person or its consent is over. */
function living(core: Core, grant: Grant): Scope[] {
  if (grant.revokedMs !== null || core.identity.isSuspended(grant.userId)) return []
  return standingScopes(grant)
}

const ofGrant = (core: Core, grant: Grant, scopes: readonly Scope[]) => ({
  active: true as const,
  iss: core.issuer,
  sub: core.identity.userById(grant.userId)?.publicId,
  client_id: grant.clientPublicId,
  scope: formatScopes(scopes),
  auth_time: seconds(grant.authTimeMs),
  ...detailsPart(core, grant, scopes),
})

function detailsPart(core: Core, grant: Grant, scopes: readonly Scope[]) {
  const details = detailsOf(core.store.read, grant, scopes)
  return details ? { authorization_details: details } : {}
}

const seconds = (ms: number): number => Math.floor(ms / 1_000)
