// May this server start, and with which data? Pure decisions; every doubt is a refusal that says what to do.
import type { Family } from "./binary.ts"
import { ReplacedError, ReplicaError } from "./error.ts"
import type { Marker, Whole } from "./marker.ts"

/** What the data folder remembers of its replica (`replica.json`). */
export interface Local {
  holder: string
  /** Of a turn before, which the mark still names when taking the last one was cut. */
  before?: string | undefined
  epoch: number
  format: Family
  url: string
  /** Number of the last turn that was made here, or tried. */
  turn?: number | undefined
}

export interface Known {
  url: string
  /** From the settings. */
  instanceId: string | null
  newOn: string | null
  /** This day in UTC. */
  today: string
}

export type Start =
  /** No data anywhere, and the word was said. */
  | { kind: "first" }
  /** The data is in the replica. @property watch whether its holder may still be alive */
  | { kind: "restore"; from: Whole; watch: boolean }

/** For a data folder without a database. @throws ReplicaError */
export function startWithoutData(
  known: Known,
  marker: Marker | null,
  isEmpty: boolean,
  local: Local | null,
  boot: string,
): Start {
  const { url, instanceId, newOn, today } = known
  if (marker) {
    if (instanceId !== null && marker.instance !== instanceId)
      throw new ReplicaError(otherInstance(url, marker.instance, instanceId))
    if (marker.whole) return { kind: "restore", from: marker.whole, watch: !isOwnAndOver(marker, local, boot) }
    if (isToday(newOn, today) && instanceId === null) return { kind: "first" }
    throw new ReplicaError(
      `the data folder is empty, and the replica at ${url} was begun (by ${marker.host}) but never held a whole copy: there is nothing to ` +
        `restore. Look for the data folder first. If it is really lost, ${wordFor(today)}`,
    )
  }
  if (!isEmpty)
    throw new ReplicaError(
      `the data folder is empty, and ${url} holds files but not Purser's own (purser.json): a replica whose mark was lost, or ` +
        "another program's folder. Nothing was changed. Set PURSER_REPLICA_URL right, or put the object back",
    )
  if (instanceId !== null)
    throw new ReplicaError(
      `PURSER_INSTANCE_ID says that ${instanceId} runs here, but the data folder is empty and so is the replica at ${url}. ` +
        "The address is wrong, or the replica was emptied. Nothing was changed",
    )
  if (isToday(newOn, today)) return { kind: "first" }
  throw new ReplicaError(
    `the data folder and the replica at ${url} are both empty. If this Purser has run before, the address or the folder is wrong: ` +
      `mend it, and nothing is lost. If it is new, ${wordFor(today)}`,
  )
}

/**
 * What a standby begins as.
 * @param pending holder of a turn that no mark tells of yet
 * @param data null = there is no database here
 * @throws ReplicaError for data that is not known to be out of date
 */
export function standbyBegin(
  url: string,
  marker: Marker | null,
  pending: string | null,
  local: Local | null,
  data: Data | null,
): "first" | "follow" | "aside" {
  const isTaken =
    local !== null && (pending === null ? marker !== null && isOurs(marker, local) : pending === local.holder)
  if (isTaken && local.url === url) return "first"
  if (!data) return "follow"
  if (!marker)
    throw new ReplicaError(`this data folder has a database, and there is nothing at ${url} to follow; ${WRONG_PLACE}`)
  if (marker.instance !== data.instance) throw new ReplicaError(otherInstance(url, marker.instance, data.instance))
  if (marker.epoch > data.epoch) return "aside"
  throw new ReplicaError(`this data folder has a database that is not out of date; ${WRONG_PLACE}`)
}

const WRONG_PLACE = "start it with `purser serve`, or stand by with an empty --data-dir"

/** What an operator says to `promote`. */
export interface Word {
  /** They vouch that the first is off; nobody waits for it. */
  firstIsOff: boolean
  /** It may be alive: it is shut out first, and what it may still say is waited out. */
  force: boolean
}

/** How a standby takes over. */
export interface Takeover {
  from: Whole
  /** Wait for silence before anything is changed. */
  watch: boolean
  /** Wait after the turn is ours, until the holder before can say nothing more. */
  settle: boolean
}

