// A publisher gives a payment of a consumer back, whole or in part.
import { ConsumerRefundPage, type ConsumerRow, type PaymentRow } from "../../../../views/portal/selling/consumers.tsx"
import { usdText } from "../../../../views/ui/format.ts"
import { ensure, nano, type PrincipalId, randomSecret } from "../../../app/index.ts"
import { field, form } from "../../../http/index.ts"
import type { PageRequest } from "../../base/index.ts"
import type { PortalSite } from "../site.ts"
import { consumerOf, type OwnConsumer, ownerOf, type SellingDeps } from "./places.ts"

const REFUND = form(
  {
    amountNano: field.dollars({
      name: "amount",
      label: "Amount",
      optional: true,
      help: "Leave it empty for all that is left.",
    }),
    reason: field.reason({ label: "What they read", help: "It stands on the credit note, and in the audit log." }),
    key: field.formKey(),
  },
  { submit: "Give back", danger: true },
)

/** How the page of a consumer shows one. */
interface Shown {
  row(own: OwnConsumer): ConsumerRow
  title(own: OwnConsumer): { title: string; href: string }
  back(own: OwnConsumer): string
}

export function refundRoutes(site: PortalSite, deps: SellingDeps, shown: Shown): void {
  const { marketplace, store } = deps
  const { subscriptions } = marketplace
  site.form("/publisher/products/:product/consumers/:consumer/payments/:bill/refund", {
    load(page: PageRequest, { product, consumer, bill: id }: { product: string; consumer: string; bill: string }) {
      const own = consumerOf(deps, page, product, consumer)
      ensure(/^\d{1,15}$/.test(id), "not_found", "There is no such payment.")
      return { own, bill: subscriptions.billOfConsumer(ownerOf(page), own.consumer.subscription.publicId, Number(id)) }
    },
    form: REFUND,
    present: () => ({ key: randomSecret(18) }),
    async act(page, { amountNano, reason, key }, { own, bill }) {
      const input = { bill, by: "publisher" as const, amountNano: amountNano ?? null, reason, key }
      const { amountNano: back } = await store.write(page.ctx(reason), (tx) => subscriptions.refundBillIn(tx, input))
      return { to: shown.back(own), say: `${usdText(back)} went back to their credits.` }
    },
    show(page, view, { own, bill }, status) {
      const props = { consumer: shown.row(own), product: shown.title(own), kind: bill.kind, form: view }
      const left = subscriptions.leftOfBill(bill)
      return page.render((frame) => ConsumerRefundPage({ frame, ...props, left }), status)
    },
  })
}

/** Those that cost something. */
export const paymentsOf = (
  { marketplace }: SellingDeps,
  ownerId: PrincipalId,
  { consumer }: OwnConsumer,
): PaymentRow[] =>
  marketplace.subscriptions
    .billsOfConsumer(ownerId, consumer.subscription.publicId)
    .filter(({ state, amountNano }) => state === "paid" && amountNano > 0)
    .map((bill) => ({
      id: bill.id,
      kind: bill.kind,
      fromMs: bill.startMs,
      toMs: bill.endMs,
      atMs: bill.paidMs ?? bill.dueMs,
      amount: bill.amountNano,
      refunded: nano(bill.refunds.reduce((sum, { amountNano }) => sum + amountNano, 0)),
      isOver: bill.leftNano === 0,
    }))
