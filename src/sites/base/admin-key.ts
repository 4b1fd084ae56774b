// An admin's API key at /api/v1/admin: each part of it by a permission of its own, and only while the key's person is an admin.
import { AppError } from "../../app/index.ts"
import { contextOf, credentialOf } from "../../http/index.ts"
import type { AuthSession, Identity, User } from "../../identity/index.ts"
import type { AdminScope, Keys } from "../../keys/index.ts"

export interface KeyDeps {
  identity: Pick<Identity, "userById">
  keys: Pick<Keys, "isKey" | "claimsOf" | "assertAlive" | "requireAdmin">
}

/** By the part of the address after /admin; what a key may not do at all is not here. */
const SCOPES: readonly (readonly [pattern: RegExp, scope: AdminScope])[] = [
  [/^users\/[^/]+\/(wallet|lots|payment)\b/, "admin:credits"],
  [/^(coupons|invoices|orders|sales)\b/, "admin:credits"],
  // Money leaves by what a person approved, who proved who they are; a program may say what came of it.
  [/^payouts\/(files\/[^/]+\/payment|(?!files\/)[^/]+\/(rejection|payment|failure))$/, "admin:credits"],
  [/^users\/[^/]+\/plan\b/, "admin:plans"],
  // Several at once may also be moved to another plan, which is another permission; who is an admin, and whose documents are right, is for people who
  // prove who they are.
  [/^teams\b/, "admin:users"],
  [/^users(?!\/bulk\b|\/[^/]+\/(?:role|two-step|passkeys|erasure|payouts\/documents)\b)\b/, "admin:users"],
  [/^plans\b/, "admin:plans"],
  [/^(prices|models|services|packages|earnings)\b/, "admin:prices"],
  [/^upstreams\b/, "admin:upstreams"],
  // Who may be signed in with is decided by somebody who proves who they are.
  [/^issuers\/[^/]+\/(?:activation|deactivation|test|up)$/, "admin:settings"],
  // A secret of an app lets somebody speak for it, an app of the house asks nobody: only a person who proves who they are makes one.
  [
    /^(apps(?!$|\/house\/|\/[^/]+\/secrets$)|analytics|settings|brand|legal|products|reviews|directory|support|limits|books|jobs|outbox|system|mcp|billing(?!\/key\b))\b/,
    "admin:settings",
  ],
]

/** The permission that an address of /api/v1/admin needs; null = no key reaches it. */
export function adminScopeOf(pathname: string): AdminScope | null {
  const rest = /^\/api\/v1\/admin\/(.*)$/.exec(pathname)?.[1] ?? ""
  return SCOPES.find(([pattern]) => pattern.test(rest))?.[1] ?? null
}

/**
 * The person of the key, as a session has them.
 * @throws AppError token_…, invalid_api_key, api_key_…, insufficient_scope, forbidden
 */
export function byAdminKey(
  { identity, keys }: KeyDeps,
  request: Request,
): { session: AuthSession; keyPublicId: string } {
  const credential = credentialOf(request)
  if (!keys.isKey(credential))
    throw new AppError("token_invalid", "This takes an admin's API key, which begins with sk_live_.")
  const claims = keys.claimsOf(credential)
  keys.assertAlive(claims, () => contextOf(request).ip)
  const scope = adminScopeOf(new URL(request.url).pathname)
  if (scope === null) throw new AppError("forbidden", "No API key may do this. Use the pages of the console.")
  keys.requireAdmin(claims, scope)
  const user = identity.userById(claims.userId)
  if (!user) throw new AppError("invalid_api_key", "The account of this API key is gone.")
  return { keyPublicId: claims.keyPublicId, session: standInFor(user, claims.keyPublicId) }
}

/** The person of a key or a token, as a session has them. @param of names what stands for the session */
export function standInFor(
  { id, publicId, email, name, emailVerified, isAdmin, testOf }: User,
  of: string,
): AuthSession {
  const person = { userId: id, publicId, email, name, emailVerified, isAdmin, testOf }
  return {
    sessionId: 0,
    sessionPublicId: of,
    kind: "console",
    ...person,
    authTimeMs: 0,
    amr: [],
    sid: of,
    actingId: null,
    proof: { ms: 0, amr: [] },
  }
}
