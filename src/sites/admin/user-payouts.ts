// /admin/users/:user/payouts: what a person was paid, and holding it while somebody looks at a suspicion of fraud.
import { AdminUserPayoutActPage, AdminUserPayoutsPage } from "../../../views/admin/user-payouts.tsx"
import { field, form } from "../../http/index.ts"
import type { User } from "../../identity/index.ts"
import { methodName, PAYOUT_LIMITS, taxNumberName } from "../../payouts/index.ts"
import { payoutRow } from "../portal/index.ts"
import { labelOf, payeeOf } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"
import { userDocumentRoutes } from "./user-documents.ts"
import { userTaxNumberRoutes } from "./user-tax-number.ts"

const PATH = "/admin/users/:user/payouts"
const HOLD = form({ reason: field.reason() }, { submit: "Hold payouts", danger: true })
const RELEASE = form({ reason: field.reason() }, { submit: "Release payouts" })

const pathOf = ({ publicId }: User): string => `/admin/users/${publicId}/payouts`

export function userPayoutRoutes(site: AdminSite, deps: AdminDeps): void {
  const { payouts, clock } = deps
  userDocumentRoutes(site, deps)
  userTaxNumberRoutes(site, deps)
  const load = (_: unknown, params: { user: string }): User => payeeOf(deps, params.user)
  site.get(PATH, (page, params) => {
    const user = load(page, params)
    const { payableNano, pendingNano, requestedNano, paidNano } = payouts.earningsOf(user.id)
    const method = payouts.methodOf(user.id)
    const hold = payouts.ownHoldOf(user.id)
    const check = payouts.checkOf(user.id)
    const tax = payouts.taxNumberOf(user.id)
    const props = {
      now: clock.now(),
      user: { id: user.publicId, label: labelOf(user) },
      earnings: { available: payableNano, pending: pendingNano, requested: requestedNano, paid: paidNano },
      method: method && methodName(method),
      documents: check?.state ?? null,
      taxNumber: tax && taxNumberName(tax),
      hold: hold && { reason: hold.reason, atMs: hold.heldMs },
      rows: payouts
        .ordersOf(user.id)
        .filter(({ mode }) => mode === "live")
        .slice(0, PAYOUT_LIMITS.rows)
        .map(payoutRow),
    }
    return page.render((frame) => AdminUserPayoutsPage({ frame, ...props }))
  })
  holdRoutes(site, deps, load)
}

type Load = (_: unknown, params: { user: string }) => User

function holdRoutes(site: AdminSite, { payouts, store }: AdminDeps, load: Load): void {
  site.form(`${PATH}/hold`, {
    summary: "Hold the payouts of a person",
    load,
    form: HOLD,
    async act(page, { reason }, user) {
      await store.write(page.ctx(reason), (tx) => payouts.holdIn(tx, { userId: user.id, reason }))
      return { to: pathOf(user), say: "Their payouts are held. Nothing is approved or sent until you release them." }
    },
    show: (page, view, user, status) =>
      page.render(
        (frame) =>
          AdminUserPayoutActPage({ frame, act: "hold", user: { id: user.publicId, label: labelOf(user) }, form: view }),
        status,
      ),
  })
  site.form(`${PATH}/release`, {
    summary: "Release the payouts of a person",
    load,
    form: RELEASE,
    async act(page, { reason }, user) {
      await store.write(page.ctx(reason), (tx) => payouts.releaseIn(tx, { userId: user.id }))
      return { to: pathOf(user), say: "Their payouts go on." }
    },
    show: (page, view, user, status) =>
      page.render(
        (frame) =>
          AdminUserPayoutActPage({
            frame,
            act: "release",
            user: { id: user.publicId, label: labelOf(user) },
            form: view,
          }),
        status,
      ),
  })
}
