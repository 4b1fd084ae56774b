// /developer/payouts/:payout: one payout, and taking it back before it is approved.
import { type PayoutDetail, PayoutPage, PayoutWithdrawalPage } from "../../../../views/portal/payouts/one.tsx"
import { ensure } from "../../../app/index.ts"
import { button } from "../../../http/index.ts"
import type { OrderShown } from "../../../payouts/index.ts"
import type { PageRequest } from "../../base/index.ts"
import type { PortalDeps, PortalSite } from "../site.ts"
import { rateOf, rowOf } from "./words.ts"

const HOME = "/developer/payouts"

export const detailOf = (order: OrderShown): PayoutDetail => ({
  ...rowOf(order),
  bySchedule: order.bySchedule === 1,
  approvedMs: order.approvedMs,
  rate: rateOf(order),
  because: order.because,
  reference: order.reference,
})

export function payoutRoutes(site: PortalSite, { payouts, store, clock }: PortalDeps): void {
  const load = (page: PageRequest, { payout }: { payout: string }): OrderShown => {
    const order = payouts.orderOf(page.holder.id, payout)
    ensure(order, "not_found", "You have no such payout. They are listed under Payouts.")
    return order
  }
  site.get(`${HOME}/:payout`, (page, params) => {
    const props = { now: clock.now(), payout: detailOf(load(page, params)) }
    return page.render((frame) => PayoutPage({ frame, ...props }))
  })
  site.form(`${HOME}/:payout/withdrawal`, {
    load,
    form: button("Take it back", true),
    async act(page, _, { publicId }) {
      const userId = page.holder.id
      await store.write(page.ctx("took a payout back"), (tx) => payouts.withdrawIn(tx, { userId, publicId }))
      return { to: `${HOME}/${publicId}`, say: "The payout is taken back." }
    },
    show: (page, view, { publicId, amountNano }, status) =>
      page.render(
        (frame) => PayoutWithdrawalPage({ frame, payout: { id: publicId, amount: amountNano }, form: view }),
        status,
      ),
  })
}
