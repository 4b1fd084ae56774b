// What of upstreams follows the server: the list, a page's figures, the stream that says when; and what was tried for a call.

import { AdminAttemptsPage } from "../../../views/admin/upstream-attempts.tsx"
import { UpstreamFigures } from "../../../views/admin/upstream-live.tsx"
import { UpstreamsFigures } from "../../../views/admin/upstreams.tsx"
import { signedOutEvents } from "../../http/index.ts"
import { personOf, requireAdmin } from "../base/index.ts"
import type { AdminDeps, AdminSite } from "./site.ts"
import { attemptRow, livePart, rowOf, toldOf } from "./upstream-page.ts"

export async function listed(deps: AdminDeps) {
  const { gateway, clock } = deps
  const stamp = gateway.healthStamp()
  const told = await toldOf(deps)
  return { now: clock.now(), stamp, upstreams: gateway.upstreams().map((one) => rowOf(deps, one, told)) }
}

/** Fragments must not become the sign-in page; the stream tells the page that the session is over. */
export function upstreamLiveRoutes(site: AdminSite, deps: AdminDeps): void {
  const { gateway } = deps
  const adminOf = (request: Request) => {
    const person = personOf(deps, request)
    return person?.user.isAdmin ? person : null
  }
  site.open("/admin/upstreams/figures", async (request) => {
    const page = requireAdmin(deps, request)
    if (page instanceof Response) return new Response(null, { status: 204 })
    const props = await listed(deps)
    return page.render((frame) => UpstreamsFigures({ frame, ...props }))
  })
  site.open("/admin/upstreams/:upstream/figures", async (request, params) => {
    const page = requireAdmin(deps, request)
    const upstream = gateway.upstream(params.upstream)
    if (page instanceof Response || !upstream) return new Response(null, { status: 204 })
    const props = await livePart(deps, upstream)
    return page.render((frame) => UpstreamFigures({ frame, ...props }))
  })
  site.open("/admin/upstreams/events", (request) => {
    const page = adminOf(request)
    if (!page) return signedOutEvents()
    const since = request.headers.get("last-event-id") ?? new URL(request.url).searchParams.get("since")
    const { userId } = page.session
    return deps.sse.open(
      { key: userId, isAlive: () => adminOf(request)?.session.userId === userId, stamp: () => gateway.healthStamp() },
      since,
    )
  })
  site.get("/admin/upstreams/attempts", (page) => {
    const request = (new URL(page.request.url).searchParams.get("request") ?? "").trim().slice(0, 100)
    const attempts = request === "" ? [] : gateway.attempts(request).map(attemptRow)
    return page.render((frame) => AdminAttemptsPage({ frame, request, attempts }))
  })
}
