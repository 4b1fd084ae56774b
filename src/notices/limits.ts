// What is kept of notices, and for how long.
import { DAY_MS } from "../app/index.ts"

export const NOTICE_LIMITS = {
  /** Notices of one person; the oldest go. */
  perPersonMax: 500,
  /** After that a notice is deleted, read or not. */
  keptMs: 180 * DAY_MS,
  /** On a page. */
  pageRows: 30,
  /** Characters of a title. */
  titleCharsMax: 300,
  /** What the bell says at most: "99+". */
  countMax: 99,
} as const
