// Money units. Owns: the branded nano-dollar, credits, and their exact conversions. No float ever enters or leaves.
// 1 credit = 1,000,000 n$ = $0.001 (SPEC §1). Also the only module of src/ that views may import.

declare const nanoBrand: unique symbol

/** A whole number of nano-dollars (1e-9 USD), always a safe integer. */
export type Nano = number & { readonly [nanoBrand]: true }

/** n$ in one credit. */
export const NANO_PER_CREDIT = 1_000_000

/** n$ in one dollar. */
export const NANO_PER_USD = 1_000_000_000

/** What a credit is worth, said wherever a person meets credits; a sentence without its full stop. */
export const CREDITS_WORTH = `${(NANO_PER_USD / NANO_PER_CREDIT).toLocaleString("en")} credits are $1`

/** Brands an integer as n$; throws a RangeError for anything that is not a safe integer. */
export function nano(value: number | bigint): Nano {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw new RangeError(`not a safe integer amount of nano-dollars: ${value}`)
  return number as Nano
}

/** Whole credits as n$. */
export const credits = (count: number): Nano => nano(count * NANO_PER_CREDIT)

/** Exact decimal credits of an amount, without exponent: 1_900_000 → "1.9". */
export const creditsDecimal = (amount: Nano): string => decimal(amount, 6)

/** Exact decimal US dollars of an amount: 1_900_000 → "0.0019". */
export const usdDecimal = (amount: Nano): string => decimal(amount, 9)

/** Text without the run of `char` at its end. A pattern such as `0+$` would try every run of the text, from each of its characters. */
export function withoutTrailing(text: string, char: string): string {
  let end = text.length
  while (end > 0 && text[end - 1] === char) end--
  return text.slice(0, end)
}

/** An amount as our own JSON APIs show it (SPEC §2, "amounts"). */
export const amountJson = (amount: Nano): { nano: string; credits: string } => ({
  nano: String(amount),
  credits: creditsDecimal(amount),
})

/**
 * Parses credits typed by a person ("1,240", "0.5") into n$.
 * @returns null when it is not a non-negative decimal with at most six places.
 */
export function parseCredits(text: string): Nano | null {
  const match = /^(\d{1,12})(?:\.(\d{1,6}))?$/.exec(text.trim().replaceAll(",", ""))
  if (!match) return null
  const value = BigInt(match[1]!) * 1_000_000n + BigInt((match[2] ?? "").padEnd(6, "0"))
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? nano(value) : null
}

/**
 * Parses dollars typed by a person ("9.99", "$1,240") into n$.
 * @returns null when it is not a non-negative decimal with at most nine places.
 */
export function parseUsd(text: string): Nano | null {
  const match = /^\$?(\d{1,9})(?:\.(\d{1,9}))?$/.exec(text.trim().replaceAll(",", ""))
  if (!match) return null
  const value = BigInt(match[1]!) * 1_000_000_000n + BigInt((match[2] ?? "").padEnd(9, "0"))
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? nano(value) : null
}

const ZERO = 48

function decimal(amount: Nano, places: number): string {
  const digits = String(Math.abs(amount)).padStart(places + 1, "0")
  const point = digits.length - places
  let end = digits.length
  while (end > point && digits.charCodeAt(end - 1) === ZERO) end--
  const whole = digits.slice(0, point)
  return `${amount < 0 ? "-" : ""}${end === point ? whole : `${whole}.${digits.slice(point, end)}`}`
}
