// /signup, /verify-email and the one-time /setup link of the first admin.
import { Elysia } from "elysia"
import { MessagePage } from "../../../views/auth/message.tsx"
import { SetupPage } from "../../../views/auth/setup.tsx"
import { SignupPage } from "../../../views/auth/signup.tsx"
import { VerifyEmailPage } from "../../../views/auth/verify-email.tsx"
import type { AppError } from "../../app/index.ts"
import { type Form, formErrors, ofTheForm, seeOther, statusOf } from "../../http/index.ts"
import {
  type AuthDeps,
  askingApp,
  authSession,
  finishSignIn,
  interactionOf,
  visitorOf,
  withInteraction,
} from "./site.ts"

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
    .post("/setup/:token/claim", ({ request, params }) => claimSignedIn(deps, request, params.token), NO_PARSE)
    .get("/setup/:token", ({ request, params }) => setupPage(deps, request, params.token))
    .post(
      "/setup/:token",
      async ({ request, params }) => {
        const form = await web.form(request)
        try {
          const input = {
            token: params.token,
            email: form.get("email"),
            password: form.raw("password"),
            name: form.get("name") || null,
          }
          const started = await identity.claimSetup(visitorOf(web, request), input)
          return seeOther("/admin", [web.cookies.set("auth", started.token, started.maxAgeSeconds)])
        } catch (error) {
          return setupPage(deps, request, params.token, form, ofTheForm(error))
        }
      },
      NO_PARSE,
    )
}

async function claimSignedIn(deps: AuthDeps, request: Request, token: string): Promise<Response> {
  const { web, identity } = deps
  await web.form(request)
  const started = await identity.claimSetupSignedIn(visitorOf(web, request), { token })
  return seeOther("/admin", [web.cookies.set("auth", started.token, started.maxAgeSeconds)])
}

function setupPage(deps: AuthDeps, request: Request, token: string, form?: Form, error?: AppError): Response {
  const { web, identity } = deps
  if (!identity.isSetupLinkOpen(token)) {
    const text = "Setup links work once and for 30 minutes. Run “purser setup-link” on the server to get a new one."
    const action = { href: "/login", label: "Sign in" }
    return web.page(
      request,
      undefined,
      (frame) => MessagePage({ frame, title: "This link no longer works", text, action }),
      {
        status: 404,
      },
    )
  }
  const values = form && { name: form.get("name"), email: form.get("email") }
  const signedInAs = authSession(deps, request)?.email
  return web.page(
    request,
    undefined,
    (frame) => SetupPage({ frame, token, values, errors: formErrors(error), signedInAs }),
    statusOf(error),
  )
}

const queryInteraction = (request: Request): string | undefined =>
  interactionOf(new URL(request.url).searchParams.get("interaction"))
