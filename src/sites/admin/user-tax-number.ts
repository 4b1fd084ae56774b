// /admin/users/:user/payouts/tax-number: the tax number of a payee, whole. Reading it asks who is there and stands in the audit log.
import { AdminUserTaxNumberPage } from "../../../views/admin/user-tax-number.tsx"
import { COUNTRIES, ensure } from "../../app/index.ts"
import { TAX_KINDS } from "../../payouts/index.ts"
import { confirmToRead } from "../base/index.ts"
import { labelOf, payeeOf } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const PATH = "/admin/users/:user/payouts/tax-number"

export function userTaxNumberRoutes(site: AdminSite, deps: AdminDeps): void {
  const { payouts, store, clock } = deps
  site.get(PATH, async (page, params) => {
    const user = payeeOf(deps, params.user)
    const found = payouts.taxNumberOf(user.id)
    ensure(found, "not_found", "They gave no tax number.")
    const asked = confirmToRead(page, `/admin/users/${user.publicId}/payouts`)
    if (asked) return asked
    const number = payouts.openTaxNumber(user.id)
    await store.write(page.ctx("read the tax number of a payee"), (tx) => payouts.noteTaxNumberReadIn(tx, user.id))
    const props = {
      now: clock.now(),
      user: { id: user.publicId, label: labelOf(user) },
      kind: `${TAX_KINDS[found.kind]}, ${COUNTRIES.get(found.country) ?? found.country}`,
      number,
      setMs: found.setMs,
    }
    return page.render((frame) => AdminUserTaxNumberPage({ frame, ...props }))
  })
}
