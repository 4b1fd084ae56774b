// What an admin changes of plans: a row of the table, and the day's free budget. Each change is audited with before and after.
import { AppError, ensure } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { amountOf, checkedPlan } from "./rules.ts"
import { freeBudget, planByCode, saveFreeBudget, savePlan, saveTerms } from "./store.ts"
import type { Plan, UpdatePlan } from "./types.ts"

export function updatePlanIn(tx: Tx, input: UpdatePlan): Plan {
  const { code, seenMs, ...changes } = input
  const before = planByCode(tx, code)
  ensure(before, "not_found", "There is no such plan.")
  if (seenMs !== undefined && seenMs !== before.updatedMs) {
    throw new AppError("conflict", "Somebody changed this plan since you opened it. Look at it again before you save.")
  }
  const after = checkedPlan({ ...before, ...changes } as Plan)
  savePlan(tx, after)
  saveTerms(tx, after)
  const saved = { ...after, updatedMs: tx.now }
  auditIn(tx, { action: "plan.updated", subject: `plan:${code}`, before, after: saved })
  return saved
}

export function setFreeBudgetIn(tx: Tx, freeBudgetNano: number | null): void {
  const before = freeBudget(tx)
  const after = freeBudgetNano === null ? null : amountOf(freeBudgetNano, "freeBudget")
  saveFreeBudget(tx, after)
  auditIn(tx, { action: "setting.changed", subject: "free_budget_daily", before, after })
}
