// The tables of announcements as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { ClientId, UserId } from "../app/index.ts"
import type { Audience } from "./types.ts"

export const announcements = sqliteTable("announcements", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  title: text().notNull(),
  body: text().notNull(),
  audience: text().notNull().$type<Audience>(),
  clientId: integer("client_id").$type<ClientId>(),
  banner: integer({ mode: "boolean" }).notNull(),
  told: integer({ mode: "boolean" }).notNull(),
  createdMs: integer("created_ms").notNull(),
  endsMs: integer("ends_ms"),
  endedMs: integer("ended_ms"),
  throughUserId: integer("through_user_id").notNull().default(0),
  toldCount: integer("told_count").notNull().default(0),
  toldMs: integer("told_ms"),
})

export const announcementDismissals = sqliteTable(
  "announcement_dismissals",
  {
    userId: integer("user_id").notNull().$type<UserId>(),
    announcementId: integer("announcement_id").notNull(),
    dismissedMs: integer("dismissed_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.announcementId] })],
)
