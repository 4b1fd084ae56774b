// The tables of plans as drizzle sees them. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { PlanChoice, PlanEventKind, PlanKind } from "./types.ts"

const flag = (name: string) => integer(name, { mode: "boolean" }).notNull()
const amount = (name: string) => integer(name).notNull()

export const plans = sqliteTable("plans", {
  id: integer().primaryKey(),
  code: text().notNull(),
  name: text().notNull(),
  dailyClaimNano: amount("daily_claim_nano"),
  freeBudgetCounts: flag("free_budget_counts"),
  updatedMs: amount("updated_ms"),
  kind: text().notNull().$type<PlanKind>(),
  description: text().notNull(),
  priceNano: amount("price_nano"),
  monthlyNano: amount("monthly_nano"),
  rolloverMaxNano: amount("rollover_max_nano"),
  rolloverCapNano: integer("rollover_cap_nano"),
  rolloverPeriods: amount("rollover_periods"),
  markupPaidBp: amount("markup_paid_bp"),
  markupFreeBp: amount("markup_free_bp"),
  freeModelsOnly: flag("free_models_only"),
  freePer1kNano: amount("free_per_1k_nano"),
  byokAllowed: flag("byok_allowed"),
  eitherOr: flag("either_or"),
  overrides: flag("overrides"),
  prioritySupport: flag("priority_support"),
  teams: flag("teams"),
  active: flag("active"),
  sortOrder: amount("sort_order"),
})

export const planTerms = sqliteTable("plan_terms", {
  planId: integer("plan_id").primaryKey(),
  sinceMs: integer("since_ms").primaryKey(),
  monthlyNano: amount("monthly_nano"),
  rolloverMaxNano: amount("rollover_max_nano"),
  rolloverCapNano: integer("rollover_cap_nano"),
  rolloverPeriods: amount("rollover_periods"),
  eitherOr: flag("either_or"),
})

export const planAssignments = sqliteTable("plan_assignments", {
  userId: integer("user_id").primaryKey(),
  planId: amount("plan_id"),
  choice: text().$type<PlanChoice>(),
  pendingPlanId: integer("pending_plan_id"),
  pendingChoice: text("pending_choice").$type<PlanChoice>(),
  paid: flag("paid"),
  anchorMs: amount("anchor_ms"),
  anchorNo: amount("anchor_no"),
  periodNo: amount("period_no"),
  periodStartMs: amount("period_start_ms"),
  periodEndMs: integer("period_end_ms"),
  creditedNano: amount("credited_nano"),
  actor: text().notNull(),
  reason: text().notNull(),
  updatedMs: amount("updated_ms"),
})

export const planEvents = sqliteTable("plan_events", {
  id: integer().primaryKey(),
  userId: amount("user_id"),
  event: text().notNull().$type<PlanEventKind>(),
  planId: amount("plan_id"),
  choice: text().$type<PlanChoice>(),
  periodNo: amount("period_no"),
  atMs: amount("at_ms"),
  recordedMs: amount("recorded_ms"),
  grantedNano: amount("granted_nano"),
  transactionId: text("transaction_id"),
  actor: text().notNull(),
  reason: text().notNull(),
})
