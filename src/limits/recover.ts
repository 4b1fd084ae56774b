// After a crash: what dead calls held of limits on spending becomes what the books charged for them. Memory forgot the rest by itself.
import type { Store, WriteContext } from "../store/index.ts"
import { collectedOf, holdingCalls } from "./store.ts"
import { settleHoldsIn } from "./ticket.ts"

const CALLS_PER_WRITE = 200
const CTX: WriteContext = {
  actor: "system:recovery",
  requestId: "job:recover",
  reason: "call cut off by a restart",
}

/** @see Limits.recover */
export async function recover(store: Pick<Store, "read" | "write">): Promise<number> {
  let resolved = 0
  for (let after = ""; ; ) {
    const calls = holdingCalls(store.read, after, CALLS_PER_WRITE)
    if (calls.length === 0) return resolved
    await store.write(CTX, (tx) => {
      for (const callId of calls) settleHoldsIn(tx, callId, collectedOf(tx, callId))
    })
    resolved += calls.length
    after = calls.at(-1)!
  }
}
