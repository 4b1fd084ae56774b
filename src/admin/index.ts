// The door of the admin site: is everything well, who is here, and which AI providers answer.
import { Elysia } from "elysia"
import { AdminHomePage } from "../../views/admin/home.tsx"
import { DAY_MS, dayOf, nano } from "../app/index.ts"
import { type AdminDeps, asAdmin } from "./site.ts"
import { adminUpstreamRoutes } from "./upstreams.ts"
import { adminUserRoutes } from "./users.ts"

export type { AdminDeps, Check } from "./site.ts"

const DAYS = 30

export const adminSite = (deps: AdminDeps) =>
  new Elysia()
    .get(
      "/admin",
      asAdmin(deps, (visit) => {
        const today = dayOf(deps.clock.now())
        const people = deps.identity.counts(today * DAY_MS)
        const totals = deps.usage.platform(DAYS)
        const of = totals.get(today)
        const days = Array.from({ length: DAYS }, (_, index) => {
          const day = today - DAYS + 1 + index
          return { dayMs: day * DAY_MS, used: totals.get(day)?.chargedNano ?? nano(0) }
        })
        const metrics = {
          users: people.users,
          newUsersToday: people.newUsers,
          apps: deps.oauth.clientCount(),
          callsToday: of?.calls ?? 0,
          failedCallsToday: of?.errors ?? 0,
          chargedToday: of?.chargedNano ?? nano(0),
          upstreamCostToday: of?.upstreamNano ?? nano(0),
          revenueToday: of?.platformNano ?? nano(0),
        }
        return visit.page((frame) => AdminHomePage({ frame, checks: deps.checks(), metrics, days, queues: [] }))
      }),
    )
    .use(adminUserRoutes(deps))
    .use(adminUpstreamRoutes(deps))
