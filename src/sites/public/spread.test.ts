import { expect, test } from "bun:test"
import { spread } from "./spread.ts"

test("a few of a sorted list show its whole range, first and last included, none twice", () => {
  expect(spread([1, 2, 3], 8)).toEqual({ shown: [1, 2, 3], more: 0 })
  expect(spread([], 8)).toEqual({ shown: [], more: 0 })
  for (let size = 9; size < 40; size++) {
    const all = Array.from({ length: size }, (_, index) => index)
    const { shown, more } = spread(all, 8)
    expect([shown.length, more, shown[0], shown.at(-1)]).toEqual([8, size - 8, 0, size - 1])
    expect(new Set(shown).size).toBe(8)
    expect(shown).toEqual(shown.toSorted((a, b) => a - b))
  }
})
