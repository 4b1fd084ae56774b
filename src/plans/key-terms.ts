// What plans say of people's own keys, in memory for every call. Read anew after any change of a plan, when the person's period ends, and
// after a while in any case: another process may have written.
import { Lru, MINUTE_MS, type UserId } from "../app/index.ts"
import type { OrmReader } from "../store/index.ts"
import { entitlementsOf, standingAt } from "./standing.ts"
import { planChanges } from "./store.ts"
import type { Entitlements } from "./types.ts"

/** People of whom the terms are kept, some 300 bytes each. */
const PEOPLE_MAX = 20_000
/** How long another process's change may go unseen. Shorter, and ten thousand busy people cost a read every few calls. */
const KEPT_MS = MINUTE_MS

interface Known {
  terms: Entitlements
  changes: number
  fromMs: number
  untilMs: number
}

export function createKeyTerms(reader: OrmReader, now: () => number): (userId: UserId) => Entitlements {
  const known = new Lru<Known>(PEOPLE_MAX)
  return (userId) => {
    const nowMs = now()
    const key = String(userId)
    const hit = known.get(key)
    if (hit && hit.changes === planChanges() && hit.fromMs <= nowMs && nowMs < hit.untilMs) return hit.terms
    const standing = standingAt(reader, userId, nowMs)
    const terms = entitlementsOf(standing)
    const untilMs = Math.min(nowMs + KEPT_MS, standing.untilMs ?? Number.POSITIVE_INFINITY)
    known.set(key, { terms, changes: planChanges(), fromMs: nowMs, untilMs })
    return terms
  }
}
