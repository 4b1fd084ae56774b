// Queries of who is on which plan and of what happened to it. The read by user stands on the way of every call.

import { and, desc, eq, getTableColumns, gt, lte } from "drizzle-orm"
import type { UserId } from "../app/index.ts"
import { findRow, type OrmReader, type Reader, remember, type Tx } from "../store/index.ts"
import { changedIn } from "./store.ts"
import { planAssignments, planEvents, plans } from "./tables.ts"
import type { PlanEvent } from "./types.ts"

/** `periodEndMs` null on Free; `creditedNano`: the monthly credits up to which the rest of this period has been granted. */
export type Assignment = Omit<typeof planAssignments.$inferSelect, "updatedMs">

export function assignmentOf(reader: Reader, userId: UserId): Assignment | null {
  const row = findRow(reader, planAssignments, "user_id = ?", userId)
  if (!row) return null
  const { updatedMs: _, ...assignment } = row
  return assignment
}

/** Whether a period of this person has ended and the next is not posted. */
export const isDue = (tx: Tx, userId: UserId): boolean => nextDueMs.get(tx, userId) <= tx.now

/** When a person's period ends; never for those on Free, with a row or without. */
const nextDueMs = remember({
  of: [planAssignments],
  absence: true,
  load: (reader, userId: UserId): number =>
    reader.get<{ endMs: number | null }>(
      "SELECT period_end_ms AS endMs FROM plan_assignments WHERE user_id = ?",
      userId,
    )?.endMs ?? Number.POSITIVE_INFINITY,
})

/** People whose period has ended, by id. */
export const dueUsers = (reader: OrmReader, nowMs: number, afterId: UserId, limit: number): UserId[] =>
  reader.drizzle
    .select({ userId: planAssignments.userId })
    .from(planAssignments)
    .where(and(lte(planAssignments.periodEndMs, nowMs), gt(planAssignments.userId, afterId)))
    .orderBy(planAssignments.userId)
    .limit(limit)
    .all()
    .map((row) => row.userId)

export function saveAssignment(tx: Tx, row: Assignment): void {
  const { userId, ...rest } = row
  const set = { ...rest, updatedMs: tx.now }
  tx.drizzle
    .insert(planAssignments)
    .values({ userId, ...set })
    .onConflictDoUpdate({ target: planAssignments.userId, set })
    .run()
  changedIn(tx)
}

export type NewEvent = Omit<typeof planEvents.$inferSelect, "id" | "recordedMs" | "actor" | "reason">

/** @param by who; the transaction's context by default */
export function insertEvent(tx: Tx, event: NewEvent, by: { actor: string; reason: string } = tx.ctx): void {
  tx.drizzle
    .insert(planEvents)
    .values({ ...event, recordedMs: tx.now, actor: by.actor, reason: by.reason })
    .run()
}

export const eventsOf = (reader: OrmReader, userId: UserId, limit: number): PlanEvent[] => {
  const { userId: _, planId: __, ...event } = getTableColumns(planEvents)
  return reader.drizzle
    .select({ ...event, planCode: plans.code, planName: plans.name })
    .from(planEvents)
    .innerJoin(plans, eq(plans.id, planEvents.planId))
    .where(eq(planEvents.userId, userId))
    .orderBy(desc(planEvents.id))
    .limit(limit)
    .all()
}

/** Of who has two plans the better one counts. */
const PEOPLE = `
  WITH paid AS (SELECT s.user_id, s.plan_id, p.price_nano FROM plan_subscriptions s JOIN plans p ON p.id = s.plan_id WHERE s.until_ms > ?),
  counting AS (
    SELECT CASE WHEN paid.plan_id IS NULL OR p.price_nano > paid.price_nano THEN a.plan_id ELSE paid.plan_id END AS plan_id
    FROM plan_assignments a JOIN plans p ON p.id = a.plan_id LEFT JOIN paid ON paid.user_id = a.user_id
    UNION ALL
    SELECT plan_id FROM paid WHERE user_id NOT IN (SELECT user_id FROM plan_assignments))
  SELECT p.code, COUNT(*) AS people FROM counting JOIN plans p ON p.id = counting.plan_id GROUP BY p.id`

export const peopleByPlan = (reader: OrmReader, nowMs: number): Map<string, number> =>
  new Map(reader.all<{ code: string; people: number }>(PEOPLE, nowMs).map(({ code, people }) => [code, people]))
