// Does a verified token still count? Asked in memory on every request, and of the rows inside every body that spends.
import { AppError, nano, type UserId } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import type { Core } from "../core.ts"
import { storedScopes } from "../scopes.ts"
import { type LiveGrantRow, liveGrantRow } from "../token/store-live.ts"
import type { AccessClaims, AiScope, LiveGrant, Scope } from "../types.ts"
import { expired } from "./verify.ts"

/** @throws AppError token_expired, token_revoked, client_suspended, account_suspended */
export function assertAlive(core: Core, claims: AccessClaims): void {
  if (core.clock.now() >= claims.expMs) throw expired()
  // Suspension first: it ends grants as well, and is what the person has to hear.
  if (core.identity.isSuspended(claims.userId)) throw new AppError("account_suspended", "This account is suspended.")
  if (core.revoked.clients.has(claims.clientId)) throw suspendedClient()
  if ((core.revoked.epochs.get(claims.clientId) ?? 0) !== claims.clientEpoch) throw revoked()
  if (core.revoked.grants.has(claims.grantId) || core.revoked.tokens.has(claims.jti)) throw revoked()
}

/** @throws as assertAlive, and insufficient_scope when the scope no longer stands */
export function requireGrantIn(core: Core, tx: Tx, claims: AccessClaims, scope?: AiScope): LiveGrant {
  const row = liveGrantRow(tx, claims.grantId, claims.jti, scope ?? "")
  if (!row) throw revoked()
  const { emailVerified } = core.identity.requireActiveIn(tx, row.userId)
  if (row.clientSuspendedMs !== null) throw suspendedClient()
  if (row.revoked || row.clientEpoch !== claims.clientEpoch) throw revoked()
  const scopes = standingScopes(claims, row)
  if (scopes.length === 0) throw revoked()
  if (scope && !scopes.includes(scope)) {
    throw new AppError("insufficient_scope", `This app may not use ${scope}. Ask for the scope ${scope} at sign-in.`, {
      fields: { scope },
    })
  }
  // A granted scope always has a limit row; should one be missing, nothing may be spent.
  const given = scope && row.limited ? nano(row.dailyNano ?? 0) : null
  // A token for less than was given ends earlier in the app's day; one that is not for this scope has left it out.
  const own = scope && claims.limits ? (claims.limits[scope] ?? 0) : null
  const dailyLimitNano = own === null ? given : nano(Math.min(own, given ?? own))
  const payerId = requirePayerIn(core, tx, row)
  return { payerId, dailyLimitNano, developerId: row.developerId, scopes, emailVerified }
}

/**
 * Whose credits a permission spends. What ended somebody's right to spend a team's ended the permission in that body; asked here all the same,
 * for it is the last moment before somebody else pays.
 */
export function requirePayerIn(
  { teams }: Core,
  tx: Tx,
  { userId, payerId }: { userId: UserId; payerId: UserId | null },
): UserId {
  if (payerId !== null && !teams.maySpend(tx, userId, payerId)) throw revoked()
  return payerId ?? userId
}

/** What a token may still do: read out of the same texts on every call, so the last answer is kept with the token's claims. */
const lastStanding = new WeakMap<AccessClaims, { row: ScopeTexts; scopes: Scope[] }>()
type ScopeTexts = Pick<LiveGrantRow, "scopes" | "consentScopes" | "clientScopes">

function standingScopes(claims: AccessClaims, row: ScopeTexts): Scope[] {
  const known = lastStanding.get(claims)
  if (
    known &&
    known.row.scopes === row.scopes &&
    known.row.consentScopes === row.consentScopes &&
    known.row.clientScopes === row.clientScopes
  ) {
    return known.scopes
  }
  const client = storedScopes(row.clientScopes)
  const consent = row.consentScopes === null ? client : storedScopes(row.consentScopes)
  const scopes = storedScopes(row.scopes).filter(
    (granted) => claims.scopes.has(granted) && consent.includes(granted) && client.includes(granted),
  )
  lastStanding.set(claims, { row, scopes })
  return scopes
}

const revoked = (): AppError => new AppError("token_revoked", "This access was revoked. Sign in to the app again.")
const suspendedClient = (): AppError => new AppError("client_suspended", "This app is suspended.")
