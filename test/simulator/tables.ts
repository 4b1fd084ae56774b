// Every row of every table, to see that a refused act changed none.
import type { Database } from "bun:sqlite"
import { Difference } from "./difference.ts"

/** Every row of every table but the audit log and the clock's own row. */
export function everything(db: Database): Map<string, string> {
  const tables = db
    .query<{ name: string }, []>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .all()
  const rows = new Map<string, string>()
  for (const { name } of tables) {
    if (name === "audit_log" || name === "last_commit") continue
    rows.set(name, JSON.stringify(db.query(`SELECT * FROM "${name}"`).values()))
  }
  return rows
}

/** A refused act left every table as it was. */
export function sameTables(before: Map<string, string>, after: Map<string, string>): void {
  for (const [table, rows] of after)
    if (before.get(table) !== rows) throw new Difference(`a refused act changed the table ${table}`)
}
