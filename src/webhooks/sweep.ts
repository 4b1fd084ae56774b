// What was told is forgotten: by age, beyond a bound, and with its endpoint.
import type { Store } from "../store/index.ts"
import { deleteBeyond, deleteEvents, deleteOld, deleteRemoved } from "./store-sweep.ts"

const CTX = { actor: "system:sweep-webhooks", requestId: "job_sweep-webhooks", reason: "forget what was told" }

/** One slice. @returns how many rows went: as many as asked for = more may be left */
export const sweep = (
  { store, clock }: { store: Store; clock: { now(): number } },
  keptMs: number,
  rows: number,
  keptMax: number,
): Promise<number> =>
  store.write(CTX, (tx) => {
    const beforeMs = clock.now() - keptMs
    let gone = deleteRemoved(tx, rows)
    if (gone < rows) gone += deleteOld(tx, beforeMs, rows - gone)
    // Endpoint by endpoint, from the first that has too many.
    for (let after = 0; gone < rows; ) {
      const beyond = deleteBeyond(tx, after, keptMax, rows - gone)
      if (!beyond) break
      after = beyond.id
      gone += beyond.gone
    }
    if (gone < rows) gone += deleteEvents(tx, beforeMs, rows - gone)
    return gone
  })
