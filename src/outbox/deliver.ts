// One try of one message: handed to its handler, then booked as done, put off, or given up.
import { LIMITS, type Log } from "../app/index.ts"
import type { Deliver } from "../part/index.ts"
import type { Store } from "../store/index.ts"
import { markDone, markFailed, type Row } from "./store.ts"

export async function deliver({ store, log }: { store: Store; log: Log }, row: Row, handler: Deliver): Promise<void> {
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
    await store.write(ctx, (tx) => markDone(tx, row.id))
  } catch (error) {
    const tries = row.tries + 1
    const dead = tries >= LIMITS.outboxTriesMax
    log.warn("outbox.failed", { topic: row.topic, event: row.publicId, tries, dead, error })
    const backoffMs = Math.min(1_000 * 4 ** row.tries, LIMITS.outboxBackoffMsMax)
    await store.write(ctx, (tx) =>
      markFailed(tx, row.id, {
        state: dead ? "dead" : "waiting",
        tries,
        dueMs: tx.now + backoffMs,
        error: String(error).slice(0, 500),
      }),
    )
  }
}
