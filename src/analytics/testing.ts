// What tests of analytics stand on: calls through the ledger's own verbs, as usage makes them for its tests, and the sums made anew.
import type { Tx } from "../store/index.ts"
import { ANALYTICS_LIMITS as L } from "./limits.ts"
import { Spending } from "./spend.ts"
import { foldedThrough, foldIn, nextSlice } from "./store-fold.ts"

export * from "../usage/testing.ts"

/** Adds whole slices, as the house does. @param rows of a slice */
export function foldAllIn(tx: Tx, rows: number = L.foldRows): void {
  for (;;) {
    const after = foldedThrough(tx)
    const to = nextSlice(tx, after, rows)
    if (to === null) return
    foldIn(tx, after, to)
  }
}

/** Rows that say what was summed, whatever slices it came in. */
const TABLES = [
  "analytics_days",
  "analytics_hours",
  "analytics_app_days",
  "analytics_key_days",
  "analytics_people",
  "analytics_kind_people",
  "analytics_app_calls",
  "analytics_app_health",
  "analytics_health_people",
  "analytics_app_slowest",
]

/** Everything from nothing. */
export function rebuildIn(tx: Tx, rows: number = L.foldRows): void {
  for (const table of TABLES) tx.run(`DELETE FROM ${table}`)
  tx.run("DELETE FROM analytics_spend")
  tx.run("UPDATE analytics_fold SET through = 0, kinds_from_day = 0, packed_after = 0")
  foldAllIn(tx, rows)
}

/** What the sums say, to compare. */
export const sumsOf = (tx: Pick<Tx, "all">) => [
  ...TABLES.map((table) => tx.all<Record<string, unknown>>(`SELECT * FROM ${table} ORDER BY 1, 2, 3, 4`)),
  spendOf(tx),
]

/** Each wallet and day, whatever runs it came in. */
export function spendOf(tx: Pick<Tx, "all">) {
  const byDay = new Map<number, Spending>()
  for (const { day, ...run } of tx.all<{ day: number; bytes: Uint8Array; wide: Uint8Array }>(
    "SELECT day, bytes, wide FROM analytics_spend ORDER BY day, id",
  )) {
    const known = byDay.get(day) ?? new Spending()
    byDay.set(day, known)
    known.addRun(run)
  }
  return [...byDay].flatMap(([day, spending]) => spending.all().map((spent) => ({ day, ...spent })))
}

/** As a house has it that was updated a moment ago: its sums are there, and nothing is packed. */
export function forgetPacksIn(tx: Tx): void {
  for (const table of ["spend", "app_calls", "app_health", "health_people", "app_slowest"])
    tx.run(`DELETE FROM analytics_${table}`)
  tx.run("UPDATE analytics_fold SET packed_after = through")
}
