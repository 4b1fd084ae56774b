// Outbox: effects that leave the house. A row is written in the mutation of its cause and delivered at least once, in order
// per subject, with backoff. Handlers must use the event id as their remote's idempotency key.
import { type Clock, type Ids, invariant, type Log } from "../app/index.ts"
import type { Deliver, DeliverBy } from "../part/index.ts"
import type { Store, Tx, WriteContext } from "../store/index.ts"
import { USUAL_WAITS_MS } from "./deliver.ts"
import { Pump } from "./pump.ts"
import { counts, countsByState, deleteOver, entries, entryOf, insertMessage, type OutboxEntry } from "./store.ts"
import { againIn, giveUpIn } from "./verbs.ts"

export { outboxPart } from "./part.ts"
export type { OutboxEntry } from "./store.ts"
export { enqueueIn } from "./waiting.ts"

export interface OutboxMessage {
  topic: string
  /** Ordering key: messages of one topic and subject are delivered one after the other. */
  subject: string
  payload: unknown
}

export interface Outbox {
  enqueueIn(tx: Tx, message: OutboxMessage): string
  /** Registers the one handler of a topic; before `start`. */
  handle(topic: string, deliver: Deliver | DeliverBy): void
  start(): void
  /** What waits longer than its first try should take, and what was given up. Reads the waiting rows by index. */
  counts(): { late: number; dead: number }
  /** Deletes what was made so long ago and is delivered or given up, at most so many rows. Returns how many: that many = more may be left. */
  purge(ctx: WriteContext, rowsMax: number, kept: { doneMs: number; deadMs: number }): Promise<number>
  /** Newest first. @param before `id` of the last one of the page before */
  entries(state: OutboxEntry["state"], rows: number, before?: number): (OutboxEntry & { id: number })[]
  entry(eventId: string): OutboxEntry | null
  countsByState(): Record<OutboxEntry["state"], number>
  /** Tries it now; one that was given up begins anew. @throws AppError not_found; conflict when it was delivered */
  again(ctx: WriteContext, eventId: string): Promise<void>
  /** @throws AppError not_found; conflict when it does not wait */
  giveUp(ctx: WriteContext, eventId: string): Promise<void>
  /**
   * From now on only what somebody waits for is delivered: made since then, with an `uselessAfterMs` in its payload.
   * @param sinceMs null = everything again
   */
  pause(sinceMs: number | null): void
  readonly isPaused: boolean
  /** Delivers everything that is due now; resolves when no more is. */
  flush(): Promise<void>
  stop(): Promise<void>
}

/** Turns are shared with all such topics. */
const USUAL = { waitsMs: USUAL_WAITS_MS, parallelMax: Number.POSITIVE_INFINITY, laneMax: Number.POSITIVE_INFINITY }

interface Deps {
  store: Store
  clock: Clock
  ids: Ids
  log: Log
  /** From 0 to below 1. */
  random?: () => number
}

export function createOutbox(deps: Deps): Outbox {
  const { store, ids } = deps
  const handlers = new Map<string, DeliverBy>()
  const pump = new Pump(deps, handlers)

  return {
    enqueueIn(tx, message) {
      const eventId = ids.next("evt")
      insertMessage(tx, eventId, message)
      tx.afterCommit(() => pump.wake(0))
      return eventId
    },
    handle(topic, handler) {
      invariant(!handlers.has(topic), `one handler delivers ${topic}`)
      handlers.set(topic, typeof handler === "function" ? { ...USUAL, deliver: handler } : handler)
    },
    start: () => pump.start(),
    counts: () => counts(store.read),
    purge: (ctx, rowsMax, { doneMs, deadMs }) =>
      store.write(ctx, (tx) => {
        const done = deleteOver(tx, "done", tx.now - doneMs, rowsMax)
        return done + deleteOver(tx, "dead", tx.now - deadMs, rowsMax - done)
      }),
    entries: (state, rows, before = Number.MAX_SAFE_INTEGER) => entries(store.read, state, before, rows),
    entry: (eventId) => entryOf(store.read, eventId),
    countsByState: () => countsByState(store.read),
    again: (ctx, eventId) =>
      store.write(ctx, (tx) => {
        againIn(tx, eventId)
        tx.afterCommit(() => pump.wake(0))
      }),
    giveUp: (ctx, eventId) => store.write(ctx, (tx) => giveUpIn(tx, eventId)),
    pause: (sinceMs) => pump.pause(sinceMs),
    get isPaused() {
      return pump.isPaused
    },
    flush: () => pump.flush(),
    stop: () => pump.stop(),
  }
}
