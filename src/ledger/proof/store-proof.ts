// Runs one check of the books. Read-only; what the checks are stands in `store-checks*.ts`.
import type { Sql } from "../books/types.ts"

export interface CheckSql {
  name: string
  promise: string
  /** One number `n`: how many things are looked at. */
  checked: string
  /** Rows with one TEXT column `example`, none when the promise holds. */
  broken: string
}

/** Several promises that are seen in one pass: each row of `broken` has the `name` of its check and an `example`. */
export interface SharedSql {
  checks: readonly Omit<CheckSql, "broken">[]
  broken: string
}

/** The number of rows of a table, for `checked`. */
export const count = (table: string, where = "") => `SELECT COUNT(*) AS n FROM ${table} ${where}`

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

/** Counts all that is broken, in SQL, and keeps a few examples. */
export function runCheck(sql: Sql, { checks, broken }: SharedSql): Found[] {
  const rows = sql.all<{ name: string; example: string; total: number }>(
    `SELECT name, example, total FROM (
       SELECT name, example, COUNT(*) OVER (PARTITION BY name) AS total, ROW_NUMBER() OVER (PARTITION BY name) AS nth
       FROM (${broken})) WHERE nth <= ${EXAMPLES_MAX}`,
  )
  return checks.map(({ name, checked }) => {
    const own = rows.filter((row) => row.name === name)
    return {
      checked: sql.get<{ n: number }>(checked)?.n ?? 0,
      violations: own[0]?.total ?? 0,
      examples: own.map((row) => row.example),
    }
  })
}

export const shared = (check: CheckSql): SharedSql => ({
  checks: [check],
  broken: `SELECT '${check.name}' AS name, example FROM (${check.broken})`,
})
