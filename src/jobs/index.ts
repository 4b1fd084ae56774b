// Jobs: repeating work of this process. One run at a time per job; the last run and its error are rows.
import { type Clock, LIMITS, type Log } from "../app/index.ts"
import type { Job } from "../part/index.ts"
import type { Store } from "../store/index.ts"
import { type JobState, jobStates, saveRun } from "./store.ts"

export { jobsPart } from "./part.ts"
export type { JobState } from "./store.ts"

export interface Jobs {
  start(jobs: readonly Job[]): void
  states(): JobState[]
  /** Lets running slices end; starts no more. */
  stop(): Promise<void>
}

export function createJobs(deps: { store: Store; clock: Clock; log: Log }): Jobs {
  const { store, log } = deps
  const timers: ReturnType<typeof setInterval>[] = []
  const running = new Map<string, Promise<void>>()
  const stopping = new AbortController()

  const tick = (job: Job): void => {
    if (running.has(job.name)) return
    const run = runOnce(job)
      .catch((error: unknown) => log.error("job.record_failed", { job: job.name, error }))
      .finally(() => running.delete(job.name))
    running.set(job.name, run)
  }

  async function runOnce(job: Job): Promise<void> {
    const failure = await runSlices(job, stopping.signal).then(
      () => null,
      (error: unknown) => ({ error }),
    )
    if (failure && stopping.signal.aborted) {
      log.info("job.cut", { job: job.name, error: failure.error })
      return
    }
    if (failure) log.error("job.failed", { job: job.name, error: failure.error })
    await record(store, job.name, failure && String(failure.error))
  }

  return {
    start(jobs) {
      for (const job of jobs) {
        timers.push(setInterval(() => tick(job), job.everyMs))
        if (job.atStart) tick(job)
      }
    },
    states: () => jobStates(store.read),
    async stop() {
      stopping.abort()
      for (const timer of timers.splice(0)) clearInterval(timer)
      await Promise.all(running.values())
    },
  }
}

/** Slice after slice until nothing is left. Pauses as long as it worked: a job has half of the time at most. */
async function runSlices(job: Job, signal: AbortSignal): Promise<void> {
  const rows = job.sliceRows ?? LIMITS.jobSliceRows
  for (;;) {
    const startMs = performance.now()
    const isMoreLeft = await job.run({ rows, signal })
    if (!isMoreLeft || signal.aborted) return
    await Bun.sleep(Math.max(LIMITS.jobPauseMs, performance.now() - startMs))
  }
}

async function record(store: Store, name: string, failure: string | null): Promise<void> {
  const ctx = { actor: `system:${name}`, requestId: `job_${name}`, reason: "record the run" }
  await store.write(ctx, (tx) => saveRun(tx, name, failure))
}
