// How a person's plan moves through time, pure: which periods began, what a change does now and what it does later. The same
// steps come out however late they are asked for, because each looks at its own moment only.
import { type Nano, nano, type UserId } from "../app/index.ts"
import { addMonths, proRata } from "./period.ts"
import type { PeriodTerms } from "./store.ts"
import type { Assignment } from "./store-assignments.ts"
import type { Plan, PlanChoice, PlanEventKind } from "./types.ts"

/** Free is seeded with this id; it is the only plan without periods. */
export const FREE_PLAN_ID = 1

/** A grant of monthly credits: one lot, from `effectiveMs` to `expiresMs`. */
export interface PeriodGrant {
  amountNano: Nano
  effectiveMs: number
  expiresMs: number
  rollover: { maxNano: Nano; capNano: Nano | null; lifetimeMs: number } | null
}

/** One thing that happened: the assignment after it, and what it granted. */
export interface Step {
  event: PlanEventKind
  atMs: number
  after: Assignment
  /** The plan and choice that the event is about; those of `after` unless it lies ahead. */
  planId: number
  choice: PlanChoice | null
  grant: PeriodGrant | null
}

/** Everything between the period that is posted and `now`: a renewal for each boundary, the last of which may end the plan. */
export function advance(
  from: Assignment,
  now: number,
  termsAt: (planId: number, startMs: number) => PeriodTerms,
): Step[] {
  const steps: Step[] = []
  for (let row = from; row.periodEndMs !== null && row.periodEndMs <= now; row = steps.at(-1)!.after) {
    const startMs = row.periodEndMs
    const planId = row.pendingPlanId ?? row.planId
    if (planId === FREE_PLAN_ID) steps.push(step("ended", startMs, onFree(row, startMs)))
    else {
      const periodNo = row.periodNo + 1
      const endMs = addMonths(row.anchorMs, periodNo + 1 - row.anchorNo)
      const terms = termsAt(planId, startMs)
      const choice = terms.eitherOr ? (row.pendingChoice ?? row.choice ?? "credits") : null
      const base = { ...row, planId, choice, pendingPlanId: null, pendingChoice: null }
      const after = { ...base, periodNo, periodStartMs: startMs, periodEndMs: endMs }
      steps.push(granting("renewed", after, terms))
    }
  }
  return steps
}

/** A first period, from now; the anchor of all that follow. */
export function start(input: {
  userId: UserId
  plan: Plan
  choice: PlanChoice | undefined
  paid: boolean
  now: number
  before: Assignment | null
}): Step {
  const { plan, now } = input
  const periodNo = (input.before?.periodNo ?? 0) + 1
  return granting(
    "started",
    {
      userId: input.userId,
      planId: plan.id,
      paid: input.paid,
      actor: "",
      reason: "",
      choice: plan.eitherOr ? (input.choice ?? "credits") : null,
      pendingPlanId: null,
      pendingChoice: null,
      anchorMs: now,
      anchorNo: periodNo,
      periodNo,
      periodStartMs: now,
      periodEndMs: addMonths(now, 1),
      creditedNano: nano(0),
    },
    plan,
  )
}

/**
 * To a dearer plan in mid-period. The period goes on; what the new plan grants more than the period was granted so far is
 * granted for the time that is left, rounded down to a nano-dollar: who pays the difference of the prices for half a month
 * gets half a month's difference of credits. Granted lots stay as they are. A period has one choice: between two either-or
 * plans another choice waits for the next period.
 */
export function upgrade(row: Assignment, plan: Plan, choice: PlanChoice | undefined, now: number): Step {
  const period = { startMs: row.periodStartMs, endMs: row.periodEndMs! }
  const current = plan.eitherOr ? (row.choice ?? choice ?? "credits") : null
  const wanted = choice ?? row.pendingChoice
  const pendingChoice = plan.eitherOr && wanted && wanted !== current ? wanted : null
  const rateNano = current === "byok" ? nano(0) : plan.monthlyNano
  const amountNano = proRata(nano(Math.max(0, rateNano - row.creditedNano)), period, now)
  const after: Assignment = {
    ...row,
    planId: plan.id,
    choice: current,
    pendingPlanId: null,
    pendingChoice,
    creditedNano: nano(Math.max(row.creditedNano, rateNano)),
  }
  const grant = amountNano > 0 ? grantOf(after, plan, amountNano, now) : null
  return { ...step("upgraded", now, after), grant }
}

/** To a cheaper plan, or Free, when the period ends; until then nothing changes. */
export function schedule(row: Assignment, plan: Plan, choice: PlanChoice | undefined, now: number): Step {
  const pendingChoice = plan.eitherOr ? (choice ?? row.pendingChoice) : null
  const after = { ...row, pendingPlanId: plan.id, pendingChoice }
  return { ...step("change_scheduled", now, after), planId: plan.id, choice: pendingChoice }
}

/** Stay on the plan: what was to come at the end of the period no longer comes. */
export function stay(row: Assignment, now: number): Step {
  const keepsChoice = row.choice !== null && row.pendingChoice !== row.choice
  return step("change_dropped", now, {
    ...row,
    pendingPlanId: null,
    pendingChoice: keepsChoice ? row.pendingChoice : null,
  })
}

/** Another choice from the next period on; the present one takes a choice back that was made before. */
export function choose(row: Assignment, choice: PlanChoice, now: number): Step {
  const after = { ...row, pendingChoice: choice === row.choice ? null : choice }
  return { ...step("choice_scheduled", now, after), choice }
}

const step = (event: PlanEventKind, atMs: number, after: Assignment): Step => ({
  event,
  atMs,
  after,
  grant: null,
  planId: after.planId,
  choice: after.choice,
})

function granting(event: "started" | "renewed", row: Assignment, terms: PeriodTerms): Step {
  const amountNano = row.choice === "byok" ? nano(0) : terms.monthlyNano
  const after = { ...row, creditedNano: amountNano }
  const grant = amountNano > 0 ? grantOf(after, terms, amountNano, row.periodStartMs) : null
  return { ...step(event, row.periodStartMs, after), grant }
}

/** Rolled-over credits live until the end of a later period, so their lifetime is counted in periods, not in days. */
function grantOf(row: Assignment, terms: PeriodTerms, amountNano: Nano, effectiveMs: number): PeriodGrant {
  const expiresMs = row.periodEndMs!
  const laterMs = addMonths(row.anchorMs, row.periodNo + 1 - row.anchorNo + terms.rolloverPeriods)
  const rollover =
    terms.rolloverMaxNano > 0
      ? { maxNano: terms.rolloverMaxNano, capNano: terms.rolloverCapNano, lifetimeMs: laterMs - expiresMs }
      : null
  return { amountNano, effectiveMs, expiresMs, rollover }
}

const onFree = (row: Assignment, atMs: number): Assignment => ({
  ...row,
  planId: FREE_PLAN_ID,
  choice: null,
  pendingPlanId: null,
  pendingChoice: null,
  periodStartMs: atMs,
  periodEndMs: null,
  creditedNano: nano(0),
  paid: false,
})
