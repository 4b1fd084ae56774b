// Posts what plans grant: the credits of each period that began, once, as a lot that expires with it. Lateness changes
// nothing: every missed period is granted on the terms of its start and expires (and rolls over) at its end, as if the
// server had never been off.
import { DAY_MS, invariant, nano, UserId } from "../app/index.ts"
import { principal } from "../ledger/index.ts"
import type { Reader, Store, Tx } from "../store/index.ts"
import { advance, type Step } from "./assignment.ts"
import { type PeriodTerms, termsAt } from "./store.ts"
import { type Assignment, assignmentOf, dueUsers, insertEvent, isDue, saveAssignment } from "./store-assignments.ts"
import type { PlanLedger } from "./types.ts"

/** What periods are granted in the name of: nobody asked for them in this request. */
const RENEWAL = { actor: "system:plans", reason: "monthly credits" }

const PEOPLE_PER_ROUND = 200

export const requiredTerms =
  (reader: Reader) =>
  (planId: number, startMs: number): PeriodTerms => {
    const terms = termsAt(reader, planId, startMs)
    invariant(terms, `plan ${planId} has terms since before ${startMs}`)
    return terms
  }

/** @returns periods posted */
export function allocateDueIn(tx: Tx, ledger: PlanLedger, userId: UserId): number {
  if (!isDue(tx, userId)) return 0
  const row = assignmentOf(tx, userId)
  invariant(row, "who is due has an assignment")
  const steps = advance(row, tx.now, requiredTerms(tx))
  for (const step of steps) postStep(tx, ledger, step, RENEWAL)
  return steps.length
}

/**
 * Writes one step down: grant, event, assignment.
 * @param by who did it; for renewals the assignment keeps who assigned the plan
 */
export function postStep(tx: Tx, ledger: PlanLedger, step: Step, by?: typeof RENEWAL): void {
  const { after, grant, event, planId, choice, atMs } = step
  const transactionId = grant ? grantPeriod(tx, ledger, after, step.event, grant) : null
  saveAssignment(tx, by ? after : { ...after, actor: tx.ctx.actor, reason: tx.ctx.reason })
  const { userId, periodNo } = after
  const grantedNano = grant?.amountNano ?? nano(0)
  insertEvent(tx, { userId, event, planId, choice, periodNo, atMs, grantedNano, transactionId }, by)
}

/** The key names person, period and, within a period, the plan moved up to: prices only rise there, so each comes once. */
function grantPeriod(
  tx: Tx,
  ledger: PlanLedger,
  row: Assignment,
  event: Step["event"],
  grant: NonNullable<Step["grant"]>,
): string {
  const key = `plan:${row.userId}:${row.periodNo}${event === "upgraded" ? `:${row.planId}` : ""}`
  const owner = principal(row.userId)
  // The period before expires first, so that what rolls over comes before the new credits wherever both end together.
  ledger.walletIn(tx, owner, "live")
  const granted = ledger.grantIn(tx, {
    owner,
    mode: "live",
    type: "subscription",
    bucket: "subscription",
    paid: row.paid,
    key,
    ...grant,
  })
  invariant(!granted.already, `${key} is granted once`)
  return granted.transactionId
}

/** Everybody whose period ended, a person per mutation. One person's failure does not keep the others waiting. */
export async function allocateDue(
  store: Store,
  ledger: PlanLedger,
  nowMs: number,
): Promise<{ people: number; periods: number }> {
  const ctx = { ...RENEWAL, requestId: `job:plans:${Math.floor(nowMs / DAY_MS)}` }
  let people = 0
  let periods = 0
  let failure: { error: unknown } | null = null
  for (let afterId = UserId(0); ; ) {
    const due = dueUsers(store.read, nowMs, afterId, PEOPLE_PER_ROUND)
    const results = await Promise.allSettled(
      due.map((userId) => store.write(ctx, (tx) => allocateDueIn(tx, ledger, userId))),
    )
    for (const result of results) {
      if (result.status === "rejected") failure ??= { error: result.reason }
      else if (result.value > 0) {
        people++
        periods += result.value
      }
    }
    if (due.length < PEOPLE_PER_ROUND) break
    afterId = due.at(-1)!
  }
  if (failure) throw failure.error
  return { people, periods }
}
