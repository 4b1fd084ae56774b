// GET /v1/app/analytics/usage and …/revenue: figures of the app over UTC days, with those of as many days before, parted by what was
// asked for. Each figure is what `analytics` says it is; amounts are exact, `…Cents` is for the eye alone.
import {
  type Analytics,
  type Cut,
  changeBp,
  type DayFigures,
  dayNamed,
  errorRateBp,
  type Figures,
  type Filter,
  lastDays,
  meanLatencyMs,
  nameOfDay,
  perPersonNano,
  RANGES,
  type Range,
  type Report,
  SPAN_DAYS_MAX,
  type Span,
  spanBefore,
} from "../../../analytics/index.ts"
import { amountJson, type Clock, CsvNumber, creditsDecimal, csvLine, dayOf, type Nano } from "../../../app/index.ts"
import { isAiScope } from "../../../oauth/index.ts"
import { centsOf } from "../manage/schemas.ts"
import { csvAnswer } from "./csv.ts"
import { readQuery, wrong } from "./query.ts"
import { FIGURES_QUERY, type RevenueFiguresJson, type UsageFiguresJson } from "./schemas-analytics.ts"
import type { AskedOfApp } from "./who.ts"

export interface AnalyticsDeps {
  analytics: Analytics
  clock: Clock
}

interface Question {
  span: Span
  by: Exclude<Cut, "app">
  filter: Filter
}

const NAMES = Object.keys(FIGURES_QUERY) as (keyof typeof FIGURES_QUERY)[]
const CUTS = ["day", "endpoint", "model", "scope", "payer"] as const

export async function appUsage(deps: AnalyticsDeps, asked: AskedOfApp): Promise<Response> {
  const { question, found } = await answerTo(deps, asked)
  if (asked.wantsCsv) return csvAnswer(csvOf(question, found.rows, USAGE_COLUMNS), "usage.csv")
  return Response.json({ object: "app.usage", ...told(question, found, usageJson) })
}

export async function appRevenue(deps: AnalyticsDeps, asked: AskedOfApp): Promise<Response> {
  const { question, found } = await answerTo(deps, asked)
  if (asked.wantsCsv) return csvAnswer(csvOf(question, found.rows, REVENUE_COLUMNS), "revenue.csv")
  const change = changeBp(found.totals.earnedNano, found.before.earnedNano)
  return Response.json({ object: "app.revenue", ...told(question, found, revenueJson), change: ratioOf(change) })
}

async function answerTo({ analytics, clock }: AnalyticsDeps, { caller, params }: AskedOfApp) {
  const question = questionOf(params, clock.now())
  const found = await analytics.report({ ...question, clientIds: [caller.client.id] })
  return { question, found }
}

/** @throws AppError invalid_request */
function questionOf(params: URLSearchParams, nowMs: number): Question {
  const { range, from, to, by = "day", endpoint, model, scope } = readQuery(params, NAMES)
  const cut = CUTS.find((one) => one === by)
  if (cut === undefined) throw wrong("by", `must be one of ${CUTS.join(", ")}`)
  if (scope !== undefined && !isAiScope(scope)) throw wrong("scope", "must be a scope that is charged, such as `llm`")
  return { span: spanOf(range, from, to, nowMs), by: cut, filter: { endpoint, model, scope } }
}

function spanOf(range: string | undefined, from: string | undefined, to: string | undefined, nowMs: number): Span {
  if (from === undefined && to === undefined) {
    const known = RANGES.find((one) => one === (range ?? "30d"))
    if (known === undefined) throw wrong("range", `must be one of ${RANGES.join(", ")}; or send \`from\` and \`to\``)
    return lastDays(known satisfies Range, nowMs)
  }
  if (range !== undefined) throw wrong("range", "and days of your own exclude each other")
  const last = to === undefined ? dayOf(nowMs) : day("to", to)
  const first = day("from", from ?? "")
  if (first > last) throw wrong("from", "must not be after `to`")
  if (last - first + 1 > SPAN_DAYS_MAX) throw wrong("from", `must be within ${SPAN_DAYS_MAX} days of \`to\``)
  return { from: first, to: last }
}

