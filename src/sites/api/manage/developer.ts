// What a developer sees of the apps they make, by API: what the portal shows of each, to read alone. Users, usage and revenue answer as the app
// API does; another developer's app is not there.
import { type TSchema, Type as t } from "@sinclair/typebox"
import type { AppCall, CallPlace } from "../../../analytics/index.ts"
import { dayOf, ensure } from "../../../app/index.ts"
import type { AppKey, AppKeys } from "../../../developers/index.ts"
import type { Client, Oauth } from "../../../oauth/index.ts"
import type { Settings } from "../../../settings/index.ts"
import { CALLS_DAYS } from "../../../usage/index.ts"
import { type AnalyticsDeps, appRevenue, appUsage } from "../app/analytics.ts"
import { AppUserList, USERS_QUERY } from "../app/schemas.ts"
import { AppRevenue, AppUsage, FIGURES_QUERY } from "../app/schemas-analytics.ts"
import { listUsers, type UsersDeps } from "../app/users.ts"
import { type Asked, type ManageRoute, route } from "./route.ts"
import { Amount, At, amount, atOf, maybe } from "./schemas.ts"
import type { Manager } from "./who.ts"

export type DeveloperRoutesDeps = UsersDeps &
  AnalyticsDeps & {
    oauth: Pick<Oauth, "clientsOf">
    appKeys: Pick<AppKeys, "of">
    settings: Pick<Settings, "get">
  }
type Deps = DeveloperRoutesDeps

const ROWS_MAX = 100
const ROWS_DEFAULT = 20
/** As on the page of an app's health. */
const HEALTH_DAYS = 7
const TAG = "Developer"
const ONLY = ["all", "answered", "failed", "refused"] as const

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

const Call = t.Object(
  {
    object: t.Literal("app_request"),
    id: t.String({ description: "The `x-request-id` of the call", examples: ["req_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] }),
    at: At,
    user: maybe(t.String({ description: "Who called; null: nobody known any more" })),
    endpoint: t.String({ description: "What was called", examples: ["/v1/chat/completions"] }),
    model: t.String({ description: "As the call named it", examples: ["gpt-5-mini"] }),
    scope: t.String({ examples: ["llm"] }),
    status: t.Integer({ description: "Of the answer", examples: [200] }),
    error: maybe(t.String({ description: "Code of what went wrong; null: nothing" })),
    latency_ms: t.Integer({ description: "Until the answer ended" }),
    input_tokens: t.Integer(),
    output_tokens: t.Integer(),
    charge: { ...Amount, description: "What the person was charged" } as typeof Amount,
    earned: { ...Amount, description: "Your share of it" } as typeof Amount,
  },
  { description: "A call through your app; what was said is kept nowhere" },
)

const Failure = t.Object(
  {
    code: t.String({ description: "The code of the error", examples: ["upstream_error"] }),
    refused: t.Boolean({ description: "It was refused before anything ran" }),
    calls: t.Integer(),
    people: t.Integer({ description: "How many different people met it" }),
  },
  { description: "A kind of failure" },
)

const list = <T extends TSchema>(schema: T) => t.Object({ object: t.Literal("list"), data: t.Array(schema) })

/** @throws AppError not_found, also for another developer's */
function mine({ oauth }: Deps, { page }: Manager, id: string | undefined): Client {
  const found = oauth.clientsOf(page.session.userId).find((one) => one.publicId === id && one.removedMs === null)
  ensure(found, "not_found", "You make no app of this id.")
  return found
}

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

const callOf = (call: AppCall) => ({
  object: "app_request",
  id: call.requestId,
  at: atOf(call.atMs),
  user: call.userId,
  endpoint: call.endpoint,
  model: call.model,
  scope: call.scope,
  status: call.status,
  error: call.errorCode,
  latency_ms: call.latencyMs,
  input_tokens: call.inputTokens,
  output_tokens: call.outputTokens,
  charge: amount(call.chargeNano),
  earned: amount(call.earnedNano),
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
  ...logRoutes(deps),
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

/** "1795819616143.req_…", as `next` has it. */
function placeOf(text: string | undefined): CallPlace | null {
  const [, atMs, requestId] = /^(\d{1,15})\.(\w{1,64})$/.exec(text ?? "") ?? []
  return atMs === undefined || requestId === undefined ? null : { atMs: Number(atMs), requestId }
}

function logRoutes(deps: Deps): ManageRoute[] {
  return [requestsRoute(deps), healthRoute(deps)]
}

function requestsRoute(deps: Deps): ManageRoute {
  const { analytics, settings, clock } = deps
  return route({
    method: "get",
    paths: ["/api/v1/developer/apps/:app/requests"],
    operationId: "listMyAppRequests",
    summary: "List the calls through an app of yours, newest first",
    description: "As long as calls are kept one by one. What was said is in none of them.",
    tag: TAG,
    query: t.Object(
      {
        only: t.Optional(
          t.Union(
            ONLY.map((one) => t.Literal(one)),
            { description: "Which: `all` by default" },
          ),
        ),
        model: t.Optional(t.String({ maxLength: 200, description: "Only calls that named this model" })),
        before: t.Optional(t.String({ maxLength: 100, description: "`next` of the page before" })),
        limit: t.Optional(t.Integer({ minimum: 1, maximum: ROWS_MAX, description: `A number from 1 to ${ROWS_MAX}` })),
      },
      { additionalProperties: false },
    ),
    answer: t.Object({
      object: t.Literal("list"),
      data: t.Array(Call),
      next: maybe(t.String({ description: "Give it as `before` for older ones; null at the end" })),
    }),
    errors: ["not_found"],
    async act({ manager, params, query }) {
      const to = dayOf(clock.now())
      const { calls, next } = await analytics.calls({
        clientId: mine(deps, manager, params.app).id,
        span: { from: to - settings.get(CALLS_DAYS) + 1, to },
        before: placeOf(query.before),
        only: query.only ?? "all",
        model: query.model || undefined,
        limit: query.limit ?? ROWS_DEFAULT,
      })
      return { object: "list", data: calls.map(callOf), next: next && `${next.atMs}.${next.requestId}` }
    },
  })
}

function healthRoute(deps: Deps): ManageRoute {
  const { analytics, clock } = deps
  return route({
    method: "get",
    paths: ["/api/v1/developer/apps/:app/health"],
    operationId: "getMyAppHealth",
    summary: "Read what went wrong in an app of yours",
    description: `Of the last ${HEALTH_DAYS} UTC days: kinds of failures with how many people met them, and the slowest calls.`,
    tag: TAG,
    answer: t.Object({
      object: t.Literal("app_health"),
      errors: t.Array(Failure, { description: "The most frequent first" }),
      slow: t.Array(Call, { description: "The slowest calls" }),
    }),
    errors: ["not_found"],
    async act({ manager, params }) {
      const to = dayOf(clock.now())
      const clientId = mine(deps, manager, params.app).id
      const { errors, slow } = await analytics.health({ clientId, span: { from: to - HEALTH_DAYS + 1, to } })
      const failures = errors.map((one) => ({ ...one, refused: one.refused === 1 }))
      return { object: "app_health", errors: failures, slow: slow.map(callOf) }
    },
  })
}
