// /login: who is asked to sign in, who is asked which account, and who goes on at once.
import { Elysia } from "elysia"
import { AccountPage } from "../../../views/auth/account.tsx"
import { LoginPage } from "../../../views/auth/login.tsx"
import { MessagePage } from "../../../views/auth/message.tsx"
import type { AppError } from "../../app/index.ts"
import { formErrors, ofTheForm, seeOther, statusOf } from "../../http/index.ts"
import {
  type AuthDeps,
  askingApp,
  authSession,
  finishSignIn,
  follow,
  interactionOf,
  stepOf,
  visitorOf,
} from "./site.ts"

export function loginRoutes(deps: AuthDeps) {
  const { web, identity, oauth } = deps

  const page = (request: Request, interaction: string | undefined, error?: AppError, email?: string): Response => {
    const { loginHint, ...asking } = askingApp(deps, request, interaction)
    const props = { ...asking, values: { email: email ?? loginHint }, errors: formErrors(error) }
    return web.page(request, undefined, (frame) => LoginPage({ frame, ...props }), statusOf(error))
  }

  /** Who is signed in already goes on to the app, after saying so where the app asked for that (OIDC select_account). */
  const arrive = async (request: Request): Promise<Response> => {
    const query = new URL(request.url).searchParams
    const interaction = interactionOf(query.get("interaction"))
    const session = authSession(deps, request)
    if (!session || query.get("as") === "other") return page(request, interaction)
    if (!interaction) return seeOther("/dashboard")
    const outcome = await oauth.resumeAuthorization({ interaction, ...stepOf(deps, request) })
    if (outcome.kind === "error-page") return over(deps, request, outcome.error)
    if (outcome.kind !== "login") return follow(deps, request, outcome)
    if (outcome.reason !== "select_account") return page(request, interaction)
    const { clientName } = askingApp(deps, request, interaction)
    const props = { interaction, clientName, name: session.name, email: session.email }
    return web.page(request, undefined, (frame) => AccountPage({ frame, ...props }))
  }

  return new Elysia()
    .get("/login", ({ request }) => arrive(request))
    .post(
      "/login/account",
      async ({ request }) => {
        const interaction = interactionOf((await web.form(request)).get("interaction"))
        if (!interaction) return seeOther("/dashboard")
        const confirmed = { interaction, ...stepOf(deps, request), accountConfirmed: true, formSent: true }
        return follow(deps, request, await oauth.resumeAuthorization(confirmed))
      },
      { parse: "none" },
    )
    .post(
      "/login",
      async ({ request }) => {
        const form = await web.form(request)
        const interaction = interactionOf(form.get("interaction"))
        try {
          const started = await identity.login(visitorOf(web, request), {
            email: form.get("email"),
            password: form.raw("password"),
          })
          return await finishSignIn(deps, request, started, interaction)
        } catch (error) {
          return page(request, interaction, ofTheForm(error), form.get("email"))
        }
      },
      { parse: "none" },
    )
}

/** Back, after all is done: who is signed in is asked for nothing again. */
function over(deps: AuthDeps, request: Request, error: AppError): Response {
  const props = {
    title: "You are signed in",
    text: error.message,
    action: { href: "/dashboard", label: "Go to your dashboard" },
  }
  return deps.web.page(request, undefined, (frame) => MessagePage({ frame, ...props }), { status: error.status })
}
