// What pages and proof cost on a big file: the pages of a person who owns half of it, and the whole verification.
import { createIds, systemClock } from "../../src/app/index.ts"
import { createLedger, verify } from "../../src/ledger/index.ts"
import { openReadOnly, openStore } from "../../src/store/index.ts"
import { median, percentile } from "../measure.ts"
import { owner } from "./world.ts"

const PAGE = 50

/** Pages through the history of `user`, and what the dashboard asks of the ledger, `pages` times each. */
export function readsOf(path: string, user: number, pages: number, print: (line: string) => void) {
  const store = openStore(path)
  const ledger = createLedger({ store, clock: systemClock, ids: createIds(), bootId: "bench" })
  const historyMs: number[] = []
  const dashboardMs: number[] = []
  let beforeId: string | undefined
  for (let page = 0; page < pages; page++) {
    historyMs.push(
      timed(() => {
        const rows = ledger.history(owner(user), "live", { limit: PAGE, ...(beforeId ? { beforeId } : {}) })
        beforeId = rows.at(-1)?.transactionId
      }),
    )
    dashboardMs.push(
      timed(() => {
        ledger.wallet(owner(user), "live")
        ledger.claimStatus(owner(user), "live")
        ledger.history(owner(user), "live", { limit: 10 })
      }),
    )
  }
  void store.close()
  const p99 = (times: number[]) => Number(percentile(times, 99).toFixed(2))
  print(
    `history, page of ${PAGE}: p50 ${median(historyMs).toFixed(2)} ms, p99 ${p99(historyMs)} ms; ` +
      `dashboard: p50 ${median(dashboardMs).toFixed(2)} ms, p99 ${p99(dashboardMs)} ms`,
  )
  return { history_p99_ms: p99(historyMs), dashboard_p99_ms: p99(dashboardMs) }
}

/** @throws Error when the books do not verify */
export function verifyOf(path: string, print: (line: string) => void) {
  const reader = openReadOnly(path)
  const started = performance.now()
  const report = verify(reader)
  const seconds = (performance.now() - started) / 1_000
  reader.close()
  if (!report.ok)
    throw new Error(`the books do not verify: ${JSON.stringify(report.checks.filter((one) => one.violations))}`)
  const perSecond = Math.round(report.transactions / seconds)
  print(`verify: ${report.transactions} transactions in ${seconds.toFixed(1)} s, ${perSecond}/s; the books hold`)
  return { verify_per_s: perSecond, verify_transactions: report.transactions }
}

function timed(work: () => void): number {
  const started = performance.now()
  work()
  return performance.now() - started
}
