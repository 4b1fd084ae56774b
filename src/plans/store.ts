// All SQL of plans.
import { type Nano, nano } from "../app/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import type { Plan } from "./types.ts"

interface Row {
  id: number
  code: string
  name: string
  daily_claim_nano: number
  free_budget_counts: number
}

const asPlan = (row: Row): Plan => ({
  id: row.id,
  code: row.code,
  name: row.name,
  dailyClaimNano: nano(row.daily_claim_nano),
  freeBudgetCounts: row.free_budget_counts === 1,
})

export function planByCode(reader: Reader, code: string): Plan | null {
  const row = reader.get<Row>("SELECT * FROM plans WHERE code = ?", code)
  return row && asPlan(row)
}

export const allPlans = (reader: Reader): Plan[] => reader.all<Row>("SELECT * FROM plans ORDER BY id").map(asPlan)

export function savePlan(tx: Tx, plan: Plan): void {
  tx.run(
    "UPDATE plans SET name = ?, daily_claim_nano = ?, updated_ms = ? WHERE id = ?",
    plan.name,
    plan.dailyClaimNano,
    tx.now,
    plan.id,
  )
}

export function freeBudget(reader: Reader): Nano | null {
  const row = reader.get<{ nano: number | null }>(
    "SELECT free_budget_daily_nano AS nano FROM plan_settings WHERE id = 1",
  )
  return row?.nano == null ? null : nano(row.nano)
}

export function saveFreeBudget(tx: Tx, amount: Nano | null): void {
  tx.run("UPDATE plan_settings SET free_budget_daily_nano = ?, updated_ms = ? WHERE id = 1", amount, tx.now)
}
