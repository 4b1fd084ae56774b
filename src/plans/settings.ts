// What an operator sets for all plans together.
import { credits, type Nano } from "../app/index.ts"
import { field } from "../http/index.ts"
import type { Setting } from "../part/index.ts"
import { amountProblem } from "./rules.ts"

/** What free claims of one UTC day may grant together; null = no bound. */
export const FREE_BUDGET: Setting<Nano | null> = {
  key: "plans.free_budget_daily",
  group: "Free credits",
  field: field.credits({
    label: "Free credits a day",
    help: "Leave it empty for no limit.",
    optional: true,
    wrong: "Give a number of credits, such as 100,000, or leave it empty.",
  }),
  default: credits(100_000),
  problem: (value) => (value === null ? null : amountProblem(value)),
}
