// Queries of plan rows and their terms over time. What a call may ask for its person is found by fixed SQL; everything else
// goes through drizzle.
import { eq } from "drizzle-orm"
import { findRow, type OrmReader, type Reader, type Tx } from "../store/index.ts"
import { plans, planTerms } from "./tables.ts"
import type { Plan } from "./types.ts"

export const planById = (reader: Reader, id: number): Plan | null => findRow(reader, plans, "id = ?", id)

export const planByCode = (reader: Reader, code: string): Plan | null => findRow(reader, plans, "code = ?", code)

export const allPlans = (reader: OrmReader): Plan[] =>
  reader.drizzle.select().from(plans).orderBy(plans.sortOrder, plans.id).all()

let changes = 0
/** How often a plan or an assignment was changed since the start, in any store of this process. */
export const planChanges = (): number => changes
/** After the commit nothing that was read before counts any more. */
export const changedIn = (tx: Tx): void => tx.afterCommit(() => void changes++)

export function savePlan(tx: Tx, { id, code: _, kind: __, ...terms }: Plan): void {
  tx.drizzle
    .update(plans)
    .set({ ...terms, updatedMs: tx.now })
    .where(eq(plans.id, id))
    .run()
  changedIn(tx)
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
