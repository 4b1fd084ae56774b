// When a saved card is charged, and when it is not. Pure.
import { DAY_MS, HOUR_MS } from "../../app/index.ts"
import { BILLING_LIMITS as L } from "../limits.ts"
import { isWholeCents } from "../money.ts"
import type { IntentFacts } from "../stripe/index.ts"
import type { Order } from "../types.ts"
import type { AutoRecharge, Card, RechargeTerms } from "./types.ts"

export type Due =
  | { kind: "due" }
  /** Not now; `watch`: tell when the wallet falls. */
  | { kind: "not"; watch: boolean }
  | { kind: "capped" }
  | { kind: "expired" }
  /** Cards are saved, and none of them is known to the key of now. */
  | { kind: "unknown" }

export interface Situation {
  rule: AutoRecharge
  /** Of a team: its owner is suspended, or nobody has it any more. */
  isHeld?: boolean
  /** What is there and what is held, n$. */
  hasNano: number
  owesNano: number
  /** Something is to be paid that the bought credits do not reach for, whatever else is there. */
  isNeeded?: boolean
  /** One waits. */
  hasOpen: boolean
  /** The one that is charged. */
  card: Card | null
  /** There is none, but one that was saved with another key. */
  hasStray: boolean
  monthUsedNano: number
}

export function dueOf(
  { rule, isHeld = false, hasNano, owesNano, isNeeded = false, hasOpen, card, hasStray, monthUsedNano }: Situation,
  nowMs: number,
): Due {
  if (!rule.active || rule.paused || isHeld || hasOpen || (card === null && !hasStray))
    return { kind: "not", watch: false }
  if (rule.notBeforeMs !== null && rule.notBeforeMs > nowMs) return { kind: "not", watch: false }
  // What is owed comes from money that went back: that is settled by people.
  if (owesNano > 0) return { kind: "not", watch: false }
  if (hasNano >= rule.belowNano && !isNeeded) return { kind: "not", watch: true }
  if (card === null) return { kind: "unknown" }
  if (isExpired(card, nowMs)) return { kind: "expired" }
  return monthUsedNano + rule.amountNano > rule.monthNano ? { kind: "capped" } : { kind: "due" }
}

/** First moment of the UTC month. */
export function monthOf(ms: number): number {
  const at = new Date(ms)
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1)
}

/** A card is good to the end of its month; UTC. */
export const expiresMs = ({ expMonth, expYear }: Pick<Card, "expMonth" | "expYear">): number =>
  Date.UTC(expYear, expMonth, 1)
export const isExpired = (card: Pick<Card, "expMonth" | "expYear">, nowMs: number): boolean => expiresMs(card) <= nowMs
export const expiresSoon = (card: Pick<Card, "expMonth" | "expYear">, nowMs: number): boolean =>
  expiresMs(card) - L.cardWarnMs <= nowMs

/** After so many failures in a row; at the last one it is off. */
export const backoffMs = (failures: number): number => (failures <= 1 ? HOUR_MS : DAY_MS)
export const isTooOften = (failures: number): boolean => failures >= L.rechargeFailuresMax

export function termErrors(terms: RechargeTerms): Partial<Record<keyof RechargeTerms, string>> {
  const { belowNano, amountNano, monthNano } = terms
  return {
    ...(belowNano < L.rechargeBelowMin || belowNano > L.rechargeNanoMax
      ? { belowNano: "Give 100 to 1,000,000 credits." }
      : {}),
    ...(amountNano < L.rechargeNanoMin || amountNano > L.rechargeNanoMax || !isWholeCents(amountNano)
      ? { amountNano: "Give $5 to $1,000, in whole cents." }
      : {}),
    ...(monthNano < amountNano || monthNano > L.rechargeMonthMax
      ? { monthNano: "Give at least what is bought each time, and at most $10,000." }
      : {}),
  }
}

/** What a payment by the saved card means for its order. */
export type Means =
  | { kind: "nothing" }
  | { kind: "paid" | "pending" | "declined" | "asks" | "canceled" }
  /** Somebody has to look; nothing is credited. */
  | { kind: "park"; why: string }

/** @param hasPage its person pays it on a page: what else was tried no longer counts, unless it brought money */
export function meansOf(
  order: Order,
  intent: IntentFacts,
  costCents: number,
  isTest: boolean,
  hasPage: boolean,
): Means {
  if (intent.isLive === isTest)
    return park(`the payment ${intent.id} is of the ${intent.isLive ? "live" : "test"} mode, the key is not`)
  if (intent.orderId !== order.publicId)
    return park(`the payment ${intent.id} was made for ${intent.orderId ?? "nothing"}, not for ${order.publicId}`)
  if (intent.state === "paid") return onPaid(order, intent, costCents)
  if (hasPage || (order.state !== "open" && order.state !== "pending")) return { kind: "nothing" }
  if (intent.state === "open" || (intent.state === "pending" && order.state === "pending")) return { kind: "nothing" }
  return { kind: intent.state }
}

function onPaid(order: Order, intent: IntentFacts, costCents: number): Means {
  if (order.state === "paid")
    return order.paymentIntentId === intent.id
      ? { kind: "nothing" }
      : park(
          `${order.publicId} was paid by ${order.paymentIntentId ?? "something else"}, and once more by ${intent.id}`,
        )
  if (intent.currency !== "usd") return park(`${order.publicId} was paid in ${intent.currency}, not in usd`)
  if (intent.cents !== costCents)
    return park(`${order.publicId} costs ${costCents} cents, and ${intent.cents} were paid`)
  return { kind: "paid" }
}

const park = (why: string): Means => ({ kind: "park", why })

/** "visa" and "4242" as people know them. */
export const cardName = ({ brand, last4 }: Pick<Card, "brand" | "last4">): string =>
  `${BRANDS[brand] ?? "Card"} ending in ${last4}`

const BRANDS: Readonly<Record<string, string>> = {
  visa: "Visa",
  mastercard: "Mastercard",
  amex: "American Express",
  discover: "Discover",
  diners: "Diners Club",
  jcb: "JCB",
  unionpay: "UnionPay",
}

/** First moment of the next UTC month: when a cap begins anew. */
export function nextMonthOf(ms: number): number {
  const at = new Date(ms)
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1)
}
