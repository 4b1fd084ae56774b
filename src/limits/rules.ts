// What may be set. Pure.
import { AppError } from "../app/index.ts"
import { isSpend, type LimitKind } from "./kinds.ts"
import { LIMITER_LIMITS as L } from "./limits.ts"

/** Why an amount cannot be set; null = it can. */
export function amountError(kind: LimitKind, amount: number): string | null {
  const most = isSpend(kind) ? Number.MAX_SAFE_INTEGER : L.amountMax
  if (Number.isSafeInteger(amount) && amount >= 0 && amount <= most) return null
  return isSpend(kind)
    ? "Give an amount of credits of 0 or more."
    : `Give a whole number from 0 to ${L.amountMax.toLocaleString("en")}.`
}

/** @throws AppError validation_failed with formErrors */
export function checkAmount(kind: LimitKind, amount: number): void {
  const words = amountError(kind, amount)
  if (words) throw new AppError("validation_failed", words, { formErrors: { amount: words } })
}
