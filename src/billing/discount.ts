// Buying with a coupon: the code as it was typed, and the processor's discount for it.
import type { WriteContext } from "../store/index.ts"
import { COUPON_LIMITS } from "./coupons/index.ts"
import { centsOf } from "./money.ts"
import { refOf } from "./order-coupon.ts"
import { paperOf } from "./order-invoice.ts"
import type { SessionFacts } from "./stripe/index.ts"
import type { BillingDepsOn, Buyer, Order, TypedCoupon } from "./types.ts"

/** @throws AppError those of `Coupons.look` */
export const couponFor = ({ coupons }: BillingDepsOn, ctx: WriteContext, buyer: Buyer, { code, ip }: TypedCoupon) =>
  coupons.look(ctx, { id: buyer.id, publicId: buyer.publicId, ip }, code)

/** The processor's discount of a purchase; null where it has none. @throws ProcessorError */
export async function discountFor({ coupons }: BillingDepsOn, ref: string): Promise<string | null> {
  const use = coupons.useOf(ref)
  const coupon = use && coupons.byCode(use.code)
  return coupon && (await coupons.atProcessor(coupon))
}

/** The page to pay on. The same order again is the same page. @throws ProcessorError */
export async function checkoutOf(deps: BillingDepsOn, order: Order, customerId: string): Promise<SessionFacts> {
  const { processor, baseUrl } = deps
  const discount = order.discountNano > 0 ? await discountFor(deps, refOf(order)) : null
  const reserved = discount === null ? {} : { discount, expiresMs: order.createdMs + COUPON_LIMITS.reservedMs }
  return await processor.createCheckout(
    {
      orderId: order.publicId,
      customerId,
      name: `${order.packageName}: credits`,
      cents: centsOf(order.priceNano),
      tax: paperOf(order).tax,
      returnUrl: `${baseUrl}/credits/orders/${order.publicId}?paid`,
      cancelUrl: `${baseUrl}/credits`,
      ...reserved,
    },
    `order:${order.publicId}`,
  )
}
