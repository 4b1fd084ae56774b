// The audit log as drizzle sees it. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"

export const auditLog = sqliteTable("audit_log", {
  id: integer().primaryKey(),
  atMs: integer("at_ms").notNull(),
  actor: text().notNull(),
  onBehalfOf: text("on_behalf_of"),
  requestId: text("request_id").notNull(),
  reason: text().notNull(),
  action: text().notNull(),
  subject: text().notNull(),
  before: text(),
  after: text(),
})
