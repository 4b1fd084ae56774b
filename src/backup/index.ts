// The door of `backup`: copies are made, tried and brought back, and a house that was brought back waits until somebody has looked. The
// copying itself is Litestream's, in `replica`.
import { AppError, type Clock, type Config, type Log } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Identity } from "../identity/index.ts"
import type { Replica } from "../replica/index.ts"
import { lastCommitMs, type WriteContext } from "../store/index.ts"
import { type AfterRestoreDeps, askPayments, goOnIn, recover } from "./after-restore.ts"
import { proveApart } from "./apart.ts"
import { BACKUP_LIMITS as L } from "./limits.ts"
import { sweepScratch } from "./scratch.ts"
import { insertProof, lastRestore, proofs, waitingMessages } from "./store.ts"
import type { Backup, Proof } from "./types.ts"

export { paymentsOf } from "./after-restore.ts"
export { PROVE_VERB, proveHere } from "./apart.ts"
export { type BringBack, type Brought, bringBack, type Place } from "./bring-back.ts"
export { type CopiedTo, copyTo } from "./copy-to.ts"
export { BackupError } from "./error.ts"

export { backupPart } from "./part.ts"
export { prove } from "./prove.ts"
export { tryFile } from "./try-file.ts"
export type * from "./types.ts"

export type ProveCopy = (config: Config, log: Log, signal?: AbortSignal) => Promise<Proof>

export interface BackupDeps extends AfterRestoreDeps {
  config: Config
  clock: Clock
  log: Log
  identity: Pick<Identity, "asAdmin" | "endEverythingIn">
  replica: Pick<Replica, "holds">
  /** Default: a process of its own, where there is a replica. */
  proveCopy?: ProveCopy
}

export function createBackup(deps: BackupDeps): Backup {
  const { config, store, clock, log, replica, identity } = deps
  const proveCopy = deps.proveCopy ?? (config.replica ? proveApart : null)
  let provingSinceMs: number | null = null

  const noteProof = (ctx: WriteContext, proof: Proof): Promise<void> =>
    store.write(ctx, (tx) => {
      const { source, tookMs, lastMs, bytes, transactions, why } = proof
      insertProof(tx, { actor: ctx.actor, ok: proof.ok ? 1 : 0, source, tookMs, lastMs, bytes, transactions, why })
      auditIn(tx, { action: "backup.proved", subject: "backup", after: { ok: proof.ok, why } })
    })
  return {
    get provingSinceMs() {
      return provingSinceMs
    },
    async prove(ctx, signal) {
      if (proveCopy === null)
        throw new AppError("conflict", "There is no replica to try. Set PURSER_REPLICA_URL and start the server again.")
      if (provingSinceMs !== null) throw new AppError("conflict", "A copy is being tried already. Look again later.")
      provingSinceMs = clock.now()
      try {
        const proof = await proveCopy(config, log, signal)
        await noteProof(ctx, proof)
        log[proof.ok ? "info" : "error"]("backup.proved", { ...proof })
        return proof
      } finally {
        provingSinceMs = null
      }
    },
    noteProof,
    proofs: (rows) => proofs(store.read, rows),
    async now() {
      const lastMs = lastCommitMs(store.read)
      return { held: await replica.holds(L.nowWaitMs), lastMs }
    },
    lastRestore: () => lastRestore(store.read),
    heldMessages: () => waitingMessages(store.read),
    async goOn(ctx, userId) {
      await askPayments(deps)
      return await identity.asAdmin(ctx, userId, (tx) => goOnIn(deps, tx))
    },
    askPayments: () => askPayments(deps),
    async goOnFromConsole(ctx) {
      // Without a server nobody has acted upon the restore yet.
      await recover(deps)
      await askPayments(deps)
      return store.write(ctx, (tx) => goOnIn(deps, tx))
    },
    async recover() {
      await recover(deps)
      await sweepScratch(config.dataDir).catch((error: unknown) => log.warn("backup.sweep_failed", { error }))
    },
  }
}
