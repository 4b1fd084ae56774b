// /signup and /verify-email.
import { Elysia } from "elysia"
import { SignupPage } from "../../../views/auth/signup.tsx"
import { VerifyEmailPage } from "../../../views/auth/verify-email.tsx"
import type { AppError } from "../../app/index.ts"
import { type Form, formErrors, ofTheForm, seeOther, statusOf } from "../../http/index.ts"
import { type AuthDeps, askingApp, finishSignIn, interactionOf, visitorOf, withInteraction } from "./site.ts"

const NO_PARSE = { parse: "none" } as const

export function signupRoutes(deps: AuthDeps) {
  const { web, identity } = deps

  const signupPage = (request: Request, interaction: string | undefined, form?: Form, error?: AppError): Response => {
    const { loginHint, ...asking } = askingApp(deps, request, interaction)
    const props = {
      ...asking,
      values: form ? { name: form.get("name"), email: form.get("email") } : { email: loginHint },
      errors: formErrors(error),
    }
    return web.page(request, undefined, (frame) => SignupPage({ frame, ...props }), statusOf(error))
  }

  const verifyPage = (
    request: Request,
    interaction: string | undefined,
    typed?: string,
    error?: AppError,
  ): Response => {
    const pending = identity.pendingSignUp(web.browserId(request))
    if (error?.code === "conflict")
      return web.back(withInteraction("/login", interaction), { kind: "info", text: error.message })
    if (!pending)
      return web.back(withInteraction("/signup", interaction), {
        kind: "error",
        text: "That code has run out. Sign up again to get a new one.",
      })
    const { loginHint: _, ...asking } = askingApp(deps, request, interaction)
    const props = { ...asking, email: pending.email, typed, errors: formErrors(error) }
    return web.page(request, undefined, (frame) => VerifyEmailPage({ frame, ...props }), statusOf(error))
  }

  return new Elysia()
    .get("/signup", ({ request }) => signupPage(request, queryInteraction(request)))
    .post(
      "/signup",
      async ({ request }) => {
        const form = await web.form(request)
        const interaction = interactionOf(form.get("interaction"))
        try {
          const input = { email: form.get("email"), password: form.raw("password"), name: form.get("name") || null }
          await identity.signUp(visitorOf(web, request), input)
          return seeOther(withInteraction("/verify-email", interaction))
        } catch (error) {
          return signupPage(request, interaction, form, ofTheForm(error))
        }
      },
      NO_PARSE,
    )
    .get("/verify-email", ({ request }) => verifyPage(request, queryInteraction(request)))
    .post(
      "/verify-email",
      async ({ request }) => {
        const form = await web.form(request)
        const interaction = interactionOf(form.get("interaction"))
        const code = form.get("code")
        try {
          return await finishSignIn(
            deps,
            request,
            await identity.verifySignUp(visitorOf(web, request), code),
            interaction,
          )
        } catch (error) {
          return verifyPage(request, interaction, code, ofTheForm(error))
        }
      },
      NO_PARSE,
    )
    .post(
      "/verify-email/resend",
      async ({ request }) => {
        const form = await web.form(request)
        const interaction = interactionOf(form.get("interaction"))
        if (!identity.pendingSignUp(web.browserId(request))) return verifyPage(request, interaction)
        try {
          await identity.resendCode(visitorOf(web, request))
          return web.back(withInteraction("/verify-email", interaction), {
            kind: "ok",
            text: "A new code is on its way. The old one no longer works.",
          })
        } catch (error) {
          return verifyPage(request, interaction, undefined, ofTheForm(error))
        }
      },
      NO_PARSE,
    )
}

const queryInteraction = (request: Request): string | undefined =>
  interactionOf(new URL(request.url).searchParams.get("interaction"))
