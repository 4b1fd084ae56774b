// Monthly payouts: on the operator's day of a month a payout is asked for on behalf of whoever chose so and has enough. The month is written
// down in the same write, so a restart asks for nothing twice; who has too little waits for the next month.
import { AppError, eachAlone, UserId } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import { requestIn } from "./ask.ts"
import type { PayoutsDeps } from "./deps.ts"
import { MONTHLY_DAY } from "./settings.ts"
import { dueSchedules, endSchedule, markMonth, scheduleOf, startSchedule } from "./store-schedules.ts"

const CTX = { actor: "system:ask-monthly-payouts", requestId: "job_ask-monthly-payouts", reason: "monthly payouts" }

export const monthOf = (ms: number): number => {
  const date = new Date(ms)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

/** From the next day of monthly payouts on. Twice is once. @throws AppError forbidden, account_suspended, conflict */
export function turnMonthlyIn(deps: PayoutsDeps, tx: Tx, { userId, on }: { userId: UserId; on: boolean }): void {
  deps.developers.requireDeveloperIn(tx, userId)
  if (!on) {
    endSchedule(tx, userId)
    return
  }
  const day = deps.settings.get(MONTHLY_DAY, tx)
  if (day === 0) throw new AppError("conflict", "There are no monthly payouts here. Ask for each one.")
  if (scheduleOf(tx, userId)) return
  // Whose day has passed this month begins with the next one.
  const isPassed = new Date(tx.now).getUTCDate() >= day
  startSchedule(tx, userId, monthOf(tx.now) - (isPassed ? 0 : 1))
}

/** The job. @returns whether there is more to do @throws RowsFailed when all others were asked for */
export async function askMonthly(deps: PayoutsDeps, rows: number): Promise<boolean> {
  const now = deps.clock.now()
  const day = deps.settings.get(MONTHLY_DAY)
  if (day === 0 || new Date(now).getUTCDate() < day) return false
  const month = monthOf(now)
  const due = dueSchedules(deps.store.read, month, rows)
  await eachAlone(
    due,
    (ownerId) => ownerId,
    (ownerId) => deps.store.write(CTX, (tx) => askIn(deps, tx, UserId(ownerId), month)),
  )
  return due.length === rows
}

function askIn(deps: PayoutsDeps, tx: Tx, userId: UserId, month: number): void {
  const schedule = scheduleOf(tx, userId)
  if (!schedule || schedule.doneMonth >= month) return
  markMonth(tx, userId, month)
  try {
    requestIn(deps, tx, { userId, amountNano: null, key: `monthly:${month}`, bySchedule: true })
  } catch (error) {
    // Too little, held, no method, suspended: everything is refused before anything of the payout is written.
    if (!(error instanceof AppError)) throw error
  }
}
