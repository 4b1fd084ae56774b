// Every limit has a name with its unit and a reason. Nothing in Purser grows without one.

export const LIMITS = {
  // Store (DESIGN §3)
  /** One commit serves at most this many mutations, so that one fsync never delays the loop for long. */
  commitMutationsMax: 256,
  /** …and spends at most this long running mutations before it commits. */
  commitMutationsMsMax: 5,
  /** Mutations waiting; above it new holds are refused so that settles always find room. */
  writeQueueMax: 4_096,
  /** Settles and others may go on queueing up to here; beyond it everything is refused rather than memory exhausted. */
  writeQueueHardMax: 65_536,
  /** A lone mutation waits for the disk in place when the last sync was quicker than this; a thread's way there and back costs as much. */
  syncInPlaceMsMax: 0.5,
  /** Pages of log (2 kB each) that are worth a checkpoint: hot pages are then copied back once per 16 MB. */
  checkpointPages: 8_000,
  /** How often the length of the log is looked at. */
  checkpointEveryCommits: 64,
  /** SQLite's own checkpoint, on the main thread, when the Worker does not come to it: 128 MB of log. */
  checkpointPagesMax: 64_000,
  /** Pause before a batch meets a lock of another process again. */
  busyRetryMs: 10,
  /** How long a write may wait behind another process's lock before it is refused. */
  busyGiveUpMs: 15_000,
  /** Pages in the writer's memory: the hot ones of 10,000 people take 12; 64 were no faster, and the system keeps the file as well. */
  writerCacheKb: 16 * 1024,
  /** …of the main thread's reads, a few rows each. */
  readerCacheKb: 8 * 1024,
  /** …of a read Worker, which ends when nobody asks: reads of everything find pages of indexes again. */
  heavyReaderCacheKb: 32 * 1024,
  /** A file up to here is read whole before it is served, in a quarter of a second; a larger one beside the service (6 s a gigabyte). */
  openCheckBytesMax: 64 * 1024 * 1024,
  /** Prepared statements kept per connection. */
  statementsMax: 1_000,
  /** Rows that one memory of mutations keeps: as many as there are verified tokens; some 200 bytes each. */
  rememberedMax: 20_000,

  /** A long read that nobody asks on for so long is given up: its moment keeps the log from being reused. */
  readStreamIdleMs: 60_000,
  /** A read Worker that nobody asks for so long ends: it takes 25 MB and up to 32 more of pages, and starts in 0.2 s. */
  readWorkerIdleMs: 10_000,
  /** What the read Worker gets to finish its read and close the file before it is ended in the middle. */
  readWorkerStopMs: 1_000,

  // HTTP
  /** Any form of ours fits; larger is an attack or a mistake. */
  formBytesMax: 64 * 1024,
  /** Bytes of a form on the line for one UTF-16 unit of a text: three of UTF-8, each written as three. */
  formBytesPerChar: 9,
  /** Twice the longest form of ours, a plan with every box; parsing more is work for nobody. */
  formFieldsMax: 200,
  /** What was typed when a session was over is kept while its person signs in, not longer. */
  keptFormMs: 15 * 60_000,
  /** Twice the longest form of ours as it is written down. */
  keptFormCharsMax: 32 * 1024,
  /** Tabs that one person left half done; older ones go. */
  keptFormsPerPerson: 4,
  /** All of them: memory that people who are signed out may take. */
  keptFormsCharsMax: 4 * 1024 * 1024,
  /** Why an act was done: enough for two sentences and a link, short enough to be read in a list. */
  reasonCharsMax: 500,
  /** Chat bodies with inlined images. */
  apiBodyBytesMax: 10 * 1024 * 1024,
  /** A picture of 8 MB, and the fields of its form. */
  uploadBytesMax: 8 * 1024 * 1024 + 64 * 1024,
  /** …over half a Mbit/s. */
  uploadMs: 150_000,
  /** Fields and files of one such form: ours have five. */
  uploadPartsMax: 20,
  /** A form is a few kilobytes: a line that takes longer holds a place that others need. */
  formMs: 15_000,
  /** The largest chat body over 1.5 Mbit/s. */
  apiBodyMs: 60_000,
  /** What is read and dropped of a body above its limit, so that its sender comes to read the refusal. */
  bodyDropBytesMax: 64 * 1024 * 1024,
  /** Bodies of one person or address in memory: four of the largest chats at once. */
  bodyOwnerBytesMax: 40 * 1024 * 1024,
  /** Bodies in memory in all. */
  bodyBytesMax: 256 * 1024 * 1024,
  /** Bodies of one person or address that are still on their way; offices share an address. */
  bodyOwnerReadingMax: 64,
  /** Bodies on their way in all: each holds a socket. */
  bodyReadingMax: 512,
  /** How long an open connection may say nothing between requests, and a request wait for its answer's first byte. */
  idleSeconds: 60,
  /** Request head we accept in one URL. */
  urlBytesMax: 16 * 1024,

  // History
  /** Movements on a page: more is not read, it is exported. */
  /** Rows of a history that are counted; beyond them it is "more than". */
  historyCountMax: 1_000,
  /** What is read in one go on a screen; the day above it is summed whole. */
  historyPageRows: 50,
  /** Of the history on the page of credits, which has more to say: it stays below 90 kB, and short on a phone. */
  creditsPageRows: 25,
  /** Movements the read Worker hands over at once: about 250 kB and 20 ms, so that other questions come between. */
  exportPageRows: 1_000,
  /** Downloads one person may start in a minute; each keeps the read Worker busy for as long as it is read. */
  exportsPerMinute: 10,
  /** Invoices as PDF of one person in a minute: a year of months and some more; each takes the read Worker some 0.1 s. */
  papersPerMinute: 30,
  /** People whose downloads are counted at once. */
  exportKeysMax: 10_000,
  /** Text the read Worker hands over at once of an export of the books: about 10 ms of work. */
  exportPortionChars: 256 * 1024,
  /** Exports of the books at once; each holds the log back while it runs. */
  bookExportsMax: 2,
  /** Lots listed one by one; what is behind them is summed up. */
  lotsListed: 20,

  // Refused calls
  /** Refused calls of one person and UTC day that are kept one by one: enough to see what is wrong; all are counted. */
  refusedRowsPerDay: 100,
  /** Refused calls are gathered for so long and written together: a flood of them costs four commits a second. */
  refusedGatherMs: 250,
  /** Rows of them in one mutation: about 5 ms. */
  refusedSliceRows: 500,

  // Live pages
  /** Streams in all: each costs a socket and, after commits, a look of about 60 µs. */
  sseStreamsMax: 1_000,
  /** Browsers open six connections to a host; pages out of sight close theirs. */
  ssePerUserMax: 6,
  /** Least time between two looks, so that a busy app does not make its user's page blink; well within a second. */
  liveGapMs: 300,
  /** Looks at streams between two turns of the loop. */
  liveSliceMs: 4,
  /** Below what proxies and our own idle timeout (60 s) take for silence. */
  liveHeartbeatMs: 15_000,

  // Outbox and jobs
  /** Deliveries running at once. */
  outboxParallelMax: 4,
  /** Tries before a message is set aside for the admin. */
  outboxTriesMax: 12,
  /** Waits grow fourfold up to here: all tries together take a day, longer than a mail server is usually away. */
  outboxBackoffMsMax: 6 * 3_600_000,

  /** Rows a job touches in one write: about 5 ms, so that calls come between. */
  jobSliceRows: 500,
  /** Least pause between two slices of a job; a slice that took longer is followed by as long a pause. */
  jobPauseMs: 5,

  // Replica
  /** How often Litestream looks for changes and sends them: what a lost machine loses at most when nobody waited. */
  replicaSyncMs: 1_000,
  /** An object of a few hundred bytes: a store that takes longer is away. */
  replicaAskMs: 10_000,
  /** How long one can go back. */
  replicaKeptHours: 30 * 24,
  /** How often lag, log and backlog are looked at. */
  replicaLookMs: 2_000,
  /** How often folders of earlier epochs are looked for; they are deleted after days. */
  replicaSweepMs: 3_600_000,
  /** How often a standby looks at the mark: whether the first lives, and whether there is something new. */
  standbyLookMs: 5_000,
  /** What was being answered from a picture that is replaced gets this long to end. */
  standbyViewMs: 10_000,
  /** Longer than a store is ever slow by itself: said as a warning… */
  replicaLagWarnMs: 15_000,
  /** …and as a fault. */
  replicaLagBadMs: 60_000,
  /** Litestream comes back after 1 s, then twice as long, up to here; a life of that length begins again at 1 s. */
  replicaRestartMsMax: 60_000,
  /** On a stop: to send the last second of changes. */
  replicaStopMs: 10_000,
  /** …and, where the first whole copy is still on its way, to send that: without it nothing could be restored. Below `stopLastMs`. */
  replicaFirstStopMs: 28_000,
  /** Pages of log (2 kB each) after which we copy it ourselves, though Litestream did not: 256 MB; at twice that it is ended. */
  replicaLogPagesMax: 128_000,
  /** One kind of message of Litestream is logged once in so long, with how often it came. */
  replicaSayMs: 60_000,

  // Lifecycle
  /** Streams get this long to end when the server is asked to stop. */
  drainMsDefault: 25_000,
  /** …and what is cut then to be settled, that is, saved: a commit or two. */
  stopSettleMs: 5_000,
  /** What follows the closed database: Litestream's last sync takes as long. */
  stopLastMs: 35_000,
} as const
