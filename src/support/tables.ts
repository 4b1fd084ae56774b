// The tables of support as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { UserId } from "../app/index.ts"
import type { Side, State, Topic } from "./types.ts"

export const supportThreads = sqliteTable("support_threads", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull().unique(),
  userId: integer("user_id").notNull().$type<UserId>(),
  topic: text().notNull().$type<Topic>(),
  subject: text().notNull(),
  state: text().notNull().$type<State>(),
  isPriority: integer("is_priority", { mode: "boolean" }).notNull(),
  sinceMs: integer("since_ms").notNull(),
  createdMs: integer("created_ms").notNull(),
})

export const supportMessages = sqliteTable("support_messages", {
  id: integer().primaryKey(),
  threadId: integer("thread_id").notNull(),
  side: text().notNull().$type<Side>(),
  text: text().notNull(),
  createdMs: integer("created_ms").notNull(),
})
