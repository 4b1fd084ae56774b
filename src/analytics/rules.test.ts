// Days, parts and words of figures.
import { expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { DAY_MS, nano } from "../app/index.ts"
import {
  API_DEFINITIONS,
  changeBp,
  DEFINITIONS,
  dayNamed,
  errorRateBp,
  HOUSE_DEFINITIONS,
  lastDays,
  meanLatencyMs,
  nameOfDay,
  PERSON_DEFINITIONS,
  perPersonNano,
  spanBefore,
} from "./index.ts"

test("days are UTC: the last ones hold today, and as many come before", () => {
  const lastMs = Date.UTC(2026, 2, 1, 23, 59, 59, 999)
  const week = lastDays("7d", lastMs)
  expect([nameOfDay(week.from), nameOfDay(week.to)]).toEqual(["2026-02-23", "2026-03-01"])
  expect(nameOfDay(lastDays("7d", lastMs + 1).to)).toBe("2026-03-02")
  const before = spanBefore(week)
  expect([nameOfDay(before.from), nameOfDay(before.to)]).toEqual(["2026-02-16", "2026-02-22"])
})

test("what is no day is none", () => {
  expect(dayNamed("2028-02-29")! * DAY_MS).toBe(Date.UTC(2028, 1, 29))
  for (const text of ["2026-02-29", "2026-02-30", "2026-13-01", "2026-1-1", "", "tomorrow", "2026-01-01T00:00:00Z"])
    expect([text, dayNamed(text)]).toEqual([text, null])
})

test("parts of nothing are unknown, and shares are rounded down", () => {
  expect(errorRateBp({ calls: 0, errors: 0, refused: 0 })).toBeNull()
  expect(errorRateBp({ calls: 3, errors: 1, refused: 1 })).toBe(5_000)
  expect(meanLatencyMs({ calls: 0, latencyMs: 0 })).toBeNull()
  expect(perPersonNano(nano(5), 0)).toBeNull()
  expect(perPersonNano(nano(5), 3)).toBe(nano(1))
  expect([changeBp(5, 0), changeBp(3, 2), changeBp(0, 2)]).toEqual([null, 5_000, -10_000])
})

test("the documentation says what each figure is, in the words of the pages", () => {
  const text = readFileSync(join(import.meta.dir, "../../docs/how-to/ask-about-your-app.md"), "utf8")
  const { users: _, ...asked } = DEFINITIONS
  for (const words of Object.values(asked)) expect([words, text.includes(words)]).toEqual([words, true])
  const all = readFileSync(join(import.meta.dir, "../../docs/reference/analytics.md"), "utf8")
  for (const group of [DEFINITIONS, PERSON_DEFINITIONS, API_DEFINITIONS, HOUSE_DEFINITIONS])
    for (const words of Object.values(group)) expect([words, all.includes(`| ${words} |`)]).toEqual([words, true])
})
