// /setup: the one-time link that makes the first admin.
import { Elysia } from "elysia"
import { MessagePage } from "../../../views/auth/message.tsx"
import { SetupPage } from "../../../views/auth/setup.tsx"
import type { AppError } from "../../app/index.ts"
import { type Form, formErrors, ofTheForm, seeOther, statusOf } from "../../http/index.ts"
import { type AuthDeps, authSession, visitorOf } from "./site.ts"

const NO_PARSE = { parse: "none" } as const

export function setupRoutes(deps: AuthDeps) {
  const { web, identity } = deps
  return new Elysia()
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
