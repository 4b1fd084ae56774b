// What tests of analytics stand on: calls through the ledger's own verbs, as usage makes them for its tests, and the sums made anew.
import type { Tx } from "../store/index.ts"
import { ANALYTICS_LIMITS as L } from "./limits.ts"
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

const TABLES = [
  "analytics_days",
  "analytics_hours",
  "analytics_app_days",
  "analytics_key_days",
  "analytics_people",
  "analytics_kind_people",
]

/** Everything from nothing. */
export function rebuildIn(tx: Tx): void {
  for (const table of TABLES) tx.run(`DELETE FROM ${table}`)
  tx.run("UPDATE analytics_fold SET through = 0, kinds_from_day = 0")
  foldAllIn(tx)
}

/** What the sums say, to compare. */
export const sumsOf = (tx: Pick<Tx, "all">) =>
  TABLES.map((table) => tx.all<Record<string, unknown>>(`SELECT * FROM ${table} ORDER BY 1, 2, 3, 4, 5`))
