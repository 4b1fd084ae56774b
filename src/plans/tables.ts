// The tables of plans as drizzle sees them. The migration is the truth; a test compares the two.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import { type Nano, nano, type UserId } from "../app/index.ts"
import type { PlanChoice, PlanEventKind, PlanKind } from "./types.ts"

const flag = (name: string) => integer(name, { mode: "boolean" }).notNull()
const whole = (name: string) => integer(name).notNull()
const amount = (name: string) => integer(name).notNull().$type<Nano>()

export const plans = sqliteTable("plans", {
  id: integer().primaryKey(),
  code: text().notNull(),
  name: text().notNull(),
  kind: text().notNull().$type<PlanKind>(),
  description: text().notNull(),
  priceNano: amount("price_nano"),
  dailyClaimNano: amount("daily_claim_nano"),
  freeBudgetCounts: flag("free_budget_counts"),
  monthlyNano: amount("monthly_nano"),
  rolloverMaxNano: amount("rollover_max_nano"),
  rolloverCapNano: integer("rollover_cap_nano").$type<Nano>(),
  rolloverPeriods: whole("rollover_periods"),
  markupPaidBp: whole("markup_paid_bp"),
  markupFreeBp: whole("markup_free_bp"),
  freeModelsOnly: flag("free_models_only"),
  freePer1kNano: amount("free_per_1k_nano"),
  byokAllowed: flag("byok_allowed"),
  eitherOr: flag("either_or"),
  overrides: flag("overrides"),
  prioritySupport: flag("priority_support"),
  teams: flag("teams"),
  active: flag("active"),
  sortOrder: whole("sort_order"),
  updatedMs: whole("updated_ms"),
  yearlyNano: integer("yearly_nano").$type<Nano>(),
})

export const planTerms = sqliteTable(
  "plan_terms",
  {
    planId: whole("plan_id"),
    sinceMs: whole("since_ms"),
    monthlyNano: amount("monthly_nano"),
    rolloverMaxNano: amount("rollover_max_nano"),
    rolloverCapNano: integer("rollover_cap_nano").$type<Nano>(),
    rolloverPeriods: whole("rollover_periods"),
    eitherOr: flag("either_or"),
  },
  (table) => [primaryKey({ columns: [table.planId, table.sinceMs] })],
)

export const planAssignments = sqliteTable("plan_assignments", {
  userId: integer("user_id").primaryKey().$type<UserId>(),
  planId: whole("plan_id"),
  choice: text().$type<PlanChoice>(),
  pendingPlanId: integer("pending_plan_id"),
  pendingChoice: text("pending_choice").$type<PlanChoice>(),
  paid: flag("paid"),
  anchorMs: whole("anchor_ms"),
  anchorNo: whole("anchor_no"),
  periodNo: whole("period_no"),
  periodStartMs: whole("period_start_ms"),
  periodEndMs: integer("period_end_ms"),
  creditedNano: amount("credited_nano"),
  actor: text().notNull(),
  reason: text().notNull(),
  updatedMs: whole("updated_ms"),
})

export const planEvents = sqliteTable("plan_events", {
  id: integer().primaryKey(),
  userId: whole("user_id").$type<UserId>(),
  event: text().notNull().$type<PlanEventKind>(),
  planId: whole("plan_id"),
  choice: text().$type<PlanChoice>(),
  periodNo: whole("period_no"),
  atMs: whole("at_ms"),
  recordedMs: whole("recorded_ms"),
  grantedNano: amount("granted_nano").default(nano(0)),
  transactionId: text("transaction_id"),
  actor: text().notNull(),
  reason: text().notNull(),
})

export const planPaidLines = sqliteTable("plan_paid_lines", {
  id: integer().primaryKey(),
  key: text().notNull(),
  userId: whole("user_id").$type<UserId>(),
  subscription: text().notNull(),
  planId: whole("plan_id"),
  months: whole("months").$type<1 | 12>(),
  startMs: whole("start_ms"),
  endMs: whole("end_ms"),
  choice: text().$type<PlanChoice>(),
  monthlyNano: amount("monthly_nano"),
  grantedNano: amount("granted_nano"),
  recordedMs: whole("recorded_ms"),
})

export const planSubscriptions = sqliteTable("plan_subscriptions", {
  userId: integer("user_id").primaryKey().$type<UserId>(),
  subscription: text().notNull(),
  planId: whole("plan_id"),
  months: whole("months").$type<1 | 12>(),
  choice: text().$type<PlanChoice>(),
  pendingChoice: text("pending_choice").$type<PlanChoice>(),
  nextPlanId: integer("next_plan_id"),
  periodStartMs: whole("period_start_ms"),
  periodEndMs: whole("period_end_ms"),
  untilMs: whole("until_ms"),
  updatedMs: whole("updated_ms"),
})
