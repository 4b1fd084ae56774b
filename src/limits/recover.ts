// After a crash: what dead calls held of limits on spending becomes what the books charged for them. Whose it was is noted before the books
// settle them, so that a second crash in between loses nothing. Memory forgot the rest by itself.
import type { Store, WriteContext } from "../store/index.ts"
import { countsOf } from "./counts.ts"
import { deadHolds, deleteDeadHolds, heldCounts, noteOpenCalls } from "./store.ts"

const CTX: WriteContext = {
  actor: "system:recovery",
  requestId: "job:recover",
  reason: "call cut off by a restart",
}

type Written = Pick<Store, "write" | "read">

/** @see Limits.noteDead */
export async function noteDead(store: Written): Promise<void> {
  if (heldCounts(store.read).length > 0) await store.write(CTX, noteOpenCalls)
}

/** @see Limits.recover */
export async function recover(store: Written): Promise<number> {
  if (heldCounts(store.read).length === 0) return 0
  return store.write(CTX, (tx) => {
    const counts = countsOf(tx)
    for (const { subject, kind, chargedNano, ...span } of deadHolds(tx))
      counts.add(counts.of(tx, subject, kind, span), chargedNano, 0)
    // Nobody is answered yet: no call is alive that could hold anything.
    for (const { subject, kind, held, startMs, endMs } of heldCounts(tx))
      counts.add(counts.of(tx, subject, kind, { startMs, endMs }), 0, -held)
    return deleteDeadHolds(tx)
  })
}
