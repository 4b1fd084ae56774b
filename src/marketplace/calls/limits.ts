// Every limit of calls of products, with its unit and its reason.
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../app/index.ts"

export const CALL_LIMITS = {
  // Keys
  /** One for each program and stage; more is a leak or a loop. */
  keysPerSubscriptionMax: 20,
  /** New keys and secrets of one person in 24 hours: rows that stay, and a mail each. */
  secretsPerDayMax: 100,
  /** Keys of one subscription on a page, revoked ones too. */
  keysShownMax: 100,
  nameCharsMax: 80,
  /** Characters that are kept in the clear: `api_live_` and four more, 24 of 256 bits. */
  prefixChars: 13,
  /** A key is 60 characters; longer text is none and is not hashed. */
  keyCharsMax: 100,
  /** How long the secret before may work on after a rotation: a deployment, not a habit. */
  rotateKeepMsMax: 7 * DAY_MS,
  /** Matchers of addresses that are kept made. */
  rangesKeptMax: 2_000,
  /** How far last use and calls of a key may be behind: one write for all keys in that time. */
  usesEveryMs: 30 * SECOND_MS,
  usesPerWriteMax: 500,

  // Rates
  /** Subscriptions × endpoints × windows that are counted in memory at once; about 200 bytes each. */
  rateKeysMax: 200_000,

  // Judging
  /** Calls that are judged in one mutation: about 1 ms. */
  judgedAtOnceMax: 64,
  /** Calls that wait to be judged; the rest is told that the server is busy. */
  judgeWaitingMax: 5_000,

  // Forwarding
  /** Headers of a request that are passed on, at most; more is an attack or a loop. */
  headersMax: 100,
  /** Connecting, TLS and the head of the answer; a product's own time may be shorter. */
  headMsMax: 300_000,
  /** Silence between two pieces of an answer, and of a request. */
  gapMs: 60_000,
  /** A whole call, whatever it does: a stream of a day is somebody who forgot it. */
  totalMs: 30 * MINUTE_MS,
  /** Resolution of the above. */
  tickMs: 250,
  /** Bytes of one answer; above it the upstream repeats itself. */
  answerBytesMax: 4 * 1024 * 1024 * 1024,
  /** A body of known length up to here is sent on in one piece, and an answer too: half the cost of a stream. */
  wholeBytesMax: 64 * 1024,
  /** Calls of one subscription at the same time: twice what an eager program opens. */
  concurrentPerSubscription: 200,
  /** Calls to one product's server at the same time: each is a socket here. */
  concurrentPerUpstream: 1_000,
  /** Failures in a row, of at least so many, that open the circuit of an upstream. */
  breakerFailures: 10,
  breakerOpenMs: 5 * SECOND_MS,
  breakerOpenMsMax: 2 * MINUTE_MS,
  /** Upstreams whose state is remembered; whoever is silent for long is forgotten. */
  upstreamsKeptMax: 10_000,

  // Signatures
  signatureSkewMs: 5 * MINUTE_MS,
  /** A body that is hashed for its digest is read whole. */
  signedBodyBytesMax: 10 * 1024 * 1024,
  /** A body that is checked against its schema is read whole. */
  checkedBodyBytesMax: 2 * 1024 * 1024,

  // Log
  pathCharsMax: 300,
  /** Calls of one subscription and UTC day that are kept one by one; all are summed. */
  rowsPerDay: 20_000,
  /** …of refused ones: enough to see what is wrong. */
  refusedRowsPerDay: 200,
  /** Calls are gathered for so long and written together. */
  gatherMs: 250,
  /** Calls in one mutation: about 5 ms. Each adds to its sums in memory; the sums are written once a mutation. */
  sliceCalls: 800,
  /** Calls that wait to be written; a disk that stands still must not fill the memory. */
  gatheredMax: 100_000,
  logPageRows: 50,
  sweepEveryMs: HOUR_MS,

  // Signs of abuse
  /** Keys whose use is looked at, in memory. */
  signalKeysMax: 20_000,
  /** The first so many calls of an hour are asked for their network, and then each so-manieth. */
  signalEach: 50,
  surgeCallsLeast: 1_000,
  surgeDays: 14,
  surgeDaysLeast: 5,
  signalDays: 365,

  // Uptime
  probeEveryMs: 5 * MINUTE_MS,
  probeMs: 10 * SECOND_MS,
  /** Servers asked at the same time. */
  probesAtOnce: 10,
  /** Failed probes in a row that mean it is down: one is a hiccup. */
  probeFailures: 3,
  /** Calls of a day from which on the part of its errors means something, and that part, in percent. */
  errorCallsLeast: 50,
  errorPercent: 25,
  tellMs: DAY_MS,

  signalsShown: 100,
} as const
