// What a person does to their subscription: up now, down with the next period, out at its end, and back.

import { AppError, ensure, nano, UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { OrmReader, Tx } from "../../store/index.ts"
import type { ProductPlan, ProductTerms } from "../plans/index.ts"
import { type Core, mineIn, reachOf, shown } from "./core.ts"
import { changedIn } from "./emit.ts"
import { billIn, payBillIn } from "./pay.ts"
import { endIn, paidNowIn, stepIn } from "./renew.ts"
import { type UpgradeCost, upgradeCost } from "./rules.ts"
import * as rows from "./store.ts"
import type { ChangeInput, PaidNow, Quote, Subscription, SubscriptionRef, SubscriptionShown } from "./types.ts"

type Move =
  | { kind: "same"; plan: ProductPlan; before: ProductTerms }
  | { kind: "downgrade"; plan: ProductPlan; before: ProductTerms }
  | { kind: "upgrade"; plan: ProductPlan; before: ProductTerms; cost: UpgradeCost }

/** @throws AppError not_found, conflict */
function moveOf(core: Core, reader: OrmReader, subscription: Subscription, planId: number, nowMs: number): Move {
  const plan = core.plans.planById(planId, reader)
  ensure(plan?.productId === subscription.productId, "not_found", "There is no such plan.")
  const { state } = subscription
  ensure(state !== "past_due", "conflict", "The present period is not paid yet. Pay it first.")
  ensure(state === "active" || state === "trialing", "conflict", "This subscription can no longer be changed.")
  const own = core.plans.planById(subscription.planId, reader)!
  const before = core.plans.termsById(subscription.termsId, reader)!
  if (plan.id === own.id) return { kind: "same", plan, before }
  ensure(plan.retiredMs === null, "conflict", "This plan takes no new subscribers. Choose another one.")
  const cost = plan.rank > own.rank ? upgradeCost(subscription, before, plan.terms, nowMs) : null
  return cost ? { kind: "upgrade", plan, before, cost } : { kind: "downgrade", plan, before }
}

export function quoteChange(
  core: Core,
  reader: OrmReader,
  subscription: Subscription,
  planId: number,
  nowMs: number,
): Quote {
  const move = moveOf(core, reader, subscription, planId, nowMs)
  const isNow = move.kind === "upgrade"
  return {
    kind: move.kind,
    nowNano: isNow ? move.cost.nowNano : nano(0),
    creditNano: isNow ? move.cost.creditNano : nano(0),
    ...reachOf(core, subscription.payerId, isNow ? move.cost.nowNano : nano(0)),
    fromMs: isNow ? nowMs : subscription.periodEndMs,
    nextMs: isNow ? move.cost.endMs : subscription.periodEndMs,
    plan: move.kind === "same" ? { ...move.plan, terms: move.before } : move.plan,
  }
}

/** Time goes first: what is due of it is done, and its person decides about what is there then. */
function standingIn(core: Core, tx: Tx, { userId, subscription }: SubscriptionRef): Subscription {
  const found = mineIn(tx, userId, subscription)
  core.identity.requireActiveIn(tx, userId)
  return stepIn(core, tx, found)
}

export function changePlanIn(core: Core, tx: Tx, input: ChangeInput): SubscriptionShown {
  const subscription = standingIn(core, tx, input)
  const move = moveOf(core, tx, subscription, input.planId, tx.now)
  if (move.kind === "same") return shown(core, tx, unplannedIn(tx, subscription))
  const isOther = input.seen !== undefined && input.seen.termsId !== move.plan.terms.id
  ensure(!isOther, "conflict", "The terms of this plan have changed since you looked. Look at them again.")
  if (move.kind === "downgrade") return shown(core, tx, planIn(tx, subscription, move.plan))
  if (input.seen && move.cost.nowNano > input.seen.mostNano)
    throw new AppError("conflict", "This costs more than it did when you looked. Look at it again.")
  return shown(core, tx, upgradeIn(core, tx, subscription, move.plan, move.cost))
}

/** What was planned for the next period is taken back. */
function unplannedIn(tx: Tx, subscription: Subscription): Subscription {
  if (subscription.nextPlanId === null) return subscription
  auditIn(tx, { action: "api.plan_kept", subject: subscription.publicId })
  changedIn(tx, subscription, "change_cancelled")
  return rows.save(tx, subscription, { nextPlanId: null })
}

function planIn(tx: Tx, subscription: Subscription, plan: ProductPlan): Subscription {
  if (subscription.nextPlanId === plan.id && subscription.cancelledMs === null) return subscription
  auditIn(tx, { action: "api.plan_planned", subject: subscription.publicId, after: { plan: plan.name } })
  changedIn(tx, subscription, "change_planned")
  return rows.save(tx, subscription, { nextPlanId: plan.id, cancelledMs: null })
}

function upgradeIn(core: Core, tx: Tx, subscription: Subscription, plan: ProductPlan, cost: UpgradeCost): Subscription {
  const { terms } = plan
  const after = rows.save(tx, subscription, {
    planId: plan.id,
    termsId: terms.id,
    nextPlanId: null,
    cancelledMs: null,
    state: cost.isTrial ? "trialing" : "active",
    anchorMs: cost.anchorMs,
    periodStartMs: cost.startMs,
    periodEndMs: cost.endMs,
  })
  if (!cost.isTrial) {
    const startMs = freeStart(tx, subscription.id)
    ensure(startMs < cost.endMs, "conflict", "The period is over this very moment. Try again.")
    const bill = billIn(core, tx, after, {
      kind: "upgrade",
      startMs,
      endMs: cost.endMs,
      planId: plan.id,
      termsId: terms.id,
      amountNano: cost.nowNano,
    })
    payBillIn(core, tx, after, bill)
  }
  if (terms.resetsOnUpgrade) core.calls().resetQuotaIn(tx, subscription.id)
  auditIn(tx, {
    action: "api.upgraded",
    subject: subscription.publicId,
    after: { plan: plan.name, paid: cost.nowNano },
  })
  changedIn(tx, after, "plan_changed")
  return after
}

/** Two in one millisecond stand one behind the other. */
function freeStart(tx: Tx, subscriptionId: number): number {
  let at = tx.now
  while (rows.billOf(tx, subscriptionId, "upgrade", at) !== null) at++
  return at
}

/** At the end of the period; at once where that is not paid. */
export function cancelIn(core: Core, tx: Tx, ref: SubscriptionRef): SubscriptionShown {
  const subscription = standingIn(core, tx, ref)
  const { state, cancelledMs } = subscription
  if (state === "ended" || cancelledMs !== null) return shown(core, tx, subscription)
  if (state === "past_due") return shown(core, tx, endIn(core, tx, subscription, null))
  auditIn(tx, { action: "api.cancelled", subject: subscription.publicId })
  changedIn(tx, subscription, "cancelled")
  return shown(core, tx, rows.save(tx, subscription, { cancelledMs: tx.now, nextPlanId: null }))
}

/** @throws AppError conflict when it is over */
export function resumeIn(core: Core, tx: Tx, ref: SubscriptionRef): SubscriptionShown {
  const subscription = standingIn(core, tx, ref)
  ensure(subscription.state !== "ended", "conflict", "This subscription is over. Subscribe again.")
  if (subscription.cancelledMs === null) return shown(core, tx, subscription)
  auditIn(tx, { action: "api.resumed", subject: subscription.publicId })
  changedIn(tx, subscription, "resumed")
  return shown(core, tx, rows.save(tx, subscription, { cancelledMs: null }))
}

/** What waits is paid now; `coming`: a card is being charged for the credits. @throws AppError conflict when nothing waits */
export function payNowIn(core: Core, tx: Tx, ref: SubscriptionRef): PaidNow {
  const subscription = standingIn(core, tx, ref)
  if (subscription.state === "active") return { outcome: "paid", subscription: shown(core, tx, subscription) }
  const bill = rows.dueBill(tx, subscription.id)
  ensure(subscription.state === "past_due" && bill, "conflict", "Nothing of this subscription waits to be paid.")
  const paid = paidNowIn(core, tx, subscription, bill)
  if (paid) return { outcome: "paid", subscription: shown(core, tx, paid) }
  const isComing = core.billing.recharges.needIn(tx, UserId(subscription.payerId))
  return { outcome: isComing ? "coming" : "short", subscription: shown(core, tx, subscription) }
}
