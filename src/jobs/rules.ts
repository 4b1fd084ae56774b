// When a job runs next. Pure: times and chance are passed in.
import { MINUTE_MS } from "../app/index.ts"

/** The first wait after a run that failed; jobs that run more often wait their period. */
const RETRY_MS = 30_000
/** Work that runs by the minute comes back within this; rarer work within its period. */
const RETRY_MS_MAX = 5 * MINUTE_MS
/** What was due while the server was off runs soon after it starts, not all of it in one moment. */
const OVERDUE_MS = 5_000

/**
 * Wait after a run. Failures in a row double it, and a part is left to chance: jobs that fail for one cause do not come back together.
 * @param failures in a row; 0 = it went well
 * @param random from 0 to below 1
 */
export function waitMs(everyMs: number, failures: number, random: number, retryMs = RETRY_MS): number {
  if (failures === 0) return everyMs
  const longest = Math.max(everyMs, RETRY_MS_MAX)
  const doubled = Math.min(Math.min(everyMs, retryMs) * 2 ** Math.min(failures - 1, 20), longest)
  return Math.round(doubled * (0.75 + random / 2))
}

/** Wait until the first run of this process. @param lastRunMs of any process before; null = never */
export function firstWaitMs(everyMs: number, lastRunMs: number | null, nowMs: number, random: number): number {
  if (lastRunMs === null) return everyMs
  const due = lastRunMs + everyMs - nowMs
  const soon = Math.min(everyMs, OVERDUE_MS * (0.5 + random))
  // A clock that was set back must not let a job sleep for years.
  return Math.round(Math.min(Math.max(due, soon), everyMs))
}
