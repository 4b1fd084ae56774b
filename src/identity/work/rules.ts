// When sign-ups are a flood, and what each costs then. Counted by the hour: whoever made the flood stays in it until the hour is over, and
// nobody sees the question come and go. The first sign-ups of each hour are free; a class that signs up together never notices.
import { HOUR_MS, type limiter, MINUTE_MS } from "../../app/index.ts"

interface Tier {
  /** Sign-ups of this hour, from one network or in all, from which on it holds. */
  fromNetwork: number
  inAll: number
  /** On average half of them are tried; a laptop tries 1,000,000 a second, a slow phone 200,000. */
  numbersMax: number
}

/** From the mildest on. The last is the most that anybody is ever asked: ten seconds of a slow phone, in the background. */
export const TIERS: readonly Tier[] = [
  { fromNetwork: 30, inAll: 300, numbersMax: 250_000 },
  { fromNetwork: 120, inAll: 1_200, numbersMax: 1_000_000 },
  { fromNetwork: 480, inAll: 4_800, numbersMax: 4_000_000 },
]

/** Counted no further than the last tier. */
export const FLOOD = {
  fromNetwork: { kind: "window", name: "sign_ups_network", window: "hour", limit: TIERS.at(-1)!.fromNetwork },
  inAll: { kind: "window", name: "sign_ups", window: "hour", limit: TIERS.at(-1)!.inAll },
} as const satisfies Record<string, limiter.WindowRule>

/** How many numbers there are to try; null: none. */
export function numbersFor(seen: { fromNetwork: number; inAll: number }): number | null {
  const tier = TIERS.findLast(({ fromNetwork, inAll }) => seen.fromNetwork >= fromNetwork || seen.inAll >= inAll)
  return tier?.numbersMax ?? null
}

/** A page that lies open longer asks anew. */
export const WORK_MS = 15 * MINUTE_MS
/** A ticket of ours is below 300. */
export const TICKET_CHARS_MAX = 600

/**
 * Without scripts: a few get through, whoever they are. That bounds a flood to 60 an hour in all; while it lasts, people without scripts
 * wait in the same line.
 */
export const SLOW = {
  fromNetwork: {
    kind: "smooth",
    name: "sign_ups_slow_network",
    limit: 3,
    periodMs: HOUR_MS,
    burst: 2,
  },
  inAll: { kind: "smooth", name: "sign_ups_slow", limit: 60, periodMs: HOUR_MS, burst: 10 },
} as const satisfies Record<string, limiter.SmoothRule>
