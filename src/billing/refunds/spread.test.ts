// Money that goes back of many lots: whoever it was, they owe what they spent beyond what they still pay for, to the last n$, and no more.
import { describe, expect, test } from "bun:test"
import { nano } from "../../app/index.ts"
import type { ClawableLot } from "../../ledger/index.ts"
import { spread } from "./spread.ts"

type Part = Partial<ClawableLot> & { key: string }
const lot = (part: Part): ClawableLot => ({
  paid: true,
  effectiveMs: 0,
  leftNano: 100,
  brokenNano: 0,
  freeNano: 0,
  ...part,
})
const shares = (amount: number, lots: ClawableLot[]) =>
  Object.fromEntries(spread(nano(amount), lots).map(({ lotKey, amountNano }) => [lotKey, amountNano as number]))

/** Twelve months; of each the same is spent, broken and left. */
const year = (of: (month: number) => Pick<ClawableLot, "brokenNano" | "freeNano">): ClawableLot[] =>
  Array.from({ length: 12 }, (_, month) => lot({ key: `m${month}`, effectiveMs: month, ...of(month) }))

describe("half a year goes back", () => {
  test("in its middle, all of the first half spent: the second half, and nothing is owed", () => {
    const lots = year((month) => ({ brokenNano: 0, freeNano: month < 6 ? 0 : 100 }))
    expect(shares(600, lots)).toEqual({ m6: 100, m7: 100, m8: 100, m9: 100, m10: 100, m11: 100 })
  })

  test("of which nobody used anything: what expired goes first, and the months to come stay", () => {
    const lots = year((month) => ({ brokenNano: month < 6 ? 100 : 0, freeNano: month < 6 ? 0 : 100 }))
    expect(shares(600, lots)).toEqual({ m0: 100, m1: 100, m2: 100, m3: 100, m4: 100, m5: 100 })
  })

  test("late, with nine months spent: the last three, and three months are owed", () => {
    const lots = year((month) => ({ brokenNano: 0, freeNano: month < 9 ? 0 : 100 }))
    expect(shares(600, lots)).toEqual({ m11: 100, m10: 100, m9: 100, m8: 100, m7: 100, m6: 100 })
  })
})

test("1,000 random payments: together the amount, of no lot more than it has, owed only what was spent beyond the rest", () => {
  let state = 11
  const below = (n: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * n)
  }
  for (let round = 0; round < 1_000; round++) {
    const lots = Array.from({ length: 1 + below(13) }, (_, at) => {
      const leftNano = below(1_000)
      const brokenNano = below(leftNano + 1)
      return lot({
        key: `k${at}`,
        effectiveMs: below(5),
        leftNano,
        brokenNano,
        freeNano: below(leftNano - brokenNano + 1),
      })
    })
    const all = lots.reduce((sum, { leftNano }) => sum + leftNano, 0)
    const unused = lots.reduce((sum, { brokenNano, freeNano }) => sum + brokenNano + freeNano, 0)
    const amount = below(all + 1)
    const found = spread(nano(amount), lots)
    expect(found.reduce((sum, { amountNano }) => sum + amountNano, 0)).toBe(amount)
    const owed = found.map(({ lotKey, amountNano }) => {
      const { leftNano, brokenNano, freeNano } = lots.find(({ key }) => key === lotKey)!
      expect(amountNano).toBeLessThanOrEqual(leftNano)
      // As the ledger takes it: what broke, what is free, then debt.
      return Math.max(0, amountNano - brokenNano - freeNano)
    })
    expect(owed.reduce((sum, one) => sum + one, 0)).toBe(Math.max(0, amount - unused))
  }
})
