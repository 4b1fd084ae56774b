// What the read Worker does for analytics. The Worker loads this file, so it knows no running domain.
import type { HeavyReads } from "../store/index.ts"
import { report, reports, usedByPeople } from "./store.ts"
import { callsOfApp, healthOf } from "./store-calls.ts"
import type { FiguresQuery, ReportsQuery } from "./types.ts"
import type { CallsQuery } from "./types-calls.ts"

export const ANALYTICS_READS: HeavyReads = {
  "analytics.report": (reader, input) => reader.snapshot(() => report(reader, input as FiguresQuery)),
  "analytics.reports": (reader, input) => {
    const { cuts, ...query } = input as ReportsQuery
    return reader.snapshot(() => reports(reader, query, cuts))
  },
  "analytics.calls": (reader, input) => reader.snapshot(() => callsOfApp(reader, input as CallsQuery)),
  "analytics.health": (reader, input) => reader.snapshot(() => healthOf(reader, input as CallsQuery)),
  "analytics.used-by-people": (reader, input) => usedByPeople(reader, input as Parameters<typeof usedByPeople>[1]),
}
