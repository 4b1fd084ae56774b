// Every limit of privacy, with its unit and its reason.
import { DAY_MS, HOUR_MS } from "../app/index.ts"

export const PRIVACY_LIMITS = {
  /** As long as a mail may lie unread, and no longer: the file is everything about a person. */
  exportKeptMs: 7 * DAY_MS,
  /** A file costs a pass over the person's rows; what is new of a day is on the pages. */
  exportEveryMs: DAY_MS,
  /** ZIP of some ten million calls; beyond it the disk of a small server is at stake. */
  exportBytesMax: 512 * 1024 * 1024,
  /** What ends the process each time it is made is not begun a fourth time. */
  exportTriesMax: 3,
  /** Rows of one question of the read Worker: a few ms, and a portion of some 100 kB. */
  exportRows: 500,
  /** Rows of a person that one write takes: some ms, so that calls come between. */
  eraseRows: 500,
  /** Erasures that are due; one that cannot go on leaves the turn to the next. */
  lookedAt: 100,
  /** Places in the books that one write passes while calls are forgotten: at most 10 µs each. */
  clearCharges: 2_000,
  /** The mail before the end comes so long before it, or in the middle of a shorter wait. */
  warnMs: 2 * DAY_MS,
  /** What keeps somebody from going is looked at again after this. */
  againMs: HOUR_MS,
  /** A mail about the end is worth nothing later. */
  mailMs: 3 * DAY_MS,
  graceDaysMax: 90,
} as const
