// Billing cycles and quota periods: the 31st, leap years, weeks, the calendar, and what must hold of any moment.
import { describe, expect, test } from "bun:test"
import { DAY_MS } from "../app/index.ts"
import { cycleSpan, quotaSpan } from "./periods.ts"
import type { Anchor, QuotaPeriod } from "./types.ts"

const at = (text: string) => Date.parse(`${text}Z`)
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16)
const shown = ({ startMs, endMs }: { startMs: number; endMs: number }) => [iso(startMs), iso(endMs)]

describe("cycles", () => {
  test("the 31st is the last day of shorter months, and comes back", () => {
    const anchor = at("2026-01-31T10:30")
    const starts = ["2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01"].map((day) =>
      iso(cycleSpan("month", anchor, at(`${day}T00:00`)).startMs),
    )
    expect(starts).toEqual(["2026-01-31T10:30", "2026-02-28T10:30", "2026-03-31T10:30", "2026-04-30T10:30"])
  })
  test("29 February is 28 February in other years, and 29 again in leap years", () => {
    const anchor = at("2028-02-29T00:00")
    expect(shown(cycleSpan("year", anchor, at("2029-06-01T00:00")))).toEqual(["2029-02-28T00:00", "2030-02-28T00:00"])
    expect(iso(cycleSpan("year", anchor, at("2032-03-01T00:00")).startMs)).toBe("2032-02-29T00:00")
  })
  test("weeks are seven days from the anchor", () => {
    const anchor = at("2026-05-06T13:00")
    expect(shown(cycleSpan("week", anchor, at("2026-05-20T13:00")))).toEqual(["2026-05-20T13:00", "2026-05-27T13:00"])
    expect(shown(cycleSpan("week", anchor, at("2026-05-20T12:59")))).toEqual(["2026-05-13T13:00", "2026-05-20T13:00"])
  })
})

describe("quotas of the calendar", () => {
  const of = (period: QuotaPeriod) =>
    shown(quotaSpan(period, "calendar", at("2026-01-31T10:30"), at("2026-07-15T12:00")))
  test("begin at midnight UTC of the day, Monday, the first, 1 January, whatever the anchor", () => {
    expect(of("day")).toEqual(["2026-07-15T00:00", "2026-07-16T00:00"])
    expect(of("week")).toEqual(["2026-07-13T00:00", "2026-07-20T00:00"])
    expect(of("month")).toEqual(["2026-07-01T00:00", "2026-08-01T00:00"])
    expect(of("year")).toEqual(["2026-01-01T00:00", "2027-01-01T00:00"])
  })
  test("days of the anniversary begin at its hour", () => {
    expect(shown(quotaSpan("day", "anniversary", at("2026-01-31T10:30"), at("2026-07-15T09:00")))).toEqual([
      "2026-07-14T10:30",
      "2026-07-15T10:30",
    ])
  })
})

/** A generator of its own, so that a failure can be run again. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}

test("any moment lies in one span; spans meet without a gap; a span is that of each of its moments", () => {
  const next = random(7)
  const periods: QuotaPeriod[] = ["day", "week", "month", "year"]
  const anchors: Anchor[] = ["calendar", "anniversary"]
  for (let turn = 0; turn < 4_000; turn++) {
    const period = periods[Math.floor(next() * 4)]!
    const anchor = anchors[Math.floor(next() * 2)]!
    // Half of the anchors at the end of a month, where it is hard.
    const drawn = Math.floor(next() * 40 * 365) * DAY_MS + Math.floor(next() * DAY_MS)
    const day = new Date(drawn)
    const anchorMs =
      next() < 0.5 ? drawn : Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0) + Math.floor(next() * DAY_MS)
    const atMs = anchorMs + Math.floor((next() - 0.1) * 6 * 365 * DAY_MS)
    const span = quotaSpan(period, anchor, anchorMs, atMs)
    expect(span.startMs <= atMs && atMs < span.endMs).toBe(true)
    expect(quotaSpan(period, anchor, anchorMs, span.startMs)).toEqual(span)
    expect(quotaSpan(period, anchor, anchorMs, span.endMs - 1)).toEqual(span)
    expect(quotaSpan(period, anchor, anchorMs, span.endMs).startMs).toBe(span.endMs)
    expect(quotaSpan(period, anchor, anchorMs, span.startMs - 1).endMs).toBe(span.startMs)
    if (anchor === "anniversary") expect(quotaSpan(period, anchor, anchorMs, anchorMs).startMs).toBe(anchorMs)
  }
})
