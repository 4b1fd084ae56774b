// How subscriptions are looked at: by who has them, and by who publishes what they are for.
import type { PrincipalId, UserId } from "../../app/index.ts"
import { type Core, mineIn, ofPublisherIn, productOf, shown } from "./core.ts"
import { SUBSCRIPTION_LIMITS as L } from "./limits.ts"
import { leftOf } from "./refund.ts"
import { accessOf, nextPeriod } from "./rules.ts"
import * as rows from "./store.ts"
import { overageSoFar } from "./store-overages.ts"
import { refundsOf } from "./store-refunds.ts"
import type { BillShown, Consumer, Glance, Subscription, SubscriptionShown } from "./types.ts"

export function glanceOf(core: Core, row: Subscription): Glance {
  const { read } = core.store
  const subscription = shown(core, read, row)
  const { slug, title, publicId, state, publisherName } = productOf(read, row)
  return {
    subscription,
    product: { slug, title, publicId, state, publisherName },
    access: accessOf(row, core.clock.now()),
    quotas: core.calls().quotaOf(row),
    next: nextOf(subscription),
    due: rows.dueBill(read, row.id),
    overageNano: overageSoFar(read, row.id, row.periodStartMs),
  }
}

/** As it stands: what comes with the next period, unless something happens before. */
function nextOf(subscription: SubscriptionShown): Glance["next"] {
  const { state, cancelledMs, nextPlan, plan, terms, periodEndMs } = subscription
  if (cancelledMs !== null || (state !== "active" && state !== "trialing")) return null
  const after = nextPlan?.terms ?? terms
  const { startMs } = nextPeriod(subscription, terms, after, periodEndMs)
  return { atMs: startMs, amountNano: after.priceNano, plan: nextPlan?.name ?? plan.name }
}

export const glancesOf = (core: Core, userId: UserId): Glance[] =>
  rows.ofUser(core.store.read, userId, L.perPersonMax).map((row) => glanceOf(core, row))

/** @throws AppError not_found */
export const mine = (core: Core, userId: UserId, publicId: string): Glance =>
  glanceOf(core, mineIn(core.store.read, userId, publicId))

const BILLS_MAX = 200
function billsShown(core: Core, subscriptionId: number): BillShown[] {
  const { read } = core.store
  const refunds = refundsOf(read, subscriptionId)
  return rows.billsOf(read, subscriptionId, BILLS_MAX).map((bill) => ({
    ...bill,
    refunds: refunds.get(bill.id) ?? [],
    leftNano: leftOf(read, bill),
  }))
}

/** Newest first. @throws AppError not_found */
export const billsOfMine = (core: Core, userId: UserId, publicId: string): BillShown[] =>
  billsShown(core, mineIn(core.store.read, userId, publicId).id)

/** The same, for the publisher of what it is for. @throws AppError not_found */
export const billsOfConsumer = (core: Core, ownerId: PrincipalId, publicId: string): BillShown[] =>
  billsShown(core, ofPublisherIn(core.store.read, ownerId, publicId).id)

const consumerOf = (core: Core, row: Subscription): Consumer => ({
  subscription: shown(core, core.store.read, row),
  name: core.teams.nameOf(row.userId) ?? core.identity.userById(row.userId)?.name ?? "",
  quotas: core.calls().quotaOf(row),
  overageNano: overageSoFar(core.store.read, row.id, row.periodStartMs),
})

/** @throws AppError not_found */
export const consumer = (core: Core, ownerId: PrincipalId, publicId: string): Consumer =>
  consumerOf(core, ofPublisherIn(core.store.read, ownerId, publicId))

/** Newest first. The product is the publisher's: whoever asks has looked. @param beforeId of the last one of the page before */
export function consumersOf(
  core: Core,
  productId: number,
  beforeId: number | null,
): { consumers: Consumer[]; hasMore: boolean } {
  const found = rows.ofProduct(core.store.read, productId, beforeId ?? Number.MAX_SAFE_INTEGER, L.pageRows + 1)
  return {
    consumers: found.slice(0, L.pageRows).map((row) => consumerOf(core, row)),
    hasMore: found.length > L.pageRows,
  }
}
