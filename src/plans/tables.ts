// The tables of plans as drizzle sees them. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"

export const plans = sqliteTable("plans", {
  id: integer().primaryKey(),
  code: text().notNull(),
  name: text().notNull(),
  dailyClaimNano: integer("daily_claim_nano").notNull(),
  freeBudgetCounts: integer("free_budget_counts", { mode: "boolean" }).notNull(),
  updatedMs: integer("updated_ms").notNull(),
})

export const planSettings = sqliteTable("plan_settings", {
  id: integer().primaryKey(),
  freeBudgetDailyNano: integer("free_budget_daily_nano"),
  updatedMs: integer("updated_ms").notNull(),
})
