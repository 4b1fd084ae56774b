// How long what an operator publishes may be.
export const LEGAL_LIMITS = {
  /** Characters of a text: 15 printed pages; a form carries it twice. */
  sourceChars: 40_000,
  /** Characters of what changed: some sentences in a list. */
  changesChars: 500,
  /** Days ahead that a text may be announced. */
  aheadDays: 365,
  /** Versions shown of a text; older ones stay reachable by their address. */
  versionsShown: 50,
  /** Versions published of one text on one day. */
  versionsADay: 20,
} as const
