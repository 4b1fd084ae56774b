// /admin/users/:user/passkeys: for a person who lost what kept their passkeys, and their recovery codes. The reason says how the person was
// recognised; they are told by mail.
import { AdminUserPasskeysPage } from "../../../views/admin/user-passkeys.tsx"
import { field, form } from "../../http/index.ts"
import { userOf } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const FORM = form({ reason: field.reason() }, { submit: "Remove all passkeys", danger: true })

export function userPasskeysRoutes(site: AdminSite, deps: AdminDeps): void {
  const { identity } = deps
  site.form("/admin/users/:user/passkeys", {
    summary: "Remove a person's passkeys",
    load: (_, params) => userOf(deps, params.user),
    form: FORM,
    fresh: true,
    async act(page, { reason }, user) {
      await identity.asAdmin(page.ctx(reason), page.session.userId, (tx) => {
        identity.removePasskeysIn(tx, user.id)
        return true
      })
      return {
        to: `/admin/users/${user.publicId}`,
        say: `${user.email} has no passkey any more, and was told by mail.`,
      }
    },
    show(page, view, user, status) {
      const person = { id: user.publicId, name: user.name, email: user.email }
      const count = identity.passkeysOf(user.id).length
      return page.render((frame) => AdminUserPasskeysPage({ frame, user: person, count, form: view }), status)
    },
  })
}
