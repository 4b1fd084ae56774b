// Cents of the processor and n$ of the books. Integers on both sides.
import { creditsDecimal, invariant, type Nano, nano, usdDecimal } from "../app/index.ts"
import type { Order } from "./types.ts"

export const NANO_PER_CENT = 10_000_000

/** @throws Error for what is no whole number of cents */
export function centsOf(amount: Nano): number {
  invariant(amount % NANO_PER_CENT === 0, "prices are whole cents")
  return amount / NANO_PER_CENT
}

export const nanoOfCents = (cents: number): Nano => nano(BigInt(cents) * BigInt(NANO_PER_CENT))
export const isWholeCents = (amount: number): boolean => amount % NANO_PER_CENT === 0

/** What an order costs before tax, n$. */
export const costOf = ({ priceNano, discountNano }: Pick<Order, "priceNano" | "discountNano">): Nano =>
  nano(priceNano - discountNano)

/** What is paid for it, n$: with tax where that comes on top. */
export const totalOf = (order: Pick<Order, "priceNano" | "discountNano" | "taxNano" | "taxInclusive">): Nano =>
  nano(costOf(order) + (order.taxInclusive ? 0 : order.taxNano))

/** "$1,250.00", of whole cents, as mails say it. */
export function dollars(amount: Nano): string {
  const [whole = "0", fraction = ""] = usdDecimal(amount).split(".")
  return `$${grouped(whole)}.${fraction.padEnd(2, "0").slice(0, 2)}`
}

/** "26,250 credits" */
export function creditsWords(amount: Nano): string {
  const [whole = "0", fraction] = creditsDecimal(amount).split(".")
  return `${grouped(whole)}${fraction ? `.${fraction}` : ""} credits`
}

const grouped = (whole: string): string => Number(whole).toLocaleString("en-US")
