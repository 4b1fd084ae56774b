// What an admin may put into a plan. Pure.
import { AppError, type Nano, nano } from "../app/index.ts"

/** @throws AppError validation_failed unless it is a whole, safe, non-negative amount of n$ */
export function amountOf(value: number, field: string): Nano {
  if (Number.isSafeInteger(value) && value >= 0) return nano(value)
  const words = "Give a whole amount of credits, zero or more."
  throw new AppError("validation_failed", words, { formErrors: { [field]: words } })
}

/** @throws AppError validation_failed unless it has 1 to 80 characters */
export function planName(text: string): string {
  const name = text.normalize("NFC").trim()
  if (name.length >= 1 && name.length <= 80) return name
  const words = "Give the plan a name of up to 80 characters."
  throw new AppError("validation_failed", words, { formErrors: { name: words } })
}
