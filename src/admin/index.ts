// The door of the admin site: is everything well, who is here, and which AI providers answer.
import { Elysia } from "elysia"
import { AdminHomePage } from "../../views/admin/home.tsx"
import { DAY_MS, dayOf, nano } from "../app/index.ts"
import type { Visit } from "../console/index.ts"
import { adminPlanRoutes } from "./plans.ts"
import { type AdminDeps, asAdmin } from "./site.ts"
import type { Overview } from "./store.ts"
import { adminUpstreamRoutes } from "./upstreams.ts"
import { adminUserPlanRoutes } from "./user-plan.ts"
import { adminUserRoutes } from "./users.ts"

export { adminChecks, type Verification } from "./checks.ts"
export type { AdminDeps, Check } from "./site.ts"
export { type Overview, overview } from "./store.ts"

const DAYS = 30

export const adminSite = (deps: AdminDeps) =>
  new Elysia()
    .get(
      "/admin",
      asAdmin(deps, (visit) => home(deps, visit)),
    )
    .use(adminUserRoutes(deps))
    .use(adminUserPlanRoutes(deps))
    .use(adminPlanRoutes(deps))
    .use(adminUpstreamRoutes(deps))

async function home(deps: AdminDeps, visit: Visit): Promise<Response> {
  const today = dayOf(deps.clock.now())
  const sinceDay = today - DAYS + 1
  const found = await deps.reads.ask<Overview>("admin.overview", { sinceDay, todayMs: today * DAY_MS })
  const byDay = new Map(found.days.map((row) => [row.day, row]))
  const now = byDay.get(today)
  const charged = nano(now?.charge_nano ?? 0)
  const upstream = nano(now?.upstream_nano ?? 0)
  const metrics = {
    users: found.users,
    newUsersToday: found.newUsers,
    apps: found.apps,
    callsToday: now?.calls ?? 0,
    failedCallsToday: now?.errors ?? 0,
    chargedToday: charged,
    upstreamCostToday: upstream,
    revenueToday: nano(charged - upstream - (now?.developer_nano ?? 0)),
  }
  const days = Array.from({ length: DAYS }, (_, index) => ({
    dayMs: (sinceDay + index) * DAY_MS,
    used: nano(byDay.get(sinceDay + index)?.charge_nano ?? 0),
  }))
  return visit.page((frame) => AdminHomePage({ frame, checks: deps.checks(), metrics, days, queues: [] }))
}
