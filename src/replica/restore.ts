// Brings the database back from the replica at the start of a server: beside its place, looked at, then moved there in one step. What is
// left of a lost one is kept.
import { existsSync, renameSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { Config, ReplicaConfig } from "../app/index.ts"
import type { Litestream } from "./binary.ts"
import { bringCopy, removeDraft } from "./bring.ts"
import type { Marker, Whole } from "./marker.ts"
import { type RestoreNote, writeRestoreNote } from "./note.ts"
import { examineRestored } from "./store.ts"
import type { Tools } from "./tools.ts"

export interface Restored {
  /** The folder of the replica that it came from. */
  epoch: number
  /** Moment of its last commit, ms: what was written later is lost. */
  lastMs: number
  /** Moment up to which the replica was known to hold all; later than `lastMs` = an operator accepted that its end is missing. */
  heldMs: number
  tookMs: number
}

export interface RestoreFrom {
  whole: Whole
  /** As it was before this server took over. */
  marker: Pick<Marker, "instance" | "sent">
  aliveMs: number | null
}

type RestoreTools = Pick<Tools, "config" | "replica" | "litestream" | "log"> & Partial<Pick<Tools, "fit">>

/** @throws ReplicaError, or why this server cannot serve it; the database's place is empty then, as before */
export async function restore(tools: RestoreTools, { whole, marker, aliveMs }: RestoreFrom): Promise<Restored> {
  const { config, replica, litestream, log, fit } = tools
  const { dataDir } = config
  const path = join(dataDir, "purser.db")
  const partial = `${path}.restoring`
  const startedMs = performance.now()
  log.warn("replica.restoring", { url: replica.url, epoch: whole.epoch, to: path })
  await bringCopy({ config, replica, litestream }, { from: whole, to: partial, until: { kind: "latest" } })
  try {
    const { heldMs } = whole
    const { lastMs } = examine(partial, { replica, litestream, whole, instance: marker.instance })
    if (lastMs < heldMs)
      log.error("replica.accepted", { url: replica.url, ends: momentOf(lastMs), wasHeld: momentOf(heldMs) })
    fit?.copy(partial)
    writeRestoreNote(partial, noteOf(replica.url, { whole, marker, aliveMs }, lastMs))
    // A log of the lost database would be played into this one.
    for (const rest of leftovers(path)) if (existsSync(rest)) renameSync(rest, `${rest}.lost`)
    rmSync(join(dataDir, ".purser.db-litestream"), { recursive: true, force: true })
    renameSync(partial, path)
    const tookMs = Math.round(performance.now() - startedMs)
    log.warn("replica.restored", { epoch: whole.epoch, lastCommit: momentOf(lastMs), tookMs })
    return { epoch: whole.epoch, lastMs, heldMs, tookMs }
  } finally {
    removeDraft(partial)
  }
}

interface Examined {
  replica: ReplicaConfig
  litestream: Litestream
  whole: Whole
  instance: string
}

function examine(path: string, { replica, litestream, whole, instance }: Examined): { lastMs: number } {
  const { url: source, acceptedMs } = replica
  const { heldMs } = whole
  return examineRestored(path, { instance, heldMs, source, acceptedMs, readsAll: litestream.unsafe !== null })
}

/**
 * A copy to look at, in a folder of its own: nothing in it says that it was restored.
 * @throws ReplicaError
 */
export async function restorePicture(
  config: Config,
  { replica, litestream, whole, instance }: Examined,
  folder: string,
): Promise<Restored> {
  const startedMs = performance.now()
  const to = join(folder, "purser.db")
  await bringCopy({ config, replica, litestream }, { from: whole, to, until: { kind: "latest" } })
  const { lastMs } = examine(to, { replica, litestream, whole, instance })
  const tookMs = Math.round(performance.now() - startedMs)
  return { epoch: whole.epoch, lastMs, heldMs: whole.heldMs, tookMs }
}

const momentOf = (ms: number): string => new Date(ms).toISOString()

/** What a restore of the newest copy says of itself. */
export const noteOf = (url: string, { whole, marker, aliveMs }: RestoreFrom, lastMs: number): RestoreNote => ({
  atMs: Date.now(),
  source: url,
  epoch: whole.epoch,
  asked: null,
  lastMs,
  aliveMs,
  complete: marker.sent === true,
})

const leftovers = (path: string): string[] => [path, `${path}-wal`, `${path}-shm`, `${path}-journal`]
