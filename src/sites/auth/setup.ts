// /setup: the one-time link that makes the first admin.
import { MessagePage } from "../../../views/auth/message.tsx"
import { SetupPage } from "../../../views/auth/setup.tsx"
import { button } from "../../http/index.ts"
import { cookiesAfterSignIn } from "./accounts.ts"
import { SETUP_FORM } from "./forms.ts"
import { type AuthDeps, type AuthSite, authSession, homeOf, visitorOf } from "./site.ts"

const CLOSED = {
  title: "This link no longer works",
  text: "Setup links work once and for 30 minutes. Run “purser setup-link” on the server to get a new one.",
  action: { href: "/login", label: "Sign in" },
}

export function setupRoutes(site: AuthSite, deps: AuthDeps): void {
  const { web, identity } = deps
  site.form("/setup/:token", {
    load: (_, params) => params.token,
    form: SETUP_FORM,
    async act({ request }, { name, ...account }, token) {
      const started = await identity.claimSetup(visitorOf(web, request), { token, ...account, name: name || null })
      return {
        to: homeOf(deps, request, started.session, "/admin"),
        cookies: cookiesAfterSignIn(deps, request, started),
      }
    },
    show(page, form, token, status) {
      if (!identity.isSetupLinkOpen(token))
        return page.render((frame) => MessagePage({ frame, ...CLOSED }), { status: 404 })
      const signedInAs = authSession(deps, page.request)?.email
      return page.render((frame) => SetupPage({ frame, token, form, signedInAs }), status)
    },
  })
  site.post("/setup/:token/claim", {
    load: (_, params) => params.token,
    form: button("Make me an admin"),
    async act({ request }, _, token) {
      const started = await identity.claimSetupSignedIn(visitorOf(web, request), { token })
      return {
        to: homeOf(deps, request, started.session, "/admin"),
        cookies: cookiesAfterSignIn(deps, request, started),
      }
    },
    back: (token) => `/setup/${encodeURIComponent(token)}`,
  })
}
