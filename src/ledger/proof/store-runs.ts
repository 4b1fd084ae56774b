// SQL of what is remembered of each proof of the books.
import type { Reader, Tx } from "../../store/index.ts"

export interface RunRow {
  id: number
  startedMs: number
  tookMs: number
  actor: string
  ok: number
  transactions: number
  head: string | null
}

export interface NewRun extends Omit<RunRow, "id" | "ok"> {
  ok: boolean
  /** JSON. */
  checks: string
}

export const insertRun = (tx: Tx, run: NewRun): number =>
  tx.run(
    "INSERT INTO book_runs (started_ms, took_ms, actor, ok, transactions, head, checks) VALUES (?, ?, ?, ?, ?, ?, ?)",
    ...[run.startedMs, run.tookMs, run.actor, run.ok ? 1 : 0, run.transactions, run.head, run.checks],
  ).lastInsertRowid

/** Keeps the newest runs, and of older ones those that failed, up to a number. */
export function forgetRuns(tx: Tx, keep: number, keepFailed: number): void {
  tx.run("DELETE FROM book_runs WHERE ok = 1 AND id NOT IN (SELECT id FROM book_runs ORDER BY id DESC LIMIT ?)", keep)
  tx.run(
    "DELETE FROM book_runs WHERE ok = 0 AND id NOT IN (SELECT id FROM book_runs WHERE ok = 0 ORDER BY id DESC LIMIT ?)",
    keepFailed,
  )
}

const RUN = "SELECT id, started_ms AS startedMs, took_ms AS tookMs, actor, ok, transactions, head FROM book_runs"

export const runRows = (sql: Reader, limit: number): RunRow[] =>
  sql.all<RunRow>(`${RUN} ORDER BY id DESC LIMIT ?`, limit)

export const checksOfRun = (sql: Reader, id: number) =>
  sql.get<{ checks: string }>("SELECT checks FROM book_runs WHERE id = ?", id)?.checks ?? "[]"
