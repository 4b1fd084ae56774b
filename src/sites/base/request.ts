// Who asks: the session behind a request, the frame's user, and the guards. Admins come in through the console's session.
import type { FrameUser } from "../../../views/layout/index.ts"
import { AppError, ensure } from "../../app/index.ts"
import type { Developers } from "../../developers/index.ts"
import { bearerToken, contextOf, type PageOptions, seeOther, type Web } from "../../http/index.ts"
import type { AuthSession, Identity, User } from "../../identity/index.ts"
import type { AdminScope, KeyClaims, Keys } from "../../keys/index.ts"
import { type Owner, principal } from "../../ledger/index.ts"
import type { Media } from "../../media/index.ts"
import type { WriteContext } from "../../store/index.ts"

/** What every site's handler can do. */
export interface BaseRequest {
  request: Request
  /** Who is signed in to the console; sites that ask for nobody leave it out. */
  user?: FrameUser | undefined
  render(view: Parameters<Web["page"]>[2], options?: PageOptions): Response
}

/** A request of a person who is signed in to the console. */
export interface PageRequest extends BaseRequest {
  /** Of a program with a key or a token: whoever that speaks for, and no row. */
  session: AuthSession
  user: FrameUser
  owner: Owner
  ctx(reason: string): WriteContext
}

export type SessionDeps = {
  web: Web
  identity: Pick<Identity, "sessionByToken">
  developers: Pick<Developers, "developerOf">
  media: Pick<Media, "addressOf">
}

/** What every page says of the person who is signed in. */
export function frameUserOf(
  { developers, media }: Pick<SessionDeps, "developers" | "media">,
  session: AuthSession,
): FrameUser {
  const { name, email, isAdmin, userId, publicId } = session
  const avatarUrl = media.addressOf({ purpose: "avatar", subject: publicId }, 64)
  return { id: publicId, name, email, avatarUrl, isDeveloper: developers.developerOf(userId) !== null, isAdmin }
}

/** @returns null when nobody is signed in to the console */
export function personOf(deps: SessionDeps, request: Request): PageRequest | null {
  const session = deps.identity.sessionByToken(deps.web.cookies.read(request, "console"), "console")
  return session && requestOf(deps, request, session)
}

/** A request in the name of somebody who was found out, by whatever means. */
export function requestOf(deps: SessionDeps, request: Request, session: AuthSession): PageRequest {
  const { userId, publicId } = session
  const user = frameUserOf(deps, session)
  return {
    request,
    session,
    user,
    owner: principal(userId),
    render: (view, options) => deps.web.page(request, user, view, { pack: true, ...options }),
    ctx: (reason) => ({ actor: `user:${publicId}`, requestId: contextOf(request).requestId, reason }),
  }
}

/** The person who is signed in; everybody else is sent to sign in and back here. */
export function requireSession(deps: SessionDeps, request: Request): PageRequest | Response {
  const person = personOf(deps, request)
  if (person) return person
  const url = new URL(request.url)
  const next = request.method === "GET" ? `${url.pathname}${url.search}` : "/dashboard"
  return seeOther(`/console/login?next=${encodeURIComponent(next)}`)
}

/** To others the pages of admins do not exist. */
function asAdmin(person: PageRequest): PageRequest {
  ensure(person.user.isAdmin, "not_found", "There is nothing here. Check the address for a typing mistake.")
  const actor = `admin:${person.session.publicId}`
  return { ...person, ctx: (reason) => ({ ...person.ctx(reason), actor }) }
}

export function requireAdmin(deps: SessionDeps, request: Request): PageRequest | Response {
  const person = requireSession(deps, request)
  return person instanceof Response ? person : asAdmin(person)
}

export type ProgramDeps = SessionDeps & {
  identity: Pick<Identity, "userById">
  keys: Pick<Keys, "isKey" | "claimsOf" | "assertAlive" | "requireAdmin">
}

/** What a program shows in place of a session; null when it is none of ours. @throws AppError as `Keys.assertAlive` */
export function keyOf({ keys }: Pick<ProgramDeps, "keys">, request: Request): KeyClaims | null {
  if (!request.headers.has("authorization")) return null
  const credential = bearerToken(request)
  if (!keys.isKey(credential)) return null
  const claims = keys.claimsOf(credential)
  keys.assertAlive(claims, () => contextOf(request).ip)
  return claims
}

export const sessionOfUser = (user: User): AuthSession => ({
  sessionId: 0,
  sessionPublicId: "",
  kind: "console",
  userId: user.id,
  publicId: user.publicId,
  email: user.email,
  name: user.name,
  emailVerified: user.emailVerified,
  isAdmin: user.isAdmin,
  authTimeMs: 0,
  amr: [],
})

/**
 * For programs: no session is an error, not another page. A key needs the permission of this part of the admin's pages.
 * @param scope null: keys have no way in
 * @throws AppError unauthenticated, not_found, insufficient_scope, forbidden, those of keys
 */
export function requireAdminApi(deps: ProgramDeps, request: Request, scope: AdminScope | null): PageRequest {
  const claims = keyOf(deps, request)
  if (claims) {
    ensure(scope, "insufficient_scope", "No API key may do this. Use the page, or send the cookie of its session.")
    deps.keys.requireAdmin(claims, scope)
    const user = deps.identity.userById(claims.userId)
    ensure(user, "not_found", "The owner of this API key is gone.")
    return asAdmin(requestOf(deps, request, sessionOfUser(user)))
  }
  const person = personOf(deps, request)
  if (!person)
    throw new AppError("unauthenticated", "Sign in to the console and send its cookie, or send an admin key.")
  return asAdmin(person)
}

/** Whether it is proven by what it sends itself: then no other site can have sent it (CSRF). */
export const hasCredential = (request: Request): boolean => request.headers.has("authorization")
