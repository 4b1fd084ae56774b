// The calls of an app one by one, and how it is, by API: for who makes it, to read alone.
import { Type as t } from "@sinclair/typebox"
import {
  type Analytics,
  type AppCall,
  type CallPlace,
  HEALTH_DEFINITIONS,
  lastDays,
  RANGES,
  type Range,
} from "../../../analytics/index.ts"
import { type Clock, dayOf, ensure } from "../../../app/index.ts"
import type { Client, Oauth } from "../../../oauth/index.ts"
import type { Settings } from "../../../settings/index.ts"
import { CALLS_DAYS } from "../../../usage/index.ts"
import { type ManageRoute, route } from "./route.ts"
import { Amount, At, amount, atOf, maybe } from "./schemas.ts"
import type { Manager } from "./who.ts"

interface Deps {
  analytics: Pick<Analytics, "calls" | "health">
  oauth: Pick<Oauth, "clientsOf">
  settings: Pick<Settings, "get">
  clock: Pick<Clock, "now">
}

const ROWS_MAX = 100
const ROWS_DEFAULT = 20
const HEALTH_RANGE: Range = "7d"
const TAG = "Developer"
const ONLY = ["all", "answered", "failed", "refused"] as const

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

const Unpaid = t.Object(
  {
    code: t.String({ description: "The code of the refusal; empty: answered, and not paid in full" }),
    refused: t.Boolean({ description: "It was refused before anything ran" }),
    calls: t.Integer({ description: "How many calls" }),
    people: t.Integer({ description: "How many different people" }),
    not_charged: { ...Amount, description: HEALTH_DEFINITIONS.missing } as typeof Amount,
  },
  { description: "A kind of charge that failed" },
)

const TimeClass = t.Object(
  {
    within_ms: maybe(t.Integer({ description: "The bound of the class, in milliseconds; null: longer than all" })),
    calls: t.Integer({
      description: "How many answered calls took longer than the bound before, and no longer than this",
    }),
  },
  { description: "A class of how long answered calls took" },
)

/** @throws AppError not_found, also for another developer's */
export function mine({ oauth }: Pick<Deps, "oauth">, { page }: Manager, id: string | undefined): Client {
  const found = oauth.clientsOf(page.session.userId).find((one) => one.publicId === id && one.removedMs === null)
  ensure(found, "not_found", "You make no app of this id.")
  return found
}

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

/** "1795819616143.req_…", as `next` has it. */
function placeOf(text: string | undefined): CallPlace | null {
  const [, atMs, requestId] = /^(\d{1,15})\.(\w{1,64})$/.exec(text ?? "") ?? []
  return atMs === undefined || requestId === undefined ? null : { atMs: Number(atMs), requestId }
}

export function callRoutes(deps: Deps): ManageRoute[] {
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
    description: `Kinds of failures with how many people met them, charges that failed, how long answered calls took, and the slowest: of the last ${HEALTH_RANGE.slice(0, -1)} UTC days, or of those asked for.`,
    tag: TAG,
    query: t.Object(
      {
        range: t.Optional(
          t.Union(
            RANGES.map((one) => t.Literal(one)),
            { description: `The last UTC days, today included: \`${HEALTH_RANGE}\` by default` },
          ),
        ),
      },
      { additionalProperties: false },
    ),
    answer: t.Object({
      object: t.Literal("app_health"),
      errors: t.Array(Failure, { description: "The most frequent first" }),
      unpaid: t.Array(Unpaid, { description: HEALTH_DEFINITIONS.unpaid }),
      times: t.Array(TimeClass, { description: HEALTH_DEFINITIONS.times }),
      slow: t.Array(Call, { description: HEALTH_DEFINITIONS.slow }),
    }),
    errors: ["not_found"],
    async act({ manager, params, query }) {
      const span = lastDays(query.range ?? HEALTH_RANGE, clock.now())
      const { errors, unpaid, times, slow } = await analytics.health({
        clientId: mine(deps, manager, params.app).id,
        span,
      })
      return {
        object: "app_health",
        errors: errors.map((one) => ({ ...one, refused: one.refused === 1 })),
        unpaid: unpaid.map(({ missingNano, refused, ...one }) => ({
          ...one,
          refused: refused === 1,
          not_charged: amount(missingNano),
        })),
        times: times.map(({ withinMs, calls }) => ({ within_ms: withinMs, calls })),
        slow: slow.map(callOf),
      }
    },
  })
}
