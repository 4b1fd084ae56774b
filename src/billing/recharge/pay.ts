// An order that the bank refused, or wants its person for: paid by that person on a page, as the same order, so that it is credited once
// whoever pays it how.
import { AppError, ensure, type UserId } from "../../app/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import { withCustomer } from "../customers.ts"
import { centsOf, costOf } from "../money.ts"
import { paperOf } from "../order-invoice.ts"
import { moveIn } from "../order-moves.ts"
import { orderById, saveOrder } from "../store.ts"
import { ProcessorError } from "../stripe/index.ts"
import type { BillingDepsOn, Buyer, Order } from "../types.ts"
import { applyIntentIn } from "./apply.ts"
import { openRecharge, rechargeOf, saveRecharge } from "./store.ts"

const AWAY = "The payment service does not answer. Nothing was charged; try again in a minute."

/** Whether its person may pay it: what is charged at this moment may not be paid beside. */
export const isPayable = (order: Order, trouble: string | null): boolean =>
  order.kind === "recharge" &&
  (order.state === "failed" || order.state === "expired" || (order.state === "open" && trouble !== null))

/** @throws AppError not_found, conflict, unavailable */
export async function payNow(deps: BillingDepsOn, ctx: WriteContext, buyer: Buyer, publicId: string): Promise<Order> {
  const { order, pages } = await deps.store.write(ctx, (tx) => openIn(deps, tx, buyer.id, publicId))
  if (order.state !== "open" || order.payUrl !== null) return order
  try {
    const settled = await withoutTheFirst(deps, ctx, order)
    if (settled.state === "paid") return settled
    const paper = paperOf(order)
    const here = `${deps.baseUrl}/credits/orders/${publicId}`
    const session = await withCustomer(deps, ctx, buyer, (customerId) =>
      deps.processor.createCheckout(
        {
          orderId: publicId,
          customerId,
          name: "Credits",
          cents: centsOf(costOf(order)),
          tax: paper.tax,
          asksWho: paper.asksWho,
          returnUrl: `${here}?paid`,
          cancelUrl: here,
        },
        `recharge:${publicId}:page:${pages}:${customerId}`,
      ),
    )
    return await deps.store.write(ctx, (tx) => {
      const now = orderById(tx, publicId)!
      if (now.sessionId !== null || now.state !== "open") return now
      const after = { ...now, sessionId: session.id, payUrl: session.url, updatedMs: tx.now }
      saveOrder(tx, after)
      return after
    })
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error
    deps.log.error("billing.checkout_failed", { order: publicId, kind: error.kind, why: error.message })
    throw new AppError("unavailable", AWAY)
  }
}

/** Open once more, for its person alone: a page that is over makes room for the next. */
function openIn(deps: BillingDepsOn, tx: Tx, userId: UserId, publicId: string): { order: Order; pages: number } {
  const order = orderById(tx, publicId)
  const recharge = order && rechargeOf(tx, order.id)
  ensure(order && recharge && order.userId === userId, "not_found", "There is no such order.")
  // A page is there, or was being made when somebody gave up.
  if (order.state === "open" && recharge.pages > 0) return { order, pages: recharge.pages }
  ensure(isPayable(order, recharge.trouble), "conflict", "There is nothing to pay here. Look at the order again.")
  const other = openRecharge(tx, userId)
  ensure(other === null || other === publicId, "conflict", "Another recharge is under way. Wait until it is over.")
  const pages = recharge.pages + 1
  saveRecharge(tx, { ...recharge, pages })
  return { order: moveIn(deps, tx, { ...order, sessionId: null, payUrl: null }, "open"), pages }
}

/** What was tried before cannot be paid any more; where it just was, that is the payment. */
async function withoutTheFirst(deps: BillingDepsOn, ctx: WriteContext, order: Order): Promise<Order> {
  const { paymentIntentId, publicId } = order
  if (paymentIntentId === null) return order
  const intent = await deps.processor.cancelIntent(paymentIntentId, `recharge:${publicId}:cancel:${paymentIntentId}`)
  if (intent.state !== "paid") return order
  return await deps.store.write(ctx, (tx) => {
    applyIntentIn(deps, tx, orderById(tx, publicId)!, intent)
    return orderById(tx, publicId)!
  })
}
