// Limits of analytics, each with its unit and its reason.
export const ANALYTICS_LIMITS = {
  /** Charges added to the sums in one write: some ms, so that calls come between. */
  foldRows: 512,
  /** ms after a commit: a busy house folds some times a second, so that what waits, which every read goes through, is about a slice. */
  foldWaitMs: 250,
} as const
