// The tables of jobs as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"

export const jobRuns = sqliteTable("jobs", {
  name: text().primaryKey(),
  lastRunMs: integer("last_run_ms"),
  lastOkMs: integer("last_ok_ms"),
  lastError: text("last_error"),
  /** Of the last run, whole ms. */
  lastTookMs: integer("last_took_ms"),
})
