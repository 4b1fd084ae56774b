// What a publisher does to consumers: block and unblock, end, move, give their quotas back. Audited, told by mail; nothing of it takes money.

import { ensure } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx } from "../../store/index.ts"
import { type Core, ofPublisherIn, productOf, shown } from "./core.ts"
import { changedIn } from "./emit.ts"
import { SUBSCRIPTION_LIMITS as L } from "./limits.ts"
import { type Became, becameLetter, tellIn } from "./mails.ts"
import { endIn, stepIn } from "./renew.ts"
import { isNoDearer } from "./rules.ts"
import * as rows from "./store.ts"
import type { ConsumerRef, MoveInput, Subscription, SubscriptionShown } from "./types.ts"

function standingIn(core: Core, tx: Tx, { ownerId, subscription }: ConsumerRef): Subscription {
  const found = stepIn(core, tx, ofPublisherIn(tx, ownerId, subscription))
  ensure(found.state !== "ended", "conflict", "This subscription is over.")
  return found
}

const cut = (reason: string): string => reason.trim().slice(0, L.reasonCharsMax)

function tell(core: Core, tx: Tx, subscription: Subscription, became: Became): void {
  const { slug: product } = productOf(tx, subscription)
  tellIn(core, tx, subscription.userId, becameLetter, { product, became, subscription: subscription.publicId })
}

/** Its calls are refused, and it is not renewed. */
export function banIn(core: Core, tx: Tx, ref: ConsumerRef & { reason: string }): SubscriptionShown {
  const subscription = standingIn(core, tx, ref)
  if (subscription.state === "banned") return shown(core, tx, subscription)
  const reason = cut(ref.reason)
  const bill = rows.dueBill(tx, subscription.id)
  if (bill) rows.saveBill(tx, bill, { state: "void", nextTryMs: null })
  auditIn(tx, {
    action: "api.banned",
    subject: subscription.publicId,
    before: { state: subscription.state },
    after: { reason },
  })
  tell(core, tx, subscription, "banned")
  return shown(core, tx, rows.save(tx, subscription, { state: "banned", reason, pastDueMs: null, graceEndMs: null }))
}

/** It goes on as it was; a period that was not paid ends with that. */
export function unbanIn(core: Core, tx: Tx, ref: ConsumerRef): SubscriptionShown {
  const subscription = standingIn(core, tx, ref)
  ensure(subscription.state === "banned", "conflict", "This subscription is not blocked.")
  const { id, periodStartMs } = subscription
  const isTrial = rows.billOf(tx, id, "trial", periodStartMs) !== null
  const unpaid = rows.billOf(tx, id, "period", periodStartMs)?.state === "void"
  auditIn(tx, { action: "api.unbanned", subject: subscription.publicId })
  tell(core, tx, subscription, "unbanned")
  const back = rows.save(tx, subscription, { state: isTrial ? "trialing" : "active", reason: null })
  return shown(core, tx, unpaid ? endIn(core, tx, back, null) : back)
}

/** Over at once. */
export function revokeIn(core: Core, tx: Tx, ref: ConsumerRef & { reason: string }): SubscriptionShown {
  const subscription = standingIn(core, tx, ref)
  return shown(core, tx, endIn(core, tx, subscription, "revoked", cut(ref.reason)))
}

/**
 * Another plan at once, for nothing until the period ends. Nobody is made to pay more than they agreed to: where the new plan costs more, the one
 * before comes back with the next period, unless its person chooses otherwise.
 */
export function moveIn(core: Core, tx: Tx, ref: MoveInput): SubscriptionShown {
  const subscription = standingIn(core, tx, ref)
  const plan = core.plans.planById(ref.planId, tx)
  ensure(plan?.productId === subscription.productId, "not_found", "There is no such plan.")
  ensure(
    subscription.state === "active" || subscription.state === "trialing",
    "conflict",
    "This subscription cannot be moved now.",
  )
  if (plan.id === subscription.planId) return shown(core, tx, subscription)
  const before = core.plans.planById(subscription.planId, tx)!
  const terms = core.plans.termsById(subscription.termsId, tx)!
  ensure(
    ref.byOperator === true || isNoDearer(terms, plan.terms),
    "conflict",
    "Units above the quota would cost them more there than they agreed to. Only they can choose that plan.",
  )
  const isDearer = plan.terms.priceNano > terms.priceNano || plan.terms.cycle !== terms.cycle
  auditIn(tx, {
    action: "api.moved",
    subject: subscription.publicId,
    before: { plan: before.name },
    after: { plan: plan.name, back: isDearer },
  })
  tell(core, tx, subscription, "moved")
  const changes = { planId: plan.id, termsId: plan.terms.id, nextPlanId: isDearer ? before.id : null }
  const moved = rows.save(tx, subscription, changes)
  changedIn(tx, moved, "plan_changed")
  return shown(core, tx, moved)
}

/** Used units of all its periods are 0 again. */
export function resetQuotaIn(core: Core, tx: Tx, ref: ConsumerRef): SubscriptionShown {
  const subscription = standingIn(core, tx, ref)
  core.calls().resetQuotaIn(tx, subscription.id)
  auditIn(tx, { action: "api.quota_reset", subject: subscription.publicId })
  return shown(core, tx, subscription)
}
