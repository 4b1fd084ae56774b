// The tables of notices as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { UserId } from "../app/index.ts"
import type { Channel } from "./types.ts"

export const notices = sqliteTable("notices", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull().unique(),
  userId: integer("user_id").notNull().$type<UserId>(),
  kind: text().notNull(),
  title: text().notNull(),
  path: text(),
  createdMs: integer("created_ms").notNull(),
  readMs: integer("read_ms"),
})

export const noticesOff = sqliteTable(
  "notices_off",
  {
    userId: integer("user_id").notNull().$type<UserId>(),
    kind: text().notNull(),
    channel: text().notNull().$type<Channel>(),
    offMs: integer("off_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.kind, table.channel] })],
)

export const noticesMailed = sqliteTable("notices_mailed", {
  id: integer().primaryKey(),
  userId: integer("user_id").notNull().$type<UserId>(),
  kind: text().notNull(),
  atMs: integer("at_ms").notNull(),
})

export const noticesHeld = sqliteTable("notices_held", {
  id: integer().primaryKey(),
  userId: integer("user_id").notNull().$type<UserId>(),
  kind: text().notNull(),
  title: text().notNull(),
  atMs: integer("at_ms").notNull(),
})

export const noticesDigests = sqliteTable("notices_digests", {
  userId: integer("user_id").primaryKey().$type<UserId>(),
  dueMs: integer("due_ms").notNull(),
})
