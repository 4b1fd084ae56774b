// What wanting another plan means, pure: dearer at once, cheaper or for a shorter time at the end of what is paid.
import { FREE_PLAN_ID, type Plan } from "../../plans/index.ts"
import type { Months } from "./types.ts"

export interface Present {
  plan: Plan
  months: Months
  /** Something else comes at the end of the period. */
  isPlanned: boolean
}

export type Move = "now" | "later" | "end" | "keep" | "same"

export function moveOf(present: Present, plan: Plan, months: Months): Move {
  if (plan.id === FREE_PLAN_ID) return "end"
  if (plan.id === present.plan.id && months === present.months) return present.isPlanned ? "keep" : "same"
  if (months < present.months) return "later"
  if (plan.priceNano < present.plan.priceNano) return "later"
  // The same plan for a year, or a dearer one; another one of the same price waits.
  return plan.priceNano > present.plan.priceNano || plan.id === present.plan.id ? "now" : "later"
}
