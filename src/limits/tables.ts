// The tables of limits as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { RowId } from "../app/index.ts"
import type { LimitKind, LimitLevel } from "./types.ts"

export type RuleId = RowId<"limit_rule">
export type CountId = RowId<"limit_count">

export const limitRules = sqliteTable("limit_rules", {
  id: integer().primaryKey().$type<RuleId>(),
  publicId: text("public_id").notNull(),
  level: text().notNull().$type<LimitLevel>(),
  subject: text().notNull(),
  kind: text().notNull().$type<LimitKind>(),
  amount: integer().notNull(),
  createdMs: integer("created_ms").notNull(),
  updatedMs: integer("updated_ms").notNull(),
})

export const limitCounts = sqliteTable("limit_counts", {
  id: integer().primaryKey().$type<CountId>(),
  subject: text().notNull(),
  kind: text().notNull().$type<LimitKind>(),
  startMs: integer("start_ms").notNull(),
  endMs: integer("end_ms").notNull(),
  used: integer().notNull(),
  held: integer().notNull(),
})

export const limitHolds = sqliteTable(
  "limit_holds",
  {
    callId: text("call_id").notNull(),
    countId: integer("count_id").notNull().$type<CountId>(),
  },
  (table) => [primaryKey({ columns: [table.callId, table.countId] })],
)

export const limitHits = sqliteTable(
  "limit_hits",
  {
    ruleId: integer("rule_id").notNull().$type<RuleId>(),
    day: integer().notNull(),
    hits: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.ruleId, table.day] })],
)
