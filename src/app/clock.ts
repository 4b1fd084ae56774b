// Time, passed in everywhere so that tests can turn it. Wall time is ms UTC; days are integers since 1970-01-01 UTC.

export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

export const SECOND_MS = 1_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

/** UTC day number of a moment. */
export const dayOf = (ms: number): number => Math.floor(ms / DAY_MS)

/** First millisecond of the UTC day after a moment. */
export const nextDayMs = (ms: number): number => (dayOf(ms) + 1) * DAY_MS

/**
 * What a promise resolves to, or undefined when `ms` have passed; rejects only when the promise rejects in time. No timer is left, which
 * would keep a finished process alive.
 */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>()
  const timer = setTimeout(late.resolve, ms)
  try {
    return await Promise.race([promise, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** A clock that moves only when told; for tests. */
export class VirtualClock implements Clock {
  constructor(private atMs = Date.UTC(2026, 0, 1)) {}
  now(): number {
    return this.atMs
  }
  advance(ms: number): void {
    this.atMs += ms
  }
  set(ms: number): void {
    this.atMs = ms
  }
}
