import { expect, test } from "bun:test"
import { Histogram } from "./histogram.ts"

test("a figure is counted under the first bound that is not below it, and what is above all bounds at the end", () => {
  const histogram = new Histogram([1, 10])
  for (const value of [0, 1, 1.5, 10, 11, 1_000]) histogram.observe(value)
  expect([...histogram.counts]).toEqual([2, 2, 2])
  expect(histogram.sum).toBe(1_023.5)
  expect(histogram.count).toBe(6)
})
