// Every limit of reviews of apps, with its unit and its reason.
export const APP_REVIEW_LIMITS = {
  /** A message: a page of text. */
  noteChars: 2_000,
  /** What a developer may write in a row: then somebody has to answer. */
  unansweredMax: 5,
  /** Messages kept of one app; the oldest go. */
  notesMax: 200,
  /** Apps that wait, on an admin's page: the ones that wait longest. */
  waitingShown: 200,
} as const
