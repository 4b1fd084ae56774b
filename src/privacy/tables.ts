// The tables of privacy as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { UserId } from "../app/index.ts"
import type { AskedBy, ErasureState, ExportState } from "./types.ts"

export const erasures = sqliteTable("erasures", {
  userId: integer("user_id").primaryKey().$type<UserId>(),
  state: text().notNull().$type<ErasureState>(),
  askedBy: text("asked_by").notNull().$type<AskedBy>(),
  askedMs: integer("asked_ms").notNull(),
  dueMs: integer("due_ms").notNull(),
  warnedMs: integer("warned_ms"),
  cleared: integer().notNull().default(0),
  doneMs: integer("done_ms"),
})

export const personalExports = sqliteTable("personal_exports", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  userId: integer("user_id").notNull().$type<UserId>(),
  state: text().notNull().$type<ExportState>(),
  tries: integer().notNull().default(0),
  bytes: integer(),
  askedMs: integer("asked_ms").notNull(),
  readyMs: integer("ready_ms"),
  expiresMs: integer("expires_ms"),
})
