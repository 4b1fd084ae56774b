// /admin/users/:user/two-step: for a person who lost their app and their recovery codes. The admin proves their own password, and the reason
// says how the person was recognised; the person is told by mail.
import { AdminUserTwoStepPage } from "../../../views/admin/user-two-step.tsx"
import { field, form } from "../../http/index.ts"
import { visitorOf } from "../auth/index.ts"
import { userOf } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const FORM = form(
  {
    current: field.password({ label: "Your password", autocomplete: "current-password", required: true }),
    reason: field.reason(),
  },
  { submit: "Turn off two-step sign-in", danger: true },
)

export function userTwoStepRoutes(site: AdminSite, deps: AdminDeps): void {
  const { identity, web } = deps
  site.form("/admin/users/:user/two-step", {
    summary: "Turn off a person's two-step sign-in",
    load: (_, params) => userOf(deps, params.user),
    form: FORM,
    async act(page, { current, reason }, user) {
      const proof = { byId: page.session.userId, current }
      const visitor = visitorOf(web, page.request)
      await identity.asAdmin(visitor, page.ctx(reason), proof, (tx) => {
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
