// Plans, by their code. Which plans there are is fixed; their terms are not.

import { FREE_PLAN_FORM, PLAN_FORM } from "../../plan-form.ts"
import type { Kind, SetupDeps } from "../types.ts"

const NONE = { seenMs: null, reason: null }
const ANY = PLAN_FORM.with(NONE)
const FREE = FREE_PLAN_FORM.with(NONE)

export function plansKind({ plans }: Pick<SetupDeps, "plans">): Kind {
  return {
    name: "plans",
    shape: "fields",
    present: () => new Map(plans.list().map((plan) => [plan.code, plan])),
    formOf: (code) => (plans.planByCode(code)?.kind === "free" ? FREE : ANY),
    saveIn(tx, code, { id: _, kind: __, updatedMs: ___, seenMs: ____, reason: _____, ...terms }) {
      plans.updatePlanIn(tx, { ...terms, code })
    },
  }
}
