// The door of `analytics`: figures of apps over UTC days, made of the roll-ups that are written with each settle.
import type { ReadWorker } from "../store/index.ts"
import type { FiguresQuery, Report } from "./types.ts"
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
  /** Calls of one app, newest first. In the read Worker. */
  calls(query: CallsQuery): Promise<CallsPage>
  health(query: Pick<CallsQuery, "clientId" | "span">): Promise<Health>
}

export const createAnalytics = ({ reads }: { reads: Pick<ReadWorker, "ask"> }): Analytics => ({
  report: (query) => reads.ask<Report>("analytics.report", { rowsMax: ROWS_MAX, ...query }),
  calls: (query) => reads.ask<CallsPage>("analytics.calls", query),
  health: (query) => reads.ask<Health>("analytics.health", query),
})
