// /admin/users/:user/erasure: an admin deletes a person, after the usual days or at once, or keeps one who asked to go. The admin proves
// their own password.
import { AdminUserErasurePage } from "../../../views/admin/user-erasure.tsx"
import { field, form } from "../../http/index.ts"
import { visitorOf } from "../auth/index.ts"
import { userOf } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const current = field.password({ label: "Your password", autocomplete: "current-password", required: true })
const FORM = form(
  {
    when: field.choice({
      label: "When",
      control: "radios",
      options: [
        { value: "grace", label: "After the days in which the account can be kept" },
        { value: "now", label: "At once" },
      ],
    }),
    current,
    reason: field.reason(),
  },
  { submit: "Delete this person", danger: true },
)
const KEEP_FORM = form({ current, reason: field.reason() }, { submit: "Keep the account" })

export function userErasureRoutes(site: AdminSite, deps: AdminDeps): void {
  const { identity, privacy, web } = deps
  site.form("/admin/users/:user/erasure", {
    summary: "Delete a person",
    load: (_, params) => userOf(deps, params.user),
    form: FORM,
    present: () => ({ when: "grace" as const }),
    kept: ["when"],
    async act(page, { current, reason, when }, user) {
      const proof = { byId: page.session.userId, current }
      const { dueMs } = await identity.asAdmin(visitorOf(web, page.request), page.ctx(reason), proof, (tx) =>
        privacy.askErasureIn(tx, { userId: user.id, by: "admin", atOnce: when === "now" }),
      )
      const day = new Date(dueMs).toISOString().slice(0, 10)
      return {
        to: when === "now" ? "/admin/users" : `/admin/users/${user.publicId}`,
        say: when === "now" ? `${user.email} is being deleted.` : `${user.email} will be deleted on ${day} (UTC).`,
        result: { due_at: new Date(dueMs).toISOString() },
      }
    },
    show(page, view, user, status) {
      const props = {
        user: { id: user.publicId, name: user.name, email: user.email },
        leavesMs: privacy.leavesMs(user.id),
        days: privacy.graceDays(),
        ...privacy.leaving(user.id),
        form: view,
        keep: KEEP_FORM.show({ action: `/admin/users/${user.publicId}/erasure/keep` }),
      }
      return page.render((frame) => AdminUserErasurePage({ frame, ...props }), status)
    },
  })
  site.post("/admin/users/:user/erasure/keep", {
    summary: "Keep a person who was to be deleted",
    load: (_, params) => userOf(deps, params.user),
    form: KEEP_FORM,
    async act(page, { current, reason }, user) {
      const proof = { byId: page.session.userId, current }
      await identity.asAdmin(visitorOf(web, page.request), page.ctx(reason), proof, (tx) => {
        privacy.keepIn(tx, user.id)
        return true
      })
      return { to: `/admin/users/${user.publicId}`, say: `The account ${user.email} stays.` }
    },
    back: (user) => `/admin/users/${user.publicId}/erasure`,
  })
}
