// The tables of outbox as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"

export const outboxMessages = sqliteTable("outbox", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  topic: text().notNull(),
  subject: text().notNull(),
  payload: text().notNull(),
  createdMs: integer("created_ms").notNull(),
  dueMs: integer("due_ms").notNull(),
  tries: integer().notNull().default(0),
  state: text().notNull().$type<"waiting" | "done" | "dead">().default("waiting"),
  lastError: text("last_error"),
})
