// What one call through an app usually costs: the median of recent charges, and only where it tells nothing about any one person.
import { type ClientId, dayOf, type Nano, nano } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import { chargesOfCaller, recentCallers } from "./store-typical.ts"

/** Fewer people or calls than these: no figure (k-anonymity, k = 3). */
const PEOPLE_MIN = 3
const CALLS_MIN = 10
/** Bounds of the sample: how far back, whose calls, and how many of each. */
const DAYS = 30
const PEOPLE_MAX = 40
const CALLS_MAX = 200

/**
 * Median charge of one call of this scope through this app over its recent answered calls, n$.
 * @returns null when too few people or calls stand behind it
 */
export function typicalCharge(reader: Reader, clientId: ClientId, scope: string, atMs: number): Nano | null {
  const callers = recentCallers(reader, clientId, scope, dayOf(atMs) - DAYS + 1, PEOPLE_MAX)
  const each = Math.ceil(CALLS_MAX / Math.max(PEOPLE_MIN, callers.length))
  return medianOfPeople(callers.map((accountId) => chargesOfCaller(reader, accountId, clientId, scope, each)))
}

/**
 * Pure. @param charges by person, newest first, n$
 * Nobody counts for more than all others together, so that the middle is never one person's own figure by their number of calls.
 */
export function medianOfPeople(charges: readonly (readonly number[])[]): Nano | null {
  const people = charges.filter((own) => own.length > 0).sort((a, b) => b.length - a.length)
  const [most = [], ...others] = people
  const rest = others.flat()
  const sample = [...most.slice(0, rest.length), ...rest].sort((a, b) => a - b)
  if (people.length < PEOPLE_MIN || sample.length < CALLS_MIN) return null
  const upper = sample[Math.floor(sample.length / 2)]!
  const lower = sample[Math.floor((sample.length - 1) / 2)]!
  return twoFigures(Math.round((lower + upper) / 2))
}

/** Two significant figures: a typical cost, and no charge that somebody could find again. */
function twoFigures(value: number): Nano {
  const step = 10 ** Math.max(0, String(value).length - 2)
  return nano(Math.round(value / step) * step)
}
