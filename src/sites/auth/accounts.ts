// Who is signed in to a browser. `auth` is the cookie of whom the browser acts as: the console is theirs. Beside it everybody has a cookie of
// their own (`auth-…`, host-only like all), so that two tabs that sign in two people at the same moment lose neither. A cookie that nobody
// living stands behind counts for nothing and is cleared on the way.
import type { UserId } from "../../app/index.ts"
import { contextOf, type Web } from "../../http/index.ts"
import type { AuthSession, Identity, StartedSession, Visitor } from "../../identity/index.ts"

interface AccountDeps {
  web: Pick<Web, "cookies" | "browserId">
  identity: Pick<Identity, "sessionByToken" | "browserWord" | "sessionByWord">
}

/** Cookies that are looked at; a browser has one a person, and one more. */
const COOKIES_MAX = 12
/** The random part of a public id. */
const SLOT_CHARS = 16
const suffixOf = ({ publicId }: Pick<AuthSession, "publicId">) => publicId.slice(-SLOT_CHARS).toLowerCase()
const slotOf = (session: Pick<AuthSession, "publicId">) => `auth-${suffixOf(session)}` as const

export interface People {
  /** Whom the browser acts as. */
  session: AuthSession | null
  others: AuthSession[]
}

const cookiesOf = ({ web }: Pick<AccountDeps, "web">, request: Request) =>
  web.cookies.readAll(request, "auth").slice(0, COOKIES_MAX)

/** Each person once, with the newest of their sessions. */
function livingHere({ web, identity }: AccountDeps, request: Request) {
  const living = new Map<UserId, { session: AuthSession; token: string }>()
  for (const { value: token } of cookiesOf({ web }, request)) {
    const session = identity.sessionByToken(token, "auth")
    const known = session && living.get(session.userId)
    if (session && (!known || known.session.sessionId < session.sessionId))
      living.set(session.userId, { session, token })
  }
  return [...living.values()]
}

export function peopleOf(deps: AccountDeps, request: Request): People {
  const all = livingHere(deps, request).map(({ session }) => session)
  const actsAs = deps.identity.sessionByToken(deps.web.cookies.read(request, "auth"), "auth")
  // Whoever is alone here needs no word of whom the browser acts as.
  const session = all.find(({ userId }) => userId === actsAs?.userId) ?? (all.length === 1 ? all[0]! : null)
  return { session, others: all.filter((one) => one !== session) }
}

export const everybody = ({ session, others }: People): AuthSession[] => [...(session ? [session] : []), ...others]

/** The sign-in of one person here. @param publicId as an address or a form says it; empty: of whom the browser acts as */
export function sessionOf(deps: AccountDeps, request: Request, publicId = ""): AuthSession | null {
  const people = peopleOf(deps, request)
  if (publicId === "") return people.session
  return everybody(people).find((one) => one.publicId === publicId) ?? null
}

export function visitorOf(web: AccountDeps["web"], request: Request): Visitor {
  const context = contextOf(request)
  const previousToken = web.cookies.read(request, "auth")
  return {
    requestId: context.requestId,
    browserId: web.browserId(request),
    ip: context.ip,
    userAgent: (request.headers.get("user-agent") ?? "").slice(0, 300),
    previousToken,
    otherTokens: cookiesOf({ web }, request)
      .map(({ value }) => value)
      .filter((token) => token !== previousToken),
  }
}

/**
 * Set-Cookie lines after somebody signed in.
 * @param isFor `browser`: it acts as them from now on; `app`: only where it acts as nobody else
 */
export function cookiesAfterSignIn(
  deps: AccountDeps,
  request: Request,
  { token, maxAgeSeconds, session }: StartedSession,
  isFor: "browser" | "app" = "browser",
): string[] {
  const { cookies } = deps.web
  const acting = deps.identity.sessionByToken(cookies.read(request, "auth"), "auth")
  const slot = slotOf(session)
  const lines = [
    ...clearedSlots(deps, request, slot),
    cookies.set(slot, token, maxAgeSeconds),
    ...cookiesOfEverybody(deps, [session]),
  ]
  // From before everybody had a cookie of their own.
  const hasOwn =
    !acting || acting.userId === session.userId || cookiesOf(deps, request).some(({ name }) => name === slotOf(acting))
  if (acting && !hasOwn) lines.push(cookies.set(slotOf(acting), cookies.read(request, "auth")!, maxAgeSeconds))
  if (isFor === "app" && acting && acting.userId !== session.userId) return lines
  return [...lines, cookies.set("auth", token, maxAgeSeconds)]
}

/** The browser acts as this person from now on; empty: they are not signed in here. */
export function cookiesActingAs(deps: AccountDeps, request: Request, { userId }: AuthSession): string[] {
  const found = livingHere(deps, request).find(({ session }) => session.userId === userId)
  return found ? [deps.web.cookies.set("auth", found.token, COOKIE_SECONDS)] : []
}
/** The row decides how long the session lives; no cookie needs to outlive it. */
const COOKIE_SECONDS = 60 * 86_400

/** Lines that forget cookies of nobody living, after sessions ended. @param but about to be set */
export function cookiesOfNobody(deps: AccountDeps, request: Request): string[] {
  const { cookies } = deps.web
  const actsAs = cookies.read(request, "auth")
  const isOver = actsAs !== null && deps.identity.sessionByToken(actsAs, "auth") === null
  return [...clearedSlots(deps, request, null), ...(isOver ? [cookies.clear("auth")] : [])]
}

/** What the browser answers by for these people to pages of other sites (FedCM). */
export const cookiesOfEverybody = ({ web, identity }: AccountDeps, people: readonly AuthSession[]): string[] =>
  people.map((session) =>
    web.cookies.setForeign(`fedcm-${suffixOf(session)}`, identity.browserWord(session), COOKIE_SECONDS),
  )

const wordsOf = ({ web }: Pick<AccountDeps, "web">, request: Request) =>
  web.cookies.readAll(request, "fedcm").slice(0, COOKIES_MAX)

/** Who is signed in, by what a browser carries to requests for pages of other sites: no cookie of a session comes with those. */
export function peopleForBrowser(deps: AccountDeps, request: Request): People {
  const living = new Map<UserId, AuthSession>()
  for (const { value } of wordsOf(deps, request)) {
    const session = deps.identity.sessionByWord(value)
    if (session) living.set(session.userId, session)
  }
  return { session: null, others: [...living.values()] }
}

/** Tells the browser whether it may ask us at all (W3C Login Status). */
export function loggedIn(response: Response, isIn = true): Response {
  response.headers.set("set-login", isIn ? "logged-in" : "logged-out")
  return response
}

const clearedSlots = (deps: AccountDeps, request: Request, but: string | null): string[] =>
  cookiesOf(deps, request)
    .filter(
      ({ name, value }) => name !== "auth" && name !== but && deps.identity.sessionByToken(value, "auth") === null,
    )
    .map(({ name }) => deps.web.cookies.clear(name))
    .concat(
      wordsOf(deps, request)
        .filter(({ value }) => deps.identity.sessionByWord(value) === null)
        .map(({ name }) => deps.web.cookies.clear(name)),
    )
