// The coupon of an order follows it: redeemed where it is paid, free again where nobody paid.
import type { Tx } from "../store/index.ts"
import { redeemedIn, releasedIn } from "./coupons/index.ts"
import type { Order } from "./types.ts"

const PREFIX = "order:"

/** What a use of a coupon names an order by. */
export const refOf = ({ publicId }: Pick<Order, "publicId">): string => `${PREFIX}${publicId}`

/** @returns the public id of an order; null where it was used for something else */
export const orderOfRef = (ref: string): string | null => (ref.startsWith(PREFIX) ? ref.slice(PREFIX.length) : null)

/** Whatever the order is, and however often. */
export function couponFollowsIn(tx: Tx, order: Order): void {
  if (order.state === "paid") redeemedIn(tx, refOf(order), order.discountNano)
  else if (order.state === "failed" || order.state === "expired") releasedIn(tx, refOf(order))
}
