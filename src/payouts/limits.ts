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
} as const
