// /admin: is everything well, what the last 7, 30 or 90 days were like, and what waits for somebody.
import { AdminHomePage, type AdminHomeProps, type AdminRange, RANGE_DAYS } from "../../../views/admin/home.tsx"
import {
  errorRateBp,
  HOUSE_DEFINITIONS,
  type HouseFigures,
  lastDays,
  meanLatencyMs,
  percentText,
} from "../../analytics/index.ts"
import { DAY_MS, nano } from "../../app/index.ts"
import type { PageRequest } from "../base/index.ts"
import { revenueOf } from "./house.ts"
import { queuesOf } from "./queues.ts"
import type { AdminDeps } from "./site.ts"

export async function adminHome(deps: AdminDeps, page: PageRequest): Promise<Response> {
  const range = rangeOf(new URL(page.request.url).searchParams.get("range"))
  const nowMs = deps.clock.now()
  const [report, now] = await Promise.all([
    deps.analytics.house({ span: lastDays(range, nowMs), nowMs }),
    deps.analytics.houseNow({ nowMs }),
  ])
  const props: Omit<AdminHomeProps, "frame"> = {
    range,
    metrics: {
      users: now.users,
      newUsers: report.totals.newUsers,
      developers: now.developers,
      apps: now.apps,
      listed: deps.directory.countCut("listed"),
      activeToday: now.activeToday,
      activeMonth: now.activeMonth,
      lastDay: {
        calls: now.lastDay.calls,
        used: now.lastDay.collectedNano,
        revenue: now.lastDay.revenueNano,
      },
      owed: nano(now.pendingNano + now.payableNano),
      free: now.freeNano,
      freeBudget: deps.plans.freeBudgetNano(),
      latencyMs: meanLatencyMs(report.totals),
      errorRate: percentText(errorRateBp(report.totals)),
      now: totalsOf(report.totals),
      before: totalsOf(report.before),
    },
    sinceMs: now.firstUserMs,
    checks: deps.checks(),
    firstSteps: deps.firstRun.map(({ label, isDone, remedy, way }) => ({ label, isDone: isDone(), remedy, way })),
    queues: queuesOf(deps),
    days: report.days.map((row) => ({
      dayMs: row.day * DAY_MS,
      used: row.collectedNano,
      calls: row.calls - row.errors,
      failed: row.errors,
      refused: row.refused,
      upstream: row.upstreamNano,
      developers: row.earnedNano,
      ours: revenueOf(row),
    })),
    definitions: LABELS.map(([label, key]) => ({ label, words: HOUSE_DEFINITIONS[key] })),
  }
  return page.render((frame) => AdminHomePage({ frame, ...props }))
}

const LABELS = [
  ["Credits used", "used"],
  ["Upstream cost", "upstream"],
  ["Developers", "developers"],
  ["Revenue", "revenue"],
  ["Calls", "calls"],
  ["Failed", "errors"],
  ["Refused", "refused"],
  ["Error rate", "errorRate"],
  ["Mean time of a call", "latency"],
  ["Active today", "activeToday"],
  ["Active in 30 days", "activeMonth"],
  ["Last 24 hours", "lastDay"],
  ["Apps", "apps"],
  ["Listed apps", "listed"],
  ["Earnings owed", "owed"],
  ["Free budget", "freeBudget"],
] as const satisfies readonly (readonly [string, keyof typeof HOUSE_DEFINITIONS])[]

const totalsOf = (figures: HouseFigures): AdminHomeProps["metrics"]["now"] => ({
  calls: figures.calls,
  errors: figures.errors + figures.refused,
  used: figures.collectedNano,
  upstream: figures.upstreamNano,
  ours: revenueOf(figures),
})

const rangeOf = (text: string | null): AdminRange =>
  text && Object.hasOwn(RANGE_DAYS, text) ? (text as AdminRange) : "30d"
