// The routes of the management API as the OpenAPI document says them.
import { type TSchema, Type as t } from "@sinclair/typebox"
import type { ManageRoute } from "./route.ts"

const WORDS: Readonly<Record<number, string>> = {
  400: "A header or the body is wrong; `param` names it",
  401: "Nobody is signed in, or the key or token does not count",
  402: "Not enough credits; `topup_url` is where to get some",
  403: "The form token, a permission or the role is missing",
  404: "There is no such thing, or it is not yours",
  409: "It was done already, is still running, or was changed in the meantime",
  422: "Fields are wrong; `errors` says what, by name",
  429: "Too many requests; see `Retry-After`",
}

const problem = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } }
const json = (schema: TSchema) => ({ "application/json": { schema } })

const parameter = (name: string, at: "path" | "query" | "header", schema: TSchema, required: boolean) => ({
  name,
  in: at,
  required,
  schema,
  ...(schema.description === undefined ? {} : { description: schema.description }),
})

function parametersOf({ paths, query, once }: ManageRoute) {
  const inPath = [...paths[0].matchAll(/:(\w+)/g)].map(([, name]) => parameter(name!, "path", t.String(), true))
  const inQuery = Object.entries(query?.properties ?? {}).map(([name, schema]) =>
    parameter(name, "query", schema, query!.required?.includes(name) ?? false),
  )
  const key = t.String({
    minLength: 1,
    maxLength: 255,
    description: "Yours to choose; a repeat with it is the same act",
  })
  return [...inPath, ...inQuery, ...(once ? [parameter("Idempotency-Key", "header", key, once === "required")] : [])]
}

function securityOf({ admin, orAdmin, method }: ManageRoute) {
  const session = method === "get" ? { consoleSession: [] } : { consoleSession: [], csrf: [] }
  const own = admin ? [] : [{ apiKey: ["manage"] }]
  const narrow = admin ?? orAdmin
  return [session, ...own, ...(narrow ? [{ apiKey: [narrow] }] : []), { accessToken: [] }]
}

function operationOf(route: ManageRoute) {
  const statuses = [401, 403, 422, 429, ...(route.once ? [400, 409] : []), ...(route.errors ?? [])]
  const refusals = [...new Set(statuses)].toSorted((a, b) => a - b)
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    tags: [route.tag],
    security: securityOf(route),
    parameters: parametersOf(route),
    ...(route.body ? { requestBody: { required: true, content: json(route.body) } } : {}),
    responses: {
      "200": { description: route.answer.description ?? route.summary, content: json(route.answer) },
      ...Object.fromEntries(refusals.map((status) => [status, { description: WORDS[status]!, content: problem }])),
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
  { name: "Keys", description: "A person’s API keys" },
]

export const API_KEY_SCHEME = {
  apiKey: {
    type: "http",
    scheme: "bearer",
    description: "A person’s own API key, `sk_live_…`, with the permission that is named",
  },
}
