// What is remembered of each proof of the books, so that the last one is known after a restart too. Never proves anything itself.
import type { Reader, Tx } from "../../store/index.ts"
import { checksOfRun, forgetRuns, insertRun, type RunRow, runRows } from "./store-runs.ts"
import type { Check, VerificationRun, VerifyReport } from "./types.ts"

/** A month of failed ones, by the hour; of those that held, as many as a page shows. */
const KEEP = { runs: 30, failed: 720 }

/** `startedMs`: by the clock; `tookMs`: as measured. Who asked is the context's actor. */
export function recordRunIn(tx: Tx, run: { report: VerifyReport; startedMs: number; tookMs: number }): void {
  const { ok, transactions, head, checks } = run.report
  insertRun(tx, {
    startedMs: run.startedMs,
    tookMs: Math.max(0, Math.round(run.tookMs)),
    actor: tx.ctx.actor,
    ok: ok ? 1 : 0,
    transactions,
    head,
    checks: JSON.stringify(checks),
  })
  forgetRuns(tx, KEEP.runs, KEEP.failed)
}

const runOf = ({ ok, ...row }: RunRow): VerificationRun => ({ ...row, ok: ok === 1 })

export const runsOf = (sql: Reader, limit: number): VerificationRun[] =>
  runRows(sql, Math.max(1, Math.min(KEEP.runs, Math.trunc(limit)))).map(runOf)

export const checksOf = (sql: Reader, runId: number): Check[] => JSON.parse(checksOfRun(sql, runId)) as Check[]
