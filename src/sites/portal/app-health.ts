// /developer/apps/:app/health: how an app is over UTC days, and each part of it as a file.
import { AppHealthPage, type AppHealthProps, type HealthPart } from "../../../views/portal/app-health.tsx"
import {
  type AppCall,
  type DayFigures,
  HEALTH_DEFINITIONS,
  type Health,
  nameOfDay,
  partBp,
  percentText,
  withinMs,
} from "../../analytics/index.ts"
import { CsvNumber, creditsDecimal, csvLine, DAY_MS, ERRORS, ensure } from "../../app/index.ts"
import { csvHeaders } from "../../http/index.ts"
import type { Client } from "../../oauth/index.ts"
import { type DaysAsked, daysAsked, daysQuery, daysShown, type PageRequest } from "../base/index.ts"
import { appOf, callRow, isTheirs } from "./app-requests.ts"
import { mine, pathOf } from "./places.ts"
import type { PortalDeps, PortalSite } from "./site.ts"

export function appHealthRoutes(site: PortalSite, deps: PortalDeps): void {
  site.get("/developer/apps/:app/health", (page, { app }) => healthPage(deps, page, mine(deps, page, app)))
  site.get("/developer/apps/:app/health/export", (page, { app }) => exported(deps, page, mine(deps, page, app)))
}

const askedOf = ({ clock }: PortalDeps, page: PageRequest): DaysAsked =>
  daysAsked(new URL(page.request.url).searchParams, clock.now())

interface Shown extends Health {
  days: readonly DayFigures[]
}

async function healthOf({ analytics }: PortalDeps, client: Client, { span }: DaysAsked): Promise<Shown> {
  const [found, { rows }] = await Promise.all([
    analytics.health({ clientId: client.id, span }),
    analytics.report({ clientIds: [client.id], span, by: "day", filter: {} }),
  ])
  return { ...found, slow: found.slow.filter(isTheirs(client)), days: rows }
}

/** What an error is, in the words that its page would have; of one that is no longer known, none. */
const wordsOf = (code: string): string => (code in ERRORS ? ERRORS[code as keyof typeof ERRORS].title : "")
const UNPAID_WORDS = "Answered, and the credits ran out before all of it was paid"

const timeText = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`)
const longest = (times: Health["times"]): number => Math.max(...times.map(({ withinMs: ms }) => ms ?? 0))

/** "2 s"; of the longest class what it is over. */
function withinText(times: Health["times"], percent: number): string | null {
  if (times.every(({ calls }) => calls === 0)) return null
  const ms = withinMs(times, percent)
  return ms === null ? `over ${timeText(longest(times))}` : timeText(ms)
}

const labelOf = (times: Health["times"], withinMs: number | null): string =>
  withinMs === null ? `Longer than ${timeText(longest(times))}` : `Up to ${timeText(withinMs)}`

const LABELS = [
  ["Answered", "answered"],
  ["Failed", "failed"],
  ["Refused", "refused"],
  ["Errors by kind", "errors"],
  ["Charges that failed", "unpaid"],
  ["Not charged", "missing"],
  ["How long calls took", "times"],
  ["Half, 95 and 99 of 100 within", "within"],
  ["Slowest calls", "slow"],
  ["Users", "people"],
] as const satisfies readonly (readonly [string, keyof typeof HEALTH_DEFINITIONS])[]

const PARTS: readonly HealthPart[] = ["days", "errors", "unpaid", "times", "slow"]

async function healthPage(deps: PortalDeps, page: PageRequest, client: Client): Promise<Response> {
  const asked = askedOf(deps, page)
  const { errors, unpaid, times, slow, days } = await healthOf(deps, client, asked)
  const all = times.reduce((sum, { calls }) => sum + calls, 0)
  const path = `${pathOf(client)}/health`
  const query = daysQuery(asked)
  const csv = (part: HealthPart) => `${path}/export?${new URLSearchParams({ ...query, part })}`
  const props: Omit<AppHealthProps, "frame"> = {
    now: deps.clock.now(),
    app: appOf(client),
    ...daysShown(asked, deps.clock.now()),
    errors: errors.map(({ refused, ...row }) => ({ ...row, isRefused: refused === 1, words: wordsOf(row.code) })),
    unpaid: unpaid.map(({ refused, missingNano, ...row }) => ({
      ...row,
      isRefused: refused === 1,
      missing: missingNano,
      words: row.code === "" ? UNPAID_WORDS : wordsOf(row.code),
    })),
    times: times.map((row) => ({
      label: labelOf(times, row.withinMs),
      calls: row.calls,
      part: percentText(partBp(row.calls, all)),
    })),
    within: { half: withinText(times, 50), most: withinText(times, 95), nearlyAll: withinText(times, 99) },
    slow: slow.map(callRow),
    days: days.map(({ key, calls, errors: failed, refused }) => ({
      dayMs: Number(key) * DAY_MS,
      answered: calls - failed,
      failed,
      refused,
    })),
    href: `${path}?${new URLSearchParams(query)}`,
    csvOf: Object.fromEntries(PARTS.map((part) => [part, csv(part)])) as AppHealthProps["csvOf"],
    definitions: LABELS.map(([label, key]) => ({ label, words: HEALTH_DEFINITIONS[key] })),
  }
  return page.render((frame) => AppHealthPage({ frame, ...props }), asked.error === undefined ? {} : { status: 422 })
}

const callCells = (call: AppCall) => [
  call.requestId,
  new Date(call.atMs).toISOString(),
  call.userId,
  call.endpoint,
  call.model,
  call.latencyMs,
  call.inputTokens,
  call.outputTokens,
  new CsvNumber(creditsDecimal(call.chargeNano)),
]

const TABLES: Readonly<Record<HealthPart, (health: Shown) => Parameters<typeof csvLine>[0][]>> = {
  days: ({ days }) => [
    ["day", "calls", "failed", "refused"],
    ...days.map(({ key, calls, errors, refused }) => [nameOfDay(Number(key)), calls, errors, refused]),
  ],
  errors: ({ errors }) => [
    ["code", "refused", "calls", "users"],
    ...errors.map(({ code, refused, calls, people }) => [code, refused === 1 ? "yes" : "no", calls, people]),
  ],
  unpaid: ({ unpaid }) => [
    ["code", "refused", "calls", "users", "not_charged_credits"],
    ...unpaid.map(({ code, refused, calls, people, missingNano }) => [
      code,
      refused === 1 ? "yes" : "no",
      calls,
      people,
      new CsvNumber(creditsDecimal(missingNano)),
    ]),
  ],
  times: ({ times }) => [["within_ms", "calls"], ...times.map(({ withinMs: ms, calls }) => [ms, calls])],
  slow: ({ slow }) => [
    ["request", "at", "user", "endpoint", "model", "ms", "input_tokens", "output_tokens", "charged_credits"],
    ...slow.map(callCells),
  ],
}

/** Whatever was wrong with the days asked for: then of the usual ones. */
async function exported(deps: PortalDeps, page: PageRequest, client: Client): Promise<Response> {
  const given = new URL(page.request.url).searchParams.get("part") ?? "errors"
  const part = PARTS.find((one) => one === given)
  ensure(part, "not_found", `There is no such part. There are: ${PARTS.join(", ")}.`)
  const lines = TABLES[part](await healthOf(deps, client, askedOf(deps, page))).map((cells) => csvLine(cells))
  return new Response(lines.join(""), { headers: csvHeaders(`health-${part}.csv`) })
}
