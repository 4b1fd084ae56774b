// SQL of `outbox`: what waits and is due, what became of it, and what nobody needs any more.
import { columnsOf, insertRow, type Reader, type Tx } from "../store/index.ts"
import type { OutboxMessage } from "./index.ts"
import { outboxMessages } from "./tables.ts"

export type Row = typeof outboxMessages.$inferSelect

export function insertMessage(tx: Tx, publicId: string, { topic, subject, payload }: OutboxMessage): void {
  insertRow(tx, outboxMessages, {
    publicId,
    topic,
    subject,
    payload: JSON.stringify(payload),
    createdMs: tx.now,
    dueMs: tx.now,
  })
}

/** The first of each topic and subject, if it is due. */
export const dueRows = (reader: Reader, nowMs: number): Row[] =>
  reader.all<Row>(
    `SELECT ${columnsOf(outboxMessages, "o")} FROM outbox o
     WHERE state = 'waiting' AND due_ms <= ? AND NOT EXISTS (
       SELECT 1 FROM outbox e WHERE e.topic = o.topic AND e.subject = o.subject AND e.state = 'waiting' AND e.id < o.id)
     ORDER BY due_ms, id LIMIT 32`,
    nowMs,
  )

export const nextDueMs = (reader: Reader): number | null =>
  reader.get<{ due: number | null }>("SELECT MIN(due_ms) AS due FROM outbox WHERE state = 'waiting'")?.due ?? null

/** Payloads may hold one-time codes; once delivered nobody needs them. */
export function markDone(tx: Tx, id: number): void {
  tx.run("UPDATE outbox SET state = 'done', tries = tries + 1, payload = '{}' WHERE id = ?", id)
}

export function markFailed(
  tx: Tx,
  id: number,
  failure: { state: "waiting" | "dead"; tries: number; dueMs: number; error: string },
): void {
  tx.run(
    "UPDATE outbox SET state = ?, tries = ?, due_ms = ?, last_error = ? WHERE id = ?",
    failure.state,
    failure.tries,
    failure.dueMs,
    failure.error,
    id,
  )
}

export const counts = (reader: Reader): { late: number; dead: number } =>
  reader.get<{ late: number; dead: number }>(
    `SELECT (SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND tries > 0) AS late,
            (SELECT COUNT(*) FROM outbox WHERE state = 'dead') AS dead`,
  )!

export const deleteOver = (tx: Tx, state: "done" | "dead", beforeMs: number, rowsMax: number): number =>
  tx.run(
    "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE state = ? AND created_ms < ? LIMIT ?)",
    state,
    beforeMs,
    rowsMax,
  ).changes
