// Bounds of billing, each with its unit and its reason.
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../app/index.ts"

export const BILLING_LIMITS = {
  packagesMax: 50,
  slugCharsMax: 64,
  nameCharsMax: 60,
  /** What the processor takes at least, and what is no longer a typing mistake, n$. */
  priceNanoMin: 1_000_000_000,
  priceNanoMax: 10_000_000_000_000,
  bonusDaysMax: 3_650,
  /** The return page asks while somebody waits, but not with every look of an impatient one, ms. */
  askAgainMs: 3_000,
  /** A page to pay on lives a day; the processor says so itself, a little later. */
  orderLifeMs: DAY_MS + HOUR_MS,
  /** A webhook brings most within seconds: the job asks about what is older. */
  reconcileAfterMs: 5 * MINUTE_MS,
  /** Orders of one run of the job; the oldest question first. */
  reconcileMax: 50,
  /** The processor answers within a second; longer than this it is away, ms. */
  processorMs: 15_000,
  /** What the processor writes down late is looked for again, ms. */
  statementAgainMs: HOUR_MS,
  /** Fees of one write: each is a transaction. */
  feesOfWrite: 200,
  /** A payment may be told later than its statement: until then it is on its way, no difference. */
  onItsWayMs: 15 * MINUTE_MS,
  /** Named on one page. */
  differencesMax: 200,
  /** Events on one page. */
  eventsPage: 50,
  /** Of a webhook. */
  eventBytesMax: 1_000_000,
  eventBodyMs: 15_000,
  /** How old a signed event may be, s: the processor signs each try anew. */
  eventAgeSeconds: 300,
} as const
