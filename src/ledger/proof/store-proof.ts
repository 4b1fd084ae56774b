// Runs one check of the books. Read-only; what the checks are stands in `store-checks.ts`.
import type { Sql } from "../types.ts"

export interface CheckSql {
  name: string
  promise: string
  /** One number `n`: how many things are looked at. */
  checked: string
  /** Rows with one TEXT column `example`, none when the promise holds. */
  broken: string
}

export interface Found {
  checked: number
  violations: number
  examples: string[]
}

const TABLES =
  "lots holds hold_lots transactions entries limit_day claims earning_days earning_takes earning_maturities payouts corrections"

/** The one check that SQLite knows by itself. */
export const REFERENCES: CheckSql = {
  name: "references",
  promise: "every row that is named exists",
  checked: "SELECT COUNT(*) AS n FROM entries",
  broken: TABLES.split(" ")
    .map(
      (table) => `SELECT "table" || ' names a missing ' || parent AS example FROM pragma_foreign_key_check('${table}')`,
    )
    .join(" UNION ALL "),
}

const EXAMPLES_MAX = 5

export function runCheck(sql: Sql, check: CheckSql): Found {
  const checked = sql.get<{ n: number }>(check.checked)?.n ?? 0
  const rows = sql.all<{ example: string; total: number }>(
    `SELECT example, COUNT(*) OVER () AS total FROM (${check.broken}) LIMIT ${EXAMPLES_MAX}`,
  )
  return { checked, violations: rows[0]?.total ?? 0, examples: rows.map((row) => row.example) }
}
