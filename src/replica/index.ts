// The door of `replica`: a copy of every change elsewhere, by Litestream. Prepared before the database is opened (an empty disk is filled from
// the replica, or the start refused), started with it, stopped after it.
import { existsSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import type { Config, Ids, Log } from "../app/index.ts"
import type { Store } from "../store/index.ts"
import { findLitestream } from "./binary.ts"
import { RemoteError, ReplicaError } from "./error.ts"
import type { Health } from "./health.ts"
import { type Held, Keeper } from "./keeper.ts"
import { bootId, Lease } from "./lease.ts"
import { createRemote } from "./remote.ts"
import { type Restored, restore } from "./restore.ts"
import { startWithoutData, today } from "./rules.ts"
import { identify } from "./store.ts"

export { findLitestream, type Litestream } from "./binary.ts"
export { removeDraft, type Until } from "./bring.ts"
export type { Copy } from "./copies.ts"
export { type Elsewhere, openElsewhere } from "./elsewhere.ts"
export { RemoteError, ReplicaError } from "./error.ts"
export type { Health } from "./health.ts"
export type { Held } from "./keeper.ts"
export { lookAtReplica, type ReplicaLook } from "./look.ts"
export { dropRestoreNoteIn, type RestoreNote, readRestoreNote, writeRestoreNote } from "./note.ts"
export { replicaPart } from "./part.ts"
export type { Restored } from "./restore.ts"
export { examineRestored, instanceOf, raiseEpoch } from "./store.ts"

export interface Replica {
  /** @throws ReplicaError when this data must not be served */
  start(store: Store, ids: Ids): Promise<void>
  /** Whether the replica has everything committed by now; waits as long as is set. For answers about money that came in. Never rejects. */
  holds(waitMs?: number): Promise<Held>
  /** null = there is none. */
  health(): Health | null
  /** What this start was restored from; null = the disk had its data. */
  readonly restored: Restored | null
  /** After the database was closed. */
  stop(): Promise<void>
}

export interface ReplicaDeps {
  config: Config
  log: Log
  onReplaced(error: ReplicaError): void
}

const NONE: Replica = {
  start: async (store, ids) => void (await identify(store, ids)),
  holds: async () => "off",
  health: () => null,
  restored: null,
  stop: async () => {},
}

/**
 * To be called before the database is opened.
 * @throws ReplicaError for everything that is in doubt; nothing was changed then
 */
export async function prepareReplica({ config, log, onReplaced }: ReplicaDeps): Promise<Replica> {
  const { replica, dataDir } = config
  if (!replica) return NONE
  const litestream = findLitestream(replica.litestream)
  if (litestream.unsafe)
    log.warn("replica.unsafe_version", { version: litestream.version, path: litestream.path, why: litestream.unsafe })
  const remote = createRemote(config, replica.target)
  const { url, leaseMs } = replica
  const lease = new Lease({ remote, url, dataDir, format: litestream.family, leaseMs, log }, bootId())
  const keep = (restored: Restored | null) =>
    new Keeper({ config, replica, litestream, lease, log, restored, onReplaced })
  if (existsSync(join(dataDir, "purser.db"))) return keep(null)
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const marker = await lease.look()
    const known = { ...replica, today: today() }
    const { aliveMs } = lease
    const start = startWithoutData(known, marker, await remote.isEmpty(), lease.local(), lease.boot)
    if (start.kind === "first" || !marker) return keep(null)
    if (start.watch) await lease.watch(marker)
    // The right to write first: two empty machines must not both become this one.
    await lease.take(marker, { instance: marker.instance, epoch: marker.epoch + 1 })
    return keep(await restore(config, replica, litestream, { whole: start.from, marker, aliveMs }, log))
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error
    throw new ReplicaError(
      `the data folder is empty and the replica cannot be asked whether there is data (${error.message}). Nothing was started: ` +
        "make it reachable, or set PURSER_REPLICA_URL right",
    )
  }
}
