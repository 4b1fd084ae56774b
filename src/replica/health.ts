// Is the replica well? One finding of what is known, for the overview, `/readyz` and the figures.
import { LIMITS } from "../app/index.ts"
import type { Litestream } from "./binary.ts"

export interface Facts {
  url: string
  litestream: Litestream
  claimed: boolean
  confirmed: boolean
  givenUp: boolean
  running: boolean
  cause: string | null
  lagMs: number
  /** How long no sign of life could be left in the replica, ms; a waiting server takes over at `leaseMs`. */
  silentMs: number
  leaseMs: number
}

export interface Health {
  state: "ok" | "warn" | "bad"
  text: string
  remedy?: string
  /** How long the oldest change waits that the replica is not known to have, ms. */
  lagMs: number
  /** What stands in the way, in the words of whoever said it. */
  cause: string | null
}

export function judge(facts: Facts): Health {
  const { claimed, confirmed, givenUp, running, cause, lagMs, silentMs, leaseMs, litestream, url } = facts
  const rest = { lagMs, cause }
  const why = cause ? `: ${cause}` : ""
  const bad = (text: string, remedy: string): Health => ({ state: "bad", text: `${text}${why}`, remedy, ...rest })
  if (!claimed && givenUp)
    return bad("away for too long; nothing is copied", `Make ${url} reachable: a whole copy is sent then by itself.`)
  if (!claimed)
    return bad("cannot be reached", `Check the settings of the replica (${url}); it is tried again by itself.`)
  if (!running)
    return bad("Litestream is not running", "It is started again by itself; the server’s log has its last words.")
  if (silentMs >= leaseMs)
    return bad(`cannot be reached for ${ago(silentMs)}`, `Make ${url} reachable; everything that waits is sent then.`)
  if (lagMs >= LIMITS.replicaLagBadMs)
    return bad(`${ago(lagMs)} behind`, `Make ${url} reachable; everything that waits is sent then.`)
  if (lagMs >= LIMITS.replicaLagWarnMs)
    return { state: "warn", text: `${ago(lagMs)} behind${why}`, remedy: "It is tried again by itself.", ...rest }
  if (!confirmed)
    return {
      state: "warn",
      text: `the first whole copy is being sent${why}`,
      remedy: "Wait until it is there.",
      ...rest,
    }
  if (litestream.unsafe)
    return {
      state: "warn",
      text: `up to date, by Litestream ${litestream.version}`,
      remedy: `Not for production: ${litestream.unsafe}.`,
      ...rest,
    }
  return { state: "ok", text: "up to date", ...rest }
}

function ago(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
}
