// Who asks: the session behind a request, the frame's user, and the guards. Admins come in through the console's session.
import type { FrameUser } from "../../../views/layout/index.ts"
import { AppError, ensure, LIMITS, type UserId } from "../../app/index.ts"
import type { Developers } from "../../developers/index.ts"
import { contextOf, hasCredential, type PageOptions, seeOther, type Web } from "../../http/index.ts"
import type { AuthSession, Identity } from "../../identity/index.ts"
import { type Principal, principal } from "../../ledger/index.ts"
import type { Legal } from "../../legal/index.ts"
import type { Media } from "../../media/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import { type Membership, may, type Right, type Teams } from "../../teams/index.ts"
import { seatOf } from "./acting.ts"
import { byAdminKey, type KeyDeps } from "./admin-key.ts"
import { confirmAt } from "./step-up.ts"

/** What every site's handler can do. */
export interface BaseRequest {
  request: Request
  /** Who is signed in to the console; sites that ask for nobody leave it out. */
  user?: FrameUser | undefined
  /** The API key of a program; it sends no cookie that another site could use, so no form token either. */
  byKey?: string | undefined
  /** Where this person confirms who they are before something dangerous; null: they did a moment ago. Pages of nobody have none. */
  confirmAt?(): string | null
  render(view: Parameters<Web["page"]>[2], options?: PageOptions): Response
}

/** A request of a person who is signed in to the console. */
export interface PageRequest extends BaseRequest {
  session: AuthSession
  user: FrameUser
  /** Whose credits, keys and invoices the page is about: its person's, or the team's that they act as on this route. */
  owner: Principal
  holder: { id: UserId; publicId: string }
  isTeam: boolean
  /** The team that the session acts as; what of it counts on a route, `admit` says. */
  acts: Membership | null
  /** Whether its person still has a right in a team, by the rows of that moment. @throws AppError forbidden */
  requireSeatIn(tx: Tx, teamId: UserId, right: Right): void
  ctx(reason: string): WriteContext
}

export type SessionDeps = {
  web: Web
  identity: Pick<Identity, "sessionByToken" | "isFresh">
  developers: Pick<Developers, "developerOf">
  media: Pick<Media, "addressOf">
  teams: Pick<Teams, "of" | "seat" | "mayFor">
}

/** …and whether they have to agree to something first. */
type GuardDeps = SessionDeps & { legal: Pick<Legal, "asksTerms"> }

/** What every page says of the person who is signed in. */
export function frameUserOf(
  { developers, media, teams }: Pick<SessionDeps, "developers" | "media" | "teams">,
  session: AuthSession,
): FrameUser {
  const { name, email, isAdmin, userId, publicId } = session
  const avatarUrl = media.addressOf({ purpose: "avatar", subject: publicId }, 64)
  const acts = teams.seat(session)
  return {
    id: publicId,
    name,
    email,
    avatarUrl,
    isDeveloper: developers.developerOf(acts?.team.id ?? userId) !== null,
    isAdmin,
    ...(acts ? { acting: { id: acts.team.publicId, name: acts.team.name, role: acts.role } } : {}),
    teams: teams.of(userId).map(({ team }) => ({ id: team.publicId, name: team.name })),
  }
}

/** @returns null when nobody is signed in to the console, or somebody else than whom the browser acts as by now */
export function personOf(deps: SessionDeps, request: Request): PageRequest | null {
  const { web, identity } = deps
  const session = identity.sessionByToken(web.cookies.read(request, "console"), "console")
  const actsAs = session && identity.sessionByToken(web.cookies.read(request, "auth"), "auth")
  // A test user that tries an app beside its developer acts in nothing of this house.
  const isOver = actsAs && actsAs.testOf === null && actsAs.userId !== session.userId
  return session && !isOver ? pageOf(deps, request, session) : null
}

