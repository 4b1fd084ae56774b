// A purchase that waits with the last use that somebody has of a coupon gives it up for another one: its page is closed first.
import type { WriteContext } from "../store/index.ts"
import { type Coupon, type CouponUse, codeRefusal, livingUses, WAITING } from "./coupons/index.ts"
import { customerFor } from "./customers.ts"
import { checkoutOf } from "./discount.ts"
import { orderOfRef } from "./order-coupon.ts"
import { moveIn } from "./order-moves.ts"
import { applySessionIn } from "./orders.ts"
import { orderById } from "./store.ts"
import { ProcessorError, type SessionFacts } from "./stripe/index.ts"
import { closeSignup } from "./subscriptions/signups.ts"
import type { BillingDepsOn, Buyer, Order } from "./types.ts"

/**
 * @param wanted what is to be bought, `package:plus`
 * @returns the order of the same that waits already, where it is to go on
 * @throws AppError conflict where the bank has it already; ProcessorError
 */
export async function freedOf(
  deps: BillingDepsOn,
  ctx: WriteContext,
  { coupon, buyer, wanted }: { coupon: Coupon; buyer: Buyer; wanted: string },
): Promise<Order | null> {
  const mine = livingUses(deps.store.read, coupon.id, buyer.id)
  const waiting = mine.find(({ state }) => state === "reserved")
  if (!waiting) return null
  const order = orderOf(deps, waiting)
  if (order?.state === "open" && waiting.subject === wanted) return order
  const { perPerson, maxUses, taken } = coupon
  const isFree = (perPerson === null || mine.length < perPerson) && (maxUses === null || taken < maxUses)
  if (isFree) return null
  // Who gave it up would not get it back.
  const isOver = ["ended", "expired"].includes(deps.coupons.stateOf(coupon))
  if (isOver || !(await isGivenUp(deps, ctx, waiting, buyer))) throw codeRefusal("conflict", WAITING)
  return null
}

function orderOf({ store }: BillingDepsOn, { ref }: CouponUse): Order | null {
  const publicId = orderOfRef(ref)
  return publicId === null ? null : orderById(store.read, publicId)
}

async function isGivenUp(deps: BillingDepsOn, ctx: WriteContext, use: CouponUse, buyer: Buyer): Promise<boolean> {
  const order = orderOf(deps, use)
  if (order === null) return await closeSignup(deps, use.ref)
  if (order.state !== "open") return false
  const session = await closedOf(deps, ctx, order, buyer)
  return await deps.store.write(ctx, (tx) => {
    const now = orderById(tx, order.publicId)!
    if (session) applySessionIn(deps, tx, now, session)
    else if (now.state === "open") moveIn(deps, tx, now, "expired")
    return orderById(tx, order.publicId)!.state === "expired"
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
    const id = order.sessionId ?? (await checkoutOf(deps, order, await customerFor(deps, ctx, buyer))).id
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