function day(name: string, text: string): number {
  const found = dayNamed(text)
  if (found === null) throw wrong(name, "must be a UTC day such as 2026-11-26")
  return found
}

/** A part of one, as a decimal text: no float leaves. */
const ratioOf = (basisPoints: number | null): string | null => {
  if (basisPoints === null) return null
  const digits = String(Math.abs(basisPoints)).padStart(5, "0")
  return `${basisPoints < 0 ? "-" : ""}${digits.slice(0, -4)}.${digits.slice(-4)}`
}

const usageJson = (figures: Figures): UsageFiguresJson => ({
  calls: figures.calls,
  errors: figures.errors,
  refused: figures.refused,
  errorRate: ratioOf(errorRateBp(figures)),
  activeUsers: figures.activeUsers,
  inputTokens: figures.inputTokens,
  outputTokens: figures.outputTokens,
  averageLatencyMs: meanLatencyMs(figures),
})

const shareOf = (amount: Nano | null) => (amount === null ? null : amountJson(amount))

const revenueJson = (figures: Figures): RevenueFiguresJson => ({
  calls: figures.calls,
  activeUsers: figures.activeUsers,
  charged: amountJson(figures.chargeNano),
  developerShare: amountJson(figures.earnedNano),
  developerShareCents: centsOf(figures.earnedNano),
  perActiveUser: shareOf(perPersonNano(figures.earnedNano, figures.activeUsers)),
})

const daysOf = ({ from, to }: Span) => ({ from: nameOfDay(from), to: nameOfDay(to) })

const keyOf = ({ by }: Question, key: string | number): string =>
  by === "day" ? nameOfDay(key as number) : String(key)

/** New people belong to days, whatever they called. */
function told<Json extends object>(question: Question, { totals, before, rows }: Report, json: (of: Figures) => Json) {
  return {
    timeZone: "UTC",
    ...daysOf(question.span),
    by: question.by,
    totals: { ...json(totals), newUsers: totals.newUsers },
    previous: { ...daysOf(spanBefore(question.span)), ...json(before), newUsers: before.newUsers },
    data: rows.map((row) => ({ key: keyOf(question, row.key), ...json(row), newUsers: row.newUsers })),
  }
}

type Column = readonly [name: string, value: (row: DayFigures) => number | CsvNumber | null]
const exact = (amount: Nano): CsvNumber => new CsvNumber(creditsDecimal(amount))
const part = (text: string | null): CsvNumber | null => (text === null ? null : new CsvNumber(text))

const USAGE_COLUMNS: readonly Column[] = [
  ["calls", (row) => row.calls],
  ["errors", (row) => row.errors],
  ["refused", (row) => row.refused],
  ["errorRate", (row) => part(ratioOf(errorRateBp(row)))],
  ["activeUsers", (row) => row.activeUsers],
  ["newUsers", (row) => row.newUsers],
  ["inputTokens", (row) => row.inputTokens],
  ["outputTokens", (row) => row.outputTokens],
  ["averageLatencyMs", meanLatencyMs],
]
const REVENUE_COLUMNS: readonly Column[] = [
  ["calls", (row) => row.calls],
  ["activeUsers", (row) => row.activeUsers],
  ["newUsers", (row) => row.newUsers],
  ["chargedCredits", (row) => exact(row.chargeNano)],
  ["developerShareCredits", (row) => exact(row.earnedNano)],
]

const csvHead = (columns: readonly Column[]): string => csvLine(["key", ...columns.map(([name]) => name)])
export const USAGE_HEAD = csvHead(USAGE_COLUMNS)
export const REVENUE_HEAD = csvHead(REVENUE_COLUMNS)

const csvOf = (question: Question, rows: readonly DayFigures[], columns: readonly Column[]): string =>
  csvHead(columns) +
  rows.map((row) => csvLine([keyOf(question, row.key), ...columns.map(([, value]) => value(row))])).join("")
