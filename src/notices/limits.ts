// What is kept of notices, and for how long.
import { DAY_MS, HOUR_MS } from "../app/index.ts"

export const NOTICE_LIMITS = {
  /** Notices of one person; the oldest go. */
  perPersonMax: 500,
  /** After that a notice is deleted, read or not. */
  keptMs: 180 * DAY_MS,
  /** On a page. */
  pageRows: 30,
  /** Characters of a title. */
  titleCharsMax: 300,
  /** Mails of one kind to one person within an hour, and within a day; the others wait for one mail about all of them. */
  mailsPerHourMax: 4,
  mailsPerDayMax: 12,
  /** From the first that waits to the mail about all. */
  digestAfterMs: HOUR_MS,
  /** That wait for one person; the oldest go, for nobody reads more. */
  heldMax: 200,
  /** Titles that a summary names of each kind; the others are counted. */
  digestTitlesMax: 5,
  /** What the bell says at most: "99+". */
  countMax: 99,
} as const
