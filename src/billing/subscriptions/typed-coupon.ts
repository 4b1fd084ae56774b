// A code at the checkout of a plan.
import type { WriteContext } from "../../store/index.ts"
import type { Coupon } from "../coupons/index.ts"
import { couponFor } from "../discount.ts"
import { freedOf } from "../free-use.ts"
import type { BillingDepsOn } from "../types.ts"
import { awayOr } from "./signups.ts"
import { signupByForm } from "./store.ts"
import type { SubscribeInput } from "./types.ts"

/** What it is; nothing for a form that was sent before. @throws AppError those of `Coupons.look`, conflict, unavailable */
export async function typedCoupon(
  deps: BillingDepsOn,
  ctx: WriteContext,
  { buyer, planCode, key, coupon: typed }: SubscribeInput,
): Promise<Coupon | null> {
  if (!typed || signupByForm(deps.store.read, buyer.id, key)) return null
  const coupon = await couponFor(deps, ctx, buyer, typed)
  try {
    await freedOf(deps, ctx, { coupon, buyer, wanted: `plan:${planCode}` })
  } catch (error) {
    throw awayOr(deps, error, buyer.publicId)
  }
  return coupon
}
