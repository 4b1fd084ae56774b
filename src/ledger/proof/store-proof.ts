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
  /** False when nothing can be broken; spares `broken`, which tells what, where that costs more. */
  doubt?: (sql: Sql) => boolean
}

/** The number of rows of a table, for `checked`. */
export const count = (table: string, where = "") => `SELECT COUNT(*) AS n FROM ${table} ${where}`

export interface Found {
  checked: number
  violations: number
  examples: string[]
}

const EXAMPLES_MAX = 5

export function note(found: Found, example: string): void {
  found.violations++
  if (found.examples.length < EXAMPLES_MAX) found.examples.push(example)
}

/** Counts all that is broken, in SQL, and keeps a few examples. */
export function runCheck(sql: Sql, { checks, broken, doubt }: SharedSql): Found[] {
  const rows = doubt?.(sql) === false ? [] : brokenRows(sql, broken)
  return checks.map(({ name, checked }) => {
    const own = rows.filter((row) => row.name === name)
    return {
      checked: numberOf(sql, checked),
      violations: own[0]?.total ?? 0,
      examples: own.map((row) => row.example),
    }
  })
}

const brokenRows = (sql: Sql, broken: string) =>
  sql.all<{ name: string; example: string; total: number }>(
    `SELECT name, example, total FROM (
       SELECT name, example, COUNT(*) OVER (PARTITION BY name) AS total, ROW_NUMBER() OVER (PARTITION BY name) AS nth
       FROM (${broken})) WHERE nth <= ${EXAMPLES_MAX}`,
  )

const numberOf = (sql: Sql, text: string): number => sql.get<{ n: number }>(text)?.n ?? 0

export const shared = (check: CheckSql): SharedSql => ({
  checks: [check],
  broken: `SELECT '${check.name}' AS name, example FROM (${check.broken})`,
})

/** Whether anything stands in the books yet. */
export const hasPostings = (sql: Sql): boolean =>
  sql.get("SELECT 1 FROM transactions UNION ALL SELECT 1 FROM charges LIMIT 1") !== null
