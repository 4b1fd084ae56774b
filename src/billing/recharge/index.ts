// The door of auto-recharge: saved cards, the rule of a person, and the charge that follows when credits run low.
import type { UserId } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { STRIPE_TAX } from "../invoices/index.ts"
import { orderById } from "../store.ts"
import type { BillingDeps, BillingDepsOn } from "../types.ts"
import { bringsOf } from "./brings.ts"
import { beginCard, removeIn, savePage, warnOfCards } from "./cards.ts"
import { chargeOrder } from "./charge.ts"
import { cardsFor, isHeld } from "./known.ts"
import { LOOK_CTX, lookIn } from "./look.ts"
import { payNow } from "./pay.ts"
import { suspendIn, turnOffByPersonIn, turnOnIn } from "./rule.ts"
import { monthOf } from "./rules.ts"
import { cardById, cardByPublicId, openRecharge, peopleOn, rechargedSince, rechargeOf, ruleOf } from "./store.ts"
import type { Recharges, RechargeView } from "./types.ts"

export { RECHARGE_LETTERS } from "./mails.ts"
export { isPayable } from "./pay.ts"
export { cardName, expiresSoon, isExpired } from "./rules.ts"

/** @param on whether anything can be charged at all */
export function createRecharges(deps: BillingDeps, on: () => BillingDepsOn): Recharges {
  const { store, clock, ledger, log } = deps
  const view = (userId: UserId): RechargeView => {
    const openId = openRecharge(store.read, userId)
    const order = openId === null ? null : orderById(store.read, openId)
    return {
      rule: ruleOf(store.read, userId),
      isHeld: isHeld(deps, userId),
      cards: cardsFor(deps, store.read, userId),
      addsTax: deps.settings.get(STRIPE_TAX) === "exclusive",
      monthUsedNano: rechargedSince(store.read, userId, monthOf(clock.now())),
      open: order && { ...order, trouble: rechargeOf(store.read, order.id)?.trouble ?? null },
    }
  }
  // Where charges settle nothing is asked but a map; what follows is a write of its own, once, after their commit.
  store.committed(() => {
    const fallen = ledger.fallen()
    if (deps.processor === null) return
    for (const userId of fallen)
      void store
        .write(LOOK_CTX, (tx) => void lookIn(deps, tx, userId as UserId))
        .catch((error: unknown) => log.warn("recharge.not_looked", { error }))
  })
  return {
    of: view,
    detail(order) {
      const recharge = rechargeOf(store.read, order.id)
      return (
        recharge && { card: cardById(store.read, recharge.cardId)!, trouble: recharge.trouble, code: recharge.code }
      )
    },
    turnOn: async (ctx, userId, terms) => await store.write(ctx, (tx) => turnOnIn(on(), tx, userId, terms)),
    turnOff: (ctx, userId) => store.write(ctx, (tx) => turnOffByPersonIn(deps, tx, userId)),
    beginCard: async (ctx, buyer, key) => await beginCard(on(), ctx, buyer, key),
    saveCard: async (ctx, userId, sessionId) => await savePage(on(), ctx, userId, sessionId),
    card(userId, publicId) {
      const card = cardByPublicId(store.read, publicId)
      return card?.userId === userId && card.removedMs === null ? card : null
    },
    removeCard: (ctx, userId, publicId) => store.write(ctx, (tx) => removeIn(deps, tx, userId, publicId)),
    payNow: async (ctx, buyer, orderId) => await payNow(on(), ctx, buyer, orderId),
    charge: async (orderId) => await chargeOrder(on(), orderId),
    detach: async (methodId) => await on().processor.detachCard(methodId, `detach:${methodId}`),
    async lookAt(after, rows) {
      const people = peopleOn(store.read, after, rows)
      if (people.length > 0)
        await store.write(LOOK_CTX, (tx) => {
          for (const userId of people) lookIn(deps, tx, userId)
        })
      return people.length < rows ? null : people.at(-1)!
    },
    brings: (userId) => bringsOf(deps, userId),
    needIn: (tx, userId) => lookIn(deps, tx, userId, true) !== null || isUnderWay(tx, userId),
    warnOfCards: () => warnOfCards(deps),
    suspendIn: (tx, userId, isSuspended) => suspendIn(deps, tx, userId, isSuspended),
  }
}

/** One that waits for its person brings nothing by itself. */
function isUnderWay(tx: Tx, userId: UserId): boolean {
  const openId = openRecharge(tx, userId)
  const order = openId === null ? null : orderById(tx, openId)
  return order !== null && rechargeOf(tx, order.id)?.trouble === null
}
