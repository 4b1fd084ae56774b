// /keep-account: who signs in to an account that is to be deleted is asked whether to keep it, on the way to wherever they go.
import { KeepAccountPage } from "../../../views/auth/keep-account.tsx"
import { contextOf, seeOther } from "../../http/index.ts"
import { goingOn } from "./forms.ts"
import { type AuthDeps, type AuthSite, authSession, follow, interactionOf, stepOf, withInteraction } from "./site.ts"

export const KEEP_ACCOUNT = "/keep-account"

export function keepAccountRoutes(site: AuthSite, deps: AuthDeps): void {
  site.get(KEEP_ACCOUNT, (page) => {
    const interaction = interactionOf(new URL(page.request.url).searchParams.get("interaction"))
    const session = authSession(deps, page.request)
    const leavesMs = session && deps.leavesMs(session.userId)
    if (!session || !leavesMs) return seeOther(withInteraction("/login", interaction))
    const props = { interaction, email: session.email, leavesMs }
    return page.render((frame) => KeepAccountPage({ frame, ...props }))
  })
  site.post(KEEP_ACCOUNT, {
    load: (_page, _params, sent) => interactionOf(sent("interaction")),
    form: goingOn("Keep my account"),
    async act({ request }, _, interaction) {
      const session = authSession(deps, request)
      if (!session) return { to: withInteraction("/login", interaction) }
      await deps.keepAccount(
        { actor: `user:${session.publicId}`, requestId: contextOf(request).requestId, reason: "kept their account" },
        session.userId,
      )
      if (!interaction) return { to: "/dashboard", say: "Your account stays." }
      const confirmed = { interaction, ...stepOf(deps, request), formSent: true }
      return follow(deps, request, await deps.oauth.resumeAuthorization(confirmed))
    },
    back: () => "/dashboard",
  })
}
