// The state machine of subscriptions: access, what time asks for, the next period, and what moving up costs.
import { describe, expect, test } from "bun:test"
import { DAY_MS, nano } from "../../app/index.ts"
import { cents } from "../plans/testing.ts"
import { accessOf, dueAct, graceEnd, nextPeriod, upgradeCost } from "./rules.ts"
import type { Subscription } from "./types.ts"

const at = (text: string) => Date.parse(`${text}T00:00Z`)
const base = {
  state: "active" as Subscription["state"],
  anchorMs: at("2026-01-31"),
  periodStartMs: at("2026-01-31"),
  periodEndMs: at("2026-02-28"),
  createdMs: at("2026-01-31"),
  cancelledMs: null as number | null,
  pastDueMs: null as number | null,
  graceEndMs: null as number | null,
}

describe("access", () => {
  const end = base.periodEndMs
  test.each([
    ["active, its renewal a moment late", {}, end + 5, null],
    ["cancelled, to the last millisecond", { cancelledMs: 1 }, end - 1, null],
    ["cancelled, over", { cancelledMs: 1 }, end, "ended"],
    ["past due, within its grace", { state: "past_due", graceEndMs: end + 10 }, end + 9, null],
    ["past due, after it", { state: "past_due", graceEndMs: end + 10 }, end + 10, "past_due"],
    ["banned", { state: "banned" }, 0, "banned"],
    ["ended", { state: "ended" }, 0, "ended"],
    ["trialing", { state: "trialing" }, end - 1, null],
  ] as const)("%s", (_, more, now, expected) => expect(accessOf({ ...base, ...more }, now)).toBe(expected))
})

describe("what time asks for", () => {
  const end = base.periodEndMs
  test.each([
    ["nothing within the period", {}, end - 1, "none"],
    ["a renewal at its end", {}, end, "renew"],
    ["a renewal at the end of a trial", { state: "trialing" }, end, "renew"],
    ["the end of what was cancelled", { cancelledMs: 1 }, end, "end"],
    ["the end of who is banned", { state: "banned" }, end, "end"],
    ["another try of what is unpaid", { state: "past_due", pastDueMs: end }, end + 29 * DAY_MS, "retry"],
    ["the end of what stays unpaid", { state: "past_due", pastDueMs: end }, end + 30 * DAY_MS, "end"],
    ["nothing of what is over", { state: "ended" }, end + DAY_MS, "none"],
  ] as const)("%s", (_, more, now, expected) => expect(dueAct({ ...base, ...more }, now, 30)).toBe(expected))
})

describe("the next period", () => {
  const month = { cycle: "month" } as const
  test("follows the anchor, also after a short month", () => {
    const next = nextPeriod({ ...base }, month, month, base.periodEndMs)
    expect([next.startMs, next.endMs]).toEqual([at("2026-02-28"), at("2026-03-31")])
  })
  test("of a server that slept is the one of now: what passed is not charged", () => {
    const next = nextPeriod({ ...base }, month, month, at("2026-06-15"))
    expect([next.startMs, next.endMs]).toEqual([at("2026-05-31"), at("2026-06-30")])
  })
  test("after a trial, or with another cycle, hangs on the moment in which it began", () => {
    const trial = nextPeriod(
      { ...base, state: "trialing", periodEndMs: at("2026-02-14") },
      month,
      month,
      at("2026-02-14"),
    )
    expect([trial.anchorMs, trial.endMs]).toEqual([at("2026-02-14"), at("2026-03-14")])
    const year = nextPeriod({ ...base }, month, { cycle: "year" }, base.periodEndMs)
    expect([year.anchorMs, year.endMs]).toEqual([at("2026-02-28"), at("2027-02-28")])
  })
  test("bounds the grace", () => {
    expect(graceEnd(0, 3, { startMs: 0, endMs: 10 * DAY_MS })).toBe(3 * DAY_MS)
    expect(graceEnd(0, 30, { startMs: 0, endMs: 7 * DAY_MS })).toBe(7 * DAY_MS)
  })
})

describe("moving up", () => {
  const plan = (price: number, cycle: "week" | "month" | "year" = "month", trialDays = 0) => ({
    priceNano: cents(price),
    cycle,
    trialDays,
  })
  test("costs the difference for the rest of the period, rounded up once", () => {
    const half = base.periodStartMs + 14 * DAY_MS
    expect(Number(upgradeCost(base, plan(1_000), plan(3_000), half)!.nowNano)).toBe(cents(1_000))
    const odd = upgradeCost(base, plan(0), { ...plan(0), priceNano: nano(10) }, base.periodEndMs - 1)!
    expect(Number(odd.nowNano)).toBe(1)
    expect(odd.endMs).toBe(base.periodEndMs)
  })
  test("to a plan that is cheaper costs nothing, and gives nothing back", () => {
    expect(Number(upgradeCost(base, plan(3_000), plan(1_000), base.periodStartMs)!.nowNano)).toBe(0)
  })
  test("with another cycle begins a period, less what is unused", () => {
    const half = base.periodStartMs + 14 * DAY_MS
    const cost = upgradeCost(base, plan(1_000), plan(10_000, "year"), half)!
    expect([Number(cost.nowNano), Number(cost.creditNano)]).toEqual([cents(9_500), cents(500)])
    expect([cost.startMs, cost.anchorMs, cost.endMs]).toEqual([half, half, at("2027-02-14")])
    expect(upgradeCost(base, plan(1_000), plan(100, "week"), half)).toBeNull()
  })
  test("in a trial costs nothing while the new plan has one, else its price", () => {
    const trial = { ...base, state: "trialing" as const, periodEndMs: base.createdMs + 14 * DAY_MS }
    const later = base.createdMs + 3 * DAY_MS
    expect(upgradeCost(trial, plan(10), plan(20, "month", 7), later)).toMatchObject({
      isTrial: true,
      nowNano: 0,
      endMs: base.createdMs + 7 * DAY_MS,
    })
    expect(upgradeCost(trial, plan(10), plan(20, "month", 2), later)).toMatchObject({
      isTrial: false,
      nowNano: cents(20),
      startMs: later,
    })
    expect(upgradeCost(trial, plan(10), plan(20), later)).toMatchObject({ isTrial: false, nowNano: cents(20) })
  })
})
