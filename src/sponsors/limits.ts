// Bounds of pools, each with its reason.
import { credits, MINUTE_MS } from "../app/index.ts"

export const SPONSOR_LIMITS = {
  /** Least that one person may be given: below it no call fits. */
  capLeastNano: credits(1),
  /** Most that one person may be given ($1,000): more is a typing mistake. */
  capMostNano: credits(1_000_000),
  /** Most that one press moves ($100,000), far from where sums lose digits. */
  moveMostNano: credits(100_000_000),
  /** Most that a pool in test mode is filled with: many calls, and few enough that an app meets the end of them. */
  testMostNano: credits(1_000_000),
  /** How often pools are looked for whose app is gone or another's: until then they pay nothing, so it is no hurry. */
  lookEveryMs: 10 * MINUTE_MS,
} as const
