// /developer/analytics: figures of a developer's apps, all of one mode or one of them, over UTC days, with the time before; as a file too.
import {
  AnalyticsPage,
  type AnalyticsProps,
  type FiguresShown,
  type PartRow,
} from "../../../views/portal/analytics.tsx"
import type { Mode } from "../../../views/portal/mode-switch.tsx"
import {
  type DayFigures,
  DEFINITIONS,
  type EndpointDay,
  errorRateBp,
  type Figures,
  meanLatencyMs,
  nameOfDay,
  percentText,
  perPersonNano,
  type Report,
} from "../../analytics/index.ts"
import { CsvNumber, creditsDecimal, csvLine, DAY_MS, ensure, nano } from "../../app/index.ts"
import { countAppUsers } from "../../developers/index.ts"
import { csvHeaders } from "../../http/index.ts"
import type { Client } from "../../oauth/index.ts"
import { SCOPE_LABELS } from "../auth/index.ts"
import { type DaysAsked, daysAsked, daysQuery, daysShown, type PageRequest } from "../base/index.ts"
import { modeOf, modeQuery } from "./mode.ts"
import type { PortalDeps, PortalSite } from "./site.ts"

const PATH = "/developer/analytics"

export function analyticsRoutes(site: PortalSite, deps: PortalDeps): void {
  site.get(PATH, (page) => analyticsPage(deps, page))
  site.get(`${PATH}/export`, (page) => exported(deps, page))
}

interface Asked extends DaysAsked {
  all: readonly Client[]
  /** Whose figures are shown. */
  clients: readonly Client[]
  mode: Mode
  app: string
  filter: { endpoint?: string; scope?: string; model?: string }
}

function askedOf({ oauth, clock }: PortalDeps, page: PageRequest): Asked {
  const { searchParams } = new URL(page.request.url)
  const all = oauth.clientsOf(page.session.userId)
  const app = searchParams.get("app") ?? ""
  const one = all.find(({ publicId }) => publicId === app)
  ensure(one || app === "", "not_found", "You have no such app. Your apps are listed under Developer.")
  const mode = one?.mode ?? modeOf(searchParams)
  const clients = one ? [one] : all.filter((client) => client.mode === mode)
  return { all, clients, mode, app, filter: filterOf(searchParams), ...daysAsked(searchParams, clock.now()) }
}

/** No name of an endpoint or a model is longer. */
const NAME_CHARS = 200

/** What was never called so has no figures; a kind that there is none of is none. */
function filterOf(params: URLSearchParams): Asked["filter"] {
  const given = (name: string) => (params.get(name) ?? "").slice(0, NAME_CHARS)
  const [endpoint, scope, model] = [given("endpoint"), given("scope"), given("model")]
  return {
    ...(endpoint === "" ? {} : { endpoint }),
    ...(Object.hasOwn(SCOPE_LABELS, scope) ? { scope } : {}),
    ...(model === "" ? {} : { model }),
  }
}

const ROWS_MAX = 50
/** More cannot be told apart in one chart. */
const SERIES_MAX = 8

const queryOfReport = ({ clients, span, filter }: Asked) => ({
  clientIds: clients.map(({ id }) => id),
  span,
  filter,
  rowsMax: ROWS_MAX,
})

async function analyticsPage(deps: PortalDeps, page: PageRequest): Promise<Response> {
  const asked = askedOf(deps, page)
  const { all, clients, mode, app, filter, error } = asked
  const [found, endpointDays] = await Promise.all([
    deps.analytics.reports(queryOfReport(asked), ["day", "endpoint", "model", "scope", "app"]),
    deps.analytics.endpointDays(queryOfReport(asked)),
  ])
  const { day: days, endpoint: endpoints, model: models, scope: kinds, app: byApp } = found
  const named = (names: Readonly<Record<string, string>>) => (row: DayFigures) => partOf(row, names)
  const names = Object.fromEntries(all.map(({ publicId, name }) => [publicId, name]))
  const props: Omit<AnalyticsProps, "frame"> = {
    apps: all.filter((one) => one.mode === mode).map(({ publicId, name }) => ({ id: publicId, name })),
    mode,
    app,
    filter: { endpoint: filter.endpoint ?? "", scope: filter.scope ?? "", model: filter.model ?? "" },
    choices: choicesOf(found, filter),
    earned: earnedOf(deps, page, mode),
    ...daysShown(asked, deps.clock.now()),
    totals: shown(days.totals),
    before: shown(days.before),
    users: clients.reduce((sum, { id }) => sum + countAppUsers(deps.store.read, id), 0),
    days: days.rows.map((row) => ({
      dayMs: Number(row.key) * DAY_MS,
      calls: row.calls,
      newUsers: row.newUsers ?? 0,
      activeUsers: row.activeUsers,
      earned: row.earnedNano,
    })),
    endpoints: endpoints.rows.map(named({})),
    models: models.rows.map(named({})),
    kinds: kinds.rows.map(named(SCOPE_LABELS)),
    endpointCalls: byEndpoint(asked, endpointDays),
    byApp: byApp.rows.map(named(names)),
    href: `${PATH}?${queryOf(asked)}`,
    csvHref: `${PATH}/export?${queryOf(asked)}`,
    definitions: LABELS.map(([label, key]) => ({ label, words: DEFINITIONS[key] })),
  }
  return page.render((frame) => AnalyticsPage({ frame, ...props }), error === undefined ? {} : { status: 422 })
}

