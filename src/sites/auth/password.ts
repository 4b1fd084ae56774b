// /forgot-password and /reset-password. The mailed link only shows a form: mail scanners open links, they post no forms.
// Whether an address has an account shows nowhere.
import { ForgotPasswordPage, ForgotSentPage } from "../../../views/auth/forgot.tsx"
import { MessagePage } from "../../../views/auth/message.tsx"
import { ResetPasswordPage } from "../../../views/auth/reset.tsx"
import { seeOther } from "../../http/index.ts"
import type { BaseRequest } from "../base/index.ts"
import { carrying, FORGOT_FORM, RESET_FORM } from "./forms.ts"
import {
  type AuthDeps,
  type AuthSite,
  askingApp,
  authSession,
  interactionOf,
  visitorOf,
  withInteraction,
} from "./site.ts"

/** A link that mail programs keep whole; with a longer interaction the person starts again from the app. */
const CARRY_CHARS_MAX = 1_500

export function passwordRoutes(site: AuthSite, deps: AuthDeps): void {
  const { web, identity } = deps
  // A Well-Known URL for Changing Passwords (W3C): where password managers send people.
  site.open("/.well-known/change-password", () => seeOther("/settings/password"))
  site.form("/forgot-password", {
    load(page, _, sent) {
      // Only what is alive in this browser travels in the mail, never text of a stranger's choosing.
      const { interaction, loginHint } = askingApp(deps, page.request, interactionOf(sent("interaction")))
      // From the settings the address is known; a person who types another one may.
      return { interaction, email: loginHint ?? authSession(deps, page.request)?.email ?? "" }
    },
    form: FORGOT_FORM,
    present: ({ email }) => ({ email }),
    async act({ request }, { email }, { interaction }) {
      const carry = interaction && interaction.length <= CARRY_CHARS_MAX ? interaction : undefined
      await identity.requestPasswordReset(visitorOf(web, request), { email, carry })
      return { to: withInteraction("/forgot-password/sent", interaction) }
    },
    show(page, form, { interaction }, status) {
      const props = { interaction, form: carrying(form, interaction) }
      return page.render((frame) => ForgotPasswordPage({ frame, ...props }), status)
    },
  })
  site.get("/forgot-password/sent", (page) => {
    const sent = new URL(page.request.url).searchParams.get("interaction")
    const { interaction } = askingApp(deps, page.request, interactionOf(sent))
    return page.render((frame) => ForgotSentPage({ frame, interaction }))
  })
  site.form("/reset-password", {
    load: (_page, _params, sent) => ({ token: sent("token"), interaction: interactionOf(sent("interaction")) }),
    form: RESET_FORM,
    present: ({ token }) => ({ token }),
    async act({ request }, { password }, { token, interaction }) {
      await identity.resetPassword(visitorOf(web, request), { token, password })
      const { interaction: alive } = askingApp(deps, request, interaction)
      // Whoever else is signed in here stays so, but it is not they who go on.
      const to = alive ? `${withInteraction("/login", alive)}&as=other` : "/login"
      return { to, say: "Your password is changed. Sign in with the new one." }
    },
    show(page, form, { token, interaction }, status) {
      const reset = identity.passwordResetOf(token)
      if (!reset) return usedUp(deps, page, interaction)
      const props = { email: reset.email, form: carrying(form, interaction) }
      return page.render((frame) => ResetPasswordPage({ frame, ...props }), status)
    },
  })
}

function usedUp(deps: AuthDeps, page: BaseRequest, interaction: string | undefined): Response {
  const { interaction: alive } = askingApp(deps, page.request, interaction)
  const props = {
    title: "This link no longer works",
    text: "Links for a new password work once and for 30 minutes. Opening this one has changed nothing.",
    action: { href: withInteraction("/forgot-password", alive), label: "Get a new link" },
  }
  return page.render((frame) => MessagePage({ frame, ...props }), { status: 404 })
}
