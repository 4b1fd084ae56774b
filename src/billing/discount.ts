// Buying with a coupon: the code as it was typed, an earlier order that holds its last use, and the processor's discount for it.
import type { WriteContext } from "../store/index.ts"
import { COUPON_LIMITS, type Coupon, codeRefusal, livingUses, waitingWords } from "./coupons/index.ts"
import { withCustomer } from "./customers.ts"
import { centsOf } from "./money.ts"
import { orderOfRef, refOf } from "./order-coupon.ts"
import { paperOf } from "./order-invoice.ts"
import { moveIn } from "./order-moves.ts"
import { applySessionIn } from "./orders.ts"
import { orderById } from "./store.ts"
import { ProcessorError, type SessionFacts } from "./stripe/index.ts"
import type { BillingDepsOn, Buyer, BuyInput, Order } from "./types.ts"

type Typed = NonNullable<BuyInput["coupon"]>

/** @throws AppError those of `Coupons.look` */
export const couponFor = ({ coupons }: BillingDepsOn, ctx: WriteContext, buyer: Buyer, { code, ip }: Typed) =>
  coupons.look(ctx, { id: buyer.id, publicId: buyer.publicId, ip }, code)

/** The page to pay on. The same order again is the same page. @throws ProcessorError */
export async function checkoutOf(deps: BillingDepsOn, order: Order, customerId: string): Promise<SessionFacts> {
  const { coupons, processor, baseUrl } = deps
  const paper = paperOf(order)
  const use = order.discountNano > 0 ? coupons.useOf(refOf(order)) : null
  const coupon = use && coupons.byCode(use.code)
  const reserved = coupon && {
    discount: await coupons.atProcessor(coupon),
    expiresMs: order.createdMs + COUPON_LIMITS.reservedMs,
  }
  return await processor.createCheckout(
    {
      orderId: order.publicId,
      customerId,
      name: `${order.packageName}: credits`,
      cents: centsOf(order.priceNano),
      tax: paper.tax,
      asksWho: paper.asksWho,
      returnUrl: `${baseUrl}/credits/orders/${order.publicId}?paid`,
      // Whoever comes back without paying may give up what it holds.
      cancelUrl: `${baseUrl}/credits${reserved ? `/orders/${order.publicId}` : ""}`,
      ...reserved,
    },
    `order:${order.publicId}:${customerId}`,
  )
}

/**
 * Where an order of this person waits with the last use that they have: the same purchase goes on with it, and for another one it gives
 * the use up.
 * @returns that order, where it is to go on @throws AppError conflict where the bank has it already; ProcessorError
 */
export async function freedOf(
  deps: BillingDepsOn,
  ctx: WriteContext,
  { coupon, buyer, slug }: { coupon: Coupon; buyer: Buyer; slug: string },
): Promise<Order | null> {
  const mine = livingUses(deps.store.read, coupon.id, buyer.id)
  const waiting = mine.find(({ state }) => state === "reserved")
  if (!waiting) return null
  const orderId = orderOfRef(waiting.ref)
  const order = orderId === null ? null : orderById(deps.store.read, orderId)
  if (order?.state === "open" && order.packageSlug === slug) return order
  const { perPerson, maxUses, taken } = coupon
  const isFree = (perPerson === null || mine.length < perPerson) && (maxUses === null || taken < maxUses)
  if (isFree) return null
  const isOver = ["ended", "expired"].includes(deps.coupons.stateOf(coupon))
  if (order?.state !== "open" || isOver) throw codeRefusal("conflict", waitingWords(waiting))
  const after = await givenUp(deps, ctx, order, buyer)
  if (after.state !== "expired") throw codeRefusal("conflict", waitingWords(waiting))
  return null
}

/** Nobody pays on its page any more, unless somebody just has. @returns how it stands then @throws ProcessorError */
export async function givenUp(deps: BillingDepsOn, ctx: WriteContext, order: Order, buyer: Buyer): Promise<Order> {
  const session = await closedOf(deps, ctx, order, buyer)
  return await deps.store.write(ctx, (tx) => {
    const now = orderById(tx, order.publicId)!
    if (session) applySessionIn(deps, tx, now, session)
    else if (now.state === "open") moveIn(deps, tx, now, "expired")
    return orderById(tx, order.publicId)!
  })
}

/** Its page, on which nobody can pay any more, or somebody has; null where it never had one. @throws ProcessorError */
async function closedOf(
  deps: BillingDepsOn,
  ctx: WriteContext,
  order: Order,
  buyer: Buyer,
): Promise<SessionFacts | null> {
  const { processor } = deps
  try {
    // Its answer may have been lost: the same key finds it.
    const id =
      order.sessionId ?? (await withCustomer(deps, ctx, buyer, (customerId) => checkoutOf(deps, order, customerId))).id
    try {
      return await processor.expireCheckout(id)
    } catch (error) {
      if (error instanceof ProcessorError && error.kind === "invalid") return await processor.session(id)
      throw error
    }
  } catch (error) {
    if (order.sessionId === null && error instanceof ProcessorError && error.kind === "invalid") return null
    throw error
  }
}
