// /logout and /signed-out: out of every app of this browser at once, the console too; by a person's own wish, or an app's
// (OpenID Connect RP-Initiated Logout 1.0).
import { GoOnPage } from "../../../views/auth/go-on.tsx"
import { LogoutPage, SignedOutPage } from "../../../views/auth/logout.tsx"
import type { UserId } from "../../app/index.ts"
import { contextOf, field, form, seeOther } from "../../http/index.ts"
import type { AuthSession } from "../../identity/index.ts"
import type { LogoutReturn } from "../../oauth/index.ts"
import type { BaseRequest } from "../base/index.ts"
import { cookiesOfNobody, everybody, loggedIn, peopleOf } from "./accounts.ts"
import { type AuthDeps, type AuthSite, interactionOf } from "./site.ts"

/** `account`: whose sign-in, or everybody's; without it, of the one who is here. */
const CONFIRM_FORM = form(
  {
    request: field.hidden({ label: "App that asks", optional: true }),
    account: field.hidden({ label: "Account", optional: true }),
  },
  { submit: "Sign out" },
)
const EVERYBODY = "all"

export function logoutRoutes(site: AuthSite, deps: AuthDeps): void {
  site.get("/logout", (page) => arrive(deps, page))
  // A form of the console that came from another origin of ours: it is asked here.
  site.get("/logout/confirmation", () => seeOther("/logout"))
  site.post("/logout/confirmation", {
    load: (_page, _params, sent) => interactionOf(sent("request")) ?? null,
    form: CONFIRM_FORM,
    async act({ request }, { account }, asked) {
      const people = everybody(peopleOf(deps, request))
      if (people.length > 1 && account === "")
        return { to: `/logout/choice${asked === null ? "" : `?${new URLSearchParams({ request: asked })}`}` }
      const app = deps.oauth.logoutReturn(asked)
      const meant =
        account === "" || account === EVERYBODY ? people : people.filter(({ publicId }) => publicId === account)
      const cookies = await signOut(deps, request, meant)
      // No redirect to another origin after a form: see `goOn` of site.ts.
      const response = app?.location ? goOn(deps, request, app, cookies) : seeOther("/signed-out", cookies)
      return status(deps, request, response)
    },
    back: () => "/logout",
  })
  site.get("/logout/choice", (page) => {
    const asked = interactionOf(new URL(page.request.url).searchParams.get("request"))
    return askPage(deps, page, asked ?? null, deps.oauth.logoutReturn(asked ?? null))
  })
  site.get("/signed-out", (page) => {
    const left = everybody(peopleOf(deps, page.request)).map(({ email }) => email)
    return page.render((frame) => SignedOutPage({ frame, left }))
  })
}

async function arrive(deps: AuthDeps, page: BaseRequest): Promise<Response> {
  const { request } = page
  const params = new URL(request.url).searchParams
  const people = peopleOf(deps, request)
  const outcome = await deps.oauth.beginLogout({ params, ...people })
  switch (outcome.kind) {
    case "error-page":
      throw outcome.error
    case "ask":
      return askPage(deps, page, outcome.request, outcome.app)
    case "nobody": {
      const { app } = outcome
      const back = app?.location ? { name: app.appName, href: app.location } : undefined
      return page.render((frame) => SignedOutPage({ frame, left: [], app: back }))
    }
    case "end":
      // The app's own request led here, no form of ours: a plain redirect.
      return status(
        deps,
        request,
        seeOther(
          outcome.app.location ?? "/signed-out",
          await signOut(
            deps,
            request,
            everybody(people).filter(({ userId }) => userId === outcome.userId),
          ),
        ),
      )
  }
}

function goOn({ web }: AuthDeps, request: Request, app: LogoutReturn, cookies: readonly string[]): Response {
  const props = { clientName: app.appName, returnHost: app.returnsTo ?? "", location: app.location ?? "/signed-out" }
  return web.page(request, undefined, (frame) => GoOnPage({ frame, ...props }), { cookies })
}

/** After a sign-out: whether anybody is left whom the browser could answer for. */
const status = (deps: AuthDeps, request: Request, response: Response): Response =>
  loggedIn(response, everybody(peopleOf(deps, request)).length > 0)

function askPage(deps: AuthDeps, page: BaseRequest, asked: string | null, app: LogoutReturn | null): Response {
  const people = everybody(peopleOf(deps, page.request)).map(({ publicId, name, email }) => ({
    id: publicId,
    name,
    email,
  }))
  const props = { request: asked ?? undefined, appName: app?.appName, cancelHref: app?.location ?? undefined, people }
  return page.render((frame) => LogoutPage({ frame, ...props, everybody: EVERYBODY }))
}

/** Ends the sign-ins of these people in this browser. @returns the cookies that forget them */
export async function signOut(deps: AuthDeps, request: Request, meant: readonly AuthSession[]): Promise<string[]> {
  const { web, identity } = deps
  const { requestId } = contextOf(request)
  const console = identity.sessionByToken(web.cookies.read(request, "console"), "console")
  const isEnded = (userId: UserId): boolean => meant.some((one) => one.userId === userId)
  const tokens = web.cookies.readAll(request, "auth").map(({ value }) => value)
  for (const token of tokens) {
    const session = identity.sessionByToken(token, "auth")
    if (!session || !isEnded(session.userId)) continue
    await identity.logout({ actor: `user:${session.publicId}`, requestId, reason: "signed out" }, token, "auth")
  }
  // The console of nobody who is signed in here any more goes along.
  const isConsoles = !console || isEnded(console.userId) || everybody(peopleOf(deps, request)).length === 0
  if (isConsoles && console)
    await identity.logout(
      { actor: `user:${console.publicId}`, requestId, reason: "signed out" },
      web.cookies.read(request, "console"),
      "console",
    )
  return [...cookiesOfNobody(deps, request), ...(isConsoles ? [web.cookies.clear("console")] : [])]
}
