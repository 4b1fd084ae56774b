// /notices/off: the address in a mail that ends mails of its kind. A mail program posts there by itself (RFC 8058), so the POST asks for
// no form token: the address is signed, and does this one thing.
import { NoticeOffPage } from "../../../views/public/notice-off.tsx"
import { contextOf } from "../../http/index.ts"
import type { PublicDeps, PublicRequest, PublicSite } from "./site.ts"

const HEADERS = { "cache-control": "no-store", "referrer-policy": "no-referrer" }

export function noticeOffRoutes(site: PublicSite, { web, notices }: Pick<PublicDeps, "web" | "notices">): void {
  const show = (request: Request, user: PublicRequest["user"]): Response => {
    const { search, searchParams } = new URL(request.url)
    const offered = notices.offered(searchParams)
    const status = offered === null ? 404 : 200
    return web.page(request, user, (frame) => NoticeOffPage({ frame, offered, action: `/notices/off${search}` }), {
      status,
      headers: HEADERS,
    })
  }
  site.get("/notices/off", ({ request, user }) => show(request, user))
  site.routes.post(
    "/notices/off",
    async ({ request }) => {
      const { requestId } = contextOf(request)
      const ctx = { actor: "system:unsubscribe", requestId, reason: "turned off a kind of mail by the link in it" }
      await notices.unsubscribe(ctx, new URL(request.url).searchParams)
      return show(request, undefined)
    },
    { parse: "none", detail: { hide: true } },
  )
}
