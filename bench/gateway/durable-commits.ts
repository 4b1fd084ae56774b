// Group commit of the durable floor: what is asked for meanwhile shares a commit, one sync follows, off the main thread.
import { fdatasync, fdatasyncSync } from "node:fs"
import type { Prepared } from "./durable-tables.ts"

/** A sync quicker than this is waited for in place when one write is alone. */
const QUICK_SYNC_MS = 0.5

interface Job {
  work: () => unknown
  resolve: (value: unknown) => void
  value: unknown
}

/** While a sync is under way the next writes gather, so that each commit serves as many as it can. */
export class GroupCommits {
  readonly stats = { commits: 0, writes: 0 }
  private queue: Job[] = []
  private unsynced: Job[] = []
  private isScheduled = false
  private isSyncing = false
  private lastSyncMs = 0

  constructor(
    private readonly sql: Prepared,
    private readonly log: number,
    private readonly beforeCommit: () => void,
  ) {}

  write<T>(work: () => T): Promise<T> {
    return new Promise((resolve) => {
      this.queue.push({ work, resolve: resolve as (value: unknown) => void, value: undefined })
      this.schedule()
    })
  }

  private schedule(): void {
    if (this.isScheduled || this.isSyncing || this.queue.length === 0) return
    this.isScheduled = true
    setImmediate(this.commit)
  }

  private readonly commit = (): void => {
    this.isScheduled = false
    const jobs = this.queue
    this.queue = []
    this.sql.begin.run()
    for (const job of jobs) job.value = job.work()
    this.beforeCommit()
    this.sql.commit.run()
    this.stats.commits++
    this.stats.writes += jobs.length
    this.unsynced.push(...jobs)
    if (!this.isSyncing) this.sync()
  }

  /** A lone write on a quick disk waits in place: another thread's way there and back takes as long again. */
  private sync(): void {
    const jobs = this.unsynced
    this.unsynced = []
    this.isSyncing = true
    const startedMs = performance.now()
    const done = (error: Error | null) => {
      if (error) throw error
      this.isSyncing = false
      this.lastSyncMs = performance.now() - startedMs
      for (const job of jobs) job.resolve(job.value)
      if (this.unsynced.length > 0) this.sync()
      else this.schedule()
    }
    if (jobs.length === 1 && this.queue.length === 0 && this.lastSyncMs < QUICK_SYNC_MS) {
      fdatasyncSync(this.log)
      done(null)
    } else fdatasync(this.log, done)
  }
}
