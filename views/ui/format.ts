// Numbers, money and times in words. Owns: every rule of how a figure reads. Pure; no clock, `now` is passed in.
import { creditsDecimal, NANO_PER_CREDIT, type Nano, nano, usdDecimal, withoutTrailing } from "../../src/app/units.ts"

const MINUS = "\u2212"
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** "1240.5" → "1,240.5"; a leading minus stays. No pattern: a page of history groups some 500 figures. */
export function group(digits: string): string {
  const dot = digits.indexOf(".")
  const first = digits.startsWith("-") ? 1 : 0
  let grouped = dot < 0 ? "" : digits.slice(dot)
  let end = dot < 0 ? digits.length : dot
  for (; end - first > 3; end -= 3) grouped = `,${digits.slice(end - 3, end)}${grouped}`
  return digits.slice(0, end) + grouped
}

/** A whole count with separators and a real minus sign. */
export const count = (value: number): string => `${value < 0 ? MINUS : ""}${group(String(Math.abs(Math.trunc(value))))}`

/** "1 call", "1,240 calls". */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`

/**
 * Credits that somebody has, as people read them: whole from 10 up, one place below, two below 1, or `least` places. Rounded
 * towards zero, since what is not there cannot be spent; never 0 for something that is not 0.
 */
export function creditsNumber(amount: Nano, least = 0): string {
  const size = Math.abs(amount)
  const places = Math.max(least, placesOf(size))
  const [whole = "0", fraction = ""] = creditsDecimal(amount).replace("-", "").split(".")
  const cut = withoutTrailing(fraction.slice(0, places), "0")
  const text = cut ? `${whole}.${cut}` : whole
  const sign = amount < 0 ? MINUS : ""
  return size > 0 && text === "0" ? `${sign}<0.01` : `${sign}${group(text)}`
}

const placesOf = (size: number): number => (size >= 10 * NANO_PER_CREDIT ? 0 : size >= NANO_PER_CREDIT ? 1 : 2)

/** Credits that were used, in as many places, to the nearest: what is cut off would always make use look smaller than it was. */
export function creditsUsed(amount: Nano, least = 0): Nano {
  const step = NANO_PER_CREDIT / 10 ** Math.max(least, placesOf(Math.abs(amount)))
  const nearest = Math.sign(amount) * Math.round(Math.abs(amount) / step) * step
  return Number.isSafeInteger(nearest) && nearest !== 0 ? nano(nearest) : amount
}

/**
 * For a column of movements: two places always, so that the figures stand below each other. What came is cut, what went is rounded up, as
 * in the figures above them (together.ts); never 0 for something.
 */
export function creditsFixed(amount: Nano): string {
  const cent = NANO_PER_CREDIT / 100
  const size = amount < -cent ? Math.ceil(-amount / cent) * cent : Math.abs(amount)
  const [whole = "0", fraction = ""] = creditsDecimal(Number.isSafeInteger(size) ? nano(size) : amount)
    .replace("-", "")
    .split(".")
  const text = `${whole}.${fraction.padEnd(2, "0").slice(0, 2)}`
  const sign = amount < 0 ? MINUS : ""
  return amount !== 0 && text === "0.00" ? `${sign}<0.01` : `${sign}${group(text)}`
}

const unitOf = (amount: Nano): string => (Math.abs(amount) === NANO_PER_CREDIT ? "credit" : "credits")

/** "1,240 credits", "1 credit". */
export const creditsText = (amount: Nano): string => `${creditsNumber(amount)} ${unitOf(amount)}`

/** Every decimal, for titles and for figures that somebody chose, such as limits: "1,240.004 credits". */
export const creditsExact = (amount: Nano): string => `${creditsDigits(amount)} ${unitOf(amount)}`

/** The same without the unit, where the label names it. */
export const creditsDigits = (amount: Nano): string => group(creditsDecimal(amount)).replace("-", MINUS)

/** "$12.40"; below a cent two significant decimals, never "$0.00" for something. Beside others: `usdAt` of together.ts. */
export function usdText(amount: Nano): string {
  const [whole = "0", fraction = ""] = usdDecimal(amount).replace("-", "").split(".")
  const cents = fraction.padEnd(2, "0").slice(0, 2)
  const small = whole === "0" && amount !== 0 && !/[1-9]/.test(cents)
  const zeros = /^0*/.exec(fraction)?.[0].length ?? 0
  const shown = small ? fraction.slice(0, zeros + 2) : cents
  return `${amount < 0 ? MINUS : ""}$${group(whole)}.${shown}`
}

/** Exact nano-dollars, for titles: "n$ 12,400,000". */
export const nanoExact = (amount: Nano): string => `n$ ${count(amount)}`

/** "14 Mar 2026, 09:05 UTC". */
export function absoluteTime(ms: number): string {
  const iso = new Date(ms).toISOString()
  return `${dateText(ms)}, ${iso.slice(11, 16)} UTC`
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

/** "14 Mar 2026", UTC. */
export function dateText(ms: number): string {
  const date = new Date(ms)
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`
}

