// The tables of store as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"

export const meta = sqliteTable("meta", {
  key: text().primaryKey(),
  value: text().notNull(),
})

export const lastCommit = sqliteTable("last_commit", {
  id: integer().primaryKey(),
  atMs: integer("at_ms").notNull(),
})
