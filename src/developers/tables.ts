// The tables of developer as drizzle sees them. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text, unique } from "drizzle-orm/sqlite-core"
import type { ClientId, UserId } from "../app/index.ts"

export const developers = sqliteTable("developers", {
  userId: integer("user_id").primaryKey().$type<UserId>(),
  company: text(),
  createdMs: integer("created_ms").notNull(),
  updatedMs: integer("updated_ms").notNull(),
})

export const agreements = sqliteTable(
  "developer_agreements",
  {
    id: integer().primaryKey(),
    userId: integer("user_id").notNull().$type<UserId>(),
    version: text().notNull(),
    acceptedMs: integer("accepted_ms").notNull(),
  },
  (table) => [unique().on(table.userId, table.version)],
)

export const appKeys = sqliteTable("app_keys", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  clientId: integer("client_id").notNull().$type<ClientId>(),
  userId: integer("user_id").notNull().$type<UserId>(),
  name: text().notNull(),
  scopes: text().notNull(),
  hash: text().notNull(),
  hint: text().notNull(),
  createdMs: integer("created_ms").notNull(),
  expiresMs: integer("expires_ms"),
  usedMs: integer("used_ms"),
  revokedMs: integer("revoked_ms"),
})

export const appTransfers = sqliteTable("app_transfers", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  clientId: integer("client_id").notNull().$type<ClientId>(),
  userId: integer("user_id").notNull().$type<UserId>(),
  toEmail: text("to_email"),
  toUserId: integer("to_user_id").$type<UserId>(),
  state: text().notNull().default("open").$type<"open" | "accepted" | "declined" | "revoked" | "expired">(),
  createdMs: integer("created_ms").notNull(),
  endsMs: integer("ends_ms").notNull(),
  decidedMs: integer("decided_ms"),
})

export const appHosts = sqliteTable("app_hosts", {
  clientId: integer("client_id").primaryKey().$type<ClientId>(),
  userId: integer("user_id").notNull().$type<UserId>(),
  host: text().notNull(),
  token: text().notNull(),
  provenMs: integer("proven_ms"),
  provenBy: text("proven_by").$type<"dns" | "file" | "admin">(),
  triedMs: integer("tried_ms"),
  createdMs: integer("created_ms").notNull(),
  missingMs: integer("missing_ms"),
})

export const appReviews = sqliteTable("app_reviews", {
  clientId: integer("client_id").primaryKey().$type<ClientId>(),
  askedMs: integer("asked_ms"),
  decidedMs: integer("decided_ms"),
  seen: text(),
})

export const appReviewNotes = sqliteTable("app_review_notes", {
  id: integer().primaryKey(),
  clientId: integer("client_id").notNull().$type<ClientId>(),
  userId: integer("user_id").$type<UserId>(),
  side: text().notNull().$type<"developer" | "admin">(),
  decision: text().$type<"asked" | "approved" | "changes_requested" | "rejected">(),
  text: text().notNull(),
  createdMs: integer("created_ms").notNull(),
})
