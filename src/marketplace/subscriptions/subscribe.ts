// Subscribing: a row, its first bill and its first key in one write; a form that is sent twice subscribes once.

import { AppError, DAY_MS, ensure, invariant, nano, PrincipalId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { OrmReader, Reader, Tx } from "../../store/index.ts"
import { cycleSpan } from "../periods.ts"
import type { ProductPlan } from "../plans/index.ts"
import { type Core, productOf, reachOf, shown } from "./core.ts"
import { changedIn } from "./emit.ts"
import { SUBSCRIPTION_LIMITS as L } from "./limits.ts"
import { billIn, payBillIn } from "./pay.ts"
import * as rows from "./store.ts"
import type { Quote, Subscribed, SubscribeInput } from "./types.ts"

/** @throws AppError not_found, conflict where nobody new may have it */
function offered(core: Core, reader: OrmReader, planId: number): ProductPlan {
  const plan = core.plans.planById(planId, reader)
  ensure(plan, "not_found", "There is no such plan.")
  const product = productOf(reader, plan)
  const isOpen = product.state === "published" && !core.identity.isSuspended(product.ownerId as never)
  ensure(isOpen, "conflict", "Nobody can subscribe to this API at the moment.")
  ensure(plan.retiredMs === null, "conflict", "This plan takes no new subscribers. Choose another one.")
  return plan
}

/** Once a person and product, whatever became of it; teams of theirs are no new people. */
const hasTrial = (
  { teams }: Pick<Core, "teams">,
  reader: Reader,
  { userId }: Pick<SubscribeInput, "userId">,
  { productId, terms }: ProductPlan,
): boolean =>
  terms.trialDays > 0 && terms.priceNano > 0 && !rows.hadAny(reader, teams.circleOf(reader, userId), productId)

export function quoteSubscribe(
  core: Core,
  reader: OrmReader,
  input: Pick<SubscribeInput, "userId" | "payerId" | "planId">,
  nowMs: number,
): Quote {
  const plan = offered(core, reader, input.planId)
  const isTrial = hasTrial(core, reader, input, plan)
  const period = isTrial
    ? { startMs: nowMs, endMs: nowMs + plan.terms.trialDays * DAY_MS }
    : cycleSpan(plan.terms.cycle, nowMs, nowMs)
  return {
    kind: isTrial ? "trial" : "subscribe",
    nowNano: isTrial ? nano(0) : plan.terms.priceNano,
    creditNano: nano(0),
    ...reachOf(core, input.payerId ?? PrincipalId(input.userId), isTrial ? nano(0) : plan.terms.priceNano),
    fromMs: nowMs,
    nextMs: period.endMs,
    plan,
  }
}

export function subscribeIn(core: Core, tx: Tx, input: SubscribeInput): Subscribed {
  const { userId, key } = input
  invariant(key !== "", "a form has a key")
  const known = rows.subscriptionOfForm(tx, userId, key)
  if (known !== null) return { subscription: shown(core, tx, rows.byId(tx, known)!), key: null }
  core.identity.requireActiveIn(tx, userId)
  const plan = offered(core, tx, input.planId)
  const isOther = input.seenTermsId !== undefined && input.seenTermsId !== plan.terms.id
  ensure(!isOther, "conflict", "The terms of this plan have changed since you looked. Look at them again.")
  if (rows.openOf(tx, userId, plan.productId))
    throw new AppError("conflict", "You are subscribed to this API already. Change its plan instead.")
  ensure(
    !rows.isBlocked(tx, core.teams.circleOf(tx, userId), plan.productId),
    "forbidden",
    "The publisher of this API has blocked a subscription of yours. Ask them to unblock it.",
  )
  ensure(
    rows.countOpen(tx, userId) < L.perPersonMax,
    "conflict",
    `You have ${L.perPersonMax} subscriptions, the most there may be.`,
  )
  const row = insertIn(core, tx, input, plan)
  rows.keepForm(tx, { userId, formKey: key, subscriptionId: row })
  const subscription = shown(core, tx, rows.byId(tx, row)!)
  auditIn(tx, {
    action: "api.subscribed",
    subject: subscription.publicId,
    after: { product: productOf(tx, plan).slug, plan: plan.name, state: subscription.state },
  })
  changedIn(tx, subscription, "started")
  const { makerId = userId } = input
  if (makerId === null) return { subscription, key: null }
  const made = core.calls().issueKeyIn(tx, { subscriptionId: row, userId: makerId, name: "First key" })
  return { subscription, key: { publicId: made.publicId, secret: made.secret } }
}

function insertIn(core: Core, tx: Tx, input: SubscribeInput, plan: ProductPlan): number {
  const { userId, payerId = PrincipalId(userId) } = input
  const { terms, productId } = plan
  const isTrial = hasTrial(core, tx, input, plan)
  const period = isTrial
    ? { startMs: tx.now, endMs: tx.now + terms.trialDays * DAY_MS }
    : cycleSpan(terms.cycle, tx.now, tx.now)
  const id = rows.insert(tx, {
    publicId: core.ids.next("msb"),
    productId,
    userId,
    payerId,
    planId: plan.id,
    termsId: terms.id,
    state: isTrial ? "trialing" : "active",
    anchorMs: tx.now,
    periodStartMs: period.startMs,
    periodEndMs: period.endMs,
    createdMs: tx.now,
    updatedMs: tx.now,
  })
  const subscription = rows.byId(tx, id)!
  const kind = isTrial ? "trial" : "period"
  const amountNano = isTrial ? nano(0) : terms.priceNano
  const bill = billIn(core, tx, subscription, { kind, ...period, planId: plan.id, termsId: terms.id, amountNano })
  payBillIn(core, tx, subscription, bill)
  return id
}
