// Jobs: repeating work of this process. One run at a time per job; the last run and its error are rows.
import type { Clock, Log } from "../app/index.ts"
import type { Store } from "../store/index.ts"

export interface Job {
  name: string
  everyMs: number
  run(): Promise<void>
}

export interface JobState {
  name: string
  last_run_ms: number | null
  last_ok_ms: number | null
  last_error: string | null
}

export interface Jobs {
  start(jobs: Job[]): void
  states(): JobState[]
  /** Lets running jobs end; starts no more. */
  stop(): Promise<void>
}

export function createJobs(deps: { store: Store; clock: Clock; log: Log }): Jobs {
  const { store, log } = deps
  const timers: ReturnType<typeof setInterval>[] = []
  const running = new Map<string, Promise<void>>()

  const runOnce = async (job: Job): Promise<void> => {
    let failure: string | null = null
    await job.run().catch((error: unknown) => {
      failure = String(error)
      log.error("job.failed", { job: job.name, error })
    })
    const ctx = { actor: `system:${job.name}`, requestId: `job_${job.name}`, reason: "record the run" }
    await store.write(ctx, (tx) =>
      tx.run(
        `INSERT INTO jobs (name, last_run_ms, last_ok_ms, last_error) VALUES (?1, ?2, iif(?3 IS NULL, ?2, NULL), ?3)
         ON CONFLICT (name) DO UPDATE SET last_run_ms = ?2, last_ok_ms = iif(?3 IS NULL, ?2, last_ok_ms), last_error = ?3`,
        job.name,
        tx.now,
        failure,
      ),
    )
  }

  const tick = (job: Job): void => {
    if (running.has(job.name)) return
    const run = runOnce(job)
      .catch((error: unknown) => log.error("job.record_failed", { job: job.name, error }))
      .finally(() => running.delete(job.name))
    running.set(job.name, run)
  }

  return {
    start(jobs) {
      for (const job of jobs) timers.push(setInterval(() => tick(job), job.everyMs))
    },
    states: () => store.read.all<JobState>("SELECT * FROM jobs ORDER BY name"),
    async stop() {
      for (const timer of timers.splice(0)) clearInterval(timer)
      await Promise.all(running.values())
    },
  }
}
