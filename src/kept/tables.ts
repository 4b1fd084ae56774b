// The tables of kept as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { UserId } from "../app/index.ts"

export const answerKeeping = sqliteTable("answer_keeping", {
  userId: integer("user_id").primaryKey().$type<UserId>(),
  sinceMs: integer("since_ms").notNull(),
  bytes: integer().notNull().default(0),
})

export const keptAnswers = sqliteTable("kept_answers", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull().unique(),
  userId: integer("user_id").notNull().$type<UserId>(),
  clientId: integer("client_id").notNull(),
  mode: text().notNull().$type<"live" | "test">(),
  previous: text(),
  sealed: text().notNull(),
  bytes: integer().notNull(),
  createdMs: integer("created_ms").notNull(),
  touchedMs: integer("touched_ms").notNull(),
})
