// All queries of plans. Cold: read once per claim, changed by an admin now and then.
import { asc, eq } from "drizzle-orm"
import { type Nano, nano } from "../app/index.ts"
import type { OrmReader, Tx } from "../store/index.ts"
import { planSettings, plans } from "./tables.ts"
import type { Plan } from "./types.ts"

const SETTINGS_ROW = 1

const asPlan = ({ updatedMs: _, ...row }: typeof plans.$inferSelect): Plan => ({
  ...row,
  dailyClaimNano: nano(row.dailyClaimNano),
})

export function planByCode(reader: OrmReader, code: string): Plan | null {
  const row = reader.drizzle.select().from(plans).where(eq(plans.code, code)).get()
  return row ? asPlan(row) : null
}

export const allPlans = (reader: OrmReader): Plan[] =>
  reader.drizzle.select().from(plans).orderBy(asc(plans.id)).all().map(asPlan)

export function savePlan(tx: Tx, { id, name, dailyClaimNano }: Plan): void {
  tx.drizzle.update(plans).set({ name, dailyClaimNano, updatedMs: tx.now }).where(eq(plans.id, id)).run()
}

export function freeBudget(reader: OrmReader): Nano | null {
  const row = reader.drizzle.select().from(planSettings).where(eq(planSettings.id, SETTINGS_ROW)).get()
  return row?.freeBudgetDailyNano == null ? null : nano(row.freeBudgetDailyNano)
}

export function saveFreeBudget(tx: Tx, amount: Nano | null): void {
  const values = { freeBudgetDailyNano: amount, updatedMs: tx.now }
  tx.drizzle.update(planSettings).set(values).where(eq(planSettings.id, SETTINGS_ROW)).run()
}
