// Which plan a person is on at a moment, and what it allows. Computed from the rows: a period that ended counts as ended
// whether or not the next one is posted yet.
import { invariant, type UserId } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import { requiredTerms } from "./allocate.ts"
import { advance, FREE_PLAN_ID } from "./assignment.ts"
import { planById } from "./store.ts"
import { assignmentOf } from "./store-assignments.ts"
import { subscriptionOf } from "./store-paid.ts"
import type { Entitlements, PaidStanding, Plan, Standing } from "./types.ts"

/** The better of what an admin assigned and what is paid for. */
export function standingAt(reader: Reader, userId: UserId, nowMs: number): Standing {
  const assigned = assignedAt(reader, userId, nowMs)
  const paid = paidAt(reader, userId, nowMs)
  if (paid === null) return assigned
  const { plan, period, untilMs } = paid
  if (assigned.plan.priceNano > plan.priceNano) {
    // What changes first changes what is looked at.
    const changesMs = Math.min(assigned.untilMs ?? Number.POSITIVE_INFINITY, untilMs)
    return { ...assigned, untilMs: changesMs, beside: { plan, source: "subscription", endMs: period.endMs } }
  }
  const other = assigned.untilMs
  return {
    plan,
    source: "subscription",
    period: { no: 1, ...period },
    choice: paid.choice,
    pendingPlan: paid.nextPlan,
    pendingChoice: paid.pendingChoice,
    paid: true,
    untilMs: Math.min(untilMs, other ?? Number.POSITIVE_INFINITY),
    beside: other === null ? null : { plan: assigned.plan, source: "assigned", endMs: other },
  }
}

/** What is paid for, with its days of grace; null where that is over. */
export function paidAt(reader: Reader, userId: UserId, nowMs: number): PaidStanding | null {
  const row = subscriptionOf(reader, userId)
  if (!row || row.untilMs <= nowMs) return null
  return {
    plan: required(reader, row.planId),
    subscription: row.subscription,
    months: row.months,
    period: { startMs: row.periodStartMs, endMs: row.periodEndMs },
    choice: row.choice,
    pendingChoice: row.pendingChoice,
    nextPlan: row.nextPlanId === null ? null : required(reader, row.nextPlanId),
    untilMs: row.untilMs,
  }
}

/** What an admin assigned; a subscription aside. */
export function assignedAt(reader: Reader, userId: UserId, nowMs: number): Standing {
  const posted = assignmentOf(reader, userId)
  const row = posted && (advance(posted, nowMs, requiredTerms(reader)).at(-1)?.after ?? posted)
  const plan = required(reader, row?.planId ?? FREE_PLAN_ID)
  if (!row || row.periodEndMs === null) {
    const none = { period: null, choice: null, pendingPlan: null, pendingChoice: null, paid: false }
    return { plan, source: "free", ...none, untilMs: null, beside: null }
  }
  return {
    plan,
    source: "assigned",
    period: { no: row.periodNo, startMs: row.periodStartMs, endMs: row.periodEndMs },
    choice: row.choice,
    pendingPlan: row.pendingPlanId === null ? null : required(reader, row.pendingPlanId),
    pendingChoice: row.pendingChoice,
    paid: row.paid,
    untilMs: row.periodEndMs,
    beside: null,
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
