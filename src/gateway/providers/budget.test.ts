import { expect, test } from "bun:test"
import { budgetWithin, hasRoom, withBudgets } from "./budget.ts"

test("a budget below the maximum stays, another leaves room for the answer", () => {
  expect([budgetWithin(9_999, 10_000), budgetWithin(10_000, 10_000), budgetWithin(31_999, 16_000)]).toEqual([
    9_999, 8_000, 12_800,
  ])
  expect([hasRoom(1_279), hasRoom(1_280)]).toEqual([false, true])
})

test("in each spelling, and nothing else of the fields changes", () => {
  const fields = {
    thinking: { type: "enabled", budget_tokens: 31_999 },
    reasoning: { max_tokens: 20_000, exclude: true },
    thinking_budget: 16_000,
    messages: [],
  }
  expect(withBudgets(fields, 16_000)).toEqual({
    thinking: { type: "enabled", budget_tokens: 12_800 },
    reasoning: { max_tokens: 12_800, exclude: true },
    thinking_budget: 12_800,
    messages: [],
  })
  expect(withBudgets(fields, 32_000)).toBe(fields)
})
