// Which account? On /login, where several people are signed in to a browser or an app asks for it (OIDC prompt=select_account). Whoever is
// chosen is chosen for this one app; where the console asks, the browser acts as them from then on.
import { AccountPage } from "../../../views/auth/account.tsx"
import { field, form, seeOther } from "../../http/index.ts"
import type { AuthSession } from "../../identity/index.ts"
import type { BaseRequest } from "../base/index.ts"
import { cookiesActingAs, everybody, peopleOf, sessionOf } from "./accounts.ts"
import { interaction } from "./forms.ts"
import { signOut } from "./logout.ts"
import {
  type AuthDeps,
  type AuthSite,
  askingApp,
  follow,
  homeOf,
  interactionOf,
  stepOf,
  withInteraction,
} from "./site.ts"

/** The console asks who it is for. */
export const SWITCH_PATH = "/console/login?choose=1"
const PUBLIC_ID_CHARS_MAX = 40
const CHOICE_FORM = form(
  { account: field.hidden({ label: "Account", optional: true }), interaction },
  { submit: "Continue" },
)
const GONE = "That account is signed out here. Sign in to it again."

export function chooserRoutes(site: AuthSite, deps: AuthDeps): void {
  const load = (_page: BaseRequest, _params: unknown, sent: (name: string) => string) =>
    interactionOf(sent("interaction"))
  const back = (waiting: string | undefined) => `${withInteraction("/login", waiting)}${waiting ? "&as=choose" : ""}`
  site.post("/login/account", {
    load,
    form: CHOICE_FORM,
    async act({ request }, { account }, waiting) {
      const chosen = sessionOf(deps, request, account.slice(0, PUBLIC_ID_CHARS_MAX))
      if (!chosen) return { to: withInteraction("/login", waiting), say: GONE, tone: "error" }
      if (!waiting)
        return { to: homeOf(deps, request, chosen, "/dashboard"), cookies: cookiesActingAs(deps, request, chosen) }
      const { isConsole } = askingApp(deps, request, waiting)
      const cookies = isConsole ? cookiesActingAs(deps, request, chosen) : []
      const picked = { interaction: waiting, ...stepOf(deps, request), picked: chosen.userId, formSent: true }
      return follow(deps, request, await deps.oauth.resumeAuthorization(picked), cookies)
    },
    back,
  })
  site.post("/login/account/sign-out", {
    load,
    form: CHOICE_FORM,
    async act({ request }, { account }, waiting) {
      const chosen = sessionOf(deps, request, account.slice(0, PUBLIC_ID_CHARS_MAX))
      const left = everybody(peopleOf(deps, request)).length - (chosen ? 1 : 0)
      const cookies = chosen ? await signOut(deps, request, [chosen]) : []
      const say = chosen ? `${chosen.email} is signed out here.` : GONE
      return { to: left > 1 ? back(waiting) : withInteraction("/login", waiting), say, cookies }
    },
    back,
  })
}

export function chooserPage(
  deps: AuthDeps,
  page: BaseRequest,
  waiting: string,
  people: readonly AuthSession[],
): Response {
  const { interaction, clientName } = askingApp(deps, page.request, waiting)
  // Over, or another browser's: the console asks then.
  if (interaction === undefined) return seeOther("/login")
  const accounts = people.map(({ publicId, name, email }) => {
    const avatarUrl = deps.media.addressOf({ purpose: "avatar", subject: publicId }, 64)
    return { id: publicId, name, email, avatarUrl }
  })
  return page.render((frame) => AccountPage({ frame, interaction, clientName, accounts }))
}
