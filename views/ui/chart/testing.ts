// What the tests of charts stand on: days, a unit of counts, and numbers that come again for a seed.
import { AreaChart, BarChart, CREDITS, counted, LineChart, StackedBarChart, USD } from "./index.ts"
import type { Value } from "./scale.ts"
import type { Unit } from "./unit.ts"

export const DAY = 86_400_000
export const START = Date.UTC(2026, 8, 1)
export const days = (count: number): number[] => Array.from({ length: count }, (_, index) => START + index * DAY)
export const CALLS = counted("Calls", "call", "calls")
export const UNITS: readonly Unit[] = [CREDITS, USD, CALLS]
export const DAYS_CHARTS = { LineChart, AreaChart, BarChart, StackedBarChart }

/** A generator that repeats for a seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const ODD: readonly (number | null)[] = [
  null,
  0,
  -0,
  1,
  -1,
  0.1,
  1e-12,
  5e-324,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  Number.MAX_SAFE_INTEGER,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
]

export function randomValues(next: () => number, count: number): Value[] {
  const scale = 10 ** Math.floor(next() * 16)
  const holes = next() < 0.5 ? 0.3 : 0
  const odd = next() < 0.3 ? 0.2 : 0
  const sign = next() < 0.3 ? 0.5 : 0
  return Array.from({ length: count }, () => {
    if (next() < odd) return ODD[Math.floor(next() * ODD.length)]!
    if (next() < holes) return null
    const value = Math.floor(next() * scale)
    return next() < sign ? -value : value
  })
}
