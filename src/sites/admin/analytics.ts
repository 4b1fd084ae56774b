// /admin/analytics: what the whole house did over UTC days, with the days before, part by part, and as files (SPEC AD-1).
import {
  AdminAnalyticsPage,
  type AdminAnalyticsProps,
  type HousePartName,
  type HousePartRow,
  type HouseShown,
} from "../../../views/admin/analytics.tsx"
import { dateText } from "../../../views/ui/format.ts"
import {
  errorRateBp,
  HOUSE_DEFINITIONS,
  type HouseFigures,
  type HousePart,
  type HouseParts,
  meanLatencyMs,
  partBp,
  percentText,
  perPersonNano,
  spanBefore,
} from "../../analytics/index.ts"
import { DAY_MS } from "../../app/index.ts"
import { type DaysAsked, daysAsked, daysQuery, daysShown, type PageRequest } from "../base/index.ts"
import { houseCsv } from "./analytics-csv.ts"
import {
  firstTokenOf,
  type House,
  houseOf,
  type MoneyOfDay,
  marginOf,
  modelName,
  PARTS,
  payerName,
  revenueOf,
  topName,
  upstreamOf,
} from "./house.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const PATH = "/admin/analytics"
/** Rows of a table; the file has all. */
const ROWS_MAX = 50

export function analyticsRoutes(site: AdminSite, deps: AdminDeps): void {
  site.get(PATH, (page) => analyticsPage(deps, page))
  site.get(`${PATH}.csv`, async (page) => {
    const asked = askedOf(deps, page)
    return houseCsv(
      deps,
      await houseOf(deps, asked.span),
      asked.span,
      new URL(page.request.url).searchParams.get("part"),
    )
  })
}

const askedOf = ({ clock }: AdminDeps, page: PageRequest): DaysAsked =>
  daysAsked(new URL(page.request.url).searchParams, clock.now())

const shown = (figures: HouseFigures, money: MoneyOfDay): HouseShown => ({
  calls: figures.calls,
  errors: figures.errors,
  refused: figures.refused,
  errorRate: percentText(errorRateBp(figures)),
  activeUsers: figures.activeUsers,
  newUsers: figures.newUsers,
  latencyMs: meanLatencyMs(figures),
  firstTokenMs: firstTokenOf(figures),
  used: figures.collectedNano,
  upstream: figures.upstreamNano,
  developers: figures.earnedNano,
  revenue: revenueOf(figures),
  margin: marginOf(figures),
  perUser: perPersonNano(figures.collectedNano, figures.activeUsers),
  moneyIn: money.in,
  refunds: money.refunds,
})

async function analyticsPage(deps: AdminDeps, page: PageRequest): Promise<Response> {
  const asked = askedOf(deps, page)
  const [house, now] = await Promise.all([
    houseOf(deps, asked.span),
    deps.analytics.houseNow({ nowMs: deps.clock.now() }),
  ])
  const { report, parts, top, cohorts } = house
  const query = daysQuery(asked)
  const csv = (part: HousePartName) => `${PATH}.csv?${new URLSearchParams({ ...query, part })}`
  const props: Omit<AdminAnalyticsProps, "frame"> = {
    ...daysShown(asked, deps.clock.now()),
    totals: shown(report.totals, house.moneyIn(asked.span)),
    before: shown(report.before, house.moneyIn(spanBefore(asked.span))),
    churned: report.churned,
    churn: percentText(partBp(report.churned, report.before.activeUsers)),
    activeToday: now.activeToday,
    activeMonth: now.activeMonth,
    pending: now.pendingNano,
    payable: now.payableNano,
    days: daysOf(house),
    models: parts.models.slice(0, ROWS_MAX).map((row) => partShown(row, modelName(row))),
    upstreams: parts.upstreams.slice(0, ROWS_MAX).map((row) => partShown(row, ...upstreamOf(house, row))),
    payers: parts.payers.map((row) => partShown(row, payerName(row))),
    errors: codesOf(parts, 0),
    refusals: codesOf(parts, 1),
    hours: parts.hours,
    cohorts: cohorts.map(({ monthMs, ...cohort }) => ({ month: dateText(monthMs).replace(/^\d+ /, ""), ...cohort })),
    topUsers: top.users.map((row) => ({
      name: topName(deps, row),
      href: row.userId === null ? undefined : `/admin/users/${row.userId}`,
      calls: row.calls,
      used: row.collectedNano,
    })),
    topApps: top.apps.map(({ appId, name, calls, collectedNano }) => ({
      name,
      href: `/admin/apps/${appId}`,
      calls,
      used: collectedNano,
    })),
    href: `${PATH}?${new URLSearchParams(query)}`,
    csvOf: Object.fromEntries(PARTS.map((part) => [part, csv(part)])) as AdminAnalyticsProps["csvOf"],
    definitions: LABELS.map(([label, key]) => ({ label, words: HOUSE_DEFINITIONS[key] })),
  }
  return page.render(
    (frame) => AdminAnalyticsPage({ frame, ...props }),
    asked.error === undefined ? {} : { status: 422 },
  )
}

const LABELS = [
  ["Revenue", "revenue"],
  ["Margin", "margin"],
  ["Upstream cost", "upstream"],
  ["Who paid the provider", "payer"],
  ["Credits used", "used"],
  ["Developers", "developers"],
  ["Money in", "moneyIn"],
  ["Refunds", "refunds"],
  ["Earnings that mature, or can be paid out", "owed"],
  ["Active users", "activeUsers"],
  ["Active today", "activeToday"],
  ["Active in 30 days", "activeMonth"],
  ["New users", "newUsers"],
  ["Churn", "churn"],
  ["Credits per active user", "perUser"],
  ["Calls", "calls"],
  ["Failed", "errors"],
  ["Refused", "refused"],
  ["Error rate", "errorRate"],
  ["Mean time of a call", "latency"],
  ["Mean time to the first token", "firstToken"],
  ["Free credits granted", "freeBudget"],
  ["Peak hours", "peak"],
  ["Top users", "topUsers"],
  ["Top apps", "topApps"],
  ["Cohorts", "cohorts"],
] as const satisfies readonly (readonly [string, keyof typeof HOUSE_DEFINITIONS])[]

const daysOf = ({ report, moneyOn }: House): AdminAnalyticsProps["days"] =>
  report.days.map((row) => ({
    dayMs: row.day * DAY_MS,
    calls: row.calls,
    errors: row.errors,
    refused: row.refused,
    activeUsers: row.activeUsers,
    newUsers: row.newUsers,
    used: row.collectedNano,
    upstream: row.upstreamNano,
    developers: row.earnedNano,
    revenue: revenueOf(row),
    moneyIn: moneyOn(row.day).in,
    refunds: moneyOn(row.day).refunds,
    free: row.freeNano,
  }))

const partShown = (row: HousePart, name: string, href?: string): HousePartRow => ({
  name,
  href,
  calls: row.calls,
  errors: row.errors,
  latencyMs: meanLatencyMs(row),
  firstTokenMs: firstTokenOf(row),
  used: row.collectedNano,
  upstream: row.upstreamNano,
  developers: row.earnedNano,
  revenue: revenueOf(row),
  margin: marginOf(row),
})

const codesOf = ({ errors }: HouseParts, refused: 0 | 1) =>
  errors.filter((row) => row.refused === refused).map(({ code, calls }) => ({ code, calls }))
