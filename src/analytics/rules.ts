// Which days a range is, and figures that are made of others. Pure; days are UTC, wherever the reader is.
import { DAY_MS, dayOf, type Nano, nano } from "../app/index.ts"
import type { Figures, Span } from "./types.ts"

export const RANGES = ["7d", "30d", "90d"] as const
export type Range = (typeof RANGES)[number]

/** A year and its leap day: what is asked for at once has a bound. */
export const SPAN_DAYS_MAX = 366

/** The last days, today included. */
export function lastDays(range: Range, nowMs: number): Span {
  const today = dayOf(nowMs)
  return { from: today - Number.parseInt(range, 10) + 1, to: today }
}

/** As many days, just before. */
export const spanBefore = ({ from, to }: Span): Span => ({ from: from - (to - from + 1), to: from - 1 })

/** "2026-11-26" as a day; null for what is none, 30 February included. */
export function dayNamed(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return null
  const ms = Date.parse(text)
  return Number.isFinite(ms) && nameOfDay(ms / DAY_MS) === text ? ms / DAY_MS : null
}

export const nameOfDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10)

/** Failed and refused ones of all that was asked, in basis points, rounded; null where nothing was. */
export function errorRateBp({ calls, errors, refused }: Pick<Figures, "calls" | "errors" | "refused">): number | null {
  const asked = calls + refused
  return asked === 0 ? null : Math.round(((errors + refused) * 10_000) / asked)
}

/** "1.25%"; null stays null. */
export const percentText = (basisPoints: number | null): string | null =>
  basisPoints === null ? null : `${Number((basisPoints / 100).toFixed(2))}%`

/** What stays here of a whole, in basis points, rounded; null where there was nothing. */
export const partBp = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part * 10_000) / whole)

/** ms of a call, rounded; null where there was none. */
export const meanLatencyMs = ({ calls, latencyMs }: Pick<Figures, "calls" | "latencyMs">): number | null =>
  calls === 0 ? null : Math.round(latencyMs / calls)

/** What an active person brought, rounded down; null where nobody was. */
export const perPersonNano = (amount: Nano, people: number): Nano | null =>
  people === 0 ? null : nano(BigInt(amount) / BigInt(people))

/** How much more than before, in basis points of before, rounded; null where there was nothing to compare with. */
export const changeBp = (now: number, before: number): number | null =>
  before === 0 ? null : Math.round(((now - before) * 10_000) / before)

/** Within which bound so many of a hundred are; null where there are none, or where only longer ones hold them all. Exact: a class has a bound. */
export function withinMs(times: readonly { withinMs: number | null; calls: number }[], percent: number): number | null {
  const all = times.reduce((sum, { calls }) => sum + calls, 0)
  let passed = 0
  for (const one of times) {
    passed += one.calls
    if (all > 0 && passed * 100 >= all * percent) return one.withinMs
  }
  return null
}
