// The door of `plans`: which plan a user is on and what it grants. Knows no wallet: callers pass amounts to the ledger.
import { AppError, invariant } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { OrmReader, Store, Tx } from "../store/index.ts"
import { amountOf, planName } from "./rules.ts"
import { allPlans, freeBudget, planByCode, saveFreeBudget, savePlan } from "./store.ts"
import type { Plan, Plans } from "./types.ts"

export type * from "./types.ts"

export function createPlans({ store }: { store: Store }): Plans {
  /** Subscriptions do not exist yet, so everybody is on Free. */
  const planOf = (reader: OrmReader, _userId: number): Plan => {
    const plan = planByCode(reader, "free")
    invariant(plan, "the Free plan is seeded")
    return plan
  }

  function updatePlanIn(tx: Tx, input: { code: string; name?: string; dailyClaimNano?: number }): Plan {
    const before = planByCode(tx, input.code)
    if (!before) throw new AppError("not_found", "There is no such plan.")
    const after: Plan = {
      ...before,
      name: input.name === undefined ? before.name : planName(input.name),
      dailyClaimNano:
        input.dailyClaimNano === undefined ? before.dailyClaimNano : amountOf(input.dailyClaimNano, "dailyClaim"),
    }
    savePlan(tx, after)
    auditIn(tx, { action: "plan.updated", subject: `plan:${after.code}`, before, after })
    return after
  }

  function setFreeBudgetIn(tx: Tx, freeBudgetNano: number | null): void {
    const before = freeBudget(tx)
    const after = freeBudgetNano === null ? null : amountOf(freeBudgetNano, "freeBudget")
    saveFreeBudget(tx, after)
    auditIn(tx, { action: "setting.changed", subject: "free_budget_daily", before, after })
  }

  return {
    planOf: (userId) => planOf(store.read, userId),
    planOfIn: planOf,
    claimTermsIn(tx, userId) {
      const plan = planOf(tx, userId)
      return { amountNano: plan.dailyClaimNano, freeBudgetNano: plan.freeBudgetCounts ? freeBudget(tx) : null }
    },
    list: () => allPlans(store.read),
    updatePlanIn,
    updatePlan: (ctx, input) => store.write(ctx, (tx) => updatePlanIn(tx, input)),
    freeBudgetNano: () => freeBudget(store.read),
    freeBudgetNanoIn: freeBudget,
    setFreeBudgetIn,
    setFreeBudget: (ctx, amount) => store.write(ctx, (tx) => setFreeBudgetIn(tx, amount)),
  }
}
