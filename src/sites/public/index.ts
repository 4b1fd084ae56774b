// The public site: the landing page, the demo's mailbox, error pages and the health of the server.
import { ErrorPage } from "../../../views/errors/error.tsx"
import type { FrameUser } from "../../../views/layout/index.ts"
import { MailboxPage } from "../../../views/public/mailbox.tsx"
import { SearchPage } from "../../../views/public/search.tsx"
import { type AppError, ensure } from "../../app/index.ts"
import { type RequestContext, setContext } from "../../http/index.ts"
import { createSite, isOpenTo, navOf } from "../base/index.ts"
import { cardRoutes } from "./cards.ts"
import { directoryRoutes } from "./directory/index.ts"
import { docsRoutes } from "./docs/index.ts"
import { landingRoutes } from "./landing.ts"
import { legalRoutes } from "./legal.ts"
import { letterLimitRoutes } from "./letter-limit.ts"
import { lookRoutes } from "./look.ts"
import { mediaRoutes } from "./media.ts"
import { modelRoutes } from "./models.ts"
import { noticeOffRoutes } from "./notice-off.ts"
import { ALL_PAGES, PUBLIC_PAGES } from "./pages.ts"
import { pricingRoutes } from "./pricing.ts"
import { referenceRoutes } from "./reference/index.ts"
import { sdkRoutes } from "./sdk.ts"
import type { PublicDeps, PublicRequest } from "./site.ts"
import { sitemapRoutes } from "./sitemap.ts"

export { find } from "./find.ts"
export { hostsOf } from "./hosts.ts"
export { ALL_PAGES } from "./pages.ts"
export type { PublicDeps } from "./site.ts"

/** The sidebar of a person. */
export const navFor = (user: FrameUser | undefined) => navOf(ALL_PAGES, user, (path) => isOpenTo(user, path))

const NO_STORE = { "cache-control": "no-store" }

export function publicSite(deps: PublicDeps) {
  const { web, clock } = deps
  const site = createSite({
    web,
    pages: PUBLIC_PAGES,
    enter(request): PublicRequest {
      const user = deps.userOf(request)
      return { request, user, render: (view, options) => web.page(request, user, view, { pack: true, ...options }) }
    },
  })
  const health = () => {
    // By name only: anybody may ask.
    const reasons = deps.notReady().map(({ name }) => name)
    const isReady = reasons.length === 0
    const verdict = isReady ? { status: "ok" } : { status: "unavailable", reasons }
    return Response.json({ ...verdict, ...deps.vitals() }, { status: isReady ? 200 : 503, headers: NO_STORE })
  }
  modelRoutes(site, deps)
  site.get("/search", (page) => {
    const query = (new URL(page.request.url).searchParams.get("q") ?? "").trim().slice(0, 200)
    const results = deps.find(query, page.user)
    return page.render((frame) => SearchPage({ frame, query, results }))
  })
  site.get("/search.json", ({ request, user }) => {
    const query = new URL(request.url).searchParams.get("q") ?? ""
    return Response.json({ results: deps.find(query, user) }, { headers: { ...NO_STORE, vary: "cookie" } })
  })
  site.get("/mailbox", (page) => {
    ensure(deps.mailbox, "not_found", "There is nothing here. Check the address for a typing mistake.")
    const mails = deps.mailbox()
    // Codes and links stand in it.
    return page.render((frame) => MailboxPage({ frame, now: clock.now(), mails }), { pack: false })
  })
  landingRoutes(site, deps)
  noticeOffRoutes(site, deps)
  letterLimitRoutes(site, deps)
  pricingRoutes(site, deps.pricing)
  referenceRoutes(site, deps)
  docsRoutes(site, deps)
  legalRoutes(site, deps)
  directoryRoutes(site, deps.apps)
  sitemapRoutes(site, deps)
  lookRoutes(site, deps)
  cardRoutes(site, deps)
  mediaRoutes(site, deps.media)
  sdkRoutes(site, deps)
  site.open("/up", health)
  site.open("/livez", () => Response.json({ status: "ok" }, { headers: NO_STORE }))
  site.open("/readyz", health)
  site.open("/metrics", deps.metrics)
  return site.routes
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
