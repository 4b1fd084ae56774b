// /letter/limit: a link of the monthly letter that limits one app. Opening it changes nothing, for programs that look into mails open links; its
// POST asks for no form token: the address is signed, and does this one thing.
import { LetterLimitPage } from "../../../views/public/letter-limit.tsx"
import { contextOf } from "../../http/index.ts"
import { LIMIT_PATH } from "../../spending/index.ts"
import type { PublicDeps, PublicRequest, PublicSite } from "./site.ts"

const HEADERS = { "cache-control": "no-store", "referrer-policy": "no-referrer" }

export function letterLimitRoutes(site: PublicSite, { web, spending }: Pick<PublicDeps, "web" | "spending">): void {
  const show = (request: Request, user: PublicRequest["user"]): Response => {
    const { search, searchParams } = new URL(request.url)
    const offered = spending.offered(searchParams)
    const status = offered === null ? 404 : 200
    return web.page(request, user, (frame) => LetterLimitPage({ frame, offered, action: `${LIMIT_PATH}${search}` }), {
      status,
      headers: HEADERS,
    })
  }
  site.get(LIMIT_PATH, ({ request, user }) => show(request, user))
  site.routes.post(
    LIMIT_PATH,
    async ({ request }) => {
      const { requestId } = contextOf(request)
      const ctx = { actor: "system:letter-limit", requestId, reason: "limited an app by a link of the monthly letter" }
      const { searchParams } = new URL(request.url)
      if (spending.offered(searchParams) !== null) await spending.limitByLink(ctx, searchParams)
      return show(request, undefined)
    },
    { parse: "none", detail: { hide: true } },
  )
}
