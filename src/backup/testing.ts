// What tests of others stand on: a restore that nobody has looked at, and a copy that is well.
import type { Ids } from "../app/index.ts"
import type { Store, WriteContext } from "../store/index.ts"
import { insertRestore } from "./store.ts"
import type { Proof } from "./types.ts"

const CTX: WriteContext = { actor: "system:restore", requestId: "restore", reason: "test" }

/** As the first start after a restore leaves it, but nobody is signed out. */
export function makeRestore({ store, ids }: { store: Pick<Store, "write">; ids: Ids }): Promise<void> {
  return store.write(CTX, (tx) =>
    insertRestore(tx, {
      publicId: ids.next("rst"),
      restoredMs: tx.now,
      source: 's3://<b>"bucket/purser',
      epoch: 1,
      asked: null,
      lastCommitMs: tx.now - 10_000,
      aliveMs: tx.now - 2_000,
      complete: 0,
      lastTransactionId: null,
      lastTransactionMs: null,
      lastCallId: null,
      lastCallMs: null,
      sessionsEnded: 2,
      grantsEnded: 1,
    }),
  )
}

export const wellProof = async (): Promise<Proof> => ({
  ok: true,
  source: 's3://<b>"bucket/purser',
  tookMs: 1_200,
  lastMs: Date.now(),
  bytes: 1_000_000,
  transactions: 12,
  why: null,
})
