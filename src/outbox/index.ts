// Outbox: effects that leave the house. A row is written in the mutation of its cause and delivered at least once, in order
// per subject, with backoff. Handlers must use the event id as their remote's idempotency key.
import { type Clock, type Ids, invariant, LIMITS, type Log, MINUTE_MS } from "../app/index.ts"
import type { Deliver } from "../part/index.ts"
import { columnsOf, insertRow, type Store, type Tx, type WriteContext } from "../store/index.ts"
import { outboxMessages } from "./tables.ts"

export { outboxPart } from "./part.ts"

export interface OutboxMessage {
  topic: string
  /** Ordering key: messages of one topic and subject are delivered one after the other. */
  subject: string
  payload: unknown
}

export interface Outbox {
  enqueueIn(tx: Tx, message: OutboxMessage): string
  /** Registers the one handler of a topic; before `start`. */
  handle(topic: string, deliver: Deliver): void
  start(): void
  /** What waits longer than its first try should take, and what was given up. Reads the waiting rows by index. */
  counts(): { late: number; dead: number }
  /** Deletes what was delivered `LIMITS.outboxKeptMs` ago, at most so many rows. Returns how many: that many = more may be left. */
  purge(ctx: WriteContext, rowsMax: number): Promise<number>
  /** Delivers everything that is due now; resolves when no more is. */
  flush(): Promise<void>
  stop(): Promise<void>
}

type Row = typeof outboxMessages.$inferSelect

export function createOutbox(deps: { store: Store; clock: Clock; ids: Ids; log: Log }): Outbox {
  const { store, clock, ids, log } = deps
  const handlers = new Map<string, Deliver>()
  const running = new Set<number>()
  const inFlight = new Set<Promise<void>>()
  let timer: ReturnType<typeof setTimeout> | null = null
  let started = false

  const wake = (ms: number) => {
    if (!started) return
    if (timer) clearTimeout(timer)
    timer = setTimeout(() => void pump(), Math.max(0, Math.min(ms, MINUTE_MS)))
  }

  /** Starts what is due, at most a few at once, never two of one subject, and sleeps until the next is. */
  const pump = async (): Promise<void> => {
    for (const row of due()) {
      if (running.size >= LIMITS.outboxParallelMax) break
      running.add(row.id)
      const attempt = deliver(row).finally(() => {
        running.delete(row.id)
        inFlight.delete(attempt)
        wake(0)
      })
      inFlight.add(attempt)
    }
    const next = store.read.get<{ due: number | null }>("SELECT MIN(due_ms) AS due FROM outbox WHERE state = 'waiting'")
    if (next?.due != null && running.size === 0) wake(Math.max(250, next.due - clock.now()))
  }

  const due = (): Row[] =>
    store.read
      .all<Row>(
        `SELECT ${columnsOf(outboxMessages, "o")} FROM outbox o
         WHERE state = 'waiting' AND due_ms <= ? AND NOT EXISTS (
           SELECT 1 FROM outbox e WHERE e.topic = o.topic AND e.subject = o.subject AND e.state = 'waiting' AND e.id < o.id)
         ORDER BY due_ms, id LIMIT 32`,
        clock.now(),
      )
      .filter((row) => !running.has(row.id) && handlers.has(row.topic))

  const deliver = async (row: Row): Promise<void> => {
    const ctx = { actor: "system:outbox", requestId: row.publicId, reason: `deliver ${row.topic}` }
    try {
      await handlers.get(row.topic)!({
        eventId: row.publicId,
        topic: row.topic,
        subject: row.subject,
        payload: JSON.parse(row.payload),
        tries: row.tries,
        createdMs: row.createdMs,
      })
      // Payloads may hold one-time codes; once delivered nobody needs them.
      await store.write(ctx, (tx) =>
        tx.run("UPDATE outbox SET state = 'done', tries = tries + 1, payload = '{}' WHERE id = ?", row.id),
      )
    } catch (error) {
      const tries = row.tries + 1
      const dead = tries >= LIMITS.outboxTriesMax
      log.warn("outbox.failed", { topic: row.topic, event: row.publicId, tries, dead, error })
      const backoffMs = Math.min(1_000 * 4 ** row.tries, LIMITS.outboxBackoffMsMax)
      await store.write(ctx, (tx) =>
        tx.run(
          "UPDATE outbox SET state = ?, tries = ?, due_ms = ?, last_error = ? WHERE id = ?",
          dead ? "dead" : "waiting",
          tries,
          tx.now + backoffMs,
          String(error).slice(0, 500),
          row.id,
        ),
      )
    }
  }

  return {
    enqueueIn(tx, message) {
      const eventId = ids.next("evt")
      insertRow(tx, outboxMessages, {
        publicId: eventId,
        topic: message.topic,
        subject: message.subject,
        payload: JSON.stringify(message.payload),
        createdMs: tx.now,
        dueMs: tx.now,
      })
      tx.afterCommit(() => wake(0))
      return eventId
    },
    handle(topic, handler) {
      invariant(!handlers.has(topic), `one handler delivers ${topic}`)
      handlers.set(topic, handler)
    },
    start() {
      started = true
      wake(0)
    },
    counts: () =>
      store.read.get<{ late: number; dead: number }>(
        `SELECT (SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND tries > 0) AS late,
                (SELECT COUNT(*) FROM outbox WHERE state = 'dead') AS dead`,
      )!,
    purge: (ctx, rowsMax) =>
      store.write(ctx, (tx) => {
        const done = deleteOver(tx, "done", tx.now - LIMITS.outboxKeptMs, rowsMax)
        return done + deleteOver(tx, "dead", tx.now - LIMITS.outboxDeadKeptMs, rowsMax - done)
      }),
    async flush() {
      for (;;) {
        await pump()
        if (inFlight.size === 0) return
        await Promise.all(inFlight)
      }
    },
    async stop() {
      started = false
      if (timer) clearTimeout(timer)
      await Promise.all(inFlight)
    },
  }
}

const deleteOver = (tx: Tx, state: "done" | "dead", beforeMs: number, rowsMax: number): number =>
  tx.run(
    "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE state = ? AND created_ms < ? LIMIT ?)",
    state,
    beforeMs,
    rowsMax,
  ).changes
