// The pages of the window that a browser opens for an app (FedCM): sign in, see the consent page, done.
import { FedcmPage } from "../../../views/auth/fedcm.tsx"
import { seeOther } from "../../http/index.ts"
import { cookiesOfEverybody, everybody, loggedIn, peopleOf } from "./accounts.ts"
import { type AuthDeps, type AuthSite, follow, interactionOf, networkOfRequest, stepOf } from "./site.ts"

export const SIGN_IN = "/fedcm/signed-in"
export const CONTINUE = "/fedcm/continue"
const DONE = "/fedcm/done"

export function fedcmPages(site: AuthSite, deps: AuthDeps): void {
  const { web } = deps
  // For a browser that thinks that nobody is signed in, or knows nobody from before.
  site.get(SIGN_IN, (page) => {
    const here = everybody(peopleOf(deps, page.request))
    if (here.length === 0) return seeOther(`/console/login?${new URLSearchParams({ next: SIGN_IN })}`)
    const cookies = cookiesOfEverybody(deps, here)
    return loggedIn(page.render((frame) => FedcmPage({ frame, title: "You are signed in" }), { cookies }))
  })
  site.get(CONTINUE, async ({ request }) => {
    const sent = interactionOf(new URL(request.url).searchParams.get("request")) ?? ""
    const asked = { ...stepOf(deps, request), request: sent, network: networkOfRequest(request) }
    return follow(deps, request, await deps.oauth.fedcm.begin(asked), web.browserCookies(request))
  })
  site.get(DONE, (page) => {
    const sent = interactionOf(new URL(page.request.url).searchParams.get("request"))
    const title = sent ? "Going back to the app" : "Nothing was shared"
    return page.render((frame) => FedcmPage({ frame, title, request: sent }))
  })
}
