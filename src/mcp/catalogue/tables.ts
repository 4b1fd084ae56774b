// The table of the catalogue as TypeScript sees it, once.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { AuthKind, KeyPlace } from "../types.ts"

export const mcpCatalogue = sqliteTable("mcp_catalogue", {
  id: integer().primaryKey(),
  slug: text().notNull(),
  title: text().notNull(),
  words: text().notNull(),
  url: text().notNull(),
  auth: text().notNull().$type<AuthKind>(),
  keyIn: text("key_in").$type<KeyPlace>(),
  keyName: text("key_name"),
  active: integer({ mode: "boolean" }).notNull(),
  position: integer().notNull(),
  createdMs: integer("created_ms").notNull(),
  updatedMs: integer("updated_ms").notNull(),
})
