// How often a waiting device asks (RFC 8628 §3.5): sooner than it was told is `slow_down`, and from then on it waits five seconds
// longer. In memory: a restart forgives, and a question of a device writes nothing.
import { Lru } from "../../app/index.ts"
import { OAUTH_LIMITS } from "../limits.ts"

interface Pace {
  waitMs: number
  lastMs: number
}

export interface Polls {
  /** Counts a question. @returns seconds to wait from now on, when it came too soon; null: it may be answered */
  tooSoon(deviceId: number, nowMs: number): number | null
}

/** Networks and timers are not exact: a question this much early is in time. */
const EARLY_MS = 250

export function createPolls(): Polls {
  const paces = new Lru<Pace>(OAUTH_LIMITS.deviceCodesMax)
  return {
    tooSoon(deviceId, nowMs) {
      const pace = paces.get(String(deviceId))
      if (!pace) {
        paces.set(String(deviceId), { waitMs: OAUTH_LIMITS.devicePollMs, lastMs: nowMs })
        return null
      }
      const isEarly = nowMs - pace.lastMs < pace.waitMs - EARLY_MS
      pace.lastMs = nowMs
      if (!isEarly) return null
      pace.waitMs = Math.min(pace.waitMs + OAUTH_LIMITS.devicePollMs, OAUTH_LIMITS.devicePollMsMax)
      return pace.waitMs / 1_000
    },
  }
}
