// /forgot-password and /reset-password. The mailed link only shows a form: mail scanners open links, they post no forms.
// Whether an address has an account shows nowhere.
import { Elysia } from "elysia"
import { ForgotPasswordPage, ForgotSentPage } from "../../../views/auth/forgot.tsx"
import { MessagePage } from "../../../views/auth/message.tsx"
import { ResetPasswordPage } from "../../../views/auth/reset.tsx"
import type { AppError } from "../../app/index.ts"
import { formErrors, ofTheForm, seeOther, statusOf } from "../../http/index.ts"
import { type AuthDeps, askingApp, authSession, interactionOf, visitorOf, withInteraction } from "./site.ts"

const NO_PARSE = { parse: "none" } as const
/** A link that mail programs keep whole; with a longer interaction the person starts again from the app. */
const CARRY_CHARS_MAX = 1_500

export function passwordRoutes(deps: AuthDeps) {
  const { web, identity } = deps

  const forgotPage = (
    request: Request,
    interaction: string | undefined,
    typed?: string,
    error?: AppError,
  ): Response => {
    const { interaction: alive, loginHint } = askingApp(deps, request, interaction)
    // From the settings the address is known; a person who types another one may.
    const email = typed ?? loginHint ?? authSession(deps, request)?.email
    const props = { interaction: alive, values: { email }, errors: formErrors(error) }
    return web.page(request, undefined, (frame) => ForgotPasswordPage({ frame, ...props }), statusOf(error))
  }

  const resetPage = (request: Request, token: string, interaction: string | undefined, error?: AppError): Response => {
    const reset = identity.passwordResetOf(token)
    if (!reset) return usedUp(deps, request, interaction)
    const props = { token, interaction, email: reset.email, errors: formErrors(error) }
    return web.page(request, undefined, (frame) => ResetPasswordPage({ frame, ...props }), statusOf(error))
  }

  return new Elysia()
    .get("/forgot-password", ({ request }) => forgotPage(request, interactionOf(queryOf(request, "interaction"))))
    .post(
      "/forgot-password",
      async ({ request }) => {
        const form = await web.form(request)
        // Only what is alive in this browser travels in the mail, never text of a stranger's choosing.
        const { interaction } = askingApp(deps, request, interactionOf(form.get("interaction")))
        const carry = interaction && interaction.length <= CARRY_CHARS_MAX ? interaction : undefined
        try {
          await identity.requestPasswordReset(visitorOf(web, request), { email: form.get("email"), carry })
          return seeOther(withInteraction("/forgot-password/sent", interaction))
        } catch (error) {
          return forgotPage(request, interaction, form.get("email"), ofTheForm(error))
        }
      },
      NO_PARSE,
    )
    .get("/forgot-password/sent", ({ request }) => {
      const { interaction } = askingApp(deps, request, interactionOf(queryOf(request, "interaction")))
      return web.page(request, undefined, (frame) => ForgotSentPage({ frame, interaction }))
    })
    .get("/reset-password", ({ request }) =>
      resetPage(request, queryOf(request, "token") ?? "", interactionOf(queryOf(request, "interaction"))),
    )
    .post(
      "/reset-password",
      async ({ request }) => {
        const form = await web.form(request)
        const token = form.get("token")
        const interaction = interactionOf(form.get("interaction"))
        try {
          await identity.resetPassword(visitorOf(web, request), { token, password: form.raw("password") })
          const { interaction: alive } = askingApp(deps, request, interaction)
          const text = "Your password is changed. Sign in with the new one."
          // Whoever else is signed in here stays so, but it is not they who go on.
          return web.back(alive ? `${withInteraction("/login", alive)}&as=other` : "/login", { kind: "ok", text })
        } catch (error) {
          return resetPage(request, token, interaction, ofTheForm(error))
        }
      },
      NO_PARSE,
    )
}

const queryOf = (request: Request, name: string): string | null => new URL(request.url).searchParams.get(name)

function usedUp(deps: AuthDeps, request: Request, interaction: string | undefined): Response {
  const { interaction: alive } = askingApp(deps, request, interaction)
  const action = { href: withInteraction("/forgot-password", alive), label: "Get a new link" }
  const text = "Links for a new password work once and for 30 minutes. Opening this one has changed nothing."
  return deps.web.page(
    request,
    undefined,
    (frame) => MessagePage({ frame, title: "This link no longer works", text, action }),
    { status: 404 },
  )
}
