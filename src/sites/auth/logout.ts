// /logout and /signed-out: out of every app of this browser at once, the console too.
import { LogoutPage, SignedOutPage } from "../../../views/auth/logout.tsx"
import { button, contextOf } from "../../http/index.ts"
import { type AuthDeps, type AuthSite, authSession } from "./site.ts"

export function logoutRoutes(site: AuthSite, deps: AuthDeps): void {
  const { web, identity } = deps
  site.get("/logout", (page) => page.render((frame) => LogoutPage({ frame })))
  site.post("/logout", {
    form: button("Sign out"),
    async act({ request }) {
      const session = authSession(deps, request)
      const ctx = {
        actor: session ? `user:${session.publicId}` : "user:unknown",
        requestId: contextOf(request).requestId,
        reason: "signed out",
      }
      await identity.logout(ctx, web.cookies.read(request, "auth"), "auth")
      await identity.logout(ctx, web.cookies.read(request, "console"), "console")
      return { to: "/signed-out", cookies: [web.cookies.clear("auth"), web.cookies.clear("console")] }
    },
    back: () => "/logout",
  })
  site.get("/signed-out", (page) => page.render((frame) => SignedOutPage({ frame })))
}
