// The 1-2-5 scale of sliders.
import { expect, test } from "bun:test"
import { amountAt, positionOf } from "./slider.tsx"

test("positions are 0, 1, 2, 5, 10, 20, 50 …", () => {
  expect(Array.from({ length: 12 }, (_, position) => amountAt(position))).toEqual([
    0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000,
  ])
})

test("an amount between two positions stands at the lower one", () => {
  for (const [amount, position] of [
    [0, 0],
    [0.5, 0],
    [1, 1],
    [1.99, 1],
    [73, 6],
    [100, 7],
    [999.999999, 9],
    [1000, 10],
    [9_007_199_254, 30],
  ] as const)
    expect([amount, positionOf(amount)]).toEqual([amount, position])
})
