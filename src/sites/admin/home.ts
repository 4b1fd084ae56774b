// /admin: is everything well, what the last 7, 30 or 90 days were like, and what waits for somebody.
import { AdminHomePage, type AdminHomeProps, type AdminRange, RANGE_DAYS } from "../../../views/admin/home.tsx"
import { DAY_MS, dayOf, type Nano, nano } from "../../app/index.ts"
import type { PageRequest } from "../base/index.ts"
import { queuesOf } from "./queues.ts"
import type { AdminDeps } from "./site.ts"
import type { Overview, PlatformDay } from "./store.ts"

const NOTHING: Omit<PlatformDay, "day"> = {
  calls: 0,
  errors: 0,
  refused: 0,
  users: 0,
  upstream_nano: 0,
  developer_nano: 0,
  collected_nano: 0,
}

export async function adminHome(deps: AdminDeps, page: PageRequest): Promise<Response> {
  const range = rangeOf(new URL(page.request.url).searchParams.get("range"))
  const length = RANGE_DAYS[range]
  const today = dayOf(deps.clock.now())
  const first = today - length + 1
  // Twice the range, so that each figure can be compared with the days before.
  const found = await deps.reads.ask<Overview>("admin.overview", {
    sinceDay: first - length,
    newSinceMs: first * DAY_MS,
  })
  const byDay = new Map(found.days.map((row) => [row.day, row]))
  const days = Array.from({ length }, (_, at) => byDay.get(first + at) ?? { day: first + at, ...NOTHING })
  const before = found.days.filter((row) => row.day < first)
  const metrics: AdminHomeProps["metrics"] = {
    users: found.users,
    newUsers: found.newUsers,
    apps: found.apps,
    activeToday: byDay.get(today)?.users ?? 0,
    now: totalsOf(days),
    before: totalsOf(before),
  }
  const props = {
    range,
    metrics,
    sinceMs: found.firstUserMs,
    checks: deps.checks(),
    firstSteps: deps.firstRun.map(({ label, isDone, remedy, way }) => ({ label, isDone: isDone(), remedy, way })),
    queues: queuesOf(deps),
    days: days.map((row) => ({
      dayMs: row.day * DAY_MS,
      used: nano(row.collected_nano),
      calls: row.calls - row.errors - row.refused,
      errors: row.errors + row.refused,
      upstream: nano(row.upstream_nano),
      developers: nano(row.developer_nano),
      ours: oursOf(row),
    })),
  }
  return page.render((frame) => AdminHomePage({ frame, ...props }))
}

/** What stays here of a day's credits; below zero when upstreams cost more than was collected. */
const oursOf = (row: Omit<PlatformDay, "day">): Nano =>
  nano(row.collected_nano - row.upstream_nano - row.developer_nano)

function totalsOf(rows: readonly Omit<PlatformDay, "day">[]): AdminHomeProps["metrics"]["now"] {
  const sum = (of: (row: Omit<PlatformDay, "day">) => number) => rows.reduce((total, row) => total + of(row), 0)
  return {
    calls: sum((row) => row.calls),
    errors: sum((row) => row.errors + row.refused),
    used: nano(sum((row) => row.collected_nano)),
    upstream: nano(sum((row) => row.upstream_nano)),
    ours: nano(sum(oursOf)),
  }
}

const rangeOf = (text: string | null): AdminRange =>
  text && Object.hasOwn(RANGE_DAYS, text) ? (text as AdminRange) : "30d"
