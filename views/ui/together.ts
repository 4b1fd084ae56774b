// Figures that stand together: they share a precision, and parts add up to the sum that is shown beside them. Owns the rounding rule of
// pages; exact values stay in titles. Pure.
import { creditsDecimal, NANO_PER_CREDIT, type Nano, nano, usdDecimal } from "../../src/app/units.ts"
import { group } from "./format.ts"

const MINUS = "\u2212"
/** n$ of a dollar. */
const NANO_PER_USD = 1_000_000_000
const CREDIT_PLACES = [0, 1, 2] as const
const USD_PLACES = [2, 4] as const
/** From this largest figure on, cents are enough: $10. */
const CENTS_FROM = 10 * NANO_PER_USD

/** Which way a figure goes that does not end on a step. What somebody has goes down, what was used goes up: so both add up to what came. */
export type Way = "near" | "up" | "down"

export const creditStep = (places: number): number => NANO_PER_CREDIT / 10 ** places
export const usdStep = (places: number): number => NANO_PER_USD / 10 ** places

/**
 * Decimals for a group of credits: as many as its smallest figure needs alone (none from 10 up, one from 1, two below), and no more
 * than make a difference.
 */
export function creditPlaces(amounts: readonly Nano[]): number {
  const sizes = amounts.map(Math.abs).filter((size) => size > 0)
  const least = Math.min(...sizes)
  const most = least >= 10 * NANO_PER_CREDIT ? 0 : least >= NANO_PER_CREDIT ? 1 : 2
  return (
    CREDIT_PLACES.find((places) => places === most || sizes.every((size) => size % creditStep(places) === 0)) ?? most
  )
}

/** Decimals for a group of dollars: cents, or four where all are below $10 and cents would hide a difference. */
export function usdPlaces(amounts: readonly Nano[]): number {
  const sizes = amounts.map(Math.abs)
  const [cents, fine] = USD_PLACES
  return Math.max(0, ...sizes) >= CENTS_FROM || sizes.every((size) => size % usdStep(cents) === 0) ? cents : fine
}

/** Of a figure that stands alone; less than a cent is written by its first two digits. */
export const usdPlacesAlone = (amount: Nano): number | undefined =>
  Math.abs(amount) < NANO_PER_USD / 100 ? undefined : usdPlaces([amount])

/** To a whole number of steps. Beyond 2^53 the amount itself. */
export function toStep(amount: Nano, step: number, way: Way = "near"): Nano {
  const round = { near: Math.round, up: Math.ceil, down: Math.floor }[way]
  // What is owed goes the other way than what is had: the size is what is rounded.
  const rounded = Math.sign(amount) * round(Math.abs(amount) / step) * step
  return Number.isSafeInteger(rounded) ? nano(rounded) : amount
}

/**
 * Largest remainder (Hamilton's method): every part becomes a whole number of steps, at most one step away from what it is, and together
 * they are the sum, rounded once.
 */
export function apportion(parts: readonly number[], step: number, way: Way = "near"): number[] {
  const floors = parts.map((part) => Math.floor(part / step))
  const rests = parts.map((part, index) => part - floors[index]! * step)
  const left = rests.reduce((sum, rest) => sum + rest, 0) / step
  const more = { near: Math.round, up: Math.ceil, down: Math.floor }[way](left)
  // The largest rest first; among equals the largest part, where a step matters least.
  const order = parts
    .map((_, index) => index)
    .sort((a, b) => rests[b]! - rests[a]! || Math.abs(parts[b]!) - Math.abs(parts[a]!) || a - b)
  for (const index of order.slice(0, more)) floors[index]!++
  return floors.map((whole) => whole * step || 0)
}

/** Shares of a whole in percent that add up to 100; nothing at all has none. */
export function percentages(parts: readonly number[]): number[] {
  const total = parts.reduce((sum, part) => sum + part, 0)
  if (!(total > 0)) return parts.map(() => 0)
  return apportion(
    parts.map((part) => (100 * part) / total),
    1,
  )
}

/** "98.20": rounded and with exactly these decimals; nothing is "0", and what is too small to be seen is "<0.01". */
export function creditsAt(amount: Nano, places: number, way: Way = "near"): string {
  return digitsAt(creditsDecimal(toStep(amount, creditStep(places), way)), amount, places)
}

/** "98.20 credits". */
export function creditsTextAt(amount: Nano, places: number, way: Way = "near"): string {
  const digits = creditsAt(amount, places, way)
  return `${digits} ${digits === "1" || digits === `${MINUS}1` ? "credit" : "credits"}`
}

/** "$0.4900", in the decimals of its group. */
export function usdAt(amount: Nano, places: number, way: Way = "near"): string {
  const digits = digitsAt(usdDecimal(toStep(amount, usdStep(places), way)), amount, places)
  const sign = digits.startsWith(MINUS) ? MINUS : ""
  const size = digits.slice(sign.length)
  if (size === "0") return `$0.${"0".repeat(places)}`
  return size.startsWith("<") ? `${sign}<$${size.slice(1)}` : `${sign}$${size}`
}

function digitsAt(decimal: string, amount: Nano, places: number): string {
  const sign = amount < 0 ? MINUS : ""
  const [whole = "0", fraction = ""] = decimal.replace("-", "").split(".")
  if (amount === 0) return "0"
  const cut = fraction.padEnd(places, "0").slice(0, places)
  if (!/[1-9]/.test(whole + cut)) return `${sign}<${places > 0 ? `0.${"0".repeat(places - 1)}1` : "1"}`
  return `${sign}${group(places > 0 ? `${whole}.${cut}` : whole)}`
}
