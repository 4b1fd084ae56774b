// Bounds of payouts, each with its reason.
export const PAYOUT_LIMITS = {
  /** Payouts of one person that wait for somebody: more is a mistake, and each is work for an operator. */
  openPerOwner: 3,
  /** Payouts on one page of a list. */
  rows: 50,
  /** Payouts in one file: some banks take no more, and a file is read by a person before it is sent. */
  rowsPerFile: 500,
  /** Files on the page of files: two years of a weekly one. */
  filesShown: 100,
  /** Months whose statements are listed: two years. Older ones have their address. */
  monthsShown: 24,
  /** Characters of an account's holder: ISO 20022 has room for 70 (SEPA rulebook). */
  holderChars: 70,
  /** Characters of a payment's reference, as banks give it. */
  referenceChars: 80,
  /** Changes of where money goes in a day: each sends a mail. */
  methodsPerDay: 5,
  /** Methods that ended keep what they were for their payouts; older ones forget where they led, days. */
  methodDays: 90,
  /** Tries of the code that proves an address. */
  codeTries: 5,
  /** Minutes that it works. */
  codeMinutes: 30,
  /** Payouts that one round of the job sends: each waits for Stripe. */
  sendsPerRound: 50,
  /** Bytes of one document: a scan of a few pages. */
  documentBytes: 4 * 1024 * 1024,
  /** Documents of one person: each kind, twice, with its back. */
  documentsPerOwner: 12,
  /** Bytes of everybody's documents together: what anybody may send has an end, and the disk is the books' as well. */
  documentBytesOfAll: 2 * 1024 * 1024 * 1024,
  /** Characters of why somebody was refused. */
  becauseChars: 500,
} as const
