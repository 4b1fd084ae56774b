// The tables of ledger/proof as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"

export const bookRuns = sqliteTable("book_runs", {
  id: integer().primaryKey(),
  startedMs: integer("started_ms").notNull(),
  tookMs: integer("took_ms").notNull(),
  actor: text().notNull(),
  ok: integer().notNull().$type<0 | 1>(),
  transactions: integer().notNull(),
  head: text(),
  checks: text().notNull(),
})