/** @throws ReplicaError */
export function takeover(known: Known, marker: Marker | null, local: Local | null, boot: string, word: Word): Takeover {
  const { url, instanceId } = known
  if (!marker)
    throw new ReplicaError(
      `there is nothing at ${url} to take over: it has no purser.json. Set PURSER_REPLICA_URL right`,
    )
  if (instanceId !== null && marker.instance !== instanceId)
    throw new ReplicaError(otherInstance(url, marker.instance, instanceId))
  if (!marker.whole)
    throw new ReplicaError(
      `the replica at ${url} was begun (by ${marker.host}) but never held a whole copy: there is nothing to take over`,
    )
  if (word.firstIsOff || isOwnAndOver(marker, local, boot)) return { from: marker.whole, watch: false, settle: false }
  if (marker.fencedAfterMs === undefined)
    throw new ReplicaError(
      `the first server (${marker.host}) runs without PURSER_REPLICA_FENCE=on: if it only lost the replica, it goes on answering, and two ` +
        "would answer about money. Make sure that it is off, then: purser promote --first-is-off",
    )
  return { from: marker.whole, watch: !word.force, settle: word.force }
}

export type Claim =
  /** Nobody holds it: a new folder of the replica is begun. @property watch as above */
  | { kind: "take"; epoch: number; watch: boolean }
  /** It was ours and still is: Litestream goes on where it was. */
  | { kind: "continue"; epoch: number; watch: boolean }

export interface Data {
  instance: string
  /** `meta.replica_epoch`; 0 = this database was never replicated. */
  epoch: number
}

/** For a data folder with its database. @throws ReplicaError */
export function claimWithData(
  known: Known,
  data: Data,
  marker: Marker | null,
  local: Local | null,
  at: { boot: string; format: Family },
): Claim {
  const { url, instanceId } = known
  if (instanceId !== null && data.instance !== instanceId)
    throw new ReplicaError(
      `PURSER_INSTANCE_ID is ${instanceId}, but this data folder is ${data.instance}; use the right --data-dir`,
    )
  if (!marker) return { kind: "take", epoch: Math.max(data.epoch, local?.epoch ?? 0) + 1, watch: false }
  // Begun with today's word, and nothing whole stands in it that could be lost.
  if (marker.whole === null && data.epoch === 0 && isToday(known.newOn, known.today))
    return { kind: "take", epoch: marker.epoch + 1, watch: !isOwnAndOver(marker, local, at.boot) }
  if (marker.instance !== data.instance) throw new ReplicaError(otherInstance(url, marker.instance, data.instance))
  if (local && isOurs(marker, local)) {
    const watch = !isOwnAndOver(marker, local, at.boot)
    const goesOn = marker.format === at.format && local.epoch === marker.epoch && local.url === url
    return goesOn ? { kind: "continue", epoch: marker.epoch, watch } : { kind: "take", epoch: marker.epoch + 1, watch }
  }
  if (marker.epoch > data.epoch) throw new ReplacedError(replaced(url, marker))
  return { kind: "take", epoch: marker.epoch + 1, watch: !marker.released }
}

/** Ours, and its process is known to be dead: it said goodbye, or ran in this start of this machine, where the folder's lock is ours now. */
export const isOwnAndOver = (marker: Marker, local: Local | null, boot: string): boolean =>
  marker.released || (isOurs(marker, local) && marker.boot === boot)

export const isOurs = (marker: Marker, local: Local | null): boolean =>
  local !== null && (marker.holder === local.holder || marker.holder === local.before)

export const replaced = (url: string, by: { host: string; epoch: number }): string =>
  `another server (${by.host}, epoch ${by.epoch}) has taken over the replica at ${url}: this data is out of date and must not be ` +
  "served. To follow it from here, start `purser standby`. To start here again, stop that server, move this data folder away and start: " +
  "the data is restored from the replica"

export const isAlive = (url: string, host: string): string =>
  `another server (${host}) is running on the replica at ${url}; stop it first, or give this one a replica of its own`

export const otherInstance = (url: string, theirs: string, ours: string): string =>
  `the replica at ${url} belongs to ${theirs}, not to ${ours}; nothing was changed. Set PURSER_REPLICA_URL or --data-dir right`

const wordFor = (today: string): string =>
  `start once with PURSER_REPLICA_NEW=${today} (today's date; the word ends by itself)`

/** A day to either side, for whoever reads another clock. */
function isToday(word: string | null, today: string): boolean {
  return word !== null && Math.abs(Date.parse(word) - Date.parse(today)) <= 86_400_000
}

/** In UTC, by this machine's clock: what people type is compared with it. */
export const today = (): string => new Date().toISOString().slice(0, 10)
