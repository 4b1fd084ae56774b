// Limits of videos, each with its unit and its reason.

export const VIDEO_LIMITS = {
  /** Of what is to be seen, as the largest providers have it. */
  promptCharsMax: 32_000,
  /** Of one video; the longest known models make twenty. */
  secondsMax: 60,
  /** What OpenAI makes where nothing is said. */
  secondsDefault: 4,
  /** Being made at once for one person: each holds its price. */
  openMax: 50,
  /** Of one person, done ones too; beyond it the oldest leaves the list. */
  rowsMax: 1_000,
  /** A list's page, and the longest. */
  pageRows: 20,
  pageRowsMax: 100,
  /** Asking for one: a picture of some megabytes goes along. Afterwards nobody waits for the answer any more. */
  submitMs: 120_000,
  /** An answer that was lost: how long its job may take to stand in the provider's list. Then nobody will find it. */
  lostMs: 300_000,
  /** Looking how far one is. */
  readMs: 15_000,
  /** The same where the answer holds the video itself; within the lease. */
  readFileMs: 50_000,
  /** Such an answer: a minute of the largest known videos, as base64. */
  fileAnswerBytesMax: 1024 * 1024 * 1024,
  /** Whoever asks more often hears what was known. */
  readEveryMs: 2_000,
  /** Between two looks of the server's own, at first and at most. */
  lookMs: 15_000,
  lookMsMax: 120_000,
  /** Who looks after one has it to themselves so long. */
  leaseMs: 60_000,
  /** One that is not done by now never will be: its credits come back. */
  openMsMax: 24 * 3_600_000,
  /** Its credits are held longer than it may take, so that nothing else ends the hold. */
  holdMs: 48 * 3_600_000,
  /** A job that its provider does not know; right after it was asked for, its list may lag. */
  unknownMs: 300_000,
  /** How long providers keep a video, where they do not say. */
  keptMs: 24 * 3_600_000,
  /** An answer about a job. */
  answerBytesMax: 1024 * 1024,
  /** Of one person, at once. */
  downloadsMax: 8,
  /** Between two pieces of a download. */
  gapMs: 120_000,
  /** Looked after at once by the server itself. */
  lookingMax: 8,
  errorCharsMax: 500,
} as const
