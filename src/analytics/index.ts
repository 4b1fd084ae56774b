// The door of `analytics`: figures of people, apps and the house over UTC days, exact to the last commit.
import type { ClientId, Log } from "../app/index.ts"
import type { ReadWorker, Store } from "../store/index.ts"
import { Folding } from "./folding.ts"
import type { CallersQuery, Cut, EndpointDay, FiguresQuery, Report, ReportsQuery, Span } from "./types.ts"
import type { CallsPage, CallsQuery, Health, HealthQuery } from "./types-calls.ts"
import type { Cohort, HouseNow, HouseParts, HouseQuery, HouseReport, HouseTop } from "./types-house.ts"
import type { PersonQuery, PersonReport } from "./types-person.ts"

export {
  API_DEFINITIONS,
  DEFINITIONS,
  HEALTH_DEFINITIONS,
  HOUSE_DEFINITIONS,
  PAYER_NAMES,
  PERSON_DEFINITIONS,
} from "./definitions.ts"
export { analyticsPart } from "./part.ts"
export * from "./rules.ts"
export { callOfApp } from "./store-calls.ts"
export type { PersonUse } from "./store-used.ts"
export type * from "./types.ts"
export type * from "./types-calls.ts"
export type * from "./types-house.ts"
export type * from "./types-person.ts"

/** Rows of a report that is not by day: more names than anybody reads. */
export const ROWS_MAX = 1_000

export interface Analytics {
  /** In the read Worker: never on the thread of streams. */
  report(query: Omit<FiguresQuery, "rowsMax"> & { rowsMax?: number }): Promise<Report>
  /** The same question parted by several things, in one moment. */
  reports<By extends Cut>(query: Omit<ReportsQuery, "cuts">, cuts: readonly By[]): Promise<Record<By, Report>>
  /** How many different people called through each of these apps; one that nobody called is left out. */
  activeUsers(query: CallersQuery): Promise<ReadonlyMap<ClientId, number>>
  /** Calls of each day by endpoint, for a chart. */
  endpointDays(query: Pick<FiguresQuery, "clientIds" | "span" | "filter">): Promise<EndpointDay[]>
  /** Calls of one app, newest first. In the read Worker. */
  calls(query: CallsQuery): Promise<CallsPage>
  health(query: HealthQuery): Promise<Health>
  /** What one person used. In the read Worker. */
  person(query: PersonQuery): Promise<PersonReport>
  /** The whole house, in the read Worker as all of these. */
  house(query: HouseQuery): Promise<HouseReport>
  houseParts(query: HouseQuery): Promise<HouseParts>
  houseNow(query: Pick<HouseQuery, "nowMs">): Promise<HouseNow>
  houseTop(span: Span): Promise<HouseTop>
  cohorts(query: { nowMs: number; months: number }): Promise<Cohort[]>
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
    activeUsers: async (query) => new Map(await reads.ask<[ClientId, number][]>("analytics.active-users", query)),
    endpointDays: (query) => reads.ask<EndpointDay[]>("analytics.endpoint-days", query),
    calls: (query) => reads.ask<CallsPage>("analytics.calls", query),
    health: (query) => reads.ask<Health>("analytics.health", query),
    person: (query) => reads.ask<PersonReport>("analytics.person", query),
    house: (query) => reads.ask<HouseReport>("analytics.house", query),
    houseParts: (query) => reads.ask<HouseParts>("analytics.house-parts", query),
    houseNow: (query) => reads.ask<HouseNow>("analytics.house-now", query),
    houseTop: (span) => reads.ask<HouseTop>("analytics.house-top", span),
    cohorts: (query) => reads.ask<Cohort[]>("analytics.cohorts", query),
    flush: () => folding.flush(),
    stop: () => folding.stop(),
  }
}
