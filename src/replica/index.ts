// The door of `replica`: a copy of every change elsewhere, by Litestream. Prepared before the database is opened (an empty disk is filled from
// the replica, or the start refused), started with it, stopped after it.
import { existsSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import type { Ids } from "../app/index.ts"
import type { Store } from "../store/index.ts"
import { RemoteError, ReplicaError } from "./error.ts"
import type { Health } from "./health.ts"
import { type Held, Keeper } from "./keeper.ts"
import type { Restored } from "./restore.ts"
import { standbyBegin, startWithoutData, today, type Word } from "./rules.ts"
import { setAside } from "./set-aside.ts"
import { dataIn, identify } from "./store.ts"
import { restoreAlone, takenOver } from "./take-over.ts"
import { type ReplicaDeps, toolsOf } from "./tools.ts"

export { findLitestream, type Litestream } from "./binary.ts"
export { removeDraft, type Until } from "./bring.ts"
export type { Copy } from "./copies.ts"
export { type Elsewhere, openElsewhere } from "./elsewhere.ts"
export { RemoteError, ReplacedError, ReplicaError } from "./error.ts"
export { type First, Follower } from "./follow.ts"
export type { Health } from "./health.ts"
export type { Held } from "./keeper.ts"
export { lookAtReplica, type ReplicaLook } from "./look.ts"
export { dropRestoreNoteIn, type RestoreNote, readRestoreNote, writeRestoreNote } from "./note.ts"
export { replicaPart } from "./part.ts"
export type { Restored } from "./restore.ts"
export type { Word } from "./rules.ts"
export { examineRestored, instanceOf, raiseEpoch } from "./store.ts"
export { type Fit, type ReplicaDeps, type Tools, toolsOf } from "./tools.ts"

export interface Replica {
  /** @throws ReplicaError when this data must not be served */
  start(store: Store, ids: Ids): Promise<void>
  /** Whether the replica has everything committed by now; waits as long as is set. For answers about money that came in. Never rejects. */
  holds(waitMs?: number): Promise<Held>
  /** null = there is none. */
  health(): Health | null
  /** False: another server may have taken over; nobody is answered. Asked with every request. */
  readonly mayAnswer: boolean
  /** A name that outlives every restore, among what we keep there ourselves. Nothing without a replica. @throws RemoteError */
  note(name: string): Promise<void>
  /** Those that begin so. @throws RemoteError */
  notes(prefix: string): Promise<string[]>
  /** What this start was restored from; null = the disk had its data. */
  readonly restored: Restored | null
  /** After the database was closed. */
  stop(): Promise<void>
}

export const NO_REPLICA: Replica = {
  mayAnswer: true,
  start: async (store, ids) => void (await identify(store, ids)),
  holds: async () => "off",
  health: () => null,
  note: async () => {},
  notes: async () => [],
  restored: null,
  stop: async () => {},
}

/**
 * To be called before the database is opened.
 * @throws ReplicaError for everything that is in doubt; nothing was changed then
 */
export async function prepareReplica(deps: ReplicaDeps): Promise<Replica> {
  const { replica, dataDir } = deps.config
  if (!replica) return NO_REPLICA
  const tools = toolsOf(deps, replica)
  const { lease, remote } = tools
  const keep = (restored: Restored | null): Replica => new Keeper({ ...tools, restored })
  if (existsSync(join(dataDir, "purser.db"))) return keep(null)
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  return answered(async () => {
    const seen = await lease.look()
    const { marker } = seen
    const known = { ...replica, today: today() }
    const start = startWithoutData(known, marker, await remote.isEmpty(), lease.local(), lease.boot)
    if (start.kind === "first" || !marker) return keep(null)
    deps.fit?.before()
    if (start.watch || lease.isForeign(seen)) await lease.watch(seen)
    return keep(await restoreAlone(tools, seen, { settle: false }))
  })
}

/** With nothing on the disk a replica that is away is a reason. */
async function answered<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error
    throw new ReplicaError(
      `the data folder is empty and the replica cannot be asked whether there is data (${error.message}). Nothing was started: ` +
        "make it reachable, or set PURSER_REPLICA_URL right",
    )
  }
}

/**
 * Takes over for good: the server that wrote the replica can never write it again, and its data is here. The data folder is empty.
 * @throws ReplicaError; the server before can be started again then
 */
export async function takeOver(deps: ReplicaDeps, word: Word): Promise<Replica> {
  const { replica, dataDir } = deps.config
  if (!replica) throw new ReplicaError("there is no replica to take over: set PURSER_REPLICA_URL")
  if (existsSync(join(dataDir, "purser.db")))
    throw new ReplicaError(
      `${dataDir} has a database already; start it with \`purser serve\`, or use an empty --data-dir`,
    )
  deps.fit?.before()
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const tools = toolsOf(deps, replica)
  return answered(async () => new Keeper({ ...tools, restored: await takenOver(tools, word) }))
}

/**
 * What a standby begins as: the first, when it has taken over before, else a follower. A database of a server that was replaced is set
 * aside.
 * @throws ReplicaError for data that is not known to be out of date, RemoteError while nobody can tell
 */
export async function standbyStart(deps: ReplicaDeps): Promise<"first" | "follow"> {
  const { replica, dataDir } = deps.config
  if (!replica) throw new ReplicaError("a standby follows a replica: set PURSER_REPLICA_URL as on the first server")
  const tools = toolsOf(deps, replica)
  const path = join(dataDir, "purser.db")
  const hasData = existsSync(path)
  const seen = await tools.lease.look().catch((error: unknown) => {
    // Without data there is nothing that could be served by mistake.
    if (!(error instanceof RemoteError) || hasData || tools.lease.local()) throw error
    return null
  })
  const { marker = null, pending = null } = seen ?? {}
  const data = hasData ? dataIn(path) : null
  const begin = standbyBegin(replica.url, marker, pending?.holder ?? null, tools.lease.local(), data)
  if (begin !== "aside") return begin
  const aside = setAside(dataDir)
  deps.log.warn("standby.set_aside", { why: "another server has taken over from it", kept: aside })
  return "follow"
}
