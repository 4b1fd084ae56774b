// /login: who is asked to sign in, who is asked which account, and who goes on at once.
import { LoginPage } from "../../../views/auth/login.tsx"
import { MessagePage } from "../../../views/auth/message.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import type { UserId } from "../../app/index.ts"
import { LOCAL_PATH_CHARS_MAX, seeOther } from "../../http/index.ts"
import type { AuthorizeOutcome } from "../../oauth/index.ts"
import { type BaseRequest, CONFIRM_PATH, type Status } from "../base/index.ts"
import { everybody, peopleOf } from "./accounts.ts"
import { chooserPage, chooserRoutes, SWITCH_PATH } from "./chooser.ts"
import { carrying, LOGIN_FORM, PASSKEY_FORM, passkeyAsk } from "./forms.ts"
import { waysOf } from "./issuers.ts"
import { secondPath, secondRoutes } from "./second-step.ts"
import {
  type AuthDeps,
  type AuthSite,
  askingApp,
  backTo,
  finishSignIn,
  follow,
  interactionOf,
  stepOf,
  visitorOf,
  withInteraction,
} from "./site.ts"

const FINISH = "You were signed out. Sign in and we will finish this."

export function loginRoutes(site: AuthSite, deps: AuthDeps): void {
  const { web, identity } = deps
  site.get("/login", (page) => arrive(deps, page))
  site.post("/login", {
    load: (_page, _params, sent) => interactionOf(sent("interaction")),
    form: LOGIN_FORM,
    async act({ request }, { email, password }, interaction) {
      const entered = await identity.login(visitorOf(web, request), { email, password })
      if ("step" in entered) return { to: secondPath("/login/code", entered.step, interaction) }
      return finishSignIn(deps, request, entered, interaction)
    },
    show: (page, form, interaction, status) => loginPage(deps, page, interaction, form, status),
  })
  site.post("/login/passkey", {
    load: (_page, _params, sent) => interactionOf(sent("interaction")),
    form: PASSKEY_FORM,
    async act({ request }, { ticket, response }, interaction) {
      const started = await identity.signInByPasskey(visitorOf(web, request), { ticket, response })
      return finishSignIn(deps, request, started, interaction)
    },
    show: (page, { errors }, interaction, status) =>
      loginPage(deps, page, interaction, LOGIN_FORM.show({ action: "/login", errors }), status),
  })
  secondRoutes(site, deps)
  chooserRoutes(site, deps)
}

function loginPage(
  deps: AuthDeps,
  page: BaseRequest,
  sent: string | undefined,
  refused?: FormView,
  status?: Status,
): Response {
  const { interaction, clientName, loginHint } = askingApp(deps, page.request, sent)
  const form = refused ?? LOGIN_FORM.show({ action: "/login", present: { email: loginHint ?? "" } })
  // The console asks; an app's own sign-in has nothing to do with it.
  const why = clientName === undefined && deps.web.kept.hasKept(page.request) ? FINISH : undefined
  const asked = deps.identity.hasPasskeys
    ? deps.identity.askSignIn({ browserId: deps.web.browserId(page.request) })
    : null
  const passkey = asked && passkeyAsk(PASSKEY_FORM, "/login/passkey", asked, { interaction: interaction ?? "" })
  const ways = waysOf(deps, interaction)
  const props = { interaction, clientName, why, ways, form: carrying(form, interaction), passkey }
  return page.render((frame) => LoginPage({ frame, ...props }), status)
}

/** Who is signed in already goes on to the app, after saying so where the app asked for that, or several people are here (OIDC select_account). */
async function arrive(deps: AuthDeps, page: BaseRequest): Promise<Response> {
  const { request } = page
  const query = new URL(request.url).searchParams
  const interaction = interactionOf(query.get("interaction"))
  const people = everybody(peopleOf(deps, request))
  const as = query.get("as")
  if (people.length === 0 || as === "other") return loginPage(deps, page, interaction)
  // The console is an app: its own sign-in asks who it is for.
  if (!interaction) return seeOther(people.length > 1 ? SWITCH_PATH : "/dashboard")
  // Of one person there is nothing to choose: "Not you?" means somebody who is not here.
  if (as === "choose" && people.length === 1) return loginPage(deps, page, interaction)
  if (as === "choose") return chooserPage(deps, page, interaction, people)
  const outcome = await deps.oauth.resumeAuthorization({ interaction, ...stepOf(deps, request) })
  if (outcome.kind === "error-page") return over(deps, request, outcome)
  if (outcome.kind !== "login") return follow(deps, request, outcome)
  const stronger = confirmThen(deps, request, outcome)
  if (outcome.reason === "stronger" && stronger !== null) return seeOther(stronger)
  if (outcome.reason !== "select_account") return loginPage(deps, page, interaction)
  return chooserPage(deps, page, interaction, people)
}

/** Where somebody proves by all factors they have that it is them, and then goes on. */
export function confirmThen(
  deps: AuthDeps,
  request: Request,
  { interaction, person }: { interaction: string; person: UserId | null },
  path = "/login",
): string | null {
  const next = withInteraction(path, interaction)
  const { session, others } = peopleOf(deps, request)
  const other = others.find(({ userId }) => userId === person)
  const as = session?.userId === person || !other ? {} : { as: other.publicId }
  // Longer ones are no addresses to go on to: then the person signs in anew, which is as strong.
  return next.length > LOCAL_PATH_CHARS_MAX ? null : `${CONFIRM_PATH}?${new URLSearchParams({ ...as, next })}`
}

/** Back, after all is done: who is signed in is asked for nothing again. */
function over(
  { web }: AuthDeps,
  request: Request,
  { error, site }: AuthorizeOutcome & { kind: "error-page" },
): Response {
  const dashboard = { href: "/dashboard", label: "Go to your dashboard" }
  const back = backTo(site)
  const ways = back ? { action: back, other: dashboard } : { action: dashboard }
  const props = { title: "You are signed in", text: error.message, ...ways }
  return web.page(request, undefined, (frame) => MessagePage({ frame, ...props }), { status: error.status })
}
