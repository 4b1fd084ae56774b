// `?range=7d|30d|90d`, or `range=custom&from=…&to=…`: which UTC days a page of figures tells about. What is wrong is said, and the usual days
// are shown.
import type { RangeName } from "../../../views/ui/index.ts"
import { dayNamed, lastDays, nameOfDay, RANGES, SPAN_DAYS_MAX, type Span } from "../../analytics/index.ts"
import { dayOf } from "../../app/index.ts"

export interface DaysAsked {
  range: RangeName
  span: Span
  error?: string | undefined
}

export function daysAsked(params: URLSearchParams, nowMs: number): DaysAsked {
  const usual = lastDays("30d", nowMs)
  const name = params.get("range") ?? "30d"
  const known = RANGES.find((one) => one === name)
  if (known) return { range: known, span: lastDays(known, nowMs) }
  if (name !== "custom") return { range: "30d", span: usual }
  const wrong = (error: string): DaysAsked => ({ range: "custom", span: usual, error })
  const [from, to] = [dayNamed(params.get("from") ?? ""), dayNamed(params.get("to") ?? "")]
  if (from === null || to === null) return wrong("Give both days, such as 2026-11-01 and 2026-11-26.")
  if (from > to) return wrong("The first day must not be after the last.")
  if (to - from >= SPAN_DAYS_MAX) return wrong(`Choose at most ${SPAN_DAYS_MAX} days.`)
  return { range: "custom", span: { from, to } }
}

/** The same days as a part of an address. */
export const daysQuery = ({ range, span }: DaysAsked): Record<string, string> =>
  range === "custom" ? { range, ...daysNamed(span) } : { range }

const daysNamed = ({ from, to }: Span): { from: string; to: string } => ({
  from: nameOfDay(from),
  to: nameOfDay(to),
})

/** What `DateRange` shows. */
export const daysShown = (asked: DaysAsked, nowMs: number) => ({
  range: asked.range,
  ...daysNamed(asked.span),
  max: nameOfDay(dayOf(nowMs)),
  error: asked.error,
})
