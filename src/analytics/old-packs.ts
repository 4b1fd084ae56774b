// What is packed, of charges from before there were packs: made in the background, the newest first, a slice at a time. What begins before
// them is read as it was until then.
import type { Store } from "../store/index.ts"
import { packedAfter, packIn, setPackedAfter, sliceBefore } from "./store-packs.ts"

const CTX = { actor: "system:analytics", requestId: "job:analytics", reason: "sums of calls" }

/** @param rows of a slice @returns whether there is more to do */
export async function packOld(store: Pick<Store, "read" | "write">, rows: number): Promise<boolean> {
  if (packedAfter(store.read) === 0) return false
  return store.write(CTX, (tx) => {
    const to = packedAfter(tx)
    const after = sliceBefore(tx, to, rows)
    packIn(tx, after, to)
    setPackedAfter(tx, after)
    return after > 0
  })
}
