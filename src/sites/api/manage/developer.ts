// What a developer sees of the apps they make, by API: what the portal shows of each, to read alone. Users, usage and revenue answer as the app
// API does; another developer's app is not there.
import { type TSchema, Type as t } from "@sinclair/typebox"
import type { AppKey, AppKeys } from "../../../developers/index.ts"
import type { Client, Oauth } from "../../../oauth/index.ts"
import type { Settings } from "../../../settings/index.ts"
import { type AnalyticsDeps, appRevenue, appUsage } from "../app/analytics.ts"
import { AppUserList, USERS_QUERY } from "../app/schemas.ts"
import { AppRevenue, AppUsage, FIGURES_QUERY } from "../app/schemas-analytics.ts"
import { listUsers, type UsersDeps } from "../app/users.ts"
import { callRoutes, mine } from "./developer-calls.ts"
import { type Asked, type ManageRoute, route } from "./route.ts"
import { At, atOf, maybe } from "./schemas.ts"

export type DeveloperRoutesDeps = UsersDeps &
  AnalyticsDeps & {
    oauth: Pick<Oauth, "clientsOf">
    appKeys: Pick<AppKeys, "of">
    settings: Pick<Settings, "get">
  }
type Deps = DeveloperRoutesDeps

const TAG = "Developer"

const App = t.Object(
  {
    object: t.Literal("app"),
    id: t.String({ description: "Its client id", examples: ["cli_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] }),
    name: t.String({ examples: ["Margin Notes"] }),
    mode: t.Union([t.Literal("live"), t.Literal("test")]),
    type: t.String({ description: "`confidential` or `public`", examples: ["confidential"] }),
    scopes: t.Array(t.String({ examples: ["llm"] }), { description: "What it may ask for" }),
    redirect_uris: t.Array(t.String({ examples: ["https://notes.example/callback"] }), {
      description: "Where sign-in may lead back to",
    }),
    suspended: t.Boolean({ description: "The operator stopped it" }),
  },
  { description: "An app that you make" },
)

const Key = t.Object(
  {
    object: t.Literal("app_key"),
    id: t.String({ examples: ["apk_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] }),
    name: t.String({ examples: ["Mailing list"] }),
    hint: t.String({ description: "How it begins and ends", examples: ["app_live_9fK2…c41a"] }),
    scopes: t.Array(t.String({ examples: ["users"] }), { description: "What it may read" }),
    created_at: At,
    expires_at: maybe(At),
    last_used_at: maybe(At),
  },
  { description: "A secret key of an app, never the secret itself" },
)

const list = <T extends TSchema>(schema: T) => t.Object({ object: t.Literal("list"), data: t.Array(schema) })

const appOf = (client: Client) => ({
  object: "app",
  id: client.publicId,
  name: client.name,
  mode: client.mode,
  type: client.type,
  scopes: client.scopes,
  redirect_uris: client.redirectUris,
  suspended: client.suspendedMs !== null,
})

const keyOf = ({ publicId, name, hint, scopes, createdMs, expiresMs, usedMs }: AppKey) => ({
  object: "app_key",
  id: publicId,
  name,
  hint,
  scopes,
  created_at: atOf(createdMs),
  expires_at: expiresMs === null ? null : atOf(expiresMs),
  last_used_at: usedMs === null ? null : atOf(usedMs),
})

export const developerRoutes = (deps: Deps): ManageRoute[] => [
  route({
    method: "get",
    paths: ["/api/v1/developer/apps"],
    operationId: "listMyApps",
    summary: "List the apps that you make",
    tag: TAG,
    answer: list(App),
    act: ({ manager }) => ({
      object: "list",
      data: deps.oauth
        .clientsOf(manager.page.session.userId)
        .filter(({ removedMs }) => removedMs === null)
        .map(appOf),
    }),
  }),
  route({
    method: "get",
    paths: ["/api/v1/developer/apps/:app/keys"],
    operationId: "listMyAppKeys",
    summary: "List the secret keys of an app of yours",
    tag: TAG,
    answer: list(Key),
    errors: ["not_found"],
    act: ({ manager, params }) => ({
      object: "list",
      data: deps.appKeys.of(mine(deps, manager, params.app).id).map(keyOf),
    }),
  }),
  ...figureRoutes(deps),
  ...callRoutes(deps),
]

const optional = (query: Readonly<Record<string, TSchema>>) =>
  t.Object(Object.fromEntries(Object.entries(query).map(([name, one]) => [name, t.Optional(one)])), {
    additionalProperties: false,
  })

/** The question as the app API has it, of whoever makes the app. */
const asOfApp = (
  deps: Deps,
  { manager, params, request }: Pick<Asked<unknown, unknown>, "manager" | "params" | "request">,
) => ({
  caller: { client: mine(deps, manager, params.app) },
  params: new URL(request.url).searchParams,
  wantsCsv: false,
})

function figureRoutes(deps: Deps): ManageRoute[] {
  const FIGURES = { method: "get", tag: TAG, errors: ["not_found"] } as const
  return [
    route({
      ...FIGURES,
      paths: ["/api/v1/developer/apps/:app/users"],
      operationId: "listMyAppUsers",
      summary: "List the users of an app of yours",
      query: optional(USERS_QUERY),
      answer: AppUserList,
      act: (asked) => listUsers(deps, asOfApp(deps, asked)),
    }),
    route({
      ...FIGURES,
      paths: ["/api/v1/developer/apps/:app/usage"],
      operationId: "getMyAppUsage",
      summary: "Read what an app of yours did",
      query: optional(FIGURES_QUERY),
      answer: AppUsage,
      act: (asked) => appUsage(deps, asOfApp(deps, asked)),
    }),
    route({
      ...FIGURES,
      paths: ["/api/v1/developer/apps/:app/revenue"],
      operationId: "getMyAppRevenue",
      summary: "Read what an app of yours earned",
      query: optional(FIGURES_QUERY),
      answer: AppRevenue,
      act: (asked) => appRevenue(deps, asOfApp(deps, asked)),
    }),
  ]
}
