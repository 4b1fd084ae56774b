// The public site: the landing page, the demo's mailbox, error pages and the health of the server.
import { Elysia } from "elysia"
import { ErrorPage } from "../../../views/errors/error.tsx"
import type { FrameUser } from "../../../views/layout/index.ts"
import { LandingPage } from "../../../views/public/landing.tsx"
import { type Mail, MailboxPage } from "../../../views/public/mailbox.tsx"
import { SearchPage } from "../../../views/public/search.tsx"
import { type AppError, type Clock, ensure } from "../../app/index.ts"
import { type RequestContext, setContext, type Web } from "../../http/index.ts"
import { navOf } from "../base/index.ts"
import { lookRoutes } from "./look.ts"
import { ALL_PAGES } from "./pages.ts"
import { searchPages } from "./search.ts"

export { ALL_PAGES } from "./pages.ts"

/** The sidebar of a person. */
export const navFor = (user: FrameUser | undefined) => navOf(ALL_PAGES, user)

export interface PublicDeps {
  web: Web
  clock: Clock
  apiBaseUrl: string
  sampleModel: () => string
  /** Whole credits of a day on the free plan. */
  dailyCredits: () => number
  /** Who is signed in to the console, for the bar at the top. */
  userOf: (request: Request) => FrameUser | undefined
  /** Demo mode only; null elsewhere. */
  mailbox: (() => Mail[]) | null
  /** Why the server should get no traffic now; null = all is well. */
  notReady: () => string | null
}

export function publicSite(deps: PublicDeps) {
  const { web, clock, apiBaseUrl } = deps
  const health = () => {
    const reason = deps.notReady()
    const headers = { "cache-control": "no-store" }
    return Response.json(reason ? { status: "unavailable", reason } : { status: "ok" }, {
      status: reason ? 503 : 200,
      headers,
    })
  }
  return new Elysia()
    .get("/", ({ request }) => {
      const props = { apiBaseUrl, sampleModel: deps.sampleModel(), dailyCredits: deps.dailyCredits() }
      return web.page(request, deps.userOf(request), (frame) => LandingPage({ frame, ...props }))
    })
    .get("/search", ({ request }) => {
      const query = (new URL(request.url).searchParams.get("q") ?? "").trim().slice(0, 200)
      const user = deps.userOf(request)
      const results = searchPages(query, user)
      return web.page(request, user, (frame) => SearchPage({ frame, query, results }))
    })
    .get("/mailbox", ({ request }) => {
      ensure(deps.mailbox, "not_found", "There is nothing here. Check the address for a typing mistake.")
      const mails = deps.mailbox()
      return web.page(request, deps.userOf(request), (frame) => MailboxPage({ frame, now: clock.now(), mails }))
    })
    .use(lookRoutes(deps))
    .get("/up", health)
    .get("/livez", () => Response.json({ status: "ok" }, { headers: { "cache-control": "no-store" } }))
    .get("/readyz", health)
    .get("/robots.txt", () => new Response("User-agent: *\nDisallow: /authorize\nDisallow: /dashboard\n"))
}

/** Any error as a page. Must not fail itself: it is the last resort. */
export const errorPageOf =
  (deps: Pick<PublicDeps, "web" | "userOf">) =>
  (error: AppError, request: Request, context: RequestContext): Response => {
    setContext(request, context)
    const { status, message } = error
    const headers = error.extra.retryAfterSeconds
      ? { "retry-after": String(Math.ceil(error.extra.retryAfterSeconds)) }
      : {}
    // Only the console's own sign-in answers a person with it.
    const next = error.code === "access_denied" ? [{ href: "/dashboard", label: "Try again" }] : undefined
    const props = { status, title: error.kind.title, message, next }
    return deps.web.page(
      request,
      status >= 500 ? undefined : deps.userOf(request),
      (frame) => ErrorPage({ frame, ...props }),
      { status, headers },
    )
  }
