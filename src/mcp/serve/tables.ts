// The table of sessions with groups as TypeScript sees it, once. The migration is the truth; a test compares the two.
import type { LoggingLevel } from "@modelcontextprotocol/sdk/types.js"
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { UserId } from "../../app/index.ts"

export const mcpSessions = sqliteTable("mcp_sessions", {
  id: integer().primaryKey(),
  idHash: text("id_hash").notNull(),
  userId: integer("user_id").notNull().$type<UserId>(),
  groupId: integer("group_id").notNull(),
  caller: text().notNull(),
  opening: text().notNull(),
  createdMs: integer("created_ms").notNull(),
  usedMs: integer("used_ms").notNull(),
  level: text().$type<LoggingLevel>(),
  watched: text().notNull().default("[]"),
})
