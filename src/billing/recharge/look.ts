// Whether a wallet is to be recharged now. Decided in one write with the order that follows, so that however many calls cross the threshold
// at once there is one order; the card is charged by a message of the outbox, which outlives the process.
import type { UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { principal } from "../../ledger/index.ts"
import type { Tx } from "../../store/index.ts"
import { taxOf } from "../order-tax.ts"
import { insertOrder } from "../store.ts"
import type { BillingDeps, Order } from "../types.ts"
import { cardsFor, isHeld } from "./known.ts"
import { type OffData, rechargeCapped, rechargeOff } from "./mails.ts"
import { cardName, dueOf, monthOf } from "./rules.ts"
import { cardsOf, insertRecharge, openRecharge, rechargedSince, ruleOf, saveRule } from "./store.ts"
import type { AutoRecharge, Card } from "./types.ts"

export const CHARGE_TOPIC = "recharge"
export const LOOK_CTX = { actor: "system:recharge", requestId: "recharge", reason: "the credits ran low" }

/** @param isNeeded bought credits are short for something. @returns the order that was made; null = none was due */
export function lookIn(deps: BillingDeps, tx: Tx, userId: UserId, isNeeded = false): Order | null {
  const { ledger } = deps
  const owner = principal(userId)
  const rule = ruleOf(tx, userId)
  if (!rule || deps.processor === null) return null
  const wallet = ledger.walletIn(tx, owner, "live")
  // A card was saved with the customer of its mode and account: with the first live key nobody has one until they save it anew.
  const [card = null] = cardsFor(deps, tx, userId)
  const [stray = null] = card === null ? cardsOf(tx, userId) : []
  const situation = {
    rule,
    isHeld: isHeld(deps, userId),
    hasNano: wallet.balanceNano + wallet.heldNano,
    owesNano: wallet.debtNano,
    isNeeded,
    hasOpen: openRecharge(tx, userId) !== null,
    card,
    hasStray: stray !== null,
    monthUsedNano: rechargedSince(tx, userId, monthOf(tx.now)),
  }
  const due = dueOf(situation, tx.now)
  ledger.watchIn(tx, owner, due.kind === "not" && due.watch ? rule.belowNano : null)
  if (due.kind === "due") return orderIn(deps, tx, rule, card!)
  if (due.kind === "expired") turnOffIn(deps, tx, rule, "expired", card!)
  else if (due.kind === "unknown") turnOffIn(deps, tx, rule, "unknown", stray!)
  else if (due.kind === "capped") tellCapIn(deps, tx, rule)
  return null
}

function orderIn(deps: BillingDeps, tx: Tx, { userId, amountNano }: AutoRecharge, card: Card): Order {
  const { ids, outbox } = deps
  const publicId = ids.next("ord")
  const nothing = { sessionId: null, payUrl: null, paymentIntentId: null, chargeId: null, transactionId: null }
  const row = {
    publicId,
    kind: "recharge" as const,
    userId,
    packageSlug: "",
    packageName: "Auto-recharge",
    priceNano: amountNano,
    discountNano: 0 as typeof amountNano,
    taxNano: 0 as typeof amountNano,
    refundedNano: 0 as typeof amountNano,
    ...taxOf(deps, tx),
    bonusNano: 0 as typeof amountNano,
    bonusDays: null,
    formKey: publicId,
    state: "open" as const,
    ...nothing,
    createdMs: tx.now,
    updatedMs: tx.now,
    askedMs: null,
    paidMs: null,
  }
  const order = { id: insertOrder(tx, row), ...row }
  insertRecharge(tx, { orderId: order.id, cardId: card.id, attemptedMs: null, trouble: null, code: null, pages: 0 })
  outbox.enqueueIn(tx, { topic: CHARGE_TOPIC, subject: publicId, payload: { order: publicId } })
  auditIn(tx, { action: "recharge.started", subject: publicId, after: { price: amountNano, user: userId } })
  return order
}

/** Off, and told by mail. */
export function turnOffIn(deps: BillingDeps, tx: Tx, rule: AutoRecharge, why: OffData["why"], card: Card): void {
  const offWhy = why === "unknown" ? "card" : why
  saveRule(tx, { ...rule, active: false, offWhy, updatedMs: tx.now })
  deps.ledger.watchIn(tx, principal(rule.userId), null)
  mailIn(deps, tx, rule.userId, (to) =>
    deps.mails.queueIn(tx, rechargeOff, { to, data: { why, card: cardName(card) }, uselessAfterMs: null }),
  )
  auditIn(tx, { action: "recharge.off", subject: `user:${rule.userId}`, after: { why } })
}

/** Once a month. */
export function tellCapIn(deps: BillingDeps, tx: Tx, rule: AutoRecharge): void {
  const monthMs = monthOf(tx.now)
  if (rule.toldMonthMs === monthMs) return
  saveRule(tx, { ...rule, toldMonthMs: monthMs })
  const data = { capNano: rule.monthNano }
  mailIn(deps, tx, rule.userId, (to) => deps.mails.queueIn(tx, rechargeCapped, { to, data, uselessAfterMs: null }))
}

/** To whoever is still there. */
export function mailIn({ identity }: BillingDeps, _tx: Tx, userId: UserId, queue: (to: string) => void): void {
  const person = identity.userById(userId)
  if (person) queue(person.email)
}
