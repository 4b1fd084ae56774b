// Bounds of the limiter itself, each with its unit and its reason.
import { MINUTE_MS, SECOND_MS } from "../app/index.ts"

export const LIMITER_LIMITS = {
  /** People, keys and apps of people whose present second and minute are in memory, the later half for sure: about 250 bytes each. */
  talliesMax: 100_000,
  /** Whose rules are known without a read: about 300 bytes each. */
  boundsMax: 20_000,
  /** Counters in rows that the writer keeps in memory: about 250 bytes each. */
  countsMax: 20_000,
  /** How long a limit looks through the books after it is set: calls that were under way then have ended, whatever time they have… */
  catchUpMs: 20 * MINUTE_MS,
  /** …and how often, of one counter: it is a look for each day of a window. */
  catchUpEveryMs: MINUTE_MS,
  /** Rules of an operator: a page can show them, and nobody keeps more in their head. */
  rulesMax: 1_000,
  /** Of any kind but money: more is no limit. */
  amountMax: 1_000_000_000_000,
  /** Refusals are counted in memory and written for all rules at once. */
  hitsEveryMs: 30 * SECOND_MS,
  /** Days that refusals are kept. */
  hitsDays: 90,
} as const
