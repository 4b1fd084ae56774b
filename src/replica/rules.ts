// May this server start, and with which data? Pure decisions; every doubt is a refusal that says what to do.
import type { Family } from "./binary.ts"
import { ReplicaError } from "./error.ts"
import type { Marker, Whole } from "./marker.ts"

/** What the data folder remembers of its replica (`replica.json`). */
export interface Local {
  holder: string
  epoch: number
  format: Family
  url: string
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
  if (marker.holder === local?.holder) {
    const watch = !isOwnAndOver(marker, local, at.boot)
    const goesOn = marker.format === at.format && local.epoch === marker.epoch && local.url === url
    return goesOn ? { kind: "continue", epoch: marker.epoch, watch } : { kind: "take", epoch: marker.epoch + 1, watch }
  }
  if (marker.epoch > data.epoch) throw new ReplicaError(replaced(url, marker))
  return { kind: "take", epoch: marker.epoch + 1, watch: !marker.released }
}

/** Ours, and its process is known to be dead: it said goodbye, or ran in this start of this machine, where the folder's lock is ours now. */
export const isOwnAndOver = (marker: Marker, local: Local | null, boot: string): boolean =>
  marker.released || (marker.holder === local?.holder && marker.boot === boot)

export const replaced = (url: string, marker: Marker): string =>
  `another server (${marker.host}, epoch ${marker.epoch}) has taken over the replica at ${url}: this data is out of date and must not be ` +
  "served. To start here again, stop that server, move this data folder away and start: the data is restored from the replica"

export const isAlive = (url: string, marker: Marker): string =>
  `another server (${marker.host}) is running on the replica at ${url}; stop it first, or give this one a replica of its own`

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
