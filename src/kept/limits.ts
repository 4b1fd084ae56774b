// Limits of kept answers, each with its unit and its reason.

export const KEPT_LIMITS = {
  /** Characters of one answer with what was asked; sealing and writing more would hold up other calls. Pictures are the reason for so many. */
  answerCharsMax: 4 * 1024 * 1024,
  /** Sealed bytes of one person; the oldest answers go first. */
  personBytesMax: 256 * 1024 * 1024,
  /** Old answers that one new one may push out: bounds its write. */
  pushedOutMax: 64,
  /** Answers in one conversation. */
  conversationMax: 1_000,
  /** Characters of a conversation: as much as a request may have. */
  conversationCharsMax: 10 * 1024 * 1024,
  /** Newest answers in which an item is looked for by its name: each is opened. */
  lookedThrough: 50,
  /** Deleted at once when a person turns it off; the rest goes with the job. */
  turnedOffRows: 200,
  /** A row may be megabytes: some milliseconds of writing a slice. */
  sweepRows: 50,
} as const
