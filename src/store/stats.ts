// What the writer counts of itself; read by whoever watches it.
import { BATCH, DISK_MS, Histogram } from "../app/index.ts"
import type { StoreStats } from "./types.ts"

export class Stats implements StoreStats {
  commits = 0
  mutations = 0
  queued = 0
  commitMs = 0
  syncs = 0
  syncMs = 0
  busyRetries = 0
  failures = 0
  failing: string | null = null
  lastCommitMs = 0
  readonly batches = new Histogram(BATCH)
  readonly commitTimes = new Histogram(DISK_MS)
  readonly syncTimes = new Histogram(DISK_MS)

  /** @param failure why nothing of it was kept; null = it was */
  batch(mutations: number, ms: number, failure: unknown): void {
    this.commits++
    this.mutations += mutations
    this.commitMs += ms
    this.batches.observe(mutations)
    this.commitTimes.observe(ms)
    if (failure === null) this.failing = null
    else this.failed(failure)
  }

  synced(ms: number): void {
    this.syncs++
    this.syncMs += ms
    this.syncTimes.observe(ms)
  }

  failed(cause: unknown): void {
    this.failures++
    this.failing = cause instanceof Error ? cause.message : String(cause)
  }
}
