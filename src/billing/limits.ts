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
  /** Of a payment that an admin writes down, n$: above it, it is a typing mistake. */
  manualNanoMax: 100_000_000_000_000,
  /** How long ago money may have come that is written down only now, ms. */
  manualAgeMs: 400 * DAY_MS,
  /** Of a reference of a bank, of a tax id. */
  referenceCharsMax: 100,
  addressCharsMax: 500,
  /** Of what a payer wants on invoices: as much as a paper shows. */
  addressLinesMax: 7,
  partyCharsMax: 200,
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
  /** Somebody looks at a page meanwhile, or a webhook can come again: what is only asked waits less, and is asked once more, ms. */
  processorReadMs: 5_000,
  /** What the processor writes down late is looked for again, ms. */
  statementAgainMs: HOUR_MS,
  /** Fees of one write: each is a transaction. */
  feesOfWrite: 200,
  /** A payment may be told later than its statement: until then it is on its way, no difference. */
  onItsWayMs: 15 * MINUTE_MS,
  /** Named on one page. */
  differencesMax: 200,
  /** How long the admin's pages say that the key is of another account than before, ms. */
  accountToldMs: 30 * DAY_MS,
  /** Events on one page. */
  eventsPage: 50,
  /** Of a webhook. */
  eventBytesMax: 1_000_000,
  eventBodyMs: 15_000,
  /** How old a signed event may be, s: the processor signs each try anew. */
  eventAgeSeconds: 300,
  /** Auto-recharge, n$: what a card is charged at least and at most each time, and in a month; the smallest threshold. */
  rechargeNanoMin: 5_000_000_000,
  rechargeNanoMax: 1_000_000_000_000,
  rechargeMonthMax: 10_000_000_000_000,
  rechargeBelowMin: 100_000_000,
  /** Refusals in a row after which it is off: a bank that is asked on and on thinks of theft. */
  rechargeFailuresMax: 3,
  /** A page that a person asked for is made within this, or they ask again, ms. */
  pageMadeMs: 10 * MINUTE_MS,
  /** Its person has so long to answer the bank, ms. */
  rechargeAskMs: 3 * DAY_MS,
  /** The processor keeps keys of requests for a day; what is older is looked up before it is asked again, ms. */
  keyLifeMs: 12 * HOUR_MS,
  /** The wallets of rules that are on are looked at by themselves so often, whatever was noticed, ms. */
  rechargeLookMs: 5 * MINUTE_MS,
  /** After a restore: pages and payments that are read at most, and payments without an order that are shown. */
  sinceMax: 5_000,
  lostShownMax: 50,
  cardsMax: 10,
  /** Its person is told so long before a card expires, ms. */
  cardWarnMs: 30 * DAY_MS,
} as const
