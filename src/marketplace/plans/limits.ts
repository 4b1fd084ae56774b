// Limits of product plans, each with its unit and its reason.
export const PLAN_LIMITS = {
  /** Of a product: more than a table can compare. */
  plansMax: 20,
  nameCharsMax: 40,
  featuresCharsMax: 2_000,
  /** n$ of one cycle: $100,000. A typing mistake must not empty a wallet. */
  priceNanoMax: 100_000_000_000_000,
  /** n$ of one unit above the quota: $1,000. */
  overageNanoMax: 1_000_000_000_000,
  trialDaysMax: 90,
  /** Units of one period: a trillion, far from where numbers lose their ones. */
  unitsMax: 1_000_000_000_000,
  /** Requests within one window of seconds to an hour. */
  requestsMax: 1_000_000_000,
  /** Rules of one version of terms: three spans for a hundred endpoints. */
  ratesMax: 300,
  /** Between ranks that nobody chose, so that a plan can be put between. */
  rankStep: 10,
  rankMax: 10_000,
} as const
