// What the read Worker does for analytics. The Worker loads this file, so it knows no running domain.
import type { HeavyReads } from "../store/index.ts"
import { endpointDays, report, reports } from "./store.ts"
import { callsOfApp } from "./store-calls.ts"
import { healthOf } from "./store-health.ts"
import { houseNow, houseParts, houseReport } from "./store-house.ts"
import { activeUsers } from "./store-people.ts"
import { personReport } from "./store-person.ts"
import { cohorts, houseTop } from "./store-top.ts"
import { usedByPeople } from "./store-used.ts"
import type { CallersQuery, FiguresQuery, ReportsQuery, Span } from "./types.ts"
import type { CallsQuery, HealthQuery } from "./types-calls.ts"
import type { HouseQuery } from "./types-house.ts"
import type { PersonQuery } from "./types-person.ts"

export const ANALYTICS_READS: HeavyReads = {
  "analytics.report": (reader, input) => reader.snapshot(() => report(reader, input as FiguresQuery)),
  "analytics.reports": (reader, input) => {
    const { cuts, ...query } = input as ReportsQuery
    return reader.snapshot(() => reports(reader, query, cuts))
  },
  "analytics.active-users": (reader, input) => reader.snapshot(() => activeUsers(reader, input as CallersQuery)),
  "analytics.endpoint-days": (reader, input) => endpointDays(reader, input as FiguresQuery),
  "analytics.calls": (reader, input) => reader.snapshot(() => callsOfApp(reader, input as CallsQuery)),
  "analytics.health": (reader, input) => reader.snapshot(() => healthOf(reader, input as HealthQuery)),
  "analytics.person": (reader, input) => reader.snapshot(() => personReport(reader, input as PersonQuery)),
  "analytics.house": (reader, input) => reader.snapshot(() => houseReport(reader, input as HouseQuery)),
  "analytics.house-parts": (reader, input) => reader.snapshot(() => houseParts(reader, input as HouseQuery)),
  "analytics.house-now": (reader, input) => reader.snapshot(() => houseNow(reader, input as HouseQuery)),
  "analytics.house-top": (reader, input) => reader.snapshot(() => houseTop(reader, input as Span)),
  "analytics.cohorts": (reader, input) =>
    reader.snapshot(() => cohorts(reader, input as Parameters<typeof cohorts>[1])),
  "analytics.used-by-people": (reader, input) => usedByPeople(reader, input as Parameters<typeof usedByPeople>[1]),
}
