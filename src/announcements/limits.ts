// Limits of announcements, each with its unit and its reason.
export const ANNOUNCEMENT_LIMITS = {
  /** One line, also as the subject of a mail. */
  titleCharsMax: 120,
  /** A page; longer texts belong behind a link. */
  bodyCharsMax: 8_000,
  /** People a minute who are told: mails go out as fast as the operator's server takes them, and other mails go between. */
  peoplePerRun: 200,
  /** Open at once; more is noise. */
  openMax: 20,
  /** Rows of the list. */
  pageRows: 50,
} as const
