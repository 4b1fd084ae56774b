// Amounts that leave: cents of dollars, rates, and what comes out in another currency. Pure, and exact: BigInt, no float.
import { type Nano, nano } from "../app/index.ts"

/** n$ in a cent: nobody is sent a part of one. */
export const NANO_PER_CENT = 10_000_000

/** One to one, in millionths. */
export const ONE = 1_000_000

/** Digits after the point, of all that money may leave in (ISO 4217). */
export const CURRENCIES: Readonly<Record<string, number>> = {
  AUD: 2,
  CAD: 2,
  CHF: 2,
  CZK: 2,
  DKK: 2,
  EUR: 2,
  GBP: 2,
  HKD: 2,
  ILS: 2,
  INR: 2,
  JPY: 0,
  MXN: 2,
  NOK: 2,
  NZD: 2,
  PLN: 2,
  RON: 2,
  SEK: 2,
  SGD: 2,
  USD: 2,
}

/** Down to the cent; what is left stays available. */
export const wholeCents = (amount: number): Nano => nano(Math.max(0, amount - (amount % NANO_PER_CENT)))

/** Down to the smallest unit of the currency. @param rateMicro units for one dollar, in millionths */
export const minorOf = (amount: Nano, currency: string, rateMicro: number): number =>
  Number((BigInt(amount) * BigInt(rateMicro) * 10n ** BigInt(CURRENCIES[currency] ?? 2)) / 1_000_000_000_000_000n)

/** "12.40", as banks write it: no marks between thousands. */
export function minorText(minor: number, currency: string): string {
  const places = CURRENCIES[currency] ?? 2
  if (places === 0) return String(minor)
  const digits = String(minor).padStart(places + 1, "0")
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`
}

/** 920000 → "0.92". */
export function rateText(rateMicro: number): string {
  const whole = Math.trunc(rateMicro / ONE)
  const rest = String(rateMicro % ONE)
    .padStart(6, "0")
    .replace(/0{1,6}$/, "")
  return rest === "" ? String(whole) : `${whole}.${rest}`
}

/** "0.92" → 920000; null = no rate. At most six places. */
export function readRate(text: string): number | null {
  const match = /^(\d{1,6})(?:\.(\d{1,6}))?$/.exec(text)
  if (!match) return null
  const micro = Number(match[1]) * ONE + Number((match[2] ?? "").padEnd(6, "0"))
  return micro > 0 ? micro : null
}

/** "EUR=0.92" → ["EUR", 920000]; null = it says nothing of the kind. Dollars are one to one and have no line. */
export function readRateLine(line: string): readonly [string, number] | null {
  const [, currency = "", rate = ""] = /^([A-Z]{3})=([\d.]+)$/.exec(line) ?? []
  const micro = readRate(rate)
  return CURRENCIES[currency] === undefined || currency === "USD" || micro === null ? null : [currency, micro]
}

/** Units for one dollar, in millionths, by currency. */
export const ratesOf = (lines: readonly string[]): ReadonlyMap<string, number> =>
  new Map([["USD", ONE] as const, ...lines.map(readRateLine).filter((one) => one !== null)])
