// Which plan a person is on at a moment, and what it allows. Computed from the rows: a period that ended counts as ended
// whether or not the next one is posted yet.
import { invariant, type UserId } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import { requiredTerms } from "./allocate.ts"
import { advance, FREE_PLAN_ID } from "./assignment.ts"
import { planById } from "./store.ts"
import { assignmentOf } from "./store-assignments.ts"
import type { Entitlements, Plan, Standing } from "./types.ts"

export function standingAt(reader: Reader, userId: UserId, nowMs: number): Standing {
  const posted = assignmentOf(reader, userId)
  const row = posted && (advance(posted, nowMs, requiredTerms(reader)).at(-1)?.after ?? posted)
  const plan = required(reader, row?.planId ?? FREE_PLAN_ID)
  if (!row || row.periodEndMs === null) {
    return { plan, period: null, choice: null, pendingPlan: null, pendingChoice: null, paid: false }
  }
  return {
    plan,
    period: { no: row.periodNo, startMs: row.periodStartMs, endMs: row.periodEndMs },
    choice: row.choice,
    pendingPlan: row.pendingPlanId === null ? null : required(reader, row.pendingPlanId),
    pendingChoice: row.pendingChoice,
    paid: row.paid,
  }
}

function required(reader: Reader, planId: number): Plan {
  const plan = planById(reader, planId)
  invariant(plan, "the plan of an assignment exists")
  return plan
}

export const entitlementsAt = (reader: Reader, userId: UserId, nowMs: number): Entitlements =>
  entitlementsOf(standingAt(reader, userId, nowMs))

export function entitlementsOf({ plan, choice }: Standing): Entitlements {
  return {
    planCode: plan.code,
    planName: plan.name,
    dailyClaimNano: plan.dailyClaimNano,
    markupPaidBp: plan.markupPaidBp,
    markupFreeBp: plan.markupFreeBp,
    freeModelsOnly: plan.freeModelsOnly,
    freePer1kNano: plan.freePer1kNano,
    byok: plan.byokAllowed && (!plan.eitherOr || choice === "byok"),
    overrides: plan.overrides,
    prioritySupport: plan.prioritySupport,
    teams: plan.teams,
  }
}
