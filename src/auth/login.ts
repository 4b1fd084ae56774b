// /login, /logout and /signed-out.
import { Elysia } from "elysia"
import { LoginPage } from "../../views/auth/login.tsx"
import { LogoutPage, SignedOutPage } from "../../views/auth/logout.tsx"
import { AppError } from "../app/index.ts"
import { contextOf } from "../http/index.ts"
import { type AuthDeps, askingApp, authSession, signedIn, txnOf, visitorOf } from "./site.ts"

export function loginRoutes(deps: AuthDeps) {
  const { web, identity } = deps

  const page = (request: Request, txn: string | undefined, error?: AppError, email?: string): Response => {
    const { formTargets, loginHint, ...asking } = askingApp(deps, request, txn)
    const errors = error ? (error.extra.formErrors ?? { form: error.message }) : undefined
    const props = { ...asking, values: { email: email ?? loginHint }, errors }
    return web.page(request, undefined, (frame) => LoginPage({ frame, ...props }), { ...statusOf(error), formTargets })
  }

  return new Elysia()
    .get("/login", ({ request }) => page(request, txnOf(new URL(request.url).searchParams.get("txn"))))
    .post(
      "/login",
      async ({ request }) => {
        const form = await web.form(request)
        const txn = txnOf(form.get("txn"))
        try {
          const started = await identity.login(visitorOf(web, request), {
            email: form.get("email"),
            password: form.raw("password"),
          })
          return await signedIn(deps, request, started, txn)
        } catch (error) {
          if (!(error instanceof AppError) || !isAboutTheForm(error)) throw error
          return page(request, txn, error, form.get("email"))
        }
      },
      { parse: "none" },
    )
    .get("/logout", ({ request }) => web.page(request, undefined, (frame) => LogoutPage({ frame })))
    .post(
      "/logout",
      async ({ request }) => {
        await web.form(request)
        const session = authSession(deps, request)
        const ctx = {
          actor: session ? `user:${session.publicId}` : "user:unknown",
          requestId: contextOf(request).requestId,
          reason: "signed out",
        }
        await identity.logout(ctx, web.cookies.read(request, "auth"), "auth")
        await identity.logout(ctx, web.cookies.read(request, "console"), "console")
        return web.back("/signed-out", undefined, [web.cookies.clear("auth"), web.cookies.clear("console")])
      },
      { parse: "none" },
    )
    .get("/signed-out", ({ request }) => web.page(request, undefined, (frame) => SignedOutPage({ frame })))
}

/** Refusals that belong beside the fields, with what was typed kept. */
export const isAboutTheForm = (error: AppError): boolean =>
  ["validation_failed", "rate_limit_exceeded", "account_suspended", "conflict", "overloaded"].includes(error.code)

export function statusOf(error: AppError | undefined): { status: number; headers?: Record<string, string> } {
  if (!error) return { status: 200 }
  const wait = error.extra.retryAfterSeconds
  return {
    status: error.status,
    ...(wait === undefined ? {} : { headers: { "retry-after": String(Math.ceil(wait)) } }),
  }
}
