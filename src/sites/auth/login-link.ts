// /login-link: the one-time link that `purser admin login-link` prints, for an admin who cannot sign in. Opening the page uses nothing up.
import { LoginLinkPage } from "../../../views/auth/login-link.tsx"
import { MessagePage } from "../../../views/auth/message.tsx"
import { cookiesAfterSignIn } from "./accounts.ts"
import { LOGIN_LINK_FORM } from "./forms.ts"
import { type AuthDeps, type AuthSite, homeOf, visitorOf } from "./site.ts"

const CLOSED = {
  title: "This link no longer works",
  text: "Login links work once and for 30 minutes. Run “purser admin login-link” on the server to get a new one.",
  action: { href: "/login", label: "Sign in" },
}

export function loginLinkRoutes(site: AuthSite, deps: AuthDeps): void {
  const { web, identity } = deps
  site.form("/login-link/:token", {
    load: (_, params) => params.token,
    form: LOGIN_LINK_FORM,
    async act({ request }, { password }, token) {
      const started = await identity.claimLoginLink(visitorOf(web, request), { token, password })
      return {
        to: homeOf(deps, request, started.session, "/admin"),
        cookies: cookiesAfterSignIn(deps, request, started),
      }
    },
    show(page, form, token, status) {
      const link = identity.loginLinkOf(token)
      if (!link) return page.render((frame) => MessagePage({ frame, ...CLOSED }), { status: 404 })
      return page.render((frame) => LoginLinkPage({ frame, form, email: link.email }), status)
    },
  })
}
