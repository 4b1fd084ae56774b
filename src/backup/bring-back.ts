// Brings a database back by hand: out of the replica as it is or was, or from a file; into a folder of its own, where it changes nothing
// else, or in place of what the data folder has, which is moved aside. Tried before it counts.
import { constants, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import type { Config, Log } from "../app/index.ts"
import {
  type Copy,
  type Elsewhere,
  instanceOf,
  openElsewhere,
  type RestoreNote,
  raiseEpoch,
  removeDraft,
  type Until,
  writeRestoreNote,
} from "../replica/index.ts"
import { lockFolder, putInPlace, requireKeepable } from "../store/index.ts"
import { BackupError } from "./error.ts"
import { BACKUP_LIMITS as L } from "./limits.ts"
import { newestOf } from "./prove.ts"
import { bytesLike, requireRoom } from "./room.ts"
import { keyringOf, type Tried, tryCopy } from "./try-copy.ts"

/** Where to: `apart` writes one file there and nothing else. */
export type Place =
  | { kind: "apart"; folder: string }
  /** @property keepIn the folder that what stands in the data folder is moved to; null = nothing stands there */
  | { kind: "here"; keepIn: string | null }

export interface BringBack {
  config: Config
  log: Log
  place: Place
  until: Until
  /** A folder of the replica; null = the newest, or the one that has the moment that is asked for. */
  epoch: number | null
  /** A file that `backup now FILE` made, in place of the replica. */
  file: string | null
  signal?: AbortSignal
  /** Of the disk; for tests. */
  free?: (folder: string) => number
}

export interface Brought extends Tried {
  source: string
  /** The folder of the replica. */
  epoch: number | null
  path: string
}

/** @throws BackupError, ReplicaError, RemoteError, PutBackError, AlreadyRunningError…: nothing was changed then, unless it says so */
export function bringBack(ask: BringBack): Promise<Brought> {
  const { place } = ask
  return place.kind === "apart" ? apart(ask, resolve(place.folder)) : here(ask, place.keepIn)
}

async function apart(ask: BringBack, folder: string): Promise<Brought> {
  const path = join(folder, "purser.db")
  if (existsSync(path)) throw new BackupError(`there is a database in ${folder} already; name an empty folder`)
  const origin = await originOf(ask)
  return drafted(ask, origin, path, async (draft, tried) => {
    renameSync(draft, path)
    return { ...tried, path, source: origin.source, epoch: origin.copy?.epoch ?? null }
  })
}

async function here(ask: BringBack, keepIn: string | null): Promise<Brought> {
  const { config } = ask
  const { dataDir } = config
  const path = join(dataDir, "purser.db")
  const lock = lockFolder(dataDir)
  try {
    const stands = existsSync(path)
    if (stands && keepIn === null)
      throw new BackupError(`there is a database in ${dataDir}; say with --move-old-to where it is to be kept`)
    if (!keyringOf(config))
      throw new BackupError(
        `there is no secret.key in ${dataDir}, and PURSER_SECRET_KEY is not set: nothing that is restored here could be opened. Put it there first`,
      )
    await openElsewhere(config, ask.log)?.endLeftover()
    if (stands && keepIn !== null) requireKeepable(path, keepIn)
    const origin = await originOf(ask)
    return await drafted(ask, origin, path, async (draft, tried) => {
      refuseOther(stands ? instanceOf(path) : null, tried.instance, dataDir)
      writeRestoreNote(draft, noteOf(ask, origin, tried))
      await takeOver(ask, origin, tried, draft)
      putInPlace(path, draft, keepIn)
      return { ...tried, path, source: origin.source, epoch: origin.copy?.epoch ?? null }
    })
  } finally {
    lock.release()
  }
}

/** What it is made of, before anything is written. */
interface Origin {
  source: string
  elsewhere: Elsewhere | null
  /** Of the replica; null = a file. */
  copy: Copy | null
  /** Whose the replica is. */
  instance: string | null
  heldMs: number
  aliveMs: number | null
  complete: boolean
  bytes: number
}

async function originOf({ config, log, file, until, epoch }: BringBack): Promise<Origin> {
  const elsewhere = openElsewhere(config, log)
  if (file !== null) {
    if (!existsSync(file)) throw new BackupError(`there is no file ${file}`)
    const none = { copy: null, instance: null, heldMs: 0, aliveMs: null, complete: false }
    return { source: resolve(file), elsewhere, bytes: statSync(file).size, ...none }
  }
  if (!elsewhere)
    throw new BackupError("no replica is set (PURSER_REPLICA_URL); restore a file that backup now made: --from FILE")
  const { copy: newest, instance, heldMs } = await newestOf(elsewhere)
  const found = await elsewhere.mark()
  const copies = await elsewhere.copies()
  const copy = chosen(copies, newest, until, epoch)
  const isNewest = until.kind === "latest" && copy.epoch === newest.epoch
  return {
    source: elsewhere.url,
    elsewhere,
    copy,
    instance,
    heldMs: isNewest ? heldMs : 0,
    aliveMs: found?.aliveMs ?? null,
    complete: isNewest && found?.marker.sent === true,
    bytes: bytesLike(join(config.dataDir, "purser.db")) ?? copy.snapshotBytes * L.unpacked,
  }
}

/** @throws BackupError when nothing that is kept reaches there */
function chosen(copies: readonly Copy[], newest: Copy, until: Until, epoch: number | null): Copy {
  if (epoch !== null) {
    const asked = copies.find((copy) => copy.epoch === epoch)
    if (asked) return asked
    throw new BackupError(`there is no folder e${epoch} with a whole copy in the replica; see purser backup list`)
  }
  if (until.kind !== "at") return newest
  // Written a moment after what it holds.
  const reaching = copies.find(({ fromMs, epoch: one }) => one <= newest.epoch && fromMs - SLACK_MS <= until.ms)
  if (reaching) return reaching
  const oldest = copies.at(-1)
  throw new BackupError(
    `nothing that is kept reaches back to ${new Date(until.ms).toISOString()}; the oldest copy is of ${new Date(oldest?.fromMs ?? 0).toISOString()}`,
  )
}
const SLACK_MS = 2_000

/** Brings it beside its place, tries it, and hands it on; nothing is left of it when anything fails. */
async function drafted<T>(
  ask: BringBack,
  origin: Origin,
  path: string,
  finish: (draft: string, tried: Tried) => Promise<T>,
): Promise<T> {
  const { config, until, signal, free, file } = ask
  const { source, instance, heldMs, copy, elsewhere, bytes } = origin
  const draft = `${path}.restoring`
  requireRoom(dirname(path), bytes, { leave: 0, free })
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  removeDraft(draft)
  try {
    if (copy && elsewhere) await elsewhere.bring({ from: copy, to: draft, until, ...(signal ? { signal } : {}) })
    else if (file !== null) copyFileSync(file, draft, constants.COPYFILE_FICLONE)
    const tried = await tryCopy(draft, { instance, heldMs, source, keyring: keyringOf(config) }, signal)
    return await finish(draft, tried)
  } finally {
    removeDraft(draft)
  }
}

function refuseOther(stands: string | null, instance: string, dataDir: string): void {
  if (stands === null || stands === instance) return
  throw new BackupError(
    `the copy is of ${instance}, but ${dataDir} is ${stands}: another Purser's. Nothing was changed; use the right --data-dir, or --to a folder of its own`,
  )
}

const noteOf = ({ until }: BringBack, { source, copy, aliveMs, complete }: Origin, { lastMs }: Tried): RestoreNote => ({
  atMs: Date.now(),
  source,
  epoch: copy?.epoch ?? null,
  asked: askedText(until),
  lastMs,
  aliveMs,
  complete,
})

function askedText(until: Until): string | null {
  if (until.kind === "at") return `at ${new Date(until.ms).toISOString()}`
  return until.kind === "txid" ? `txid ${until.txid}` : null
}

/** Whoever wrote the replica until now never does again, and the next start writes a folder of its own. */
async function takeOver({ config }: BringBack, origin: Origin, tried: Tried, draft: string): Promise<void> {
  const { elsewhere } = origin
  const found = elsewhere && (await elsewhere.mark())
  if (elsewhere && found) {
    const { marker } = found
    if (marker.instance !== tried.instance)
      throw new BackupError(
        `the copy is of ${tried.instance}, but the replica at ${elsewhere.url} belongs to ${marker.instance}; nothing was changed`,
      )
    raiseEpoch(draft, marker.epoch)
    await elsewhere.takeOver(marker)
    return
  }
  // Without a replica that can be asked, what is known of one belongs to the database that goes.
  raiseEpoch(draft, epochHere(config.dataDir))
  rmSync(join(config.dataDir, "replica.json"), { force: true })
  rmSync(join(config.dataDir, ".purser.db-litestream"), { recursive: true, force: true })
}

function epochHere(dataDir: string): number {
  try {
    const { epoch } = JSON.parse(readFileSync(join(dataDir, "replica.json"), "utf8")) as { epoch: number }
    return Number.isInteger(epoch) ? epoch : 0
  } catch {
    return 0
  }
}