const LABELS = [
  ["Earned", "revenue"],
  ["Earned per active user", "perUser"],
  ["Active users", "activeUsers"],
  ["New users", "newUsers"],
  ["Users", "users"],
  ["Calls", "calls"],
  ["Failed", "errors"],
  ["Refused", "refused"],
  ["Error rate", "errorRate"],
  ["Mean time of a call", "latency"],
] as const satisfies readonly (readonly [string, keyof typeof DEFINITIONS])[]

const queryOf = (asked: Asked) =>
  new URLSearchParams({
    ...(asked.app === "" ? modeQuery(asked.mode) : { app: asked.app }),
    ...daysQuery(asked),
    ...asked.filter,
  })

/** What can be chosen: what there was in these days, and what is chosen. */
function choicesOf(found: Record<"endpoint" | "model" | "scope", Report>, filter: Asked["filter"]) {
  const names = (by: "endpoint" | "model" | "scope") =>
    [...new Set([...found[by].rows.map(({ key }) => String(key)), filter[by] ?? ""])]
      .filter((name) => name !== "")
      .sort()
  return {
    endpoints: names("endpoint"),
    models: names("model"),
    kinds: names("scope").map((scope) => ({ value: scope, label: SCOPE_LABELS[scope] ?? scope })),
  }
}

/** Of all apps and APIs, whatever is chosen. */
function earnedOf({ ledger, developers }: PortalDeps, page: PageRequest, mode: Mode): AnalyticsProps["earned"] {
  const { pendingNano, payableNano, requestedNano, paidNano } = ledger.earningsOf(
    page.owner,
    mode,
    developers.earningTerms(),
  )
  return {
    allTime: nano(pendingNano + payableNano + requestedNano + paidNano),
    pending: pendingNano,
    available: payableNano,
  }
}

/** Each endpoint's calls on all days shown. */
function byEndpoint({ span }: Asked, rows: readonly EndpointDay[]): AnalyticsProps["endpointCalls"] {
  const calls = new Map<string, number[]>()
  for (const row of rows) {
    const days = calls.get(row.endpoint) ?? Array.from({ length: span.to - span.from + 1 }, () => 0)
    calls.set(row.endpoint, days)
    days[row.day - span.from] = row.calls
  }
  const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0)
  return [...calls]
    .sort(([, a], [, b]) => sum(b) - sum(a))
    .slice(0, SERIES_MAX)
    .map(([name, values]) => ({ name: name || "Not known any more", values }))
}

const shown = (figures: Figures & { newUsers: number }): FiguresShown => ({
  calls: figures.calls,
  errors: figures.errors,
  refused: figures.refused,
  errorRate: percentText(errorRateBp(figures)),
  activeUsers: figures.activeUsers,
  newUsers: figures.newUsers,
  latencyMs: meanLatencyMs(figures),
  earned: figures.earnedNano,
  perUser: perPersonNano(figures.earnedNano, figures.activeUsers),
})

/** A call whose kind was forgotten by age has no name. */
const partOf = (row: DayFigures, names: Readonly<Record<string, string>>): PartRow => ({
  name: names[row.key] ?? (String(row.key) || "Not known any more"),
  calls: row.calls,
  errors: row.errors + row.refused,
  activeUsers: row.activeUsers,
  latencyMs: meanLatencyMs(row),
  earned: row.earnedNano,
})

const HEAD = [
  "day",
  "calls",
  "failed",
  "refused",
  "active_users",
  "new_users",
  "mean_ms",
  "charged_credits",
  "earned_credits",
]

/** Days, whatever was wrong with those that were asked for: then of the usual ones. */
async function exported(deps: PortalDeps, page: PageRequest): Promise<Response> {
  const { rows } = await deps.analytics.report({ ...queryOfReport(askedOf(deps, page)), by: "day" })
  const lines = rows.map((row) =>
    csvLine([
      nameOfDay(Number(row.key)),
      row.calls,
      row.errors,
      row.refused,
      row.activeUsers,
      row.newUsers,
      meanLatencyMs(row),
      new CsvNumber(creditsDecimal(row.chargeNano)),
      new CsvNumber(creditsDecimal(row.earnedNano)),
    ]),
  )
  return new Response(csvLine(HEAD) + lines.join(""), { headers: csvHeaders("analytics.csv") })
}