const NOT_ANY_MORE =
  "You are not in this team any more, or your role does not allow that. Nothing was done. Ask the owner of the team."

/** @param byKey the API key that stands for the session */
export function pageOf(deps: SessionDeps, request: Request, session: AuthSession, byKey?: string): PageRequest {
  const { userId, publicId } = session
  contextOf(request).caller = byKey === undefined ? "session" : "key"
  const user = frameUserOf(deps, session)
  const why = (reason: string) =>
    byKey === undefined ? reason : `${reason} (API key ${byKey})`.slice(0, LIMITS.reasonCharsMax)
  return {
    request,
    session,
    user,
    owner: principal(userId),
    holder: { id: userId, publicId },
    isTeam: false,
    acts: deps.teams.seat(session),
    requireSeatIn: (tx, teamId, right) =>
      ensure(deps.teams.mayFor(tx, userId, teamId, right), "forbidden", NOT_ANY_MORE),
    byKey,
    confirmAt: () => confirmAt(deps, { request, session }),
    render: (view, options) => deps.web.page(request, user, view, { pack: true, ...options }),
    ctx: (reason) => ({ actor: `user:${publicId}`, requestId: contextOf(request).requestId, reason: why(reason) }),
  }
}

/** Where terms that changed are accepted. */
export const AGREE = "/agreement"
/** Who does not agree may read on there, take their data along and go. */
const WITHOUT_YES = /^\/(?:agreement|settings\/data)(?:\/|$)/

/** The person who is signed in; everybody else is sent to sign in and back here. */
export function requireSession(deps: GuardDeps, request: Request): PageRequest | Response {
  const person = personOf(deps, request)
  const url = new URL(request.url)
  const next = request.method === "GET" ? `${url.pathname}${url.search}` : "/dashboard"
  // What was typed is never lost: a form goes through, the page after it asks.
  const mustAgree = request.method === "GET" && !WITHOUT_YES.test(url.pathname)
  if (person && mustAgree && deps.legal.asksTerms(person.session.userId))
    return seeOther(`${AGREE}?next=${encodeURIComponent(next)}`)
  if (person) return person
  return seeOther(`/console/login?next=${encodeURIComponent(next)}`)
}

/** To others the pages of admins do not exist. */
function asAdmin(person: PageRequest): PageRequest {
  ensure(person.user.isAdmin, "not_found", "There is nothing here. Check the address for a typing mistake.")
  const actor = `admin:${person.session.publicId}`
  if (person.byKey === undefined) contextOf(person.request).caller = "admin"
  return { ...person, ctx: (reason) => ({ ...person.ctx(reason), actor }) }
}

export function requireAdmin(deps: GuardDeps, request: Request): PageRequest | Response {
  const person = requireSession(deps, request)
  return person instanceof Response ? person : asAdmin(person)
}

export type AdminApiDeps = SessionDeps & KeyDeps

/**
 * For programs: an API key with the permission, or the console's cookie. No session is an error, not another page.
 * @throws AppError unauthenticated, not_found, those of `byAdminKey`
 */
export function requireAdminApi(deps: AdminApiDeps, request: Request): PageRequest {
  if (hasCredential(request)) {
    const { session, keyPublicId } = byAdminKey(deps, request)
    return asAdmin(pageOf(deps, request, session, keyPublicId))
  }
  const person = personOf(deps, request)
  if (!person)
    throw new AppError("unauthenticated", "Send an admin's API key, or sign in to the console and send its cookie.")
  return asAdmin(person)
}

/** Routes without the guard tell nobody who acts as a team of what is the person's own, or what their role has no right to. */
export function refuseOpen(deps: SessionDeps, request: Request, path: string): Response | null {
  const person = personOf(deps, request)
  const seat = person?.acts ? seatOf("GET", path) : "person"
  const isOpen = seat === "person" || (seat !== null && may(person!.acts!.role, seat))
  return isOpen ? null : new Response(null, { status: 403 })
}
