// The door of `jobs`: repeating work of this process. One run at a time per job; the last run and its error are rows, and what a process
// before this one left due is run soon. A job that fails comes back later and later.

import { AppError, type Clock, ensure, invariant, type Log } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Job } from "../part/index.ts"
import type { Store, WriteContext } from "../store/index.ts"
import { firstWaitMs, waitMs } from "./rules.ts"
import { runSlices } from "./run.ts"
import { type JobState, jobStates, saveRun } from "./store.ts"

export { jobsPart } from "./part.ts"
export type { JobState } from "./store.ts"

/** A job as this process sees it. */
export interface JobView extends Omit<JobState, "lastTookMs"> {
  everyMs: number
  /** null = it runs now, waits for the end of a pause, or nothing is started. */
  nextRunMs: number | null
  isPaused: boolean
  /** Since when the running run runs. */
  runningSinceMs: number | null
  /** Of the last run, of this process or one before. */
  tookMs: number | null
  /** Runs of this process, and those that failed. */
  runs: number
  failures: number
}

export interface Jobs {
  start(jobs: readonly Job[]): void
  states(): JobState[]
  /** What was started, by name. */
  list(): JobView[]
  /** Runs it now, whatever its time. Resolves when the run is over. @throws AppError not_found; conflict when it runs already */
  runNow(ctx: WriteContext, name: string): Promise<void>
  /** While it is on, only jobs that go on run by themselves; those that were due run soon after it. */
  pause(isOn: boolean): void
  readonly isPaused: boolean
  /** Ends what runs after its slice, and tells it so; it runs again once it may. For when `mayRun` has turned false. */
  cut(): void
  /** Lets running slices end; starts no more. */
  stop(): Promise<void>
}

interface Entry {
  job: Job
  timer: ReturnType<typeof setTimeout> | null
  nextRunMs: number | null
  running: Promise<void> | null
  runningSinceMs: number | null
  runs: number
  failures: number
  failuresInARow: number
}

const entryOf = (job: Job): Entry => ({
  job,
  timer: null,
  nextRunMs: null,
  running: null,
  runningSinceMs: null,
  runs: 0,
  failures: 0,
  failuresInARow: 0,
})

interface Deps {
  store: Store
  clock: Clock
  log: Log
  /** From 0 to below 1. */
  random?: () => number
  /** False: another server may be the one whose jobs run. Asked before each run and each slice. Default: always true. */
  mayRun?: () => boolean
}

/** How soon it is asked again whether a job may run. */
const ASK_AGAIN_MS = 1_000

export function createJobs(deps: Deps): Jobs {
  const { store } = deps
  const scheduler = new Scheduler(deps)
  return {
    start: (jobs) => scheduler.start(jobs),
    states: () => jobStates(store.read),
    list: () => scheduler.list(),
    async runNow(ctx, name) {
      const entry = scheduler.entry(name)
      ensure(entry, "not_found", "There is no such job. They are listed under Jobs.")
      if (entry.running) throw new AppError("conflict", `${name} runs already.`)
      const run = scheduler.run(entry)
      await store.write(ctx, (tx) => auditIn(tx, { action: "job.run", subject: name }))
      await run
    },
    pause: (isOn) => scheduler.pause(isOn),
    get isPaused() {
      return scheduler.isPaused
    },
    cut: () => scheduler.cut(),
    stop: () => scheduler.stop(),
  }
}

class Scheduler {
  private readonly entries = new Map<string, Entry>()
  private readonly stopping = new AbortController()
  /** Of the runs under way. */
  private cutting = new AbortController()
  isPaused = false

  constructor(private readonly deps: Deps) {}

  start(jobs: readonly Job[]): void {
    const { store, clock } = this.deps
    const last = new Map(jobStates(store.read).map(({ name, lastRunMs }) => [name, lastRunMs]))
    for (const job of jobs) {
      const entry = entryOf(job)
      invariant(!this.entries.has(job.name), `the job ${job.name} is started once`)
      this.entries.set(job.name, entry)
      const lastMs = last.get(job.name) ?? null
      if (job.atStart && !this.holds(entry)) this.due(entry)
      else if (lastMs === null && job.firstMs !== undefined) this.schedule(entry, job.firstMs)
      else this.schedule(entry, firstWaitMs(job.everyMs, lastMs, clock.now(), this.random()))
    }
  }

