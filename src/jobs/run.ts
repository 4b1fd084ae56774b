// One run of a job: slice after slice until nothing is left.
import { LIMITS } from "../app/index.ts"
import type { Job } from "../part/index.ts"

/** Pauses as long as it worked: a job has half of the time at most. */
export async function runSlices(job: Job, signal: AbortSignal): Promise<void> {
  const rows = job.sliceRows ?? LIMITS.jobSliceRows
  for (;;) {
    const startMs = performance.now()
    const isMoreLeft = await job.run({ rows, signal })
    if (!isMoreLeft || signal.aborted) return
    await Bun.sleep(Math.max(LIMITS.jobPauseMs, performance.now() - startMs))
  }
}
