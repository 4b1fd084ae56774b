// /admin/users/:user/two-step: for a person who lost their app and their recovery codes. The reason says how they were recognised; they are
// told by mail.
import { AdminUserTwoStepPage } from "../../../views/admin/user-two-step.tsx"
import { field, form } from "../../http/index.ts"
import { userOf } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const FORM = form({ reason: field.reason() }, { submit: "Turn off two-step sign-in", danger: true })

export function userTwoStepRoutes(site: AdminSite, deps: AdminDeps): void {
  const { identity } = deps
  site.form("/admin/users/:user/two-step", {
    summary: "Turn off a person's two-step sign-in",
    load: (_, params) => userOf(deps, params.user),
    form: FORM,
    fresh: true,
    async act(page, { reason }, user) {
      await identity.asAdmin(page.ctx(reason), page.session.userId, (tx) => {
        identity.removeSecondStepIn(tx, user.id)
        return true
      })
      return {
        to: `/admin/users/${user.publicId}`,
        say: `${user.email} needs no code of an app any more, and was told by mail.`,
      }
    },
    show(page, view, user, status) {
      const person = { id: user.publicId, name: user.name, email: user.email }
      return page.render((frame) => AdminUserTwoStepPage({ frame, user: person, form: view }), status)
    },
  })
}
