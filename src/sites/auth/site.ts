// What the auth site's routes share: the visitor behind a request, and how an authorization outcome becomes a response.
import { GoOnPage } from "../../../views/auth/go-on.tsx"
import { MessagePage } from "../../../views/auth/message.tsx"
import { AppError, type ClientId, type Nano, type UserId } from "../../app/index.ts"
import type { VerifiedApp } from "../../developers/index.ts"
import { contextOf, seeOther, type Web } from "../../http/index.ts"
import { type AuthSession, type Identity, networkOf, type StartedSession } from "../../identity/index.ts"
import type { Media } from "../../media/index.ts"
import { type AuthorizeOutcome, type Mode, OAUTH_LIMITS, type Oauth } from "../../oauth/index.ts"
import type { Browser } from "../../referrals/index.ts"
import type { Offer } from "../../sponsors/index.ts"
import type { WriteContext } from "../../store/index.ts"
import type { BaseRequest, Site } from "../base/index.ts"
import { cookiesAfterSignIn, everybody, loggedIn, peopleOf, sessionOf } from "./accounts.ts"
import type { AUTH_PAGES } from "./pages.ts"
import type { PayerDeps } from "./payer-fields.ts"
import type { ToolDeps } from "./tool-fields.ts"

export interface AuthDeps {
  web: Web
  identity: Identity
  oauth: Oauth
  media: Pick<Media, "addressOf">
  now: () => number
  /** Name shown for the owner of a client: company, else the person's name. */
  developerName: (ownerId: UserId) => string
  /** What one call of this scope usually costs through this app, for "about N chats" beside a limit; null: not known, or not to be told. */
  /** Basis points of the model's price that the app's developer earns by the next call of somebody who allows it now. */
  shareNow: (clientId: ClientId) => number
  /** What people may be told of who makes an app; null: nothing. */
  verifiedApp: (clientPublicId: string) => VerifiedApp | null
  typicalCharge: (clientId: ClientId, scope: string) => Nano | null
  /** When the account of somebody who asked to go ends; null = it stays. */
  leavesMs: (userId: UserId) => number | null
  /** It stays after all. @throws AppError conflict when its end has begun */
  keepAccount: (ctx: WriteContext, userId: UserId) => Promise<void>
  /** Whoever makes an account accepted the terms of now. */
  acceptTerms: (ctx: WriteContext, user: { id: UserId; publicId: string }) => Promise<string>
  mcp: ToolDeps["mcp"]
  teams: PayerDeps["teams"]
  /** What a person, or a team, could spend now. */
  spendable: (userId: UserId, mode: Mode) => Nano
  /** A browser followed somebody's link. */
  followReferral: (ctx: WriteContext, code: string, browser: Browser) => Promise<void>
  /** Somebody signed in; whoever has just made their account may have followed a link before. */
  noteNewcomer: (requestId: string, userId: UserId, browser: Browser) => Promise<void>
  /** What the app pays for this person; null: nothing. */
  sponsored: (clientId: ClientId, userId: UserId) => Offer | null
  /** Free credits of today that the first call claims; 0 when it is done. */
  unclaimed: (userId: UserId) => Nano
}

export type AuthSite = Site<BaseRequest, (typeof AUTH_PAGES)[number]["path"]>

type Outcome<Kind extends AuthorizeOutcome["kind"]> = Extract<AuthorizeOutcome, { kind: Kind }>

export { visitorOf } from "./accounts.ts"

/** The auth session that this browser acts as, if somebody is signed in. */
export const authSession = (deps: Pick<AuthDeps, "web" | "identity">, request: Request): AuthSession | null =>
  sessionOf(deps, request)

/** What every step of an authorization is told about the request. */
export function stepOf(deps: AuthDeps, request: Request) {
  const { session, others } = peopleOf(deps, request)
  return {
    session: session && asApps(session),
    others: others.map(asApps),
    browserIds: deps.web.browserIds(request),
    requestId: contextOf(request).requestId,
  }
}

/** With the methods of the strongest proof: whoever confirmed who they are has signed in as strongly as that. */
export const asApps = (session: AuthSession): AuthSession =>
  session.proof.amr.includes("mfa") ? { ...session, amr: [...session.proof.amr] } : session
/** What anybody may ask for is held against. */
export const networkOfRequest = (request: Request): string => networkOf(contextOf(request).ip)

/** Handles of interactions only; anything else is dropped instead of travelling on. */
export function interactionOf(value: string | null): string | undefined {
  return value && value.length <= OAUTH_LIMITS.interactionCharsMax && /^[\w.-]+$/.test(value) ? value : undefined
}

/** Keeps the interaction on the way between the pages. */
export const withInteraction = (path: string, interaction: string | undefined): string =>
  interaction ? `${path}?interaction=${encodeURIComponent(interaction)}` : path

/** The app behind an interaction of this browser, for pages on the way to its consent. */
export function askingApp(deps: AuthDeps, request: Request, interaction: string | undefined) {
  const browserIds = deps.web.browserIds(request)
  const asking = interaction ? deps.oauth.peekAuthorization({ interaction, browserIds }) : null
  return {
    interaction: asking ? interaction : undefined,
    clientName: asking && !asking.app.firstParty ? asking.app.name : undefined,
    loginHint: asking?.loginHint ?? undefined,
    maxAgeSeconds: asking?.maxAgeSeconds ?? undefined,
    chooses: asking?.chooses ?? false,
    isConsole: asking?.isConsole ?? true,
  }
}

