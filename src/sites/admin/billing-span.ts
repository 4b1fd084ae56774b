// Which UTC days the pages of billing tell about: the address says so, both ends included. Pure.
import type { SpanProps } from "../../../views/admin/billing/span.tsx"
import { withQuery } from "../../../views/ui/index.ts"
import { DAY_MS, dayOf } from "../../app/index.ts"

const RANGES = { "7d": 7, "30d": 30, "90d": 90 } as const
const DAYS_MAX = 366

export interface Span {
  fromMs: number
  /** Not included. */
  toMs: number
  props: SpanProps
  /** The same days of another page. */
  query: Record<string, string>
}

const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

export function spanOf(params: URLSearchParams, now: number): Span {
  const today = dayOf(now)
  const asked = params.get("range") ?? "30d"
  if (asked === "custom" || params.has("from") || params.has("to")) return custom(params, today)
  const range = Object.hasOwn(RANGES, asked) ? (asked as keyof typeof RANGES) : "30d"
  const fromMs = (today - RANGES[range] + 1) * DAY_MS
  const props = { range, from: isoDay(fromMs), to: isoDay(today * DAY_MS), today: isoDay(today * DAY_MS), error: null }
  return { fromMs, toMs: (today + 1) * DAY_MS, props, query: { range } }
}

function custom(params: URLSearchParams, today: number): Span {
  const [from, to] = [params.get("from") ?? "", params.get("to") ?? ""]
  const fromMs = from === "" ? (today - RANGES["30d"] + 1) * DAY_MS : dayMs(from)
  const lastMs = to === "" ? today * DAY_MS : dayMs(to)
  const error =
    fromMs === null || lastMs === null
      ? "One of these days does not exist. Choose both again."
      : fromMs > lastMs
        ? "The first day is after the last. Change one of them."
        : lastMs - fromMs >= DAYS_MAX * DAY_MS
          ? "That is more than a year. Choose fewer days."
          : null
  const props = { range: "custom" as const, from, to, today: isoDay(today * DAY_MS), error }
  const [begin, end] = error === null ? [fromMs ?? 0, (lastMs ?? 0) + DAY_MS] : [0, 0]
  return { fromMs: begin, toMs: end, props, query: { range: "custom", from, to } }
}

/** First moment of a UTC day written as 2026-03-31; null when there is no such day. */
function dayMs(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
  const ms = Date.parse(`${text}T00:00:00Z`)
  return Number.isNaN(ms) || isoDay(ms) !== text ? null : ms
}

export const withSpan = (path: string, { query }: Span): string => withQuery(path, query)
