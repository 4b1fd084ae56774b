// Amounts that may pass 2^53, as texts of whole nano-dollars: the platform's accounts and sums over everybody.
import { withoutTrailing } from "../../src/app/units.ts"
import { group } from "../ui/format.ts"

const MINUS = "\u2212"

function decimal(nano: string, places: number, least: number): string {
  const negative = nano.startsWith("-")
  const digits = nano.replace("-", "").padStart(places + 1, "0")
  const fraction = withoutTrailing(digits.slice(-places), "0").padEnd(least, "0")
  const whole = digits.slice(0, -places)
  return `${negative ? MINUS : ""}${group(fraction ? `${whole}.${fraction}` : whole)}`
}

/** "1,240.5", every decimal; `least` places, so that a column of them stands point under point. */
export const exactCredits = (nano: string, least = 0): string => decimal(nano, CREDIT_PLACES, least)

const CREDIT_PLACES = 6
const USD_PLACES = 9
const placesOf = (nanos: readonly string[], most: number): number =>
  Math.max(
    0,
    ...nanos.map((nano) => withoutTrailing(nano.replace("-", "").padStart(most, "0").slice(-most), "0").length),
  )

/** Places that the longest of these amounts needs. */
export const creditPlaces = (nanos: readonly string[]): number => placesOf(nanos, CREDIT_PLACES)
export const usdPlaces = (nanos: readonly string[]): number => Math.max(2, placesOf(nanos, USD_PLACES))

/** "$12.40", to the cent and with every decimal that is there. */
export const exactUsd = (nano: string, least = 2): string => {
  const text = decimal(nano, USD_PLACES, least)
  return text.startsWith(MINUS) ? `${MINUS}$${text.slice(1)}` : `$${text}`
}
