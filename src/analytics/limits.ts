// Limits of analytics, each with its unit and its reason.
export const ANALYTICS_LIMITS = {
  /** Charges added to the sums in one write: some ms, so that calls come between. */
  foldRows: 512,
  /** ms after a commit: a busy house folds about once a second, and what waits for it is read in a few ms. */
  foldWaitMs: 1_000,
} as const
