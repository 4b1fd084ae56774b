// What a coupon is worth and where it holds, pure.
import { type Nano, nano, usdDecimal } from "../../app/index.ts"
import { centsOf, nanoOfCents } from "../money.ts"
import { COUPON_LIMITS } from "./limits.ts"
import type { Coupon, CouponGift, CouponState, Sold } from "./types.ts"

export const isDiscount = ({ kind }: Pick<CouponGift, "kind">): boolean => kind === "percent" || kind === "amount"

export function stateOf(
  { endedMs, expiresMs, maxUses, taken }: Pick<Coupon, "endedMs" | "expiresMs" | "maxUses" | "taken">,
  nowMs: number,
): CouponState {
  if (endedMs !== null) return "ended"
  if (expiresMs !== null && expiresMs <= nowMs) return "expired"
  return maxUses !== null && taken >= maxUses ? "used_up" : "active"
}

/** What comes off a price: whole cents, half a cent up as processors round, never more than the price. */
export function discountOf({ kind, percent, amountNano }: CouponGift, priceNano: Nano): Nano {
  if (kind === "amount") return nano(Math.min(amountNano, priceNano))
  if (kind !== "percent") return nano(0)
  return nanoOfCents(Math.floor((centsOf(priceNano) * (percent ?? 0) + 50) / 100))
}

/** Why it is not for that purchase, in words; null where it is. */
export function objectionTo(coupon: Coupon, { subject, priceNano }: Sold): string | null {
  const { onlyFor, minimumNano } = coupon
  if (!isDiscount(coupon)) return "This code takes nothing off a price. Redeem it instead."
  if (onlyFor.length > 0 && !onlyFor.includes(subject))
    return "This code is for something else. See what it is for under Redeem."
  if (priceNano < minimumNano) return `This code is for purchases of ${dollars(minimumNano)} or more.`
  const restCents = centsOf(nano(priceNano - discountOf(coupon, priceNano)))
  if (restCents > 0 && restCents < COUPON_LIMITS.chargeCentsMin)
    return "This code leaves too little to pay by card. Choose something that costs more."
  return null
}

/** "$10", "$12.50". */
function dollars(amount: Nano): string {
  const [whole, part = ""] = usdDecimal(amount).split(".")
  return part === "" ? `$${whole}` : `$${whole}.${part.padEnd(2, "0")}`
}
