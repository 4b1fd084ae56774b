// How a payout method is called, on pages and in mails.
import type { MethodKind } from "./types.ts"

const NAMES: Readonly<Record<MethodKind, string>> = {
  iban: "Bank account",
  us_bank: "US bank account",
  paypal: "PayPal",
  stripe: "Stripe",
}

/** "Bank account ending in 3000", "PayPal a…@example.com". */
export const methodName = ({ kind, hint }: { kind: MethodKind; hint: string }): string =>
  kind === "paypal" ? `${NAMES.paypal} ${hint}` : `${NAMES[kind]} ending in ${hint}`

/** "ada@example.com" → "a…@example.com". */
export function maskedEmail(email: string): string {
  const at = email.lastIndexOf("@")
  return `${[...email][0] ?? ""}…${email.slice(at, at + 60)}`
}

const HINT_CHARS = 4
export const lastFour = (number: string): string => number.slice(-HINT_CHARS)
