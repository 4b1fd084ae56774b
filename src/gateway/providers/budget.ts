// Budgets of thinking, which are a part of all output. A caller's maximum may be shortened (limits, a model's own maximum, credits); then
// so is a budget that no longer fits, as providers refuse one that is not below the maximum.

/** What is left for thinking, in tenths; the rest is for the answer. */
const SHARE = 8
/** No provider takes less. */
export const BUDGET_LEAST = 1_024

export const budgetWithin = (budget: number, maxTokens: number): number =>
  budget < maxTokens ? budget : Math.floor((maxTokens * SHARE) / 10)

/** Whether so much output has room to think in at all. */
export const hasRoom = (maxTokens: number): boolean => budgetWithin(maxTokens, maxTokens) >= BUDGET_LEAST

type Json = Readonly<Record<string, unknown>>
const NAMES: readonly [field: string, member: string][] = [
  ["thinking", "budget_tokens"],
  ["reasoning", "max_tokens"],
]

/** Fields of chat completions and messages with budgets that fit. */
export function withBudgets(fields: Json, maxTokens: number): Json {
  let fitting = fields
  const { thinking_budget } = fields
  if (typeof thinking_budget === "number" && thinking_budget >= maxTokens) {
    fitting = { ...fitting, thinking_budget: budgetWithin(thinking_budget, maxTokens) }
  }
  for (const [field, member] of NAMES) {
    const said = fields[field] as Json | undefined
    const budget = said?.[member]
    if (typeof budget !== "number" || budget < maxTokens) continue
    fitting = { ...fitting, [field]: { ...said, [member]: budgetWithin(budget, maxTokens) } }
  }
  return fitting
}
