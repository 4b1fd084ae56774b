// /keep-account: who signs in to an account that is to be deleted is asked whether to keep it, on the way to wherever they go.
import { KeepAccountPage } from "../../../views/auth/keep-account.tsx"
import { contextOf, seeOther } from "../../http/index.ts"
import { sessionOf } from "./accounts.ts"
import { KEEP_FORM } from "./forms.ts"
import { type AuthDeps, type AuthSite, follow, interactionOf, stepOf, withInteraction } from "./site.ts"

const KEEP_ACCOUNT = "/keep-account"

export function keepAccountRoutes(site: AuthSite, deps: AuthDeps): void {
  site.get(KEEP_ACCOUNT, (page) => {
    const query = new URL(page.request.url).searchParams
    const interaction = interactionOf(query.get("interaction"))
    const as = query.get("as") ?? ""
    const session = sessionOf(deps, page.request, as)
    const leavesMs = session && deps.leavesMs(session.userId)
    if (!session || !leavesMs) return seeOther(withInteraction("/login", interaction))
    const props = { interaction, as, email: session.email, leavesMs }
    return page.render((frame) => KeepAccountPage({ frame, ...props }))
  })
  site.post(KEEP_ACCOUNT, {
    load: (_page, _params, sent) => interactionOf(sent("interaction")),
    form: KEEP_FORM,
    async act({ request }, { as }, interaction) {
      const session = sessionOf(deps, request, as)
      if (!session) return { to: withInteraction("/login", interaction) }
      await deps.keepAccount(
        { actor: `user:${session.publicId}`, requestId: contextOf(request).requestId, reason: "kept their account" },
        session.userId,
      )
      if (!interaction) return { to: "/dashboard", say: "Your account stays." }
      const confirmed = { interaction, ...stepOf(deps, request), picked: session.userId, formSent: true }
      return follow(deps, request, await deps.oauth.resumeAuthorization(confirmed))
    },
    back: () => "/dashboard",
  })
}
