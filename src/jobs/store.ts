// All queries of jobs: one row each, of the last run.
import type { OrmReader, Tx } from "../store/index.ts"
import { jobRuns } from "./tables.ts"

export type JobState = typeof jobRuns.$inferSelect

export const jobStates = (reader: OrmReader): JobState[] =>
  reader.drizzle.select().from(jobRuns).orderBy(jobRuns.name).all()

/** A run that failed leaves the time of the last good one. */
export function saveRun(tx: Tx, name: string, failure: string | null, tookMs: number): void {
  const run = {
    lastRunMs: tx.now,
    lastError: failure,
    lastTookMs: Math.round(tookMs),
    ...(failure === null && { lastOkMs: tx.now }),
  }
  tx.drizzle
    .insert(jobRuns)
    .values({ name, ...run })
    .onConflictDoUpdate({ target: jobRuns.name, set: run })
    .run()
}
