// UTC months, counted from January 1970. Pure.
import { DAY_MS } from "../app/index.ts"
import { SPENDING_LIMITS as L } from "./limits.ts"

/** The month that a moment lies in. */
export function monthOf(ms: number): number {
  const at = new Date(ms)
  return (at.getUTCFullYear() - 1970) * 12 + at.getUTCMonth()
}

export const startOf = (month: number): number => Date.UTC(1970, month, 1)

/** First and last UTC day. */
export const daysOf = (month: number): { from: number; to: number } => ({
  from: startOf(month) / DAY_MS,
  to: startOf(month + 1) / DAY_MS - 1,
})

/** The month to write about at a moment; null: it is too early, or no news any more. */
export function monthDue(nowMs: number): number | null {
  const month = monthOf(nowMs) - 1
  const sinceEnd = nowMs - startOf(month + 1)
  return sinceEnd < L.letterAfterMs || sinceEnd >= L.letterUntilMs ? null : month
}

/** "October" */
export const monthName = (month: number): string =>
  new Date(startOf(month)).toLocaleString("en", { month: "long", timeZone: "UTC" })

/** "October 2026" */
export const monthText = (month: number): string => `${monthName(month)} ${new Date(startOf(month)).getUTCFullYear()}`
