// Every row of every table, to see that a refused act changed none.
import type { Database } from "bun:sqlite"
import { Difference } from "./difference.ts"

/** The audit log may name what was refused; the clock's row moves with every mutation. */
const MAY_CHANGE = ["audit_log", "last_commit"]
/** Triggers let nobody change (what counts of) or delete a row of these, so their number and the newest say all. */
export const APPEND_ONLY: Record<string, string> = {
  transactions: "id",
  entries: "transaction_id",
  charges: "id",
  charge_lots: "charge_id",
  claims: "transaction_id",
  corrections: "at_ms",
  clawed_calls: "charge_id",
  claw_repays: "transaction_id",
  earning_takes: "id",
  earning_maturities: "transaction_id",
  sales: "transaction_id",
  plan_events: "id",
}

export function everything(db: Database): Map<string, string> {
  const tables = db
    .query<{ name: string }, []>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .all()
  const rows = new Map<string, string>()
  for (const { name } of tables) {
    if (MAY_CHANGE.includes(name)) continue
    const newest = APPEND_ONLY[name]
    const sql = newest ? `SELECT COUNT(*), MAX(${newest}) FROM ${name}` : `SELECT * FROM "${name}"`
    rows.set(name, JSON.stringify(db.query(sql).values()))
  }
  return rows
}

/** A refused act left every table as it was. */
export function sameTables(before: Map<string, string>, after: Map<string, string>): void {
  for (const [table, rows] of after)
    if (before.get(table) !== rows) throw new Difference(`a refused act changed the table ${table}`)
}
