// Queries of plan rows and their terms over time. Plans are read by fixed SQL: a call may ask for its
// person's plan. Writing is rare and goes through drizzle.
import { eq } from "drizzle-orm"
import type { Reader, Tx } from "../store/index.ts"
import { plans, planTerms } from "./tables.ts"
import type { Plan, PlanTerms } from "./types.ts"

const FLAGS = [
  ...(["freeBudgetCounts", "freeModelsOnly", "byokAllowed", "eitherOr", "overrides"] as const),
  ...(["prioritySupport", "teams", "active"] as const),
]
type Flag = (typeof FLAGS)[number]
type PlanRow = Omit<Plan, Flag> & Record<Flag, 0 | 1>

const COLUMNS = `id, code, name, kind, description, price_nano AS priceNano, daily_claim_nano AS dailyClaimNano,
  free_budget_counts AS freeBudgetCounts, monthly_nano AS monthlyNano, rollover_max_nano AS rolloverMaxNano,
  rollover_cap_nano AS rolloverCapNano, rollover_periods AS rolloverPeriods, markup_paid_bp AS markupPaidBp,
  markup_free_bp AS markupFreeBp, free_models_only AS freeModelsOnly, free_per_1k_nano AS freePer1kNano,
  byok_allowed AS byokAllowed, either_or AS eitherOr, overrides, priority_support AS prioritySupport, teams, active,
  sort_order AS sortOrder, updated_ms AS updatedMs`

function asPlan(row: PlanRow): Plan {
  const flags = Object.fromEntries(FLAGS.map((flag) => [flag, row[flag] === 1])) as Record<Flag, boolean>
  return { ...row, ...flags }
}

export function planById(reader: Reader, id: number): Plan | null {
  const row = reader.get<PlanRow>(`SELECT ${COLUMNS} FROM plans WHERE id = ?`, id)
  return row && asPlan(row)
}

export function planByCode(reader: Reader, code: string): Plan | null {
  const row = reader.get<PlanRow>(`SELECT ${COLUMNS} FROM plans WHERE code = ?`, code)
  return row && asPlan(row)
}

export const allPlans = (reader: Reader): Plan[] =>
  reader.all<PlanRow>(`SELECT ${COLUMNS} FROM plans ORDER BY sort_order, id`).map(asPlan)

export function savePlan(tx: Tx, { id, code: _, kind: __, ...terms }: Plan): void {
  tx.drizzle
    .update(plans)
    .set({ ...terms, updatedMs: tx.now })
    .where(eq(plans.id, id))
    .run()
}

/** What a period grants. */
export type PeriodTerms = Pick<
  PlanTerms,
  "monthlyNano" | "rolloverMaxNano" | "rolloverCapNano" | "rolloverPeriods" | "eitherOr"
>

/** Keeps what a plan grants from now on. Periods that began before keep the terms of their start. */
export function saveTerms(tx: Tx, plan: Plan): void {
  const { monthlyNano, rolloverMaxNano, rolloverCapNano, rolloverPeriods, eitherOr } = plan
  const terms = { monthlyNano, rolloverMaxNano, rolloverCapNano, rolloverPeriods, eitherOr }
  tx.drizzle
    .insert(planTerms)
    .values({ planId: plan.id, sinceMs: tx.now, ...terms })
    .onConflictDoUpdate({ target: [planTerms.planId, planTerms.sinceMs], set: terms })
    .run()
}

/**
 * The terms in force when a period begins. A change in that very millisecond is not among them, so that it makes no
 * difference whether the period was posted before or after it.
 */
export function termsAt(reader: Reader, planId: number, startMs: number): PeriodTerms | null {
  const row = reader.get<Omit<PeriodTerms, "eitherOr"> & { eitherOr: 0 | 1 }>(
    `SELECT monthly_nano AS monthlyNano, rollover_max_nano AS rolloverMaxNano, rollover_cap_nano AS rolloverCapNano,
            rollover_periods AS rolloverPeriods, either_or AS eitherOr
     FROM plan_terms WHERE plan_id = ? AND since_ms < ? ORDER BY since_ms DESC LIMIT 1`,
    planId,
    startMs,
  )
  return row && { ...row, eitherOr: row.eitherOr === 1 }
}
