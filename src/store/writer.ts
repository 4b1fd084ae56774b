// Group commit: the one road by which data changes (DESIGN §3). Mutations queue up, run each in a savepoint inside one
// BEGIN IMMEDIATE … COMMIT, and their promises resolve only after that commit is durable. The disk is waited for off the
// main thread; meanwhile the next batches run and are committed, and the next sync covers them all.
import { SQLiteError } from "bun:sqlite"
import { AppError, type Clock, invariant, LIMITS } from "../app/index.ts"
import type { Checkpoints } from "./checkpoint.ts"
import type { Statements } from "./connection.ts"
import { OutcomeUnknownError, unavailable } from "./failures.ts"
import type { ForeignWrites } from "./foreign-writes.ts"
import { Keeping } from "./keeping.ts"
import { type Job, Lanes, type Outcome } from "./lanes.ts"
import { OpenTx } from "./open-tx.ts"
import { Stats } from "./stats.ts"
import type { Lane, NotPromise, StoreFaults, Tx, WriteContext } from "./types.ts"
import type { WalSync } from "./wal-sync.ts"
import { WriteLock } from "./write-lock.ts"

/** In whose name the sums of a batch are written. */
const BATCH: WriteContext = { actor: "system:store", requestId: "batch", reason: "sums of a commit" }

export class Writer {
  readonly stats = new Stats()
  private readonly lanes = new Lanes()
  private readonly listeners = new Set<() => void>()
  private readonly kept = new Keeping()
  private scheduled = false
  private insideMutation = false
  private closed = false
  private lastNow: number
  /** What the row `last_commit` says; null = a commit failed, so that the next one has to write it again. */
  private storedNow: number | null
  private readonly lock: WriteLock
  /** Committed, not yet known to be on the disk. */
  private unsynced: Outcome[] = []
  private syncing = false
  private lastSyncMs = 0
  /** Set once a Worker can copy the log; SQLite does it by itself until then. */
  checkpoints: Checkpoints | null = null
  /** Why SQLite rolled a whole transaction back on its own (disk full, I/O error). */
  private lastFault: unknown

  constructor(
    private readonly sql: Statements,
    private readonly wal: WalSync,
    private readonly foreign: ForeignWrites,
    private readonly clock: Clock,
    private readonly faults: StoreFaults,
    private readonly onFatal: (error: OutcomeUnknownError) => void,
  ) {
    this.lock = new WriteLock(sql)
    this.lastNow = sql.get<{ at_ms: number }>("SELECT at_ms FROM last_commit")?.at_ms ?? 0
    this.storedNow = this.lastNow
    this.stats.lastCommitMs = this.lastNow
  }

  write<T>(ctx: WriteContext, mutation: (tx: Tx) => NotPromise<T>, options: { lane?: Lane } = {}): Promise<T> {
    invariant(!this.insideMutation, "write called inside a mutation; compose with the …In verb instead")
    const lane = options.lane ?? "normal"
    if (this.closed)
      return Promise.reject(new AppError("unavailable", "The server is stopping. Try again in a moment."))
    const max = lane === "hold" ? LIMITS.writeQueueMax : LIMITS.writeQueueHardMax
    if (this.stats.queued >= max) {
      return Promise.reject(
        new AppError("overloaded", "The server is busy. Try again in a second.", { retryAfterSeconds: 1 }),
      )
    }
    return new Promise<T>((resolve, reject) => {
      this.lanes.push(lane, {
        ctx,
        mutation,
        resolve: resolve as (value: unknown) => void,
        reject,
      })
      this.stats.queued++
      this.schedule()
    })
  }

