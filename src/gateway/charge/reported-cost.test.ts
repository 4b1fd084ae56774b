import { expect, test } from "bun:test"
import { believedCost } from "./reported-cost.ts"

const MILLI = 1_000_000_000n

test("what a provider took is charged, more or less than its list", () => {
  for (const cost of [1n, 5n * MILLI, 10n * MILLI, 150n * MILLI]) {
    expect(believedCost(10n * MILLI, cost, false)).toEqual({ raw: cost, isOdd: false })
  }
  expect(believedCost(7n, null, false)).toEqual({ raw: 7n, isOdd: false })
})

test("nothing is no price of a model that has one (830 EUR were once billed for what said 1.47)", () => {
  expect(believedCost(10n * MILLI, 0n, false)).toEqual({ raw: 10n * MILLI, isOdd: true })
  expect(believedCost(0n, 0n, true)).toEqual({ raw: 0n, isOdd: false })
})

test("a cost that cannot be is not believed", () => {
  expect(believedCost(10n * MILLI, 202n * MILLI, false)).toEqual({ raw: 10n * MILLI, isOdd: true })
  expect(believedCost(0n, 10n * MILLI, true)).toEqual({ raw: 0n, isOdd: true })
})
