// Bounds of reading a price list, each with its unit and reason.
export const CATALOGUE_LIMITS = {
  /** Bytes, decoded. The list of 700 models is 1.5 MB; parsing 8 MB stops the server for some 50 ms, once a day. */
  bytesMax: 8 * 1024 * 1024,
  /** Ms for name, connection and answer. */
  deadlineMs: 30_000,
  /** Rows of one list; the largest so far has 700. */
  modelsMax: 5_000,
  /** Times up or down. Real prices moved at most tenfold at once; a slipped decimal point moves a thousandfold. */
  ratioMax: 20,
  /** Percent of the known prices that may be held back before the whole list is refused: one slip is a slip, many are another format. */
  heldPercentMax: 10,
  /** Prices that may be held back in a list of any size. */
  heldAlways: 3,
  /** p$ of one token: $10,000 a million, as an operator may set. */
  rateMicroMax: 10_000_000_000n,
  /** p$ of one call: $1; the dearest so far takes 1.4 cents. */
  requestPicoMax: 1_000_000_000_000n,
  /** Models compiled between two turns of the event loop: some 3 ms. */
  sliceModels: 25,
  /** Rows of the log of reads that are kept of a list. */
  readsKept: 50,
} as const
