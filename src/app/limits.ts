// Every limit has a name with its unit and a reason. Nothing in Purser grows without one.

export const LIMITS = {
  // Store (DESIGN §3)
  /** One commit serves at most this many bodies, so that one fsync never delays the loop for long. */
  commitBodiesMax: 256,
  /** …and spends at most this long running bodies before it commits. */
  commitBodiesMsMax: 5,
  /** Bodies waiting; above it new holds are refused so that settles always find room. */
  writeQueueMax: 4_096,
  /** Settles and others may go on queueing up to here; beyond it everything is refused rather than memory exhausted. */
  writeQueueHardMax: 65_536,
  /** Commits take at most one part in this many of wall time. */
  commitShareDivisor: 5,
  /** Commits that typically take this long are slow enough to make streams stutter. */
  slowCommitMs: 1,
  /** What COMMIT takes per body of its batch on any disk: pages to write, measured with ledger cycles. */
  commitBodyMsTypical: 0.025,
  /** Pause before a batch meets a lock of another process again. */
  busyRetryMs: 10,
  /** How long a write may wait behind another process's lock before it is refused. */
  busyGiveUpMs: 15_000,
  /** Prepared statements kept per connection; a leak of dynamic SQL shows as this error. */
  statementsMax: 1_000,

  // HTTP
  /** Any form of ours fits; larger is an attack or a mistake. */
  formBytesMax: 64 * 1024,
  formFieldsMax: 200,
  /** Chat bodies with inlined images. */
  apiBodyBytesMax: 10 * 1024 * 1024,
  /** Request head we accept in one URL. */
  urlBytesMax: 16 * 1024,

  // Outbox and jobs
  /** Deliveries running at once. */
  outboxParallelMax: 4,
  /** Tries before a message is set aside for the admin. */
  outboxTriesMax: 12,
  outboxBackoffMsMax: 6 * 3_600_000,

  // Lifecycle
  /** Streams get this long to end when the server is asked to stop. */
  drainMsDefault: 25_000,
} as const
