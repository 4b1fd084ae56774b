// The calendar of the marketplace: billing cycles and quota periods in UTC. Pure. Each boundary is computed from the anchor itself, so a short
// month never moves the later ones: 31 Jan → 28 Feb → 31 Mar.
import { DAY_MS } from "../app/index.ts"
import { addMonths } from "../plans/index.ts"
import type { Anchor, Cycle, QuotaPeriod } from "./types.ts"

/** The end is excluded. */
export interface Span {
  startMs: number
  endMs: number
}

const WEEK_MS = 7 * DAY_MS
/** 5 January 1970, the first Monday of the clock. */
const MONDAY_MS = 4 * DAY_MS
const DAYS_A_YEAR = 365.2425
const MONTHS_A_YEAR = 12
const MONTH_MS = (DAYS_A_YEAR * DAY_MS) / MONTHS_A_YEAR

/** The billing period that a moment lies in: the same day of the month and hour as the anchor, or the month's last day. */
export const cycleSpan = (cycle: Cycle, anchorMs: number, atMs: number): Span => spanOf(cycle, anchorMs, atMs)

/** The quota period that a moment lies in. It depends on nothing but its arguments: no row, no period before it. */
export const quotaSpan = (period: QuotaPeriod, anchor: Anchor, anchorMs: number, atMs: number): Span =>
  spanOf(period, anchor === "anniversary" ? anchorMs : CALENDAR_MS[period], atMs)

/** An anchor of each period that is one of the calendar's boundaries. */
const CALENDAR_MS: Record<QuotaPeriod, number> = { day: 0, week: MONDAY_MS, month: 0, year: 0 }

function spanOf(period: QuotaPeriod, anchorMs: number, atMs: number): Span {
  if (period === "day") return fixedSpan(DAY_MS, anchorMs, atMs)
  if (period === "week") return fixedSpan(WEEK_MS, anchorMs, atMs)
  return monthsSpan(period === "month" ? 1 : MONTHS_A_YEAR, anchorMs, atMs)
}

function fixedSpan(lengthMs: number, anchorMs: number, atMs: number): Span {
  const startMs = anchorMs + Math.floor((atMs - anchorMs) / lengthMs) * lengthMs
  return { startMs, endMs: startMs + lengthMs }
}

/** The estimate is at most one step off: months differ by three days, and boundaries come in order. */
function monthsSpan(months: number, anchorMs: number, atMs: number): Span {
  let step = Math.floor((atMs - anchorMs) / (months * MONTH_MS))
  while (addMonths(anchorMs, step * months) > atMs) step--
  while (addMonths(anchorMs, (step + 1) * months) <= atMs) step++
  return { startMs: addMonths(anchorMs, step * months), endMs: addMonths(anchorMs, (step + 1) * months) }
}
