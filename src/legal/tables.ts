// The tables of legal as drizzle sees them. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text, unique } from "drizzle-orm/sqlite-core"
import type { UserId } from "../app/index.ts"
import type { LegalText } from "./types.ts"

export const legalVersions = sqliteTable(
  "legal_versions",
  {
    id: integer().primaryKey(),
    text: text().notNull().$type<LegalText>(),
    version: text().notNull(),
    source: text().notNull(),
    changes: text().notNull(),
    asks: integer({ mode: "boolean" }).notNull(),
    effectiveMs: integer("effective_ms").notNull(),
    createdMs: integer("created_ms").notNull(),
  },
  (table) => [unique().on(table.text, table.version)],
)

export const legalAcceptances = sqliteTable(
  "legal_acceptances",
  {
    id: integer().primaryKey(),
    userId: integer("user_id").notNull().$type<UserId>(),
    text: text().notNull().$type<"terms">(),
    version: text().notNull(),
    acceptedMs: integer("accepted_ms").notNull(),
  },
  (table) => [unique().on(table.userId, table.text, table.version)],
)
