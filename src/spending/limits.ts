// Bounds of what is told of spending, each with its reason.
import { credits, DAY_MS, HOUR_MS, MINUTE_MS } from "../app/index.ts"

export const SPENDING_LIMITS = {
  /** n$ below which credits are low where nobody chose: some calls are left, and a day or two of a small use. */
  belowNano: credits(500),
  /** Bounds of what somebody may choose: one call, and far more than anybody has. */
  belowLeastNano: credits(1),
  belowMostNano: credits(1_000_000_000),
  /** How often wallets and pools are looked at: a settle pays nothing for it. */
  lookEveryMs: MINUTE_MS,
  /** Whoever bought within this is told also when their wallet is first looked at: it fell since. Others had little before anybody watched. */
  boughtMs: DAY_MS,
  /** A pool is low below this part of what it had when it was filled last. */
  poolLowShare: 0.2,
  /** A pool with less pays no call. */
  poolEmptyNano: credits(1),
  /** A month is told so long after it ended: calls that ran over its end have settled. */
  letterAfterMs: 6 * HOUR_MS,
  /** Later it is no news: a server that was off so long skips it. */
  letterUntilMs: 7 * DAY_MS,
  letterEveryMs: 10 * MINUTE_MS,
  /** People in one slice: each is a question to the read Worker. */
  letterRows: 20,
  /** Lines of a part of the letter; the page has all. */
  linesMax: 8,
  /** Apps that a limit is offered for: the largest. */
  offersMax: 3,
  /** How long a link that sets a limit works: until the letter after the next. */
  linkMs: 62 * DAY_MS,
} as const
