// What a standby says of itself to `purser doctor`: how late its picture is, whether the first lives, whether it could take over. Pure.
import { LIMITS } from "../../app/index.ts"
import type { Check } from "../../part/index.ts"
import type { First, Restored } from "../../replica/index.ts"
import { momentOf, span } from "./words.ts"

export interface StandbyFacts {
  /** Null: nothing is known of it yet. */
  first: First | null
  lagMs: number
  /** Why the last look or picture failed; null = it did not. */
  cause: string | null
  /** The picture that is shown; null = there is none yet. */
  restored: Pick<Restored, "lastMs" | "tookMs"> | null
  pictureBytes: number
  /** On the disk of the data folder. */
  freeBytes: number
  leaseMs: number
  /** It would stop answering by itself when it is cut off, once it is the first. */
  hasFence: boolean
}

type Told = Pick<Check, "state" | "text" | "remedy">

export const checksOf = (facts: StandbyFacts): Check[] => [
  { label: "Standby", ...pictureOf(facts) },
  { label: "First server", ...firstOf(facts) },
  { label: "Takeover", ...takeoverOf(facts) },
  { label: "Database", state: "ok", text: "made by a takeover" },
]

const READ_REMEDY = "Look at PURSER_REPLICA_URL, its keys and the secret key: they are those of the first server."

function pictureOf({ restored, cause, lagMs }: StandbyFacts): Told {
  if (cause !== null)
    return { state: "bad", text: `newer data could not be read for ${span(lagMs)}: ${cause}`, remedy: READ_REMEDY }
  if (!restored) {
    const remedy = "Wait until it is done; the log says how long it took."
    return { state: "warn", text: "reads the replica for the first time", remedy }
  }
  const shown = `shows how things were up to ${momentOf(restored.lastMs)}`
  if (lagMs < 1_000) return { state: "ok", text: shown }
  const text = `${shown}, ${span(lagMs)} behind`
  if (lagMs < LIMITS.replicaLagBadMs) return { state: "ok", text }
  const remedy = "A large database is read less often; a takeover reads everything anew, however old the picture is."
  return { state: "warn", text, remedy }
}

function firstOf({ first, leaseMs }: StandbyFacts): Told {
  if (!first) return { state: "bad", text: "nothing is known of it", remedy: READ_REMEDY }
  const { host, isReleased, isFenced, silentMs } = first
  if (isReleased)
    return {
      state: "warn",
      text: `${host} was stopped in order`,
      remedy: "Start it again, or take over here: purser promote. Nothing is lost and nothing is waited for.",
    }
  if (silentMs > Math.max(leaseMs, LIMITS.replicaLagBadMs))
    return {
      state: "bad",
      text: `${host} gives no sign of life for ${span(silentMs)}`,
      remedy: "Look at it. If it is gone, take over here: purser promote.",
    }
  const heard = `${host} was heard of ${span(silentMs)} ago`
  if (isFenced) return { state: "ok", text: heard }
  return {
    state: "warn",
    text: `${heard}, and would go on answering when it is cut off`,
    remedy: "Set PURSER_REPLICA_FENCE=on there and start it again: else only you can say that it is off.",
  }
}

const MB = 1_000_000

function takeoverOf({ restored, cause, pictureBytes, freeBytes, hasFence }: StandbyFacts): Told {
  if (cause !== null) return { state: "bad", text: `could not take over now: ${cause}`, remedy: READ_REMEDY }
  if (!restored) {
    const remedy = "Wait until it is done; what is in the way of a takeover is found by it."
    return { state: "bad", text: "not before it has read the replica once", remedy }
  }
  // The picture goes only once the data is there.
  if (freeBytes < pictureBytes) {
    const [needed, free] = [Math.ceil(pictureBytes / MB), Math.floor(freeBytes / MB)]
    const remedy = "Free some room, or move --data-dir to a larger disk."
    return { state: "bad", text: `there is no room for the data: it has ${needed} MB, and ${free} MB are free`, remedy }
  }
  const took = `the last restore took ${(restored.tookMs / 1_000).toFixed(1)} s`
  if (hasFence) return { state: "ok", text: `could take over now; ${took}` }
  return {
    state: "warn",
    text: `could take over now, and would serve without a fence; ${took}`,
    remedy: "Set PURSER_REPLICA_FENCE=on here too: the way back needs it.",
  }
}
