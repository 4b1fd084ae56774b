// Orders: what became of a purchase, until the credits. Whoever is first (a webhook, the return page, the job) credits it, once: the
// ledger's key is the order's.
import { eachAlone, type Nano, nano } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import { BILLING_LIMITS } from "./limits.ts"
import { nanoOfCents } from "./money.ts"
import { paperOf } from "./order-invoice.ts"
import { moveIn, payIn } from "./order-moves.ts"
import { refreshRecharge } from "./recharge/charge.ts"
import { isForgotten, pricedCents, type Verdict, verdictOn } from "./settle.ts"
import { noteAsked, orderById, saveOrder, waitingOrders } from "./store.ts"
import { ProcessorError, type SessionFacts } from "./stripe/index.ts"
import type { BillingDepsOn, Order, OrderPaper } from "./types.ts"

const CTX = { actor: "system:billing", requestId: "billing" }
const NOTHING = 0 as Nano

/** What a page's facts mean for its order. @returns what was done, or why somebody has to look */
export function applySessionIn(deps: BillingDepsOn, tx: Tx, order: Order, session: SessionFacts): Verdict {
  const verdict = verdictOn(order, session, deps.processor.isTest)
  const asked = { ...order, askedMs: tx.now }
  if (verdict.kind === "nothing" || verdict.kind === "park") saveOrder(tx, asked)
  else {
    const named = { ...asked, ...namesOf(order, session) }
    if (verdict.kind === "paid") {
      // What a percentage came to, the processor said: credits and price are what was paid for.
      const discountNano =
        order.discountNano > 0 ? nano(order.priceNano - nanoOfCents(pricedCents(order, session))) : NOTHING
      payIn(deps, tx, { ...taxedBy(named, session), discountNano, taxNano: nanoOfCents(session.taxCents) })
    } else moveIn(deps, tx, named, verdict.kind)
  }
  return verdict
}

const namesOf = (order: Order, session: SessionFacts) => ({
  sessionId: order.sessionId ?? session.id,
  paymentIntentId: session.paymentIntentId ?? order.paymentIntentId,
  chargeId: session.chargeId ?? order.chargeId,
})

/** Whom it is billed to and who owes the tax, where the page asked for that. */
function taxedBy(order: Order, { buyer, isReverseCharge, taxCents }: SessionFacts): Order {
  const paper = paperOf(order)
  if (!paper.asksWho || buyer === null) return order
  return {
    ...order,
    reverseCharge: paper.tax !== undefined && isReverseCharge && taxCents === 0,
    paper: JSON.stringify({ ...paper, buyer } satisfies OrderPaper),
  }
}

/** Asks, unless it was asked a moment ago. Its silence changes nothing. */
export async function refresh(deps: BillingDepsOn, order: Order, pauseMs = BILLING_LIMITS.askAgainMs): Promise<Order> {
  const { store, clock, log, processor } = deps
  const isOver = order.state !== "open" && order.state !== "pending"
  if (isOver || (order.askedMs !== null && clock.now() - order.askedMs < pauseMs)) return order
  if (order.sessionId === null)
    return order.kind === "recharge" ? await refreshRecharge(deps, order) : await forget(deps, order)
  let session: SessionFacts
  try {
    session = await processor.session(order.sessionId)
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error
    log.warn("billing.not_asked", { order: order.publicId, kind: error.kind, why: error.message })
    return error.kind === "gone" ? await lost(deps, order) : order
  }
  const ctx = { ...CTX, reason: `the processor was asked about ${order.publicId}` }
  return await store.write(ctx, (tx) => {
    const verdict = applySessionIn(deps, tx, orderById(tx, order.publicId)!, session)
    if (verdict.kind === "park")
      tx.afterCommit(() => log.error("billing.parked", { order: order.publicId, why: verdict.why }))
    return orderById(tx, order.publicId)!
  })
}

/** The processor does not know its page: it was made with another key. Nobody pays on it any more. */
async function lost(deps: BillingDepsOn, order: Order): Promise<Order> {
  if (order.state !== "open" || deps.clock.now() - order.createdMs < BILLING_LIMITS.orderLifeMs) return order
  return await deps.store.write({ ...CTX, reason: "the processor does not know its page" }, (tx) => {
    const now = orderById(tx, order.publicId)!
    return now.state === "open" ? moveIn(deps, tx, { ...now, askedMs: tx.now }, "expired") : now
  })
}

function forget(deps: BillingDepsOn, order: Order): Promise<Order> | Order {
  const { store, clock } = deps
  if (!isForgotten(order, clock.now())) return order
  const ctx = { ...CTX, reason: "nobody paid for it" }
  return store.write(ctx, (tx) => {
    const now = orderById(tx, order.publicId)!
    if (now.sessionId === null && now.state === "open") moveIn(deps, tx, { ...now, askedMs: tx.now }, "expired")
    return orderById(tx, order.publicId)!
  })
}

export async function reconcile(deps: BillingDepsOn): Promise<number> {
  const before = deps.clock.now() - BILLING_LIMITS.reconcileAfterMs
  const waiting = waitingOrders(deps.store.read, before, BILLING_LIMITS.reconcileMax)
  const unanswered = new Set(waiting)
  const ask = async (order: Order) => {
    if ((await refresh(deps, order)).askedMs !== order.askedMs) unanswered.delete(order)
  }
  try {
    await eachAlone(waiting, ({ publicId }) => publicId, ask)
  } finally {
    // Else those that the processor does not know (of another key) would be asked about for ever, and nobody else.
    if (unanswered.size > 0)
      await deps.store.write({ ...CTX, reason: "nobody answered" }, (tx) => {
        for (const order of unanswered) noteAsked(tx, order)
      })
  }
  return waiting.length
}
