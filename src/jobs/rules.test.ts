import { expect, test } from "bun:test"
import { HOUR_MS, MINUTE_MS } from "../app/index.ts"
import { firstWaitMs, waitMs } from "./rules.ts"

const MIDDLE = 0.5

test("a job that goes well keeps its period", () => {
  expect(waitMs(HOUR_MS, 0, 0.99)).toBe(HOUR_MS)
})

test("failures double the wait, from half a minute to the period, and no wait is another's", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 60].map((failures) => waitMs(HOUR_MS, failures, MIDDLE))
  expect(waits.slice(0, 4)).toEqual([30_000, 60_000, 120_000, 240_000])
  expect(waits.slice(-3)).toEqual([HOUR_MS, HOUR_MS, HOUR_MS])
  expect([0, 0.999].map((random) => waitMs(HOUR_MS, 1, random))).toEqual([22_500, expect.closeTo(37_485, -1)])
})

test("work by the second backs off as well, up to five minutes", () => {
  expect([1, 2, 3].map((failures) => waitMs(1_000, failures, MIDDLE))).toEqual([1_000, 2_000, 4_000])
  expect(waitMs(1_000, 50, MIDDLE)).toBe(5 * MINUTE_MS)
})

test("what was due while the server was off runs soon; a restart neither repeats nor forgets", () => {
  const now = 100 * HOUR_MS
  expect(firstWaitMs(HOUR_MS, null, now, MIDDLE)).toBe(HOUR_MS)
  expect(firstWaitMs(HOUR_MS, now - 50 * MINUTE_MS, now, MIDDLE)).toBe(10 * MINUTE_MS)
  expect(firstWaitMs(HOUR_MS, now - 2 * HOUR_MS, now, MIDDLE)).toBe(5_000)
  // Ran in what this clock calls the future.
  expect(firstWaitMs(HOUR_MS, now + 50 * HOUR_MS, now, MIDDLE)).toBe(HOUR_MS)
})
