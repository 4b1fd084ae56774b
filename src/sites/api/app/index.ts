// Routes of /v1/app: what an app's own server asks about the app, by a secret key of it.
import { Elysia } from "elysia"
import { appRead } from "./describe.ts"
import { AppUser, AppUserList, USERS_QUERY } from "./schemas.ts"
import { listUsers, oneUser, type UsersDeps } from "./users.ts"
import { createAsking, type WhoDeps } from "./who.ts"

export { APP_KEY_SCHEME, APP_TAG } from "./describe.ts"

export type AppRoutesDeps = WhoDeps & UsersDeps

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

export function appRoutes(deps: AppRoutesDeps) {
  const asking = createAsking(deps)
  return new Elysia()
    .get("/v1/app/users", ({ request }) => asking(request, "users", (asked) => listUsers(deps, asked)), appRead(USERS))
    .get(
      "/v1/app/users/:user",
      ({ request, params }) => asking(request, "users", (asked) => oneUser(deps, asked, params.user)),
      appRead(USER),
    )
}
