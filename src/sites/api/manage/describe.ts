// The routes of the management API as the OpenAPI document says them.
import { type TSchema, Type as t } from "@sinclair/typebox"
import type { ErrorCode } from "../../../app/index.ts"
import { oncePattern } from "../../../gateway/index.ts"
import {
  ALWAYS,
  OF_BODIES,
  OF_KEYS,
  OF_ONCE,
  OF_TOKENS,
  pathParameter,
  queryParameter,
  refusalsOf,
} from "../../base/index.ts"
import type { ManageRoute } from "./route.ts"

/** Whoever asks: a person's session, a key, a first-party app's token. */
const OF_CALLERS = [
  ...ALWAYS,
  ...OF_KEYS,
  ...OF_TOKENS.filter((code) => code !== "token_missing"),
  "unauthenticated",
  "insufficient_scope",
  "invalid_request",
  "rate_limit_exceeded",
] as const satisfies readonly ErrorCode[]

const problem = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } }
const json = (schema: TSchema, example?: object) => ({
  "application/json": { schema, ...(example === undefined ? {} : { example }) },
})

const onceParameter = (required: boolean) => ({
  name: "Idempotency-Key",
  in: "header" as const,
  required,
  schema: t.String({ minLength: 1, maxLength: 255, pattern: oncePattern }),
  description: "Yours to choose; a repeat with it is the same act",
  example: "b7a1c0de-5f1e-4c1a-9a53-0c1f6d2e8b47",
})

const parametersOf = ({ paths, query, once }: ManageRoute) => [
  ...[...paths[0].matchAll(/:(\w+)/g)].map(([, name]) => pathParameter(name!)),
  ...Object.entries(query?.properties ?? {}).map(([name, schema]) =>
    queryParameter(name, schema, query!.required?.includes(name) ?? false),
  ),
  ...(once ? [onceParameter(once === "required")] : []),
]

function securityOf({ admin, orAdmin, byApp, method }: ManageRoute) {
  const session = method === "get" ? { consoleSession: [] } : { consoleSession: [], csrf: [] }
  const own = admin ? [] : [{ apiKey: ["manage"] }]
  const narrow = admin ?? orAdmin
  const ofApp = byApp ? [{ appKey: [byApp] }] : []
  return [session, ...own, ...(narrow ? [{ apiKey: [narrow] }] : []), ...ofApp, { accessToken: [] }]
}

function codesOf({ admin, method, once, body, query, errors = [] }: ManageRoute): ErrorCode[] {
  return [
    ...OF_CALLERS,
    ...(admin ? (["forbidden"] as const) : []),
    ...(method === "get" ? [] : (["csrf_failed"] as const)),
    ...(method === "post" ? OF_BODIES : []),
    ...(body || query ? (["validation_failed"] as const) : []),
    ...(once ? OF_ONCE : []),
    ...errors,
  ]
}

function operationOf(route: ManageRoute) {
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    tags: [route.tag],
    security: securityOf(route),
    parameters: parametersOf(route),
    ...(route.body ? { requestBody: { required: true, content: json(route.body, route.example) } } : {}),
    responses: {
      "200": { description: route.answer.description ?? route.summary, content: json(route.answer) },
      ...refusalsOf(codesOf(route), problem),
    },
  }
}

/** Older names of a route are not said: who begins today should use the first. */
export function describeManage(routes: readonly ManageRoute[]): Record<string, Record<string, object>> {
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    const path = route.paths[0].replace(/:(\w+)/g, "{$1}")
    paths[path] = { ...paths[path], [route.method]: operationOf(route) }
  }
  return paths
}

export const MANAGE_TAGS = [
  { name: "Credits", description: "Wallets: what is there, what moved, and what an admin may do to them" },
  { name: "Metering", description: "Services that run elsewhere and are charged here, and what was used" },
  { name: "Apps", description: "What a person lets apps do: limits a day, and the end of it" },
  { name: "Developer", description: "The apps that a developer makes: their users, calls, failures and earnings" },
  { name: "Keys", description: "A person’s API keys" },
  { name: "Teams", description: "Teams that a person is in, and what their people spend of the shared credits" },
  { name: "Provider keys", description: "A person’s own keys at AI providers: asked for their calls alone" },
  { name: "Webhooks", description: "Addresses that are told what happens to an account or to an app" },
  { name: "Tiers", description: "Plans: compared, and moved to" },
  { name: "Coupons", description: "Codes that give credits, a period of a plan, or something off a price" },
  { name: "Payments", description: "Credits for money, and what the payment service tells" },
]

export const API_KEY_SCHEME = {
  apiKey: {
    type: "http",
    scheme: "bearer",
    description: "A person’s own API key, `sk_live_…`, with the permission that is named",
  },
}
