// One try of one message: handed to its handler, then booked as done, put off, or given up.
import { LIMITS, type Log } from "../app/index.ts"
import { type DeliverBy, PutOff } from "../part/index.ts"
import type { Store } from "../store/index.ts"
import { markDone, markFailed, markPutOff, type Row } from "./store.ts"

interface Deps {
  store: Store
  log: Log
  random?: (() => number) | undefined
}

/** Waits of topics that name none: fourfold, up to a bound. */
export const USUAL_WAITS_MS: readonly number[] = Array.from({ length: LIMITS.outboxTriesMax - 1 }, (_, tries) =>
  Math.min(1_000 * 4 ** tries, LIMITS.outboxBackoffMsMax),
)

export async function deliver({ store, log, random = Math.random }: Deps, row: Row, by: DeliverBy): Promise<void> {
  const ctx = { actor: "system:outbox", requestId: row.publicId, reason: `deliver ${row.topic}` }
  try {
    await by.deliver({
      eventId: row.publicId,
      topic: row.topic,
      subject: row.subject,
      payload: JSON.parse(row.payload),
      tries: row.tries,
      createdMs: row.createdMs,
    })
    await store.write(ctx, (tx) => markDone(tx, row))
  } catch (error) {
    if (error instanceof PutOff) return store.write(ctx, (tx) => markPutOff(tx, row, error.untilMs))
    const tries = row.tries + 1
    const waitMs = by.waitsMs[row.tries]
    const dead = waitMs === undefined
    log.warn("outbox.failed", { topic: row.topic, event: row.publicId, tries, dead, error })
    // A part is left to chance: what failed together does not come back together.
    const backoffMs = Math.round((waitMs ?? 0) * (0.75 + random() / 2))
    await store.write(ctx, (tx) =>
      markFailed(tx, row, {
        state: dead ? "dead" : "waiting",
        tries,
        dueMs: tx.now + backoffMs,
        error: String(error).slice(0, 500),
      }),
    )
  }
}
