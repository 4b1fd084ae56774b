// Billing periods: months keep the anchor's day where they have it.
import type { Price } from "./types.ts"

type Interval = NonNullable<Price["recurring"]>
const SECONDS = { day: 86_400, week: 7 * 86_400 } as const

/** The boundary `count` intervals after the anchor, seconds. */
export function boundary(anchor: number, { interval, interval_count }: Interval, count: number): number {
  const steps = count * interval_count
  if (interval === "day" || interval === "week") return anchor + steps * SECONDS[interval]
  const from = new Date(anchor * 1_000)
  const month = from.getUTCMonth() + steps * (interval === "year" ? 12 : 1)
  const last = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate()
  const day = Math.min(from.getUTCDate(), last)
  return (
    Date.UTC(from.getUTCFullYear(), month, day, from.getUTCHours(), from.getUTCMinutes(), from.getUTCSeconds()) / 1_000
  )
}

/** The period that holds this moment. */
export function periodAt(anchor: number, interval: Interval, at: number): { start: number; end: number } {
  let count = 0
  while (boundary(anchor, interval, count + 1) <= at) count++
  return { start: boundary(anchor, interval, count), end: boundary(anchor, interval, count + 1) }
}
