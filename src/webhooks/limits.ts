// Every limit of webhooks, with its unit and its reason.
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../app/index.ts"

export const WEBHOOK_LIMITS = {
  /** Endpoints of one app, or of one person: production, staging, a tool or two, and what is being tried. */
  endpointsMax: 10,
  urlCharsMax: 2_048,
  descriptionCharsMax: 200,
  /** What waits for one endpoint: three days of an event every 26 seconds. Beyond, it is turned off and its owner told. */
  waitingMax: 10_000,
  /** Deliveries of one endpoint that are kept; the oldest that are over go first. */
  keptMax: 10_000,

  /** For name, connection and answer: as long as a server that does no work before it answers could ever need. */
  deadlineMs: 15_000,
  /** Of an answer, decoded: beyond it is not read on, and counts as not taken. */
  answerBytesMax: 256 * 1024,
  /** Of an answer that is kept for the log. */
  answerKeptBytes: 2_048,
  /** Headers of an answer that are kept: so many, each so long. */
  headersKept: 40,
  headerCharsKept: 300,

  /** Waits after a failed try, in ms; with the tries themselves three days and four hours. */
  waitsMs: [
    5_000,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    5 * HOUR_MS,
    10 * HOUR_MS,
    14 * HOUR_MS,
    20 * HOUR_MS,
    24 * HOUR_MS,
  ],
  /** Whatever was put off: after so long nothing is tried any more. */
  givenUpMs: 4 * DAY_MS,
  /** An endpoint that took nothing for so long is turned off when one more event is given up. */
  failingMs: 3 * DAY_MS,
  /** How long an endpoint that failed is left in peace, doubled with each failure from the first up to the second. */
  restMsMin: 2_000,
  restMsMax: 5 * MINUTE_MS,

  /** Deliveries under way, of all endpoints and of one: somebody's slow server takes nobody else's turn. */
  parallelMax: 16,
  perEndpointMax: 2,

  /** Both secrets sign for so long after a new one was made. */
  overlapMs: DAY_MS,
  /** Test events and resends by hand, of one endpoint within an hour. */
  byHandPerHourMax: 60,
  /** How often credits of those who listen are looked at, and whether a day of an app ended. */
  lowsEveryMs: MINUTE_MS,
  daysEveryMs: 10 * MINUTE_MS,
  /** Apps in one slice: each asks the read Worker for its figures. */
  daysRows: 20,
  /** How often owners are told of endpoints that went off by themselves. */
  tellEveryMs: MINUTE_MS,
} as const
