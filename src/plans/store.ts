// Queries of plan rows, their terms over time, and the free budget. What a call may ask for its person is found by fixed SQL;
// everything else goes through drizzle.
import { eq } from "drizzle-orm"
import type { Nano } from "../app/index.ts"
import { findRow, type OrmReader, type Reader, type Tx } from "../store/index.ts"
import { planSettings, plans, planTerms } from "./tables.ts"
import type { Plan } from "./types.ts"

const SETTINGS_ROW = 1

export const planById = (reader: Reader, id: number): Plan | null => findRow(reader, plans, "id = ?", id)

export const planByCode = (reader: Reader, code: string): Plan | null => findRow(reader, plans, "code = ?", code)

export const allPlans = (reader: OrmReader): Plan[] =>
  reader.drizzle.select().from(plans).orderBy(plans.sortOrder, plans.id).all()

export function savePlan(tx: Tx, { id, code: _, kind: __, ...terms }: Plan): void {
  tx.drizzle
    .update(plans)
    .set({ ...terms, updatedMs: tx.now })
    .where(eq(plans.id, id))
    .run()
}

/** What a period grants. */
export type PeriodTerms = Omit<typeof planTerms.$inferSelect, "planId" | "sinceMs">

/** Keeps what a plan grants from now on. Periods that began before keep the terms of their start. */
export function saveTerms(tx: Tx, plan: Plan): void {
  const { monthlyNano, rolloverMaxNano, rolloverCapNano, rolloverPeriods, eitherOr } = plan
  const terms: PeriodTerms = { monthlyNano, rolloverMaxNano, rolloverCapNano, rolloverPeriods, eitherOr }
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
export const termsAt = (reader: Reader, planId: number, startMs: number): PeriodTerms | null =>
  findRow(reader, planTerms, "plan_id = ? AND since_ms < ? ORDER BY since_ms DESC LIMIT 1", planId, startMs)

export const freeBudget = (reader: Reader): Nano | null =>
  findRow(reader, planSettings, "id = ?", SETTINGS_ROW)?.freeBudgetDailyNano ?? null

export function saveFreeBudget(tx: Tx, amount: Nano | null): void {
  const values = { freeBudgetDailyNano: amount, updatedMs: tx.now }
  tx.drizzle.update(planSettings).set(values).where(eq(planSettings.id, SETTINGS_ROW)).run()
}