  pause(isOn: boolean): void {
    const { store, clock } = this.deps
    this.isPaused = isOn
    const last = new Map(jobStates(store.read).map(({ name, lastRunMs }) => [name, lastRunMs]))
    for (const entry of this.entries.values()) {
      const { everyMs, name, goesOn, atStart } = entry.job
      if (entry.running || goesOn) continue
      if (isOn) this.schedule(entry, 0)
      else if (atStart) this.due(entry)
      else this.schedule(entry, firstWaitMs(everyMs, last.get(name) ?? null, clock.now(), this.random()))
    }
  }

  cut(): void {
    this.cutting.abort()
    this.cutting = new AbortController()
  }

  private holds({ job }: Entry): boolean {
    return this.isPaused && !job.goesOn
  }

  private get mayRun(): boolean {
    return this.deps.mayRun?.() ?? true
  }

  /** Its time has come: it runs, or it is asked again soon whether it may. */
  private due(entry: Entry): void {
    if (this.mayRun) void this.run(entry)
    else this.schedule(entry, ASK_AGAIN_MS)
  }

  entry(name: string): Entry | undefined {
    return this.entries.get(name)
  }

  list(): JobView[] {
    const rows = new Map(jobStates(this.deps.store.read).map((row) => [row.name, row]))
    return [...this.entries.values()].map((entry) => {
      const { job, nextRunMs, runningSinceMs, runs, failures } = entry
      const {
        lastRunMs = null,
        lastOkMs = null,
        lastError = null,
        lastTookMs: tookMs = null,
      } = rows.get(job.name) ?? {}
      const isPaused = this.holds(entry) || !this.mayRun
      const seen = { lastRunMs, lastOkMs, lastError, nextRunMs, isPaused, runningSinceMs, tookMs, runs, failures }
      return { name: job.name, everyMs: job.everyMs, ...seen }
    })
  }

  run(entry: Entry): Promise<void> {
    const { job } = entry
    entry.running ??= this.runOnce(entry)
      .catch((error: unknown) => this.deps.log.error("job.record_failed", { job: job.name, error }))
      .then((end) => {
        entry.running = null
        entry.runningSinceMs = null
        const usualMs = waitMs(job.everyMs, entry.failuresInARow, this.random(), job.retryMs)
        this.schedule(entry, end === "cut" ? Math.min(usualMs, ASK_AGAIN_MS) : usualMs)
      })
    return entry.running
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    const entries = [...this.entries.values()]
    for (const { timer } of entries) if (timer) clearTimeout(timer)
    await Promise.all(entries.map(({ running }) => running))
  }

  private schedule(entry: Entry, ms: number): void {
    if (this.stopping.signal.aborted) return
    if (entry.timer) clearTimeout(entry.timer)
    entry.timer = null
    entry.nextRunMs = null
    if (this.holds(entry)) return
    entry.nextRunMs = this.deps.clock.now() + ms
    entry.timer = setTimeout(() => this.due(entry), ms)
  }

  private async runOnce(entry: Entry): Promise<"cut" | undefined> {
    const { clock, log, store } = this.deps
    const { name } = entry.job
    if (entry.timer) clearTimeout(entry.timer)
    entry.nextRunMs = null
    entry.runningSinceMs = clock.now()
    const startMs = performance.now()
    const cutting = this.cutting.signal
    const signal = AbortSignal.any([this.stopping.signal, cutting])
    const failure = await runSlices(entry.job, signal).then(
      () => null,
      (error: unknown) => ({ error }),
    )
    const tookMs = performance.now() - startMs
    if (cutting.aborted || (failure && signal.aborted)) {
      log.info("job.cut", { job: name, ...failure })
      return "cut"
    }
    entry.runs++
    entry.failuresInARow = failure ? entry.failuresInARow + 1 : 0
    if (failure) {
      entry.failures++
      log.error("job.failed", { job: name, inARow: entry.failuresInARow, error: failure.error })
    }
    const ctx = { actor: `system:${name}`, requestId: `job_${name}`, reason: "record the run" }
    await store.write(ctx, (tx) => saveRun(tx, name, failure && String(failure.error), tookMs))
  }

  private random(): number {
    return (this.deps.random ?? Math.random)()
  }
}
