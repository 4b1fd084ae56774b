// How much an operator may say of their house.
export const BRAND_LIMITS = {
  /** Characters beside the mark: more would break the bar of a phone. */
  nameChars: 24,
  /** Characters of the large line: three lines on a phone. */
  claimChars: 80,
  /** Characters below it; search engines cut descriptions at about 160. */
  leadChars: 240,
  /** RFC 5321. */
  emailChars: 254,
  linkChars: 200,
  /** Links at the foot: a row of a phone. */
  linksMax: 6,
} as const
