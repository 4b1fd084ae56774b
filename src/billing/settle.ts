// What became of an order, from what the processor knows of its page: pure, so that it is the same whoever asks, in whatever order, however
// often. Money that came is credited whatever the order was thought to be.
import { BILLING_LIMITS } from "./limits.ts"
import { centsOf, costOf } from "./money.ts"
import type { SessionFacts } from "./stripe/index.ts"
import type { Order } from "./types.ts"

export type Verdict =
  | { kind: "nothing" }
  | { kind: "pending" | "failed" | "expired" | "paid" }
  /** Somebody has to look; nothing is credited. */
  | { kind: "park"; why: string }

/** @param isTest whether our key is one of test mode */
export function verdictOn(order: Order, session: SessionFacts, isTest: boolean): Verdict {
  if (session.isLive === isTest)
    return park(`the page ${session.id} is of the ${session.isLive ? "live" : "test"} mode, the key is not`)
  if (session.mode !== "payment") return park(`the page ${session.id} is for a ${session.mode}, not for a payment`)
  if (session.orderId !== order.publicId)
    return park(`the page ${session.id} was made for ${session.orderId ?? "nothing"}, not for ${order.publicId}`)
  const isOther = order.sessionId !== null && order.sessionId !== session.id
  // A page that was over when the next one was made.
  if (isOther && session.payment !== "paid") return { kind: "nothing" }
  if (isOther) return park(`${order.publicId} is paid on the page ${order.sessionId}, not on ${session.id}`)
  if (order.state === "paid") return { kind: "nothing" }
  if (session.status === "open") return { kind: "nothing" }
  if (session.status === "expired") return moved(order, "expired")
  if (session.payment === "unpaid") return moved(order, session.isRefused ? "failed" : "pending")
  if (session.currency !== "usd") return park(`${order.publicId} was paid in ${session.currency}, not in usd`)
  const costs = centsOf(costOf(order))
  // Half a cent of a percentage may be rounded the other way there.
  const paid = pricedCents(order, session)
  if (Math.abs(paid - costs) > (order.discountNano > 0 ? 1 : 0))
    return park(`${order.publicId} costs ${costs} cents, and ${paid} were paid`)
  return { kind: "paid" }
}

/** What was paid of the price: with tax where that lies within. */
export const pricedCents = ({ taxInclusive }: Order, { netCents, taxCents }: SessionFacts): number =>
  taxInclusive ? netCents + taxCents : netCents

/** An order without a page: it was never made, or its answer was lost. */
export const isForgotten = (order: Order, nowMs: number): boolean =>
  order.sessionId === null && nowMs - order.createdMs > BILLING_LIMITS.orderLifeMs

const moved = (order: Order, kind: "pending" | "failed" | "expired"): Verdict =>
  order.state === kind ? { kind: "nothing" } : { kind }

const park = (why: string): Verdict => ({ kind: "park", why })
