// /join/:referral: the link of somebody who brings people. The browser is remembered until it makes an account; whose link it is, or whether it is
// anybody's, nobody is told.
import { contextOf, seeOther } from "../../http/index.ts"
import type { AuthDeps, AuthSite } from "./site.ts"

export function referralRoutes(site: AuthSite, deps: AuthDeps): void {
  site.get("/join/:referral", async ({ request }, { referral }) => {
    const { requestId, ip } = contextOf(request)
    const ctx = { actor: "visitor", requestId, reason: "followed a link" }
    await deps.followReferral(ctx, referral, { browserId: deps.web.browserId(request), ip })
    return seeOther("/signup")
  })
}
