// What the store promises: one road for writes, a committed-only view for reads (DESIGN §3).
import type { BunSQLiteDatabase } from "drizzle-orm/bun-sqlite"
import type { Histogram } from "../app/index.ts"

export type SqlValue = string | number | bigint | null | Uint8Array

/** Who writes, for whom, in answer to which request, and why. Kept on transactions and audit rows. */
export interface WriteContext {
  /** `user:usr_…`, `app:cli_…`, `admin:usr_…`, `system:<job>` or `cli`. */
  actor: string
  onBehalfOf?: string | null
  requestId: string
  reason: string
  /** Asked in the body, before it begins, of whoever acts for somebody else: what held when the page began may hold no more. Throws; nothing is written then. */
  admit?(tx: Tx): void
}

/** Settles and releases go before everything, new holds go last and are refused when the queue is full. */
export type Lane = "settle" | "normal" | "hold"

export interface Reader {
  /** First row or null. Prepared once per SQL text; positional `?` parameters. */
  get<R>(sql: string, ...params: SqlValue[]): R | null
  all<R>(sql: string, ...params: SqlValue[]): R[]
}

/** A reader with a connection of its own. */
export interface SnapshotReader extends Reader {
  /** Everything that `read` asks is of one moment, whatever is written meanwhile. Not to be nested. */
  snapshot<T>(read: () => T): T
}

/** A reader that cold paths may also ask through drizzle. */
export interface OrmReader extends Reader {
  /** The same connection through drizzle, for cold paths; domains describe their tables in `tables.ts`. */
  readonly drizzle: BunSQLiteDatabase
}

declare const txBrand: unique symbol

/** The writer, alive only inside its mutation. */
export interface Tx extends OrmReader {
  readonly [txBrand]: true
  /** ms UTC; never before a committed moment. */
  readonly now: number
  readonly ctx: WriteContext
  run(sql: string, ...params: SqlValue[]): { changes: number; lastInsertRowid: number }
  /** An INSERT whose values stand in a list already. @returns the row id */
  insert(sql: string, values: SqlValue[]): number
  /** A memory effect, applied after COMMIT and before the caller's promise resolves; dropped when the mutation throws. */
  afterCommit(effect: () => void): void
  /** The one of this kind that this writer keeps; made at its first use. `make` is the kind: always the same function. */
  kept<K extends Kept>(make: () => K): K
}

/**
 * What a domain keeps in memory of rows that only this writer changes. It follows the writer: a mutation is undone alone, a batch
 * as a whole, and nothing counts that somebody else may have changed.
 */
export interface Kept {
  /** After every mutation of a batch, committed or not yet. */
  mutationEnded(undone: boolean): void
  /** Inside the transaction, after the last mutation of the batch: what is written once a commit. */
  beforeCommit(tx: Tx): void
  /** The batch was lost, or somebody else wrote. */
  forget(): void
}

/** The type forbids a mutation that returns a Promise: its writes would land outside the transaction. */
export type NotPromise<T> = T extends PromiseLike<unknown> ? never : T

export interface Store {
  /**
   * Runs a synchronous mutation in the next group commit. Resolves after the commit is durable; a mutation that throws undoes
   * only itself and rejects only its caller.
   * @throws AppError `overloaded` when the queue is full, `unavailable` when the commit failed.
   */
  write<T>(ctx: WriteContext, mutation: (tx: Tx) => NotPromise<T>, options?: { lane?: Lane }): Promise<T>
  /** Committed data only; for indexed reads under 5 ms on the main thread. */
  readonly read: OrmReader
  /** In-memory listeners called after each commit, for caches and live pages only. Returns the unsubscriber. */
  committed(listener: () => void): () => void
  /** From now on `copy` (see `copyLog`, run in another thread) brings the log into the database. */
  checkpointWith(copy: () => Promise<unknown>): void
  /** Whether the log is left to somebody else, who copies it; see `Checkpoints`. */
  leaveLog(isLeft: boolean): void
  /** Copies the log and begins it anew, unless somebody reads an old moment: then it is copied alone. */
  emptyLog(): Promise<void>
  /** Pages (2 kB) in the log. */
  logPages(): number
  readonly path: string
  readonly stats: StoreStats
  /** Waits for queued mutations, then closes. Later writes are refused. */
  close(): Promise<void>
}

export interface StoreStats {
  commits: number
  mutations: number
  queued: number
  /** Total ms inside COMMIT since the store opened; the loop stands still meanwhile. */
  commitMs: number
  /** How often, and for how many ms in all, the disk was waited for; mostly off the main thread. */
  syncs: number
  syncMs: number
  busyRetries: number
  /** Commits that kept nothing. */
  failures: number
  /** Why the last commit failed; null = it did not. */
  failing: string | null
  /** Time of the newest commit, ms UTC; 0 = none yet. It never runs backwards, whatever the clock does. */
  lastCommitMs: number
  /** Mutations of each commit; ms of each commit and of each sync. */
  batches: Histogram
  commitTimes: Histogram
  syncTimes: Histogram
}

/** Seams for tests: a slow disk, a failing commit. Never set in production. */
export interface StoreFaults {
  beforeCommit?: () => void
  /** Runs before the disk is asked; rejects like a disk that fails. */
  sync?: () => Promise<void>
}
