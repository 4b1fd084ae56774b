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
  PAYER_NAMES,
  type Payer,
  percentText,
  perPersonNano,
  type Report,
} from "../../analytics/index.ts"
import { CsvNumber, creditsDecimal, csvLine, DAY_MS, ensure, nano } from "../../app/index.ts"
import { csvHeaders } from "../../http/index.ts"
import type { Client } from "../../oauth/index.ts"
import { KIND_LABELS } from "../auth/index.ts"
import { type DaysAsked, daysAsked, daysQuery, daysShown, type PageRequest } from "../base/index.ts"
import { appUsersOf } from "./app-users.ts"
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
  const all = oauth.clientsOf(page.holder.id)
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
    ...(Object.hasOwn(KIND_LABELS, scope) ? { scope } : {}),
    ...(model === "" ? {} : { model }),
  }
}

const ROWS_MAX = 50
/** Models that apps of one developer were asked for, by far. */
const FILE_ROWS_MAX = 10_000
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
  const [found, endpointDays, users] = await Promise.all([
    deps.analytics.reports(queryOfReport(asked), ["day", "endpoint", "model", "scope", "payer", "app"]),
    deps.analytics.endpointDays(queryOfReport(asked)),
    appUsersOf(deps, clients),
  ])
  const { day: days, endpoint: endpoints, model: models, scope: kinds, payer: payers, app: byApp } = found
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
    users,
    days: days.rows.map((row) => ({
      dayMs: Number(row.key) * DAY_MS,
      calls: row.calls,
      newUsers: row.newUsers ?? 0,
      activeUsers: row.activeUsers,
      earned: row.earnedNano,
    })),
    endpoints: endpoints.rows.map(named({})),
    models: models.rows.map(named({})),
    kinds: kinds.rows.map(named(KIND_LABELS)),
    payers: payers.rows.map(named(PAYER_NAMES)),
    endpointCalls: byEndpoint(asked, endpointDays),
    byApp: byApp.rows.map(named(names)),
    href: `${PATH}?${queryOf(asked)}`,
    csvOf: Object.fromEntries(
      PARTS.map((by) => [by, `${PATH}/export?${new URLSearchParams([...queryOf(asked), ["by", by]])}`]),
    ) as AnalyticsProps["csvOf"],
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
  ["Who paid the provider", "payer"],
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
    kinds: names("scope").map((scope) => ({ value: scope, label: KIND_LABELS[scope] ?? scope })),
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

const PARTS = ["day", "app", "endpoint", "endpoint-day", "model", "scope", "payer"] as const
const HEAD = ["calls", "failed", "refused", "active_users"]
const TAIL = ["mean_ms", "charged_credits", "earned_credits"]

/** What the page shows in so many rows, all of it and exact. Whatever was wrong with the days asked for: then of the usual ones. */
async function exported(deps: PortalDeps, page: PageRequest): Promise<Response> {
  const asked = askedOf(deps, page)
  const given = new URL(page.request.url).searchParams.get("by") ?? "day"
  const by = PARTS.find((one) => one === given)
  ensure(by, "not_found", `There is no such part. There are: ${PARTS.join(", ")}.`)
  const lines = by === "endpoint-day" ? await endpointDayLines(deps, asked) : await partLines(deps, asked, by)
  return new Response(lines.join(""), { headers: csvHeaders(`analytics-${by}.csv`) })
}

async function partLines(deps: PortalDeps, asked: Asked, by: Exclude<(typeof PARTS)[number], "endpoint-day">) {
  const query = { ...queryOfReport(asked), rowsMax: FILE_ROWS_MAX }
  const { rows } = await deps.analytics.report({ ...query, by })
  const isDay = by === "day"
  const names = Object.fromEntries(asked.all.map(({ publicId, name }) => [publicId, name]))
  const named = (key: string | number): string =>
    isDay
      ? nameOfDay(Number(key))
      : by === "app"
        ? (names[key] ?? String(key))
        : by === "payer"
          ? PAYER_NAMES[key as Payer]
          : String(key)
  return [
    csvLine([by, ...HEAD, ...(isDay ? ["new_users"] : []), ...TAIL]),
    ...rows.map((row) =>
      csvLine([
        named(row.key),
        row.calls,
        row.errors,
        row.refused,
        row.activeUsers,
        ...(isDay ? [row.newUsers] : []),
        meanLatencyMs(row),
        new CsvNumber(creditsDecimal(row.chargeNano)),
        new CsvNumber(creditsDecimal(row.earnedNano)),
      ]),
    ),
  ]
}

async function endpointDayLines(deps: PortalDeps, asked: Asked): Promise<string[]> {
  const rows = await deps.analytics.endpointDays(queryOfReport(asked))
  const cells = rows.map(({ day, endpoint, calls }) => csvLine([nameOfDay(day), endpoint, calls]))
  return [csvLine(["day", "endpoint", "calls"]), ...cells]
}
