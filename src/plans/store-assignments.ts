// Queries of who is on which plan and of what happened to it. The read by user stands on the way of every call.
import type { Nano } from "../app/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { planAssignments, planEvents } from "./tables.ts"
import type { PlanChoice, PlanEvent, PlanEventKind } from "./types.ts"

export interface Assignment {
  userId: number
  planId: number
  choice: PlanChoice | null
  pendingPlanId: number | null
  pendingChoice: PlanChoice | null
  paid: boolean
  anchorMs: number
  anchorNo: number
  periodNo: number
  periodStartMs: number
  /** Null on Free. */
  periodEndMs: number | null
  /** The monthly credits up to which the rest of this period has been granted. */
  creditedNano: number
  actor: string
  reason: string
}

export function assignmentOf(reader: Reader, userId: number): Assignment | null {
  const row = reader.get<Omit<Assignment, "paid"> & { paid: 0 | 1 }>(
    `SELECT user_id AS userId, plan_id AS planId, choice, pending_plan_id AS pendingPlanId,
            pending_choice AS pendingChoice, paid, anchor_ms AS anchorMs, anchor_no AS anchorNo, period_no AS periodNo,
            period_start_ms AS periodStartMs, period_end_ms AS periodEndMs, credited_nano AS creditedNano, actor, reason
     FROM plan_assignments WHERE user_id = ?`,
    userId,
  )
  return row && { ...row, paid: row.paid === 1 }
}

/** Whether a period of this person has ended and the next is not posted. One lookup by key. */
export const isDue = (tx: Tx, userId: number): boolean =>
  tx.get("SELECT 1 FROM plan_assignments WHERE user_id = ? AND period_end_ms <= ?", userId, tx.now) !== null

/** People whose period has ended, by id. */
export const dueUsers = (reader: Reader, nowMs: number, afterId: number, limit: number): number[] =>
  reader
    .all<{ userId: number }>(
      `SELECT user_id AS userId FROM plan_assignments
       WHERE period_end_ms IS NOT NULL AND period_end_ms <= ? AND user_id > ? ORDER BY user_id LIMIT ?`,
      nowMs,
      afterId,
      limit,
    )
    .map((row) => row.userId)

export function saveAssignment(tx: Tx, row: Assignment): void {
  const { userId, ...rest } = row
  const set = { ...rest, updatedMs: tx.now }
  tx.drizzle
    .insert(planAssignments)
    .values({ userId, ...set })
    .onConflictDoUpdate({ target: planAssignments.userId, set })
    .run()
}

export interface NewEvent {
  userId: number
  event: PlanEventKind
  planId: number
  choice: PlanChoice | null
  periodNo: number
  atMs: number
  grantedNano: number
  transactionId: string | null
}

/** @param by who; the transaction's context by default */
export function insertEvent(tx: Tx, event: NewEvent, by: { actor: string; reason: string } = tx.ctx): void {
  tx.drizzle
    .insert(planEvents)
    .values({ ...event, recordedMs: tx.now, actor: by.actor, reason: by.reason })
    .run()
}

export const eventsOf = (reader: Reader, userId: number, limit: number): PlanEvent[] =>
  reader.all<PlanEvent & { grantedNano: Nano }>(
    `SELECT e.id, e.event, p.code AS planCode, p.name AS planName, e.choice, e.period_no AS periodNo, e.at_ms AS atMs,
            e.recorded_ms AS recordedMs, e.granted_nano AS grantedNano, e.transaction_id AS transactionId, e.actor,
            e.reason
     FROM plan_events e JOIN plans p ON p.id = e.plan_id WHERE e.user_id = ? ORDER BY e.id DESC LIMIT ?`,
    userId,
    limit,
  )

export const peopleByPlan = (reader: Reader): Map<string, number> =>
  new Map(
    reader
      .all<{ code: string; people: number }>(
        `SELECT p.code, COUNT(*) AS people FROM plan_assignments a JOIN plans p ON p.id = a.plan_id GROUP BY a.plan_id`,
      )
      .map((row) => [row.code, row.people]),
  )
