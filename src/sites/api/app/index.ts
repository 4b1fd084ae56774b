// Routes of /v1/app: what an app's own server asks about the app, by a secret key of it.
import { Elysia } from "elysia"
import { type AnalyticsDeps, appRevenue, appUsage, REVENUE_HEAD, USAGE_HEAD } from "./analytics.ts"
import { appRead } from "./describe.ts"
import { AppUser, AppUserList, USERS_QUERY } from "./schemas.ts"
import { AppRevenue, AppUsage, FIGURES_QUERY } from "./schemas-analytics.ts"
import { listUsers, oneUser, type UsersDeps } from "./users.ts"
import { createAsking, type WhoDeps } from "./who.ts"

export { APP_KEY_SCHEME, APP_TAG } from "./describe.ts"
export { type AppAskingDeps, appAsking } from "./who.ts"

export type AppRoutesDeps = WhoDeps & UsersDeps & AnalyticsDeps

const USERS = {
  operationId: "listAppUsers",
  summary: "List the users of your app",
  permission: "users",
  answer: AppUserList,
  query: USERS_QUERY,
  csv: "userId,authorizedAt,scopes,usageLimits,displayName,avatarUrl,email,emailVerified\r\n",
} as const
const USER = {
  operationId: "getAppUser",
  summary: "Read a user of your app",
  permission: "users",
  answer: AppUser,
  path: ["user"],
  errors: ["not_found"],
  csv: USERS.csv,
} as const

const USAGE = {
  operationId: "getAppUsage",
  summary: "Read what your app did",
  permission: "usage",
  answer: AppUsage,
  query: FIGURES_QUERY,
  csv: USAGE_HEAD,
} as const
const REVENUE = {
  operationId: "getAppRevenue",
  summary: "Read what your app earned",
  permission: "revenue",
  answer: AppRevenue,
  query: FIGURES_QUERY,
  csv: REVENUE_HEAD,
} as const

export function appRoutes(deps: AppRoutesDeps) {
  const asking = createAsking(deps)
  return new Elysia()
    .get("/v1/app/users", ({ request }) => asking(request, "users", (asked) => listUsers(deps, asked)), appRead(USERS))
    .get(
      "/v1/app/users/:user",
      ({ request, params }) => asking(request, "users", (asked) => oneUser(deps, asked, params.user)),
      appRead(USER),
    )
    .get(
      "/v1/app/analytics/usage",
      ({ request }) => asking(request, "usage", (asked) => appUsage(deps, asked)),
      appRead(USAGE),
    )
    .get(
      "/v1/app/analytics/revenue",
      ({ request }) => asking(request, "revenue", (asked) => appRevenue(deps, asked)),
      appRead(REVENUE),
    )
}
