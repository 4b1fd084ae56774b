import { describe, expect, test } from "bun:test"
import { nano } from "../../src/app/units.ts"
import {
  count,
  creditsExact,
  creditsFixed,
  creditsText,
  dayHeading,
  daySpan,
  deltaWords,
  durationText,
  group,
  isComparable,
  relativeTime,
  usdText,
} from "./format.ts"

test("credits read whole from 10 up, and never as nothing when there is something", () => {
  const cases: [number, string][] = [
    [0, "0 credits"],
    [1_000_000, "1 credit"],
    [1_900_000, "1.9 credits"],
    [-1_900_000, "\u22121.9 credits"],
    [999_999, "0.99 credits"],
    [1, "<0.01 credits"],
    [9_999_999, "9.9 credits"],
    [10_900_000, "10 credits"],
    [1_240_004_000, "1,240 credits"],
  ]
  for (const [value, words] of cases) expect(creditsText(nano(value))).toBe(words)
  expect(creditsExact(nano(1_240_004_000))).toBe("1,240.004 credits")
  expect(creditsExact(nano(1_000_000))).toBe("1 credit")
  expect(creditsExact(nano(-1))).toBe("\u22120.000001 credits")
})

test("a movement has two places: what came is cut, what went is rounded up", () => {
  const cases: [number, string][] = [
    [100_000_000, "100.00"],
    [1_816_600, "1.81"],
    [-1_816_600, "\u22121.82"],
    [-1_810_000, "\u22121.81"],
    [-9_999, "\u2212<0.01"],
    [9_999, "<0.01"],
    [-10_000, "\u22120.01"],
    [0, "0.00"],
    [-Number.MAX_SAFE_INTEGER, "\u22129,007,199,254.74"],
  ]
  for (const [value, words] of cases) expect(creditsFixed(nano(value))).toBe(words)
})

test("dollars keep cents, and more places only below a cent", () => {
  const cases: [number, string][] = [
    [0, "$0.00"],
    [12_400_000_000, "$12.40"],
    [-12_400_000_000, "\u2212$12.40"],
    [1_234_567_890_000_000, "$1,234,567.89"],
    [1_900_000, "$0.0019"],
    [1, "$0.000000001"],
  ]
  for (const [value, words] of cases) expect(usdText(nano(value))).toBe(words)
})

test("figures are grouped as the platform's own formatter does, and no digit is lost", () => {
  const exactly = new Intl.NumberFormat("en-US", { maximumFractionDigits: 20 })
  for (let places = 0; places <= 15; places++) {
    for (const start of ["1", "9", "123"]) {
      const whole = start + "4567890123456789".slice(0, places)
      for (const digits of [whole, `-${whole}`, `${whole}.000001`, `-${whole}.1234`]) {
        expect(group(digits)).toBe(exactly.format(digits as Intl.StringNumericLiteral))
      }
    }
  }
  for (const amount of [0, 1, 999_999, 1_000_000, 10_000_000, 100_000_001, Number.MAX_SAFE_INTEGER]) {
    for (const signed of [amount, -amount]) {
      const [whole = "", fraction = ""] = creditsExact(nano(signed)).split(" ")[0]!.replaceAll(",", "").split(".")
      expect(BigInt(whole.replace("\u2212", "-") + fraction.padEnd(6, "0"))).toBe(BigInt(signed))
    }
  }
})

test("a change is told in percent, and not at all against nothing or hardly anything", () => {
  expect(deltaWords(112, 100)).toEqual({ way: "up", shown: "+12%", spoken: "12% more than" })
  expect(deltaWords(0, 100)).toEqual({ way: "down", shown: "\u2212100%", spoken: "100% less than" })
  expect(deltaWords(1_001, 1_000).shown).toBe("+<1%")
  const cases: [now: number, before: number, is: boolean][] = [
    [14, 1, false],
    [10, 1, false],
    [9, 1, true],
    [5, 0, false],
    [0, 0, false],
    [0, 5, true],
    [5, -5, false],
    [-5, 5, false],
    [-5, -4, true],
  ]
  for (const [now, before, is] of cases) expect(isComparable(now, before)).toBe(is)
})

test("counts and times", () => {
  expect(count(-1234567)).toBe("\u22121,234,567")
  const now = Date.UTC(2026, 10, 20, 14, 30)
  expect(relativeTime(now - 59_000, now)).toBe("just now")
  expect(relativeTime(now - 3 * 60_000, now)).toBe("3 min ago")
  expect(relativeTime(now + 5 * 3_600_000, now)).toBe("in 5 h")
  expect(relativeTime(now + 59_000, now)).toBe("in a moment")
  expect(relativeTime(now + 900, now)).toBe("just now")
  expect(relativeTime(now - 86_400_000, now)).toBe("1 day ago")
  expect(relativeTime(now - 9 * 86_400_000, now)).toBe("11 Nov 2026")
  expect(durationText(1)).toBe("1 min")
  expect(durationText(24 * 3_600_000)).toBe("24 h")
  expect(durationText(5 * 3_600_000 + 12 * 60_000)).toBe("5 h 12 min")
})

describe("days of a statement", () => {
  const now = Date.UTC(2026, 10, 20, 14)
  const day = (year: number, month: number, date: number) => Date.UTC(year, month - 1, date)
  test("are named from today on back, with the year when it is another", () => {
    expect(dayHeading(day(2026, 11, 20), now)).toBe("Today, 20 November")
    expect(dayHeading(day(2026, 11, 19), now)).toBe("Yesterday, 19 November")
    expect(dayHeading(day(2026, 11, 13), now)).toBe("Friday, 13 November")
    expect(dayHeading(day(2025, 12, 31), now)).toBe("Wednesday, 31 December 2025")
  })
  test("span a page in as few words as are clear", () => {
    expect(daySpan(day(2026, 3, 12), day(2026, 3, 14), now)).toBe("12–14 March")
    expect(daySpan(day(2026, 3, 12), day(2026, 3, 12), now)).toBe("12 March")
    expect(daySpan(day(2026, 2, 28), day(2026, 3, 2), now)).toBe("28 February – 2 March")
    expect(daySpan(day(2025, 3, 1), day(2026, 3, 2), now)).toBe("1 March 2025 – 2 March")
    expect(daySpan(day(2025, 3, 1), day(2025, 3, 2), now)).toBe("1–2 March 2025")
  })
})
