// /logout and /signed-out: out of every app of this browser at once, the console too; by a person's own wish, or an app's
// (OpenID Connect RP-Initiated Logout 1.0).
import { GoOnPage } from "../../../views/auth/go-on.tsx"
import { LogoutPage, SignedOutPage } from "../../../views/auth/logout.tsx"
import { contextOf, field, form, seeOther } from "../../http/index.ts"
import type { LogoutReturn } from "../../oauth/index.ts"
import type { BaseRequest } from "../base/index.ts"
import { type AuthDeps, type AuthSite, authSession, interactionOf } from "./site.ts"

const CONFIRM_FORM = form({ request: field.hidden({ label: "App that asks", optional: true }) }, { submit: "Sign out" })

export function logoutRoutes(site: AuthSite, deps: AuthDeps): void {
  site.get("/logout", (page) => arrive(deps, page))
  site.post("/logout/confirmation", {
    load: (_page, _params, sent) => interactionOf(sent("request")) ?? null,
    form: CONFIRM_FORM,
    async act({ request }, _, asked) {
      const app = deps.oauth.logoutReturn(asked)
      const cookies = await signOut(deps, request)
      // No redirect to another origin after a form: see `goOn` of site.ts.
      return app?.location ? goOn(deps, request, app, cookies) : { to: "/signed-out", cookies }
    },
    back: () => "/logout",
  })
  site.get("/signed-out", (page) => page.render((frame) => SignedOutPage({ frame })))
}

async function arrive(deps: AuthDeps, page: BaseRequest): Promise<Response> {
  const { request } = page
  const params = new URL(request.url).searchParams
  const outcome = await deps.oauth.beginLogout({ params, session: authSession(deps, request) })
  switch (outcome.kind) {
    case "error-page":
      throw outcome.error
    case "ask": {
      const { app, request: asked } = outcome
      const props = { request: asked ?? undefined, appName: app?.appName, cancelHref: app?.location ?? undefined }
      return page.render((frame) => LogoutPage({ frame, ...props }))
    }
    case "nobody": {
      const { app } = outcome
      const back = app?.location ? { name: app.appName, href: app.location } : undefined
      return page.render((frame) => SignedOutPage({ frame, app: back }))
    }
    case "end":
      // The app's own request led here, no form of ours: a plain redirect.
      return seeOther(outcome.app.location ?? "/signed-out", await signOut(deps, request))
  }
}

function goOn({ web }: AuthDeps, request: Request, app: LogoutReturn, cookies: readonly string[]): Response {
  const props = { clientName: app.appName, returnHost: app.returnsTo ?? "", location: app.location ?? "/signed-out" }
  return web.page(request, undefined, (frame) => GoOnPage({ frame, ...props }), { cookies })
}

/** @returns the cookies that forget the sessions */
async function signOut(deps: AuthDeps, request: Request): Promise<string[]> {
  const { web, identity } = deps
  const session = authSession(deps, request)
  const ctx = {
    actor: session ? `user:${session.publicId}` : "user:unknown",
    requestId: contextOf(request).requestId,
    reason: "signed out",
  }
  await identity.logout(ctx, web.cookies.read(request, "auth"), "auth")
  await identity.logout(ctx, web.cookies.read(request, "console"), "console")
  return [web.cookies.clear("auth"), web.cookies.clear("console")]
}
