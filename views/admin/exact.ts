// Amounts that may pass 2^53, as texts of whole nano-dollars: the platform's accounts and sums over everybody.
import { group } from "../ui/format.ts"

const MINUS = "\u2212"

function decimal(nano: string, places: number, least: number): string {
  const negative = nano.startsWith("-")
  const digits = nano.replace("-", "").padStart(places + 1, "0")
  const fraction = digits.slice(-places).replace(/0+$/, "").padEnd(least, "0")
  const whole = digits.slice(0, -places)
  return `${negative ? MINUS : ""}${group(fraction ? `${whole}.${fraction}` : whole)}`
}

/** "1,240.5", every decimal. */
export const exactCredits = (nano: string): string => decimal(nano, 6, 0)

/** "$12.40", to the cent and with every decimal that is there. */
export const exactUsd = (nano: string): string => {
  const text = decimal(nano, 9, 2)
  return text.startsWith(MINUS) ? `${MINUS}$${text.slice(1)}` : `$${text}`
}
