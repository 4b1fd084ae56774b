// The door of `analytics`: figures of people, apps and the house over UTC days, exact to the last commit.
import type { Log } from "../app/index.ts"
import type { ReadWorker, Store } from "../store/index.ts"
import { Folding } from "./folding.ts"
import type { Cut, FiguresQuery, Report, ReportsQuery } from "./types.ts"
import type { CallsPage, CallsQuery, Health } from "./types-calls.ts"

export { DEFINITIONS } from "./definitions.ts"
export { analyticsPart } from "./part.ts"
export * from "./rules.ts"
export type { PersonUse } from "./store.ts"
export { callOfApp } from "./store-calls.ts"
export type * from "./types.ts"
export type * from "./types-calls.ts"

/** Rows of a report that is not by day: more names than anybody reads. */
export const ROWS_MAX = 1_000

export interface Analytics {
  /** In the read Worker: never on the thread of streams. */
  report(query: Omit<FiguresQuery, "rowsMax"> & { rowsMax?: number }): Promise<Report>
  /** The same question parted by several things, in one moment. */
  reports<By extends Cut>(query: Omit<ReportsQuery, "cuts">, cuts: readonly By[]): Promise<Record<By, Report>>
  /** Calls of one app, newest first. In the read Worker. */
  calls(query: CallsQuery): Promise<CallsPage>
  health(query: Pick<CallsQuery, "clientId" | "span">): Promise<Health>
  /** Brings the sums to the last whole slice of charges, as happens by itself soon after. */
  flush(): Promise<void>
  stop(): Promise<void>
}

export interface AnalyticsDeps {
  store: Store
  reads: Pick<ReadWorker, "ask">
  log: Log
}

export function createAnalytics({ store, reads, log }: AnalyticsDeps): Analytics {
  const folding = new Folding(store, log)
  return {
    report: (query) => reads.ask<Report>("analytics.report", { rowsMax: ROWS_MAX, ...query }),
    async reports<By extends Cut>(query: Omit<ReportsQuery, "cuts">, cuts: readonly By[]) {
      const found = await reads.ask<Report[]>("analytics.reports", { ...query, cuts } satisfies ReportsQuery)
      return Object.fromEntries(cuts.map((by, at) => [by, found[at]!])) as Record<By, Report>
    },
    calls: (query) => reads.ask<CallsPage>("analytics.calls", query),
    health: (query) => reads.ask<Health>("analytics.health", query),
    flush: () => folding.flush(),
    stop: () => folding.stop(),
  }
}
