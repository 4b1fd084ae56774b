// Who is asking: bearer token → caller. The signature is verified once per token (oauth caches it); that person, app and grant are
// alive is asked on every request, and once more inside the hold. Cookies and query parameters are never looked at.
import { AppError } from "../app/index.ts"
import { bearerToken } from "../http/index.ts"
import { principal } from "../ledger/index.ts"
import type { AccessClaims, AiScope } from "../oauth/index.ts"
import { challenge } from "./envelope.ts"
import type { Caller, GatewayDeps, TokenVerifier } from "./types.ts"

/** @throws AppError token_missing, token_invalid, token_expired, token_revoked, client_suspended, account_suspended */
export async function authenticate(deps: Pick<GatewayDeps, "oauth" | "baseUrl">, request: Request): Promise<Caller> {
  try {
    const claims = await deps.oauth.verifyAccessToken(bearerToken(request))
    deps.oauth.assertAlive(claims)
    return callerOf(deps.oauth, claims)
  } catch (error) {
    throw error instanceof AppError ? challenge(error, deps.baseUrl) : error
  }
}

/** @throws AppError insufficient_scope (RFC 6750 §3.1) */
export function requireScope(caller: Caller, scope: AiScope, baseUrl: string): void {
  if (caller.scopes.has(scope)) return
  throw challenge(
    new AppError("insufficient_scope", `This needs the permission \`${scope}\`. Ask for it when the person signs in.`, {
      fields: { scope },
    }),
    baseUrl,
  )
}

const callers = new WeakMap<AccessClaims, Caller>()

function callerOf(oauth: TokenVerifier, claims: AccessClaims): Caller {
  let caller = callers.get(claims)
  if (!caller) {
    caller = {
      kind: "app",
      userId: claims.userId,
      userPublicId: claims.userPublicId,
      payer: principal(claims.userId),
      clientId: claims.clientId,
      clientPublicId: claims.clientPublicId,
      keyId: null,
      consentId: claims.consentId,
      developer: claims.developerId === null ? null : principal(claims.developerId),
      mode: claims.mode,
      scopes: claims.scopes,
      actor: `app:${claims.clientPublicId}`,
      requireIn: (tx, scope) => oauth.requireGrantIn(tx, claims, scope),
    }
    callers.set(claims, caller)
  }
  return caller
}
