// What nobody decided on goes: documents that wait, claims on hosts that nothing proved.
import type { Core } from "./core.ts"
import { CATALOG_LIMITS as L } from "./limits.ts"
import { sweepClaims, sweepWaiting } from "./store-words.ts"

const CTX = { actor: "system:sweep-market-claims", requestId: "job", reason: "delete what is over" }

/** @returns how many rows went: `rows` = more may be left */
export const sweep = (core: Core, rows: number): Promise<number> =>
  core.store.write(CTX, (tx) => {
    const documents = sweepWaiting(tx, tx.now - L.waitingMs, rows)
    return documents + sweepClaims(tx, tx.now - L.claimMs, rows - documents)
  })