  committed(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Refuses new writes, commits what is queued. */
  async drain(): Promise<void> {
    this.closed = true
    while (this.stats.queued > 0 || this.syncing) await new Promise((resolve) => setTimeout(resolve, 1))
  }

  /** While the disk is waited for, mutations gather: they are answered no sooner by a commit of their own, and share its pages. */
  private schedule(): void {
    if (this.scheduled || (this.syncing && this.stats.queued < LIMITS.commitMutationsMax)) return
    this.scheduled = true
    setImmediate(this.tick)
  }

  /** Runs at the end of a turn, or later when another process held the lock. */
  private readonly tick = (): void => {
    const waitMs = this.lock.notBefore - performance.now()
    if (waitMs > 0) {
      if (waitMs >= 1.5) setTimeout(this.tick, Math.floor(waitMs))
      else setImmediate(this.tick)
      return
    }
    this.scheduled = false
    if (this.stats.queued === 0) return
    this.commitBatch()
    if (this.stats.queued > 0) this.schedule()
  }

  private commitBatch(): void {
    const startedMs = performance.now()
    if (!this.begin()) return
    if (this.foreign.happened()) this.forget()
    const writesBefore = this.sql.writes
    const outcomes = this.runMutations(startedMs)
    this.stats.queued -= outcomes.length
    const commitMs = performance.now()
    const failure = this.sql.db.inTransaction ? this.commit() : unavailable(this.lastFault)
    this.stats.batch(outcomes.length, performance.now() - commitMs, failure && (failure.detail ?? failure))
    if (failure) {
      this.reject(outcomes, failure)
      return
    }
    if (this.sql.writes !== writesBefore) this.foreign.ours()
    this.unsynced.push(...outcomes)
    if (!this.syncing) this.sync()
    this.checkpoints?.afterCommit()
  }

  /**
   * Brings everything committed so far to the disk, then answers it. A lone mutation on a quick disk waits in place: handing
   * it to another thread would take as long again.
   */
  private sync(): void {
    const outcomes = this.unsynced
    this.unsynced = []
    this.syncing = true
    const startedMs = performance.now()
    const done = (error: Error | null) => {
      this.syncing = false
      this.lastSyncMs = performance.now() - startedMs
      this.stats.synced(this.lastSyncMs)
      if (error) this.outcomeUnknown(error, outcomes)
      else this.resolve(outcomes)
      if (this.unsynced.length > 0 && !this.syncing) this.sync()
      if (this.stats.queued > 0) this.schedule()
    }
    const alone = outcomes.length === 1 && this.stats.queued === 0 && this.lastSyncMs < LIMITS.syncInPlaceMsMax
    if (this.faults.sync) this.faults.sync().then(() => this.wal.start(done), done)
    else if (alone) done(this.wal.now())
    else this.wal.start(done)
  }

  /** The process must stop; recovery at the next boot finds out what is there. */
  private outcomeUnknown(cause: unknown, outcomes: Outcome[]): void {
    this.closed = true
    this.refuseQueue(cause)
    this.reject([...outcomes, ...this.unsynced.splice(0)], unavailable(cause))
    this.onFatal(new OutcomeUnknownError("a commit met an I/O error; its outcome is unknown", { cause }))
  }

  private refuseQueue(cause: unknown): void {
    this.stats.failed(cause)
    const jobs = this.lanes.takeAll()
    this.stats.queued -= jobs.length
    for (const job of jobs) job.reject(unavailable(cause))
  }

  private begin(): boolean {
    const refused = this.lock.take()
    if (refused === "later") this.stats.busyRetries++
    else if (refused) this.refuseQueue(refused.error)
    return refused === null
  }

  private runMutations(startedMs: number): Outcome[] {
    const outcomes: Outcome[] = []
    const now = Math.max(this.clock.now(), this.lastNow)
    while (outcomes.length < LIMITS.commitMutationsMax) {
      const job = this.lanes.next()
      if (!job) break
      outcomes.push(this.runMutation(job, now))
      if (!this.sql.db.inTransaction) return outcomes
      if (performance.now() - startedMs > LIMITS.commitMutationsMsMax) break
    }
    this.finish(now)
    return outcomes
  }

  /** What is written once a batch. If even that cannot be written, COMMIT would fail too: the batch is refused. */
  private finish(now: number): void {
    try {
      this.kept.beforeCommit(() => this.openTx(now, BATCH, []))
      if (now === this.storedNow) return
      this.sql.run("UPDATE last_commit SET at_ms = ?", now)
      this.lastNow = now
      this.storedNow = now
      this.stats.lastCommitMs = now
    } catch (error) {
      if (this.sql.db.inTransaction) this.sql.run("ROLLBACK")
      this.lastFault = error
    }
  }

  private openTx(now: number, ctx: WriteContext, effects: (() => void)[]): Tx & OpenTx {
    return new OpenTx(this.sql, now, ctx, effects, this.kept) as unknown as Tx & OpenTx
  }

  /** What is in memory counts no more: the batch is lost, or somebody else wrote. */
  private forget(): void {
    this.sql.forgetAll()
    this.kept.forget()
  }

  private runMutation(job: Job, now: number): Outcome {
    const outcome: Outcome = { job, failed: false, effects: [] }
    const writesBefore = this.sql.writes
    const tx = this.openTx(now, job.ctx, outcome.effects)
    this.insideMutation = true
    try {
      this.sql.run("SAVEPOINT mutation")
      job.ctx.admit?.(tx)
      const value = job.mutation(tx)
      if (value instanceof Promise) {
        value.catch(() => {})
        throw new Error("a write mutation must be synchronous; it returned a Promise")
      }
      outcome.value = value
      this.sql.run("RELEASE mutation")
    } catch (error) {
      outcome.failed = true
      outcome.error = error
      outcome.effects.length = 0
      if (this.sql.writes !== writesBefore) this.sql.forgetAll()
      this.undoMutation(error)
    } finally {
      this.insideMutation = false
      tx.die()
      this.kept.mutationEnded(outcome.failed)
    }
    return outcome
  }

  /** Takes back what a mutation wrote; when that cannot be done, nothing of the batch may stay. */
  private undoMutation(cause: unknown): void {
    if (!this.sql.db.inTransaction) {
      this.lastFault = cause
      return
    }
    try {
      this.sql.run("ROLLBACK TO mutation")
      this.sql.run("RELEASE mutation")
    } catch (fault) {
      this.lastFault = fault
      this.sql.run("ROLLBACK")
    }
  }

  /** @returns the error for the whole batch, or null when it is durable */
  private commit(): AppError | null {
    try {
      this.faults.beforeCommit?.()
      this.sql.run("COMMIT")
      return null
    } catch (error) {
      const unknown = error instanceof SQLiteError && (error.code ?? "").startsWith("SQLITE_IOERR")
      if (unknown) this.outcomeUnknown(error, [])
      if (this.sql.db.inTransaction) this.sql.run("ROLLBACK")
      return unavailable(error)
    }
  }

  private resolve(outcomes: Outcome[]): void {
    for (const outcome of outcomes) for (const effect of outcome.effects) this.apply(effect)
    for (const { job, failed, value, error } of outcomes) {
      if (failed) job.reject(error)
      else job.resolve(value)
    }
    for (const listener of this.listeners) this.apply(listener)
  }

  /** The rows are durable: an effect that fails is a defect to report, never a reason to reject its caller. */
  private apply(effect: () => void): void {
    try {
      effect()
    } catch (error) {
      console.error("a memory effect failed after its commit", error)
    }
  }

  private reject(outcomes: Outcome[], failure: AppError): void {
    // Effects never ran and the rows are gone; lastNow may be ahead of the disk until the next commit writes it.
    this.storedNow = null
    this.forget()
    for (const { job, failed, error } of outcomes) job.reject(failed ? error : failure)
  }
}
