// /admin/users/:user/role: making a person an admin, or taking the role away. Whoever does it confirms that it is them: a browser that was
// left open must not make another admin.
import { AdminUserRolePage } from "../../../views/admin/user-role.tsx"
import { field, form } from "../../http/index.ts"
import { labelOf, userOf } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const ROLE_FORM = form({ reason: field.reason() }, { submit: "Change the role" })

export function userRoleRoutes(site: AdminSite, deps: AdminDeps): void {
  const { identity } = deps
  site.form("/admin/users/:user/role", {
    summary: "Make a person an admin, or take the role away",
    load: (_, params) => userOf(deps, params.user),
    form: ROLE_FORM,
    fresh: true,
    async act(page, { reason }, user) {
      const change = { byId: page.session.userId, userId: user.id, isAdmin: !user.isAdmin }
      const { isAdmin } = await identity.setAdmin(page.ctx(reason), change)
      const isSelf = user.id === page.session.userId
      return {
        // Who took it from themselves finds no admin pages any more.
        to: isSelf && !isAdmin ? "/dashboard" : `/admin/users/${user.publicId}`,
        say: isAdmin ? `${user.email} is an admin now.` : `${user.email} is no admin any more.`,
        result: { is_admin: isAdmin },
      }
    },
    show(page, view, user, status) {
      const verb = user.isAdmin ? "Take the admin role from" : "Make an admin of"
      const shown = { ...view, submit: `${verb} ${labelOf(user)}`, danger: user.isAdmin }
      const person = { id: user.publicId, name: user.name, email: user.email, isAdmin: user.isAdmin }
      const isSelf = user.id === page.session.userId
      return page.render((frame) => AdminUserRolePage({ frame, user: person, isSelf, form: shown }), status)
    },
  })
}
