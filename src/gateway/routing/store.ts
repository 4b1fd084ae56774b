// SQL of attempts. Written with a settle, read by admins, deleted from the oldest on.
import { and, asc, count, desc, eq, isNull, ne, notInArray } from "drizzle-orm"
import type { UpstreamId } from "../../app/index.ts"
import { insertRow, type OrmReader, type Tx } from "../../store/index.ts"
import { callAttempts } from "../tables.ts"
import type { Attempt } from "./attempt-log.ts"

export type AttemptRow = typeof callAttempts.$inferSelect

export function insertAttempts(tx: Tx, callId: string, attempts: readonly Attempt[]): void {
  for (const attempt of attempts) insertRow(tx, callAttempts, { ...attempt, callId })
}

/** In the order they were made. */
export const attemptsOf = (reader: OrmReader, callId: string): AttemptRow[] =>
  reader.drizzle.select().from(callAttempts).where(eq(callAttempts.callId, callId)).orderBy(asc(callAttempts.id)).all()

/** Accounts that were asked. */
export const countAsked = (reader: OrmReader, callId: string): number =>
  reader.drizzle
    .select({ n: count() })
    .from(callAttempts)
    .where(and(eq(callAttempts.callId, callId), ne(callAttempts.outcome, "unaffordable")))
    .get()!.n

/** Newest first. */
export const failedAttempts = (reader: OrmReader, upstreamId: UpstreamId, limit: number): AttemptRow[] =>
  reader.drizzle
    .select()
    .from(callAttempts)
    .where(
      and(
        eq(callAttempts.upstreamId, upstreamId),
        isNull(callAttempts.ownKey),
        notInArray(callAttempts.outcome, ["answered", "caller", "gone", "unaffordable"]),
      ),
    )
    .orderBy(desc(callAttempts.id))
    .limit(limit)
    .all()

/** The oldest go: what is older than `beforeMs`, and what is beyond `rowsMax`. @returns how many went, at most `limit` */
export function deleteOldAttempts(tx: Tx, beforeMs: number, rowsMax: number, limit: number): number {
  const newest = tx.get<{ id: number }>("SELECT MAX(id) AS id FROM call_attempts")?.id ?? 0
  return tx.run(
    `DELETE FROM call_attempts WHERE id IN (
       SELECT id FROM (SELECT id, at_ms FROM call_attempts ORDER BY id LIMIT ?) WHERE at_ms < ? OR id <= ?)`,
    limit,
    beforeMs,
    newest - rowsMax,
  ).changes
}
