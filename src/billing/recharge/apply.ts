// What the processor knows of a payment by a saved card becomes what the order is: the same whoever asks, and however often.
import { creditsDecimal } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx } from "../../store/index.ts"
import { emitIn } from "../../webhooks/index.ts"
import { paperOf } from "../order-invoice.ts"
import { amountOf, moveIn, payIn } from "../order-moves.ts"
import { saveOrder } from "../store.ts"
import type { IntentFacts } from "../stripe/index.ts"
import type { BillingDepsOn, Order } from "../types.ts"
import { mailIn } from "./look.ts"
import { rechargeAsks, rechargeDeclined, rechargeNeedsPlace } from "./mails.ts"
import { backoffMs, cardName, isTooOften, type Means, meansOf } from "./rules.ts"
import { cardById, rechargeOf, ruleOf, saveRecharge, saveRule } from "./store.ts"
import { totalCents, withTax } from "./taxed.ts"
import type { Trouble } from "./types.ts"

/** In place of a bank's word. */
const NO_PLACE = "no_address"

/** @returns what was done, or why somebody has to look */
export function applyIntentIn(deps: BillingDepsOn, tx: Tx, order: Order, intent: IntentFacts): Means {
  const recharge = rechargeOf(tx, order.id)!
  const hasPage = recharge.pages > 0
  // What its person pays on a page is told by the page, with its tax.
  const isOfPage = hasPage && intent.taxCents === null && paperOf(order).tax !== undefined
  const taxCents = intent.taxCents ?? 0
  const means: Means = isOfPage
    ? { kind: "nothing" }
    : meansOf(order, intent, totalCents(order, taxCents), deps.processor.isTest, hasPage)
  const named = {
    ...order,
    paymentIntentId: intent.id,
    chargeId: intent.chargeId ?? order.chargeId,
    askedMs: tx.now,
  }
  if (means.kind === "park")
    tx.afterCommit(() => deps.log.error("billing.parked", { order: order.publicId, why: means.why }))
  if (means.kind === "paid") payIn(deps, tx, withTax(named, taxCents))
  else if (means.kind === "pending") moveIn(deps, tx, named, "pending")
  else if (means.kind === "declined") troubleIn(deps, tx, moveIn(deps, tx, named, "failed"), "declined", intent.code)
  else if (means.kind === "canceled") moveIn(deps, tx, named, "expired")
  else if (means.kind === "asks") {
    saveOrder(tx, named)
    // Told once; it stays open, so that nothing else is charged until its person has answered.
    if (recharge.trouble === null) troubleIn(deps, tx, named, "authentication", intent.code)
  } else saveOrder(tx, { ...order, askedMs: tx.now })
  return means
}

/** Nobody knows where its person is, which its tax depends on: they pay it on a page, which asks. */
export function placelessIn(deps: BillingDepsOn, tx: Tx, order: Order): void {
  if (order.state !== "open" || rechargeOf(tx, order.id)!.trouble !== null) return
  troubleIn(deps, tx, order, "authentication", NO_PLACE)
}

/** The processor made no payment of it. */
export function refusedIn(deps: BillingDepsOn, tx: Tx, order: Order, code: string | null): void {
  if (order.state === "open") troubleIn(deps, tx, moveIn(deps, tx, order, "failed"), "declined", code)
}

/** Later, or off where it was often; with a mail that leads to a page where its person pays. */
function troubleIn(deps: BillingDepsOn, tx: Tx, order: Order, trouble: Trouble, code: string | null): void {
  const recharge = rechargeOf(tx, order.id)!
  saveRecharge(tx, { ...recharge, trouble, code })
  const rule = ruleOf(tx, order.userId)
  const failures = (rule?.failures ?? 0) + 1
  const isOff = rule?.active === true && isTooOften(failures)
  if (rule) {
    const offWhy = isOff ? ("declined" as const) : rule.offWhy
    const notBeforeMs = tx.now + backoffMs(failures)
    saveRule(tx, { ...rule, failures, notBeforeMs, active: rule.active && !isOff, offWhy, updatedMs: tx.now })
  }
  const card = cardName(cardById(tx, recharge.cardId)!)
  const data = { amountNano: order.priceNano, card, orderId: order.publicId, isOff }
  const letter = code === NO_PLACE ? rechargeNeedsPlace : trouble === "declined" ? rechargeDeclined : rechargeAsks
  mailIn(deps, tx, order.userId, (to) => deps.mails.queueIn(tx, letter, { to, data, uselessAfterMs: null }))
  auditIn(tx, { action: "recharge.refused", subject: order.publicId, after: { trouble, code, isOff } })
  const failed = { order: order.publicId, credits: creditsDecimal(order.priceNano), amount: amountOf(order) }
  const told = { ...failed, reason: code ?? trouble }
  emitIn(tx, { type: "payment.failed", person: order.userId, subject: order.publicId, data: told })
}
