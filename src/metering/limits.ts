// Limits of metered services, each with its unit and its reason.
export const METERING_LIMITS = {
  slugCharsMax: 64,
  nameCharsMax: 80,
  /** A word or two: "character", "search result". */
  unitCharsMax: 40,
  /** p$ of one unit: a thousand dollars, for things like a translated book. */
  pricePicoMax: 1_000_000_000_000_000,
  /** Units of one call: characters of a long text, bytes of a file. */
  quantityMax: 1_000_000_000,
  /** n$ that one call may cost: $10,000. A typing mistake must not empty a wallet. */
  chargeNanoMax: 10_000_000_000_000,
  /** Rows of the list; an operator who sells more has an API of their own. */
  servicesMax: 500,
} as const
