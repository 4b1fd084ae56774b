// Who manages: a person signed in to the console (with the form token), their own key with the permission `manage`, or a first-party app's
// token. What only admins do needs the role, and of a key the narrow permission instead.
import { AppError, ensure, type KeyId } from "../../../app/index.ts"
import type { Caller, Gateway } from "../../../gateway/index.ts"
import { contextOf, credentialOf, dpopToken, hasCredential } from "../../../http/index.ts"
import type { Identity } from "../../../identity/index.ts"
import type { AdminScope, KeyClaims, Keys } from "../../../keys/index.ts"
import { type Mode, type Principal, principal } from "../../../ledger/index.ts"
import type { Oauth } from "../../../oauth/index.ts"
import type { Tx } from "../../../store/index.ts"
import { type AdminApiDeps, type PageRequest, pageOf, personOf, standInFor } from "../../base/index.ts"

export type WhoDeps = AdminApiDeps & {
  identity: Pick<Identity, "requireActiveIn">
  keys: Pick<Keys, "requireKeyIn">
  gateway: Pick<Gateway, "authenticate">
  oauth: Pick<Oauth, "clientById" | "consentsOf">
}

/** What a program shows in place of a session; null when it is no key. @throws AppError token_…, those of `Keys.assertAlive` */
function keyOf({ keys }: Pick<WhoDeps, "keys">, request: Request): KeyClaims | null {
  if (!hasCredential(request) || dpopToken(request) !== null) return null
  const credential = credentialOf(request)
  if (!keys.isKey(credential)) return null
  const claims = keys.claimsOf(credential)
  keys.assertAlive(claims, () => contextOf(request).ip)
  return claims
}

export interface Manager {
  /** As the admin's acts know whoever asks. */
  page: PageRequest
  /** Whose wallet is meant where no other is named. */
  owner: Principal
  mode: Mode
  keyId: KeyId | null
  /** What a key may do; null: everything that its person may. */
  scopes: ReadonlySet<string> | null
  isAdmin: boolean
  /** Where the person of a session confirms who they are before something dangerous; null: they did, or a key or a token asks. */
  confirmAt(): string | null
  /** Asked again inside the body that charges. @throws AppError */
  requireIn(tx: Tx): void
}

/** @throws AppError unauthenticated, insufficient_scope, those of tokens and keys */
export async function managerOf(deps: WhoDeps, request: Request): Promise<Manager> {
  const claims = keyOf(deps, request)
  if (claims) {
    ensure(claims.scopes.has("manage"), "insufficient_scope", "This API key lacks the permission `manage`.")
    return ofKey(deps, request, claims, "manage")
  }
  if (hasCredential(request)) return ofToken(deps, request)
  const person = personOf(deps, request)
  if (!person) throw new AppError("unauthenticated", "Send an API key with the permission `manage`, or sign in first.")
  ensure(
    person.session.actingId === null,
    "forbidden",
    "You act as a team in the console. Act as yourself there, or send an API key.",
  )
  return ofPerson(person)
}

/** Whoever may manage their own, and an admin for all that `scope` allows. @throws AppError as `managerOf` */
export async function managerOrAdmin(deps: WhoDeps, request: Request, scope: AdminScope): Promise<Manager> {
  if (keyOf(deps, request)?.scopes.has(scope)) return adminOf(deps, request, scope)
  const manager = await managerOf(deps, request)
  return manager.isAdmin ? asAdmin(deps, manager) : manager
}

/** @throws AppError as `managerOf`; forbidden for whoever is no admin */
export async function adminOf(deps: WhoDeps, request: Request, scope: AdminScope): Promise<Manager> {
  const claims = keyOf(deps, request)
  if (claims) {
    deps.keys.requireAdmin(claims, scope)
    return asAdmin(deps, ofKey(deps, request, claims, scope))
  }
  const manager = await managerOf(deps, request)
  ensure(manager.isAdmin, "forbidden", "Only an admin may do this.")
  return asAdmin(deps, manager)
}

function asAdmin({ identity }: WhoDeps, manager: Manager): Manager {
  const { page } = manager
  const { publicId, userId } = page.session
  const actor = `admin:${publicId}`
  return {
    ...manager,
    isAdmin: true,
    page: { ...page, ctx: (reason) => ({ ...page.ctx(reason), actor }) },
    requireIn(tx) {
      manager.requireIn(tx)
      ensure(identity.requireActiveIn(tx, userId).isAdmin, "forbidden", "Only an admin may do this.")
    },
  }
}

function ofKey(deps: WhoDeps, request: Request, claims: KeyClaims, scope: AdminScope | "manage"): Manager {
  const user = deps.identity.userById(claims.userId)
  ensure(user, "unauthenticated", "The owner of this API key is gone.")
  return {
    page: pageOf(deps, request, standInFor(user, claims.keyPublicId), claims.keyPublicId),
    owner: principal(claims.payerId),
    mode: claims.mode,
    keyId: claims.keyId,
    scopes: claims.scopes,
    // The role of its owner counts only with the permission for it.
    isAdmin: false,
    confirmAt: () => null,
    requireIn: (tx) => void deps.keys.requireKeyIn(tx, claims, scope),
  }
}

/** An app that its person let into the account itself, at the account's own door; what it may do there is asked at that door. */
export function managerOfApp(deps: WhoDeps, request: Request, caller: Caller): Manager {
  const user = deps.identity.userById(caller.userId)
  ensure(user && caller.clientPublicId !== null, "unauthenticated", "The person of this token is gone.")
  const by = caller.clientPublicId
  const page = pageOf(deps, request, standInFor(user, by))
  contextOf(request).caller = "app"
  return {
    ...ofPerson({ ...page, ctx: (reason) => page.ctx(`${reason} (app ${by})`) }),
    owner: caller.payer,
    mode: caller.mode,
    isAdmin: false,
    confirmAt: () => null,
    requireIn: (tx) => void caller.requireIn(tx),
  }
}

/** Apps of others manage nothing: people gave them permission to spend, not to look through the books. */
async function ofToken(deps: WhoDeps, request: Request): Promise<Manager> {
  const caller = await deps.gateway.authenticate(request)
  const client = caller.clientId === null ? null : deps.oauth.clientById(caller.clientId)
  ensure(client?.type === "first-party", "insufficient_scope", "This needs an API key with the permission `manage`.")
  const user = deps.identity.userById(caller.userId)
  ensure(user, "unauthenticated", "The person of this token is gone.")
  const page = pageOf(deps, request, standInFor(user, client.publicId))
  return {
    ...ofPerson(page),
    owner: caller.payer,
    mode: caller.mode,
    confirmAt: () => null,
    requireIn: (tx) => void caller.requireIn(tx),
  }
}

const ofPerson = (page: PageRequest): Manager => ({
  page,
  owner: page.owner,
  mode: "live",
  keyId: null,
  scopes: null,
  isAdmin: page.session.isAdmin,
  confirmAt: () => page.confirmAt?.() ?? null,
  requireIn: () => {},
})
