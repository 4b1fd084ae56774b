// Every limit of support, with its unit and its reason.
import { DAY_MS } from "../app/index.ts"

export const SUPPORT_LIMITS = {
  /** Of a subject: one line of a list. */
  subjectChars: 120,
  /** Of a message: two pages of text. */
  textChars: 4_000,
  /** Questions of one person that are not closed: more is noise. */
  openMax: 10,
  /** New questions of one person within a day. */
  newPerDayMax: 5,
  /** What a person may write in a row; then somebody has to answer. */
  unansweredMax: 5,
  /** Messages of one question; then a new one is needed. */
  messagesMax: 200,
  /** Shown of a person's own. */
  ownShown: 100,
  /** On a page of the queue. */
  queueRows: 50,
  /** After the last word a closed question is deleted. */
  keptMs: 365 * DAY_MS,
} as const