/** "14 Mar", UTC, for axes. */
export function dayText(ms: number): string {
  const date = new Date(ms)
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`
}

/** "14:29 UTC". */
export const clockText = (ms: number): string => `${new Date(ms).toISOString().slice(11, 16)} UTC`

const MONTH_NAMES = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
]
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

/** "20 November", with the year when it is not this one's; UTC. */
function longDay(ms: number, now: number): string {
  const date = new Date(ms)
  const year = date.getUTCFullYear()
  const day = `${date.getUTCDate()} ${MONTH_NAMES[date.getUTCMonth()]}`
  return year === new Date(now).getUTCFullYear() ? day : `${day} ${year}`
}

/** A UTC day as a heading: "Today, 20 November", "Friday, 13 November 2025". */
export function dayHeading(ms: number, now: number): string {
  const ago = Math.floor(now / DAY) - Math.floor(ms / DAY)
  const name = ago === 0 ? "Today" : ago === 1 ? "Yesterday" : WEEKDAYS[new Date(ms).getUTCDay()]
  return `${name}, ${longDay(ms, now)}`
}

/** "12–14 March", "28 February – 2 March", "30 December 2025 – 2 January", or the one day; UTC, both included. */
export function daySpan(firstMs: number, lastMs: number, now: number): string {
  const [first, last] = [longDay(firstMs, now), longDay(lastMs, now)]
  if (first === last) return last
  const inMonth = first.slice(first.indexOf(" ")) === last.slice(last.indexOf(" "))
  return inMonth ? `${new Date(firstMs).getUTCDate()}–${last}` : `${first} – ${last}`
}

/** So far ahead "just now" still holds: two clocks of one moment. */
const NOW_MS = 1_000

/** "just now", "in a moment", "3 min ago", "in 5 h"; beyond a week the date. */
export function relativeTime(ms: number, now: number): string {
  const distance = Math.abs(now - ms)
  if (distance < MINUTE) return ms - now > NOW_MS ? "in a moment" : "just now"
  if (distance >= 7 * DAY) return dateText(ms)
  const words =
    distance < HOUR ? `${Math.floor(distance / MINUTE)} min` : distance < DAY ? hours(distance) : days(distance)
  return ms <= now ? `${words} ago` : `in ${words}`
}

/** Time left as "5 h 12 min", "24 h" or "4 min"; never below a minute. */
export function durationText(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / MINUTE))
  const wholeHours = Math.floor(minutes / 60)
  if (wholeHours === 0) return `${minutes} min`
  return minutes % 60 === 0 ? `${wholeHours} h` : `${wholeHours} h ${minutes % 60} min`
}

/** False against nothing and hardly anything (a tenth or less), and between a loss and a gain: no percentage tells such a change. */
export const isComparable = (now: number, before: number): boolean =>
  before !== 0 && now * before >= 0 && Math.abs(now) < 10 * Math.abs(before)

/** A change against an earlier figure that it is comparable with, in whole percent. */
export function deltaWords(
  now: number,
  before: number,
): { way: "up" | "down" | "same"; shown: string; spoken: string } {
  if (now === before) return { way: "same", shown: "no change", spoken: "The same as" }
  const way = now > before ? "up" : "down"
  const percent = Math.round((Math.abs(now - before) / Math.abs(before)) * 100)
  const size = percent === 0 ? "<1%" : `${percent}%`
  const sign = way === "up" ? "+" : MINUS
  return { way, shown: `${sign}${size}`, spoken: `${size} ${way === "up" ? "more" : "less"} than` }
}

const hours = (distance: number): string => `${Math.floor(distance / HOUR)} h`
const days = (distance: number): string => plural(Math.floor(distance / DAY), "day")
