// What views show of subscriptions, from what the marketplace says of them.
import type { BillRow, PaymentMethod } from "../../../../views/console/subscriptions/billing.tsx"
import type { SubscriptionRow } from "../../../../views/console/subscriptions/list.tsx"
import type { SubscriptionStateName } from "../../../../views/console/subscriptions/words.tsx"
import { cardName } from "../../../billing/index.ts"
import type { BillShown, Glance } from "../../../marketplace/index.ts"
import type { PageRequest } from "../../base/index.ts"
import type { ConsoleDeps } from "../site.ts"

export type SubscriptionDeps = Pick<ConsoleDeps, "marketplace" | "billing" | "ledger" | "store" | "clock" | "limits">

function stateOf({ subscription, access }: Glance): SubscriptionStateName {
  const { state, cancelledMs } = subscription
  if (state === "past_due") return access === null ? "past_due" : "refused"
  if (state === "active" || state === "trialing") return cancelledMs === null ? state : "cancelled"
  return state
}

export const rowOf = (glance: Glance): SubscriptionRow => ({
  id: glance.subscription.publicId,
  title: glance.product.title,
  publisher: glance.product.publisherName,
  plan: glance.subscription.plan.name,
  price: glance.subscription.terms.priceNano,
  cycle: glance.subscription.terms.cycle,
  state: stateOf(glance),
  quotas: glance.quotas,
  next: glance.next && { atMs: glance.next.atMs, amount: glance.next.amountNano, plan: glance.next.plan },
  overage: glance.overageNano,
})

export const billOf = (
  { marketplace }: Pick<SubscriptionDeps, "marketplace">,
  bill: BillShown,
  api: string,
): BillRow => ({
  kind: bill.kind,
  api,
  plan: marketplace.plans.planById(bill.planId)?.name ?? "",
  fromMs: bill.startMs,
  toMs: bill.endMs,
  amount: bill.amountNano,
  state: bill.state,
  atMs: bill.paidMs ?? bill.dueMs,
  invoice: bill.invoice,
  refunds: bill.refunds.map(({ amountNano, note }) => ({ amount: amountNano, note })),
})

export function methodOf({ billing, ledger }: SubscriptionDeps, { holder, owner }: PageRequest): PaymentMethod {
  const { cards, rule, isHeld } = billing.recharges.of(holder.id)
  const [card] = cards
  return {
    card: card ? cardName(card) : null,
    autoRecharge: rule?.active === true && !rule.paused && !isHeld,
    has: ledger.paidSpendableOf(owner, "live"),
  }
}
