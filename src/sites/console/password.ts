// /settings/password: a new password, or the first one. Its person confirms that it is them before they type it, since it is never kept.
import { PasswordPage } from "../../../views/console/password.tsx"
import { field, form } from "../../http/index.ts"
import { cookiesAfterSignIn, visitorOf } from "../auth/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

const FORM = form(
  {
    password: field.password({
      label: "New password",
      autocomplete: "new-password",
      required: true,
      min: 8,
      help: "At least 8 characters. A short sentence works well.",
    }),
  },
  { submit: "Change password" },
)

export function passwordRoutes(site: ConsoleSite, { web, identity }: Pick<ConsoleDeps, "web" | "identity">): void {
  site.form("/settings/password", {
    form: FORM,
    fresh: true,
    async act(page, { password }) {
      const visitor = visitorOf(web, page.request)
      const { userId } = page.session
      if (!identity.hasPassword(userId)) {
        await identity.setFirstPassword(visitor, { userId, password })
        return { to: "/settings", say: "You have a password now. It signs you in with your email address." }
      }
      const started = await identity.changePassword(visitor, { userId, password })
      return {
        to: "/settings",
        say: "Your password is changed. Other devices and apps are signed out.",
        cookies: cookiesAfterSignIn({ web, identity }, page.request, started),
      }
    },
    show(page, view, _, status) {
      const { email, userId } = page.session
      const has = identity.hasPassword(userId)
      const hasPasskeys = identity.passkeysOf(userId).length > 0
      const form = has ? view : { ...view, submit: "Set the password" }
      return page.render((frame) => PasswordPage({ frame, email, hasPassword: has, hasPasskeys, form }), status)
    },
  })
}
