// /logout and /signed-out: out of every app of this browser at once, the console too.
import { Elysia } from "elysia"
import { LogoutPage, SignedOutPage } from "../../../views/auth/logout.tsx"
import { contextOf } from "../../http/index.ts"
import { type AuthDeps, authSession } from "./site.ts"

export function logoutRoutes(deps: AuthDeps) {
  const { web, identity } = deps
  return new Elysia()
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
