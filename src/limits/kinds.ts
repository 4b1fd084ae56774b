// What can be limited, and the windows in which it is counted: fixed, aligned to UTC. Pure.
import { DAY_MS, dayOf, HOUR_MS, MINUTE_MS, SECOND_MS } from "../app/index.ts"

/** What one unit is. Spend is n$. */
export type LimitUnit = "requests" | "tokens" | "calls" | "nano"
export type LimitSpan = "second" | "minute" | "hour" | "day" | "week" | "month" | "total" | "request" | "now"

export interface KindInfo {
  unit: LimitUnit
  span: LimitSpan
  /** Where it is counted; `nowhere`: looked at call by call. */
  kept: "memory" | "row" | "nowhere"
  /** Its name in `RateLimit-Policy` after whose it is. */
  token: string
  label: string
}

const kind = (unit: LimitUnit, span: LimitSpan, kept: KindInfo["kept"], token: string, label: string): KindInfo => ({
  unit,
  span,
  kept,
  token,
  label,
})

export const KINDS = {
  requests_second: kind("requests", "second", "memory", "requests-second", "Requests a second"),
  requests_minute: kind("requests", "minute", "memory", "requests-minute", "Requests a minute"),
  requests_hour: kind("requests", "hour", "row", "requests-hour", "Requests an hour"),
  requests_day: kind("requests", "day", "row", "requests-day", "Requests a day"),
  tokens_minute: kind("tokens", "minute", "memory", "tokens-minute", "Tokens a minute"),
  tokens_request: kind("tokens", "request", "nowhere", "tokens-request", "Tokens of one request"),
  concurrent: kind("calls", "now", "memory", "concurrent", "Calls at the same time"),
  spend_day: kind("nano", "day", "row", "spend-day", "Spend a day"),
  spend_week: kind("nano", "week", "row", "spend-week", "Spend a week"),
  spend_month: kind("nano", "month", "row", "spend-month", "Spend a month"),
  spend_total: kind("nano", "total", "row", "spend-total", "Spend in all"),
} as const satisfies Record<string, KindInfo>

export type LimitKind = keyof typeof KINDS
export const LIMIT_KINDS = Object.keys(KINDS) as LimitKind[]

/** What a team may set for its people. */
export const MEMBER_KINDS = ["spend_day", "spend_month"] as const

export const isSpend = (kind: LimitKind): boolean => KINDS[kind].unit === "nano"

export interface Span {
  startMs: number
  /** Excluded. */
  endMs: number
}

/** What never ends: as far as SQLite and JavaScript count alike. */
const FOREVER: Span = { startMs: 0, endMs: Number.MAX_SAFE_INTEGER }
const FIXED_MS = { second: SECOND_MS, minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS } as const
/** 1970-01-01 was a Thursday: three days before it a week began. */
const MONDAY_OFFSET = 3

/** The window of a moment. Weeks begin on Monday, months on their first, at 0:00 UTC. */
export function spanOf(span: LimitSpan, atMs: number): Span {
  if (span === "week") {
    const startMs = (Math.floor((dayOf(atMs) + MONDAY_OFFSET) / 7) * 7 - MONDAY_OFFSET) * DAY_MS
    return { startMs, endMs: startMs + 7 * DAY_MS }
  }
  if (span === "month") {
    const at = new Date(atMs)
    const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()]
    return { startMs: Date.UTC(year, month), endMs: Date.UTC(year, month + 1) }
  }
  if (span === "total" || span === "request" || span === "now") return FOREVER
  const lengthMs = FIXED_MS[span]
  const startMs = Math.floor(atMs / lengthMs) * lengthMs
  return { startMs, endMs: startMs + lengthMs }
}

/** Whole seconds until then, up: whoever waits as told is never early. */
export const secondsUntil = (endMs: number, nowMs: number): number => Math.max(1, Math.ceil((endMs - nowMs) / 1_000))
