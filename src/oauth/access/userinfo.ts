// The userinfo endpoint (OIDC Core §5.3): claims by the scopes that stand now, never by those the token once had alone.
import { AppError } from "../../app/index.ts"
import { personClaims, storedClaims } from "../claims.ts"
import type { Core } from "../core.ts"
import { openScopes, standingScopes } from "../token/rules.ts"
import { grantById } from "../token/store.ts"
import type { AccessClaims, UserinfoClaims } from "../types.ts"

/** @param claims verified and alive */
export function userinfo(core: Core, claims: AccessClaims): UserinfoClaims {
  const grant = grantById(core.store.read, claims.grantId)
  const scopes = grant ? standingScopes(grant).filter((scope) => claims.scopes.has(scope)) : []
  if (!grant || !scopes.includes("openid")) {
    throw new AppError("insufficient_scope", "The scope openid is needed here.", { fields: { scope: "openid" } })
  }
  const user = core.identity.userById(claims.userId)
  if (!user) throw new AppError("token_revoked", "This account is gone.")
  return { sub: user.publicId, ...personClaims(user, scopes, storedClaims(grant.claims).userinfo, openScopes(grant)) }
}
