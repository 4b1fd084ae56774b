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

const IS_FIRST = `NOT EXISTS (
       SELECT 1 FROM outbox e WHERE e.topic = o.topic AND e.subject = o.subject AND e.state = 'waiting' AND e.id < o.id)`

/** The first of each topic and subject, if it is due. @param but topics that are asked for apart */
export const dueRows = (reader: Reader, nowMs: number, but: readonly string[] = []): Row[] =>
  reader.all<Row>(
    `SELECT ${columnsOf(outboxMessages, "o")} FROM outbox o
     WHERE state = 'waiting' AND due_ms <= ? AND topic NOT IN (SELECT value FROM json_each(?)) AND ${IS_FIRST}
     ORDER BY due_ms, id LIMIT 32`,
    nowMs,
    JSON.stringify(but),
  )

/** What stands before the first space of a subject. */
const LANE = "substr(o.subject, 1, instr(o.subject || ' ', ' ') - 1)"
export const laneOf = ({ subject }: Pick<Row, "subject">): string => subject.split(" ", 1)[0]!

/** The same of one topic, but for lanes that have no turn left. */
export const dueOfTopic = (reader: Reader, topic: string, nowMs: number, full: readonly string[]): Row[] =>
  reader.all<Row>(
    `SELECT ${columnsOf(outboxMessages, "o")} FROM outbox o
     WHERE state = 'waiting' AND due_ms <= ? AND topic = ? AND ${LANE} NOT IN (SELECT value FROM json_each(?)) AND ${IS_FIRST}
     ORDER BY due_ms, id LIMIT 32`,
    nowMs,
    topic,
    JSON.stringify(full),
  )

/** When the next is due that is not yet. */
export const nextMsAfter = (reader: Reader, nowMs: number): number | null =>
  reader.get<{ due: number | null }>(
    "SELECT MIN(due_ms) AS due FROM outbox WHERE state = 'waiting' AND due_ms > ?",
    nowMs,
  )?.due ?? null

export const nextDueMs = (reader: Reader): number | null =>
  reader.get<{ due: number | null }>("SELECT MIN(due_ms) AS due FROM outbox WHERE state = 'waiting'")?.due ?? null

/** Made since then, and of no use later: somebody sits and waits for it, such as for a code. */
const AWAITED = "state = 'waiting' AND created_ms >= ? AND json_extract(payload, '$.uselessAfterMs') IS NOT NULL"

/** The same of what goes on during a pause; what is held back holds nothing of it back. */
export const awaitedRows = (reader: Reader, sinceMs: number, nowMs: number): Row[] =>
  reader.all<Row>(
    `SELECT ${columnsOf(outboxMessages)} FROM outbox WHERE ${AWAITED} AND due_ms <= ? ORDER BY due_ms, id LIMIT 32`,
    sinceMs,
    nowMs,
  )

export const nextAwaitedMs = (reader: Reader, sinceMs: number): number | null =>
  reader.get<{ due: number | null }>(`SELECT MIN(due_ms) AS due FROM outbox WHERE ${AWAITED}`, sinceMs)?.due ?? null

/** Payloads may hold one-time codes; once delivered nobody needs them. */
export function markDone(tx: Tx, { id }: Pick<Row, "id">): void {
  tx.run("UPDATE outbox SET state = 'done', tries = tries + 1, payload = '{}', last_error = NULL WHERE id = ?", id)
}

/** Nothing was tried: no try is counted, and no error told. */
export function markPutOff(tx: Tx, { id }: Pick<Row, "id">, untilMs: number): void {
  tx.run("UPDATE outbox SET due_ms = ? WHERE id = ? AND state = 'waiting'", Math.max(untilMs, tx.now), id)
}

export function markFailed(
  tx: Tx,
  { id }: Pick<Row, "id">,
  failure: { state: "waiting" | "dead"; tries: number; dueMs: number; error: string },
): void {
  // Given up meanwhile by somebody: it stays so.
  tx.run(
    "UPDATE outbox SET state = ?, tries = ?, due_ms = ?, last_error = ? WHERE id = ? AND state = 'waiting'",
    failure.state,
    failure.tries,
    failure.dueMs,
    failure.error,
    id,
  )
}

/**
 * Rows of a state through its partial index, whose own condition has to stand in the statement: without it all that was delivered within
 * days is read. SQLite guesses without statistics, therefore it is told.
 */
const OF = {
  waiting: "outbox INDEXED BY outbox_due WHERE state = 'waiting'",
  dead: "outbox INDEXED BY outbox_over WHERE state = 'dead' AND state <> 'waiting'",
  done: "outbox INDEXED BY outbox_over WHERE state = 'done' AND state <> 'waiting'",
} as const satisfies Record<Row["state"], string>
/** The newest of what was delivered, which is nearly all there is. */
const NEWEST_DONE = "outbox WHERE state = 'done'"

export const counts = (reader: Reader): { late: number; dead: number } =>
  reader.get<{ late: number; dead: number }>(
    `SELECT (SELECT COUNT(*) FROM ${OF.waiting} AND tries > 0) AS late,
            (SELECT COUNT(*) FROM ${OF.dead}) AS dead`,
  )!

export const deleteOver = (tx: Tx, state: "done" | "dead", beforeMs: number, rowsMax: number): number =>
  tx.run(`DELETE FROM outbox WHERE id IN (SELECT id FROM ${OF[state]} AND created_ms < ? LIMIT ?)`, beforeMs, rowsMax)
    .changes

/** A message as operators see it: what it says stays unread, for it may hold one-time codes. */
export interface OutboxEntry {
  publicId: string
  topic: string
  subject: string
  state: Row["state"]
  tries: number
  createdMs: number
  dueMs: number
  lastError: string | null
}

const ENTRY = `SELECT id, public_id AS publicId, topic, subject, state, tries, created_ms AS createdMs, due_ms AS dueMs,
    last_error AS lastError`

/** Newest first. @param beforeId of the last row of the page before */
export const entries = (
  reader: Reader,
  state: Row["state"],
  beforeId: number,
  rows: number,
): (OutboxEntry & { id: number })[] =>
  reader.all(
    `${ENTRY} FROM ${state === "done" ? NEWEST_DONE : OF[state]} AND id < ? ORDER BY id DESC LIMIT ?`,
    beforeId,
    rows,
  )

export const entryOf = (reader: Reader, publicId: string): OutboxEntry | null =>
  reader.get(`${ENTRY} FROM outbox WHERE public_id = ?`, publicId)

export function makeDue(tx: Tx, publicId: string): void {
  tx.run(
    "UPDATE outbox SET state = 'waiting', tries = CASE state WHEN 'dead' THEN 0 ELSE tries END, due_ms = ? WHERE public_id = ?",
    tx.now,
    publicId,
  )
}

export const markDead = (tx: Tx, publicId: string): void =>
  void tx.run("UPDATE outbox SET state = 'dead' WHERE public_id = ?", publicId)

/** How many of each state there are. */
export const countsByState = (reader: Reader): Record<Row["state"], number> => {
  const of = (state: Row["state"]) => reader.get<{ n: number }>(`SELECT COUNT(*) AS n FROM ${OF[state]}`)!.n
  return { waiting: of("waiting"), dead: of("dead"), done: of("done") }
}
