// One try of one message: handed to its handler, then booked as done, put off, or given up.
import { LIMITS, type Log } from "../app/index.ts"
import type { Deliver } from "../part/index.ts"
import type { Store } from "../store/index.ts"
import { markDone, markFailed, type Row } from "./store.ts"

interface Deps {
  store: Store
  log: Log
  random?: (() => number) | undefined
}

export async function deliver({ store, log, random = Math.random }: Deps, row: Row, handler: Deliver): Promise<void> {
  const ctx = { actor: "system:outbox", requestId: row.publicId, reason: `deliver ${row.topic}` }
  try {
    await handler({
      eventId: row.publicId,
      topic: row.topic,
      subject: row.subject,
      payload: JSON.parse(row.payload),
      tries: row.tries,
      createdMs: row.createdMs,
    })
    await store.write(ctx, (tx) => markDone(tx, row))
  } catch (error) {
    const tries = row.tries + 1
    const dead = tries >= LIMITS.outboxTriesMax
    log.warn("outbox.failed", { topic: row.topic, event: row.publicId, tries, dead, error })
    // A part is left to chance: what failed together does not come back together.
    const backoffMs = Math.round(Math.min(1_000 * 4 ** row.tries, LIMITS.outboxBackoffMsMax) * (0.75 + random() / 2))
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
