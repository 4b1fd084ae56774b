// What an admin changes of plans: a row of the table, audited with before and after.
import { AppError, ensure } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { checkedPlan } from "./rules.ts"
import { planByCode, savePlan, saveTerms } from "./store.ts"
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
