// A person's plan is started, raised, lowered, ended, or its choice made; by an admin until billing exists. Every verb first
// posts what is due, so that it decides on the plan of this moment.
import { AppError, ensure, invariant, type UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { allocateDueIn, postStep } from "./allocate.ts"
import { choose, FREE_PLAN_ID, type Step, schedule, start, stay, upgrade } from "./assignment.ts"
import { standingAt } from "./standing.ts"
import { planByCode, planById } from "./store.ts"
import { type Assignment, assignmentOf, saveAssignment } from "./store-assignments.ts"
import { saveSubscription, subscriptionOf } from "./store-paid.ts"
import type { AssignInput, Plan, PlanChoice, PlanLedger, Subject } from "./types.ts"

export function assignIn(tx: Tx, ledger: PlanLedger, input: AssignInput): void {
  const { row, plan: present } = presentOf(tx, ledger, input.user.id)
  ensure(present.id === FREE_PLAN_ID, "conflict", `This person is on ${present.name} already. Change the plan instead.`)
  const plan = wantedPlan(tx, input)
  ensure(plan.id !== FREE_PLAN_ID, "conflict", "This person is on Free already.")
  const { choice, paid = false } = input
  const { id: userId } = input.user
  post(tx, ledger, input.user, row, start({ userId, plan, choice, paid, now: tx.now, before: row }))
}

export function changeIn(tx: Tx, ledger: PlanLedger, input: AssignInput): void {
  const { row, plan: present } = presentOf(tx, ledger, input.user.id)
  if (!row || present.id === FREE_PLAN_ID) assignIn(tx, ledger, input)
  else if (input.planCode === present.code) keepIn(tx, ledger, input, row, present)
  else {
    const plan = wantedPlan(tx, input)
    const at = input.paid === undefined ? row : { ...row, paid: input.paid }
    const move = plan.priceNano > present.priceNano ? upgrade : schedule
    post(tx, ledger, input.user, row, move(at, plan, input.choice, tx.now))
  }
}

/** The present plan again: nothing is to change at the end of the period but, perhaps, its choice. */
function keepIn(tx: Tx, ledger: PlanLedger, input: AssignInput, before: Assignment, plan: Plan): void {
  const { user, choice, paid = before.paid } = input
  requireChoice(plan, choice)
  let row = { ...before, paid }
  if (row.pendingPlanId !== null) {
    const step = stay(row, tx.now)
    post(tx, ledger, user, before, step)
    row = step.after
  } else if (paid !== before.paid) {
    saveAssignment(tx, { ...row, actor: tx.ctx.actor, reason: tx.ctx.reason })
    const [was, is] = [words(tx, before), words(tx, row)]
    auditIn(tx, { action: "plan.paid_changed", subject: user.publicId, before: was, after: is })
  }
  if (choice && choice !== (row.pendingChoice ?? row.choice)) post(tx, ledger, user, row, choose(row, choice, tx.now))
}

export function chooseIn(tx: Tx, ledger: PlanLedger, input: { user: Subject; choice: PlanChoice }): void {
  const { row } = presentOf(tx, ledger, input.user.id)
  if (standingAt(tx, input.user.id, tx.now).source === "subscription") {
    choosePaidIn(tx, input)
    return
  }
  const coming = row && planById(tx, row.pendingPlanId ?? row.planId)
  ensure(row && coming?.eitherOr, "conflict", "Your plan has no choice between credits and own keys.")
  if (input.choice === (row.pendingChoice ?? row.choice)) return
  post(tx, ledger, input.user, row, choose(row, input.choice, tx.now))
}

/** Of what is paid for: with the next invoice that is paid. */
function choosePaidIn(tx: Tx, { user, choice }: { user: Subject; choice: PlanChoice }): void {
  const row = subscriptionOf(tx, user.id)
  invariant(row, "who counts as paying has a subscription")
  const coming = planById(tx, row.nextPlanId ?? row.planId)
  ensure(coming?.eitherOr, "conflict", "Your plan has no choice between credits and own keys.")
  if (choice === (row.pendingChoice ?? row.choice)) return
  const after = { ...row, pendingChoice: choice === row.choice ? null : choice }
  saveSubscription(tx, after)
  auditIn(tx, {
    action: ACTION.choice_scheduled,
    subject: user.publicId,
    before: { pendingChoice: row.pendingChoice },
    after: { pendingChoice: choice },
  })
}

function presentOf(tx: Tx, ledger: PlanLedger, userId: UserId): { row: Assignment | null; plan: Plan } {
  allocateDueIn(tx, ledger, userId)
  const row = assignmentOf(tx, userId)
  const plan = planById(tx, row?.planId ?? FREE_PLAN_ID)
  invariant(plan, "the plan of an assignment exists")
  return { row, plan }
}

/** @throws AppError not_found, conflict for an inactive one, validation_failed for a choice the plan does not have */
function wantedPlan(tx: Tx, { planCode, choice }: AssignInput): Plan {
  const plan = planByCode(tx, planCode)
  ensure(plan, "not_found", "There is no such plan.")
  ensure(plan.active, "conflict", `${plan.name} takes nobody new. Choose another plan, or activate it.`)
  requireChoice(plan, choice)
  return plan
}

function requireChoice(plan: Plan, choice: PlanChoice | undefined): void {
  if (!choice || plan.eitherOr) return
  const message = `${plan.name} has no choice between credits and own keys.`
  throw new AppError("validation_failed", message, { formErrors: { choice: message } })
}

const ACTION = {
  started: "plan.assigned",
  renewed: "plan.renewed",
  upgraded: "plan.upgraded",
  ended: "plan.ended",
  change_scheduled: "plan.change_scheduled",
  change_dropped: "plan.change_dropped",
  choice_scheduled: "plan.choice_scheduled",
} as const satisfies Record<Step["event"], string>

function post(tx: Tx, ledger: PlanLedger, user: Subject, before: Assignment | null, step: Step): void {
  postStep(tx, ledger, step)
  auditIn(tx, {
    action: ACTION[step.event],
    subject: user.publicId,
    before: words(tx, before),
    after: { ...words(tx, step.after), grantedNano: step.grant?.amountNano ?? 0 },
  })
}

/** An assignment as the audit log shows it. */
function words(tx: Tx, row: Assignment | null): Record<string, unknown> {
  const code = (id: number | null) => (id === null ? null : planById(tx, id)?.code)
  if (!row) return { plan: "free" }
  const { choice, pendingChoice, paid, periodEndMs } = row
  return { plan: code(row.planId), choice, pendingPlan: code(row.pendingPlanId), pendingChoice, paid, periodEndMs }
}
