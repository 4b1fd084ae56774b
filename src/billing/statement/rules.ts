// What a line of the processor's statement is, and what of it was kept. Pure, in whole cents.
import type { Movement } from "../stripe/index.ts"
import type { Category } from "./types.ts"

/** What the processor bills the account itself. */
const FEES = new Set(["stripe_fee", "stripe_fx_fee", "tax_fee", "network_cost"])
/** To the operator's bank, and back: the same money in another place. */
const BANK = new Set(["payout", "payout_failure", "payout_cancel", "topup", "topup_reversal"])
const CATEGORIES: Readonly<Record<string, Category>> = {
  charge: "payments",
  payment: "payments",
  refund: "refunds",
  payment_refund: "refunds",
  refund_failure: "refunds",
  payment_failure_refund: "refunds",
  payment_reversal: "refunds",
  adjustment: "disputes",
}

export const isFee = (type: string): boolean => FEES.has(type)
export const isBank = (type: string): boolean => BANK.has(type)
/** Lines of it move money that the books know of. */
export const isCompared = (type: string): boolean => !(isFee(type) || isBank(type))
export const categoryOf = (type: string): Category => (Object.hasOwn(CATEGORIES, type) ? CATEGORIES[type]! : "other")

/** What was kept of it, in dollars; null: it was kept in another currency, and nobody knows the rate. */
export function usdFeeOf({ type, currency, amountCents, feeCents, usdCents }: Movement): number | null {
  if (isFee(type)) return usdCents === null ? null : -usdCents
  if (currency === "usd" || feeCents === 0) return feeCents
  if (usdCents === null || amountCents === 0) return null
  // At the rate of the payment itself; half a cent goes up.
  const [fee, of, whole] = [BigInt(feeCents), BigInt(Math.abs(usdCents)), BigInt(Math.abs(amountCents))]
  const sign = fee < 0n ? -1n : 1n
  return Number((sign * (2n * sign * fee * of + whole)) / (2n * whole))
}

/** Category of what the books know under a key. */
export function categoryOfRef(ref: string): Category {
  if (/^order:|^stripe:(in|ch|py)_/.test(ref)) return "payments"
  if (/^stripe:(re|pyr|trr)_/.test(ref)) return "refunds"
  return /^stripe:(dp|du)_/.test(ref) ? "disputes" : "other"
}

/** `order:<id>` or `stripe:<id>`, of a key that goes on from it; null: it has nothing to do with the processor. */
export const refOfKey = (key: string | null): string | null => /^(order|stripe):[^:]+/.exec(key ?? "")?.[0] ?? null
