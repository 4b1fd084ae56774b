// SQL of what is remembered of each proof of the books.
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import { bookRuns } from "./tables.ts"

type Run = typeof bookRuns.$inferSelect
export type RunRow = Omit<Run, "checks">

export const insertRun = (tx: Tx, run: Omit<Run, "id">): number => insertRow(tx, bookRuns, run)

/** Keeps the newest runs, and of older ones those that failed, up to a number. */
export function forgetRuns(tx: Tx, keep: number, keepFailed: number): void {
  tx.run("DELETE FROM book_runs WHERE ok = 1 AND id NOT IN (SELECT id FROM book_runs ORDER BY id DESC LIMIT ?)", keep)
  tx.run(
    "DELETE FROM book_runs WHERE ok = 0 AND id NOT IN (SELECT id FROM book_runs WHERE ok = 0 ORDER BY id DESC LIMIT ?)",
    keepFailed,
  )
}

export const runRows = (sql: Reader, limit: number): RunRow[] =>
  sql.all<RunRow>(
    `SELECT id, started_ms AS startedMs, took_ms AS tookMs, actor, ok, transactions, head
     FROM book_runs ORDER BY id DESC LIMIT ?`,
    limit,
  )

export const checksOfRun = (sql: Reader, id: number) =>
  sql.get<{ checks: string }>("SELECT checks FROM book_runs WHERE id = ?", id)?.checks ?? "[]"
