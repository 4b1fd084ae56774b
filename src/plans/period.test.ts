import { describe, expect, test } from "bun:test"
import { DAY_MS, nano } from "../app/index.ts"
import { addMonths, proRata } from "./period.ts"

const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16)
const at = (text: string) => Date.parse(`${text}Z`)

describe("months from an anchor", () => {
  test("the 31st falls on the last day of a shorter month and comes back", () => {
    const anchor = at("2026-01-31T13:45")
    expect([0, 1, 2, 3, 4, 5].map((n) => iso(addMonths(anchor, n)))).toEqual([
      "2026-01-31T13:45",
      "2026-02-28T13:45",
      "2026-03-31T13:45",
      "2026-04-30T13:45",
      "2026-05-31T13:45",
      "2026-06-30T13:45",
    ])
    expect(iso(addMonths(anchor, 25))).toBe("2028-02-29T13:45")
    expect(iso(addMonths(at("2028-02-29T00:00"), 12))).toBe("2029-02-28T00:00")
    expect(iso(addMonths(at("2028-02-29T00:00"), 48))).toBe("2032-02-29T00:00")
    expect(iso(addMonths(at("2026-12-30T23:59"), 2))).toBe("2027-02-28T23:59")
  })

  test("for any anchor: strictly growing, in the month that is due, on the anchor's day or the month's last", () => {
    let state = 7
    const random = () => {
      state = (state * 16_807) % 2_147_483_647
      return state / 2_147_483_647
    }
    for (let round = 0; round < 2_000; round++) {
      const anchor = Math.floor(at("2020-01-01T00:00") + random() * 20 * 365 * DAY_MS)
      const day = new Date(anchor).getUTCDate()
      let last = anchor
      for (let n = 1; n <= 26; n++) {
        const next = addMonths(anchor, n)
        const date = new Date(next)
        const months = (date.getUTCFullYear() - new Date(anchor).getUTCFullYear()) * 12 + date.getUTCMonth()
        expect(months - new Date(anchor).getUTCMonth()).toBe(n)
        expect(next % DAY_MS).toBe(anchor % DAY_MS)
        const isLast = new Date(next + DAY_MS).getUTCMonth() !== date.getUTCMonth()
        expect(date.getUTCDate() === day || (isLast && date.getUTCDate() < day)).toBe(true)
        expect((next - last) / DAY_MS).toBeGreaterThanOrEqual(28)
        expect((next - last) / DAY_MS).toBeLessThanOrEqual(31)
        last = next
      }
    }
  })
})

describe("pro rata", () => {
  const period = { startMs: 1_000, endMs: 4_000 }
  test("rounds down, and the whole period gives the whole", () => {
    expect(proRata(nano(100), period, 1_000)).toBe(100)
    expect(proRata(nano(100), period, 2_000)).toBe(66)
    expect(proRata(nano(100), period, 3_999)).toBe(0)
    expect(proRata(nano(100), period, 4_000)).toBe(0)
    expect(proRata(nano(100), period, 9_000)).toBe(0)
    expect(proRata(nano(100), period, 0)).toBe(100)
  })
  test("is exact where a float would not be", () => {
    const whole = 1_000_000_000_000_000
    const month = { startMs: 0, endMs: 31 * DAY_MS }
    expect(proRata(nano(whole), month, 1)).toBe(Number((BigInt(whole) * BigInt(31 * DAY_MS - 1)) / BigInt(31 * DAY_MS)))
  })
})
