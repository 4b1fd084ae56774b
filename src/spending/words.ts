// How letters about spending say amounts and names.
import { credits, creditsDecimal, type Nano, nano, withoutTrailing } from "../app/index.ts"

const ONE = credits(1)

/** "1,240.5 credits": every decimal, for a figure that somebody chose. */
export const creditsExact = (amount: Nano): string => withUnit(creditsDecimal(amount), amount)

/** "1,241 credits": as pages say what was used, whole from 10 up, one place below, two below 1, to the nearest; never 0 for something. */
export function creditsUsed(amount: Nano): string {
  const places = amount >= 10 * ONE ? 0 : amount >= ONE ? 1 : 2
  const step = ONE / 10 ** places
  const nearest = nano(Math.round(amount / step) * step)
  if (nearest === 0 && amount > 0) return "less than 0.01 credits"
  const [whole = "0", fraction = ""] = creditsDecimal(nearest).split(".")
  const cut = withoutTrailing(fraction.slice(0, places), "0")
  return withUnit(cut ? `${whole}.${cut}` : whole, nearest)
}

function withUnit(decimal: string, amount: Nano): string {
  const [whole = "0", fraction] = decimal.split(".")
  const figure = `${Number(whole).toLocaleString("en-US")}${fraction === undefined ? "" : `.${fraction}`}`
  return `${figure} ${amount === ONE ? "credit" : "credits"}`
}

const NAME_CHARS = 40

/** A name that somebody else chose, as a letter may say it: nothing in it is read as a link. */
export function plainName(name: string, otherwise: string): string {
  const plain = name
    .replace(/[^\p{L}\p{N} '&+-]/gu, " ")
    .replace(/ {2,}/g, " ")
    .trim()
  return plain.slice(0, NAME_CHARS).trim() || otherwise
}

/** What is left is cut: it cannot be spent as more than it is. */
export function creditsLeft(amount: Nano): string {
  const places = amount >= 10 * ONE ? 0 : amount >= ONE ? 1 : 2
  const step = ONE / 10 ** places
  const cut = nano(Math.floor(amount / step) * step)
  return cut === 0 && amount > 0 ? "less than 0.01 credits" : creditsExact(cut)
}