/** The outcome of an authorization step as a response; consent and login have pages of their own, so that reload works. */
export function follow(
  deps: AuthDeps,
  request: Request,
  outcome: AuthorizeOutcome,
  cookies: readonly string[] = [],
): Response {
  switch (outcome.kind) {
    case "error-page":
      return ended(deps, request, outcome)
    case "refused":
      return refused(deps, request, outcome)
    case "redirect":
      return goOn(deps, request, outcome, cookies)
    case "login":
      // Both pages lead to each other.
      return seeOther(withInteraction(outcome.reason === "create" ? "/signup" : "/login", outcome.interaction), cookies)
    case "consent":
      return seeOther(withInteraction("/authorize/consent", outcome.interaction), cookies)
  }
}

/**
 * Back to the app from any page that a form may have led to: a page that goes on by itself. As a redirect it would be held against
 * our `form-action`, and so would the app's own redirects behind it (brokers; `http://[::1]`, which no CSP can name).
 */
function goOn(
  { web }: AuthDeps,
  request: Request,
  { location, app }: Outcome<"redirect">,
  cookies: readonly string[],
): Response {
  if (web.origins.isOurs(location)) return seeOther(location, cookies)
  const props = { clientName: app.name, returnHost: app.returnsTo ?? "your device", location }
  return web.page(request, undefined, (frame) => GoOnPage({ frame, ...props }), { cookies })
}

/** The way back to an app that cannot be answered: its own site, by a link, never by itself. */
export const backTo = (site: Outcome<"error-page">["site"]) =>
  site && { href: site.url, label: `Return to ${site.name}` }

/** Nothing can be answered to the app. @throws AppError when there is no site to lead back to */
function ended({ web }: AuthDeps, request: Request, { error, site }: Outcome<"error-page">): Response {
  const action = backTo(site)
  if (!action) throw error
  const props = { title: error.kind.title, text: error.message, action, showRequestId: true }
  return web.page(request, undefined, (frame) => MessagePage({ frame, ...props }), { status: error.status })
}

/** The app's mistake, told to the person first: nobody is sent to another site without having done something here. */
function refused({ web }: AuthDeps, request: Request, { error, location, app }: Outcome<"refused">): Response {
  const props = {
    title: `${app.name} cannot sign you in`,
    text: `It sent a request that we cannot answer: ${error.message} Going back to ${app.returnsTo} tells the app so.`,
    action: { href: location, label: `Return to ${app.name}` },
    showRequestId: true,
  }
  return web.page(request, undefined, (frame) => MessagePage({ frame, ...props }), { status: error.status })
}

/** Where a sign-in without an app leads: to the console, which becomes this person's where somebody else used it. */
export const homeOf = (deps: AuthDeps, request: Request, { userId }: AuthSession, path: string): string =>
  everybody(peopleOf(deps, request)).every((one) => one.userId === userId)
    ? path
    : `${deps.web.origins.hosts.console}/console/login?${new URLSearchParams({ next: path })}`

const TEST_USER_ALONE = "This is a test user. Open an app in test mode of its developer, and sign in from there."

/** Signs the browser in and goes on: with the app's authorization when one waits, else to the dashboard. */
export const finishSignIn = async (...given: Parameters<typeof finished>): Promise<Response> =>
  loggedIn(await finished(...given))

async function finished(
  deps: AuthDeps,
  request: Request,
  started: StartedSession,
  interaction: string | undefined,
): Promise<Response> {
  const { isConsole } = askingApp(deps, request, interaction)
  const cookies = cookiesAfterSignIn(deps, request, started, isConsole ? "browser" : "app")
  const { session } = started
  const { requestId, ip } = contextOf(request)
  await deps.noteNewcomer(requestId, session.userId, { browserId: deps.web.browserId(request), ip })
  if (deps.leavesMs(session.userId) !== null) {
    const query = new URLSearchParams({ as: session.publicId, ...(interaction ? { interaction } : {}) })
    return seeOther(`/keep-account?${query}`, cookies)
  }
  if (!interaction && session.testOf !== null)
    return deps.web.back(request, "/login?as=other", { kind: "error", text: TEST_USER_ALONE }, cookies)
  if (!interaction) return seeOther(homeOf(deps, request, session, "/dashboard"), cookies)
  // The request still has the cookies of before.
  const { others } = peopleOf(deps, request)
  const here = {
    session: asApps(session),
    others: others.filter(({ userId }) => userId !== session.userId).map(asApps),
  }
  const outcome = await deps.oauth
    .resumeAuthorization({ ...stepOf(deps, request), ...here, interaction, picked: session.userId, formSent: true })
    .catch((error: unknown): AuthorizeOutcome => {
      if (error instanceof AppError) return { kind: "error-page", error }
      throw error
    })
  // The person did sign in, whatever became of the app's request: keep the session, then say what is wrong.
  if (outcome.kind === "error-page") {
    const home = session.testOf === null ? "/dashboard" : "/login?as=other"
    return deps.web.back(request, home, { kind: "error", text: outcome.error.message }, cookies)
  }
  return follow(deps, request, outcome, cookies)
}
