// The message of an order that is to be charged to the saved card. It may come more than once, to processes that died in between: the
// processor's key is the order's id, and what is too old for that key is looked up before it is asked again.
import type { Tx } from "../../store/index.ts"
import { BILLING_LIMITS as L } from "../limits.ts"
import { moveIn } from "../order-moves.ts"
import { scopeOn } from "../scope.ts"
import { customerOf, orderById, saveOrder } from "../store.ts"
import { type IntentFacts, ProcessorError } from "../stripe/index.ts"
import type { BillingDepsOn, Order } from "../types.ts"
import { applyIntentIn, placelessIn, refusedIn } from "./apply.ts"
import { knownIn } from "./cards.ts"
import { isHeld } from "./known.ts"
import { LOOK_CTX } from "./look.ts"
import { cardById, rechargeOf, ruleOf, saveRecharge } from "./store.ts"
import { taxedOf, totalCents } from "./taxed.ts"
import type { Card, Recharge } from "./types.ts"

/** The reason stands in its person’s history. */
const CTX = { ...LOOK_CTX, reason: "auto-recharge" }

interface Attempt {
  order: Order
  recharge: Recharge
  card: Card
  customerId: string
  /** Somebody turned it off, or took the card off, since the order was made. */
  isUnwanted: boolean
}

/** @throws what makes the message come again */
export async function chargeOrder(deps: BillingDepsOn, publicId: string): Promise<void> {
  const attempt = await deps.store.write(CTX, (tx) => beginIn(deps, tx, publicId))
  if (attempt === null) return
  // An order that only this disk has is lost with it, and the next house would charge once more for the same credits.
  if ((await deps.replica.holds()) === "late") throw new Error("the replica does not have the order yet")
  const intent = await asked(deps, attempt)
  await deps.store.write(CTX, (tx) => {
    const order = orderById(tx, publicId)!
    if (intent === null) dropIn(deps, tx, order)
    else if (intent === "gone") {
      dropIn(deps, tx, order)
      knownIn(deps, tx, attempt.card.methodId, null)
    } else if (intent === "placeless") placelessIn(deps, tx, order)
    else if ("refused" in intent) refusedIn(deps, tx, order, intent.refused)
    else applyIntentIn(deps, tx, order, intent)
  })
}

/** What to do, and the mark that it may have been done. @returns null = nothing */
function beginIn(deps: BillingDepsOn, tx: Tx, publicId: string): Attempt | null {
  const order = orderById(tx, publicId)
  const recharge = order && rechargeOf(tx, order.id)
  if (!order || !recharge || order.state !== "open" || recharge.trouble !== null || recharge.pages > 0) return null
  const card = cardById(tx, recharge.cardId)!
  const rule = ruleOf(tx, order.userId)
  const customerId = customerOf(tx, order.userId, scopeOn(deps))
  const isOff = !rule?.active || rule.paused || isHeld(deps, order.userId)
  const isUnwanted = isOff || card.removedMs !== null || customerId === null
  if (recharge.attemptedMs === null) {
    if (isUnwanted) {
      dropIn(deps, tx, order)
      return null
    }
    saveRecharge(tx, { ...recharge, attemptedMs: tx.now })
  }
  return { order, recharge, card, customerId: customerId ?? "", isUnwanted }
}

/** @returns null = it was never asked, and need not be; placeless: its tax cannot be counted */
async function asked(
  deps: BillingDepsOn,
  { order, recharge, card, customerId, isUnwanted }: Attempt,
): Promise<IntentFacts | { refused: string | null } | "gone" | "placeless" | null> {
  const { processor, clock } = deps
  const { publicId } = order
  const isOld = recharge.attemptedMs !== null && clock.now() - recharge.attemptedMs > L.keyLifeMs
  if (isOld || isUnwanted) {
    const known = await processor.intentOf(customerId, publicId)
    if (known) return known
    if (isUnwanted) return null
  }
  try {
    const taxed = await taxedOf(deps, order, { customerId, cardId: card.methodId })
    if (taxed === "unknown") return "placeless"
    if (taxed === "capped") return null
    const tax = taxed === "nothing" ? null : taxed
    const money = { cents: totalCents(order, tax?.cents ?? 0), text: "Credits: auto-recharge", tax }
    return await processor.charge(
      { orderId: publicId, customerId, cardId: card.methodId, ...money },
      `recharge:${publicId}`,
    )
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error
    // Silence, or a key that is being changed: no bank was asked.
    if (["unavailable", "rate_limited", "not_allowed"].includes(error.kind)) throw error
    // The card, or its customer, is not known there any more: no bank was asked, and none will be.
    if (error.kind === "gone") return "gone"
    // Nothing was made: something of it is wrong.
    return { refused: error.code }
  }
}

/** Nothing was charged and nothing will be. */
function dropIn(deps: BillingDepsOn, tx: Tx, order: Order): Order {
  return order.state === "open" ? moveIn(deps, tx, { ...order, askedMs: tx.now }, "expired") : order
}

/** The question of the job and the page: what became of an order that no page is there for. Silence changes nothing. */
export async function refreshRecharge(deps: BillingDepsOn, order: Order): Promise<Order> {
  try {
    return await askRecharge(deps, order)
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error
    deps.log.warn("billing.not_asked", { order: order.publicId, kind: error.kind, why: error.message })
    return order
  }
}

/** @throws ProcessorError */
export async function askRecharge(deps: BillingDepsOn, order: Order): Promise<Order> {
  const { store } = deps
  const intent = await knownOf(deps, order)
  return await store.write({ ...CTX, reason: `the processor was asked about ${order.publicId}` }, (tx) => {
    const now = { ...orderById(tx, order.publicId)!, askedMs: tx.now }
    if (intent) applyIntentIn(deps, tx, now, intent)
    else if (isOver(now, tx.now)) dropIn(deps, tx, now)
    else saveOrder(tx, now)
    const after = orderById(tx, order.publicId)!
    // Its person asked for a page that was never made.
    const isLeft = after.sessionId === null && (rechargeOf(tx, order.id)?.pages ?? 0) > 0
    return isLeft && tx.now - after.updatedMs > L.pageMadeMs ? dropIn(deps, tx, after) : after
  })
}

/** What nobody answered in time is taken back. */
async function knownOf(deps: BillingDepsOn, order: Order): Promise<IntentFacts | null> {
  const { store, processor, clock } = deps
  const { publicId, paymentIntentId } = order
  const recharge = rechargeOf(store.read, order.id)
  const customerId = customerOf(store.read, order.userId, scopeOn(deps))
  const isAsked = recharge?.attemptedMs != null && customerId !== null
  const byId = paymentIntentId === null ? null : await processor.intent(paymentIntentId)
  const intent = byId ?? (isAsked ? await processor.intentOf(customerId, publicId) : null)
  const waits = intent?.state === "asks" || intent?.state === "open"
  if (!waits || !isOver(order, clock.now())) return intent
  return await processor.cancelIntent(intent.id, `recharge:${publicId}:cancel:${intent.id}`)
}

const isOver = (order: Order, nowMs: number): boolean => nowMs - order.createdMs > L.rechargeAskMs
