// Bounds of hosting, each with its reason.
export const HOSTING_LIMITS = {
  /** First days of a month on which it is charged: a server that was down for a night still does. */
  chargeDays: 3,
  /** Charges that a page shows: four years of one API. */
  chargedShown: 48,
} as const
