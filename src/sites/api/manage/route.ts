// One route of the management API: who may, what it takes, what it answers, said once. The schema of a body checks and documents it.
import { FormatRegistry, type Static, type TObject, type TSchema } from "@sinclair/typebox"
import { type ValueError, ValueErrorType } from "@sinclair/typebox/errors"
import { Value } from "@sinclair/typebox/value"
import { Elysia } from "elysia"
import { AppError, type ErrorCode, ensure } from "../../../app/index.ts"
import type { AppCaller, AppKeyScope } from "../../../developers/index.ts"
import { type AskedOnce, askedOnce } from "../../../gateway/index.ts"
import { contextOf, hasCredential, type RequestContext, readJsonObject, type Web } from "../../../http/index.ts"
import type { AdminScope } from "../../../keys/index.ts"
import { type AppAskingDeps, appAsking } from "../app/index.ts"
import { adminOf, type Manager, managerOf, managerOrAdmin, type WhoDeps } from "./who.ts"

// ISO 8601 as RFC 3339 has it; `Date` reads much more.
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i
FormatRegistry.Set("date-time", (text) => RFC3339.test(text) && !Number.isNaN(Date.parse(text)))

export type Method = "get" | "post" | "delete"

export interface Asked<Body, Query> {
  manager: Manager
  params: Readonly<Record<string, string>>
  body: Body
  query: Query
  request: Request
  context: RequestContext
  once: AskedOnce | null
}

/** The same of an app's own server, by a secret key of the app. */
export type AskedByApp<Body> = Omit<Asked<Body, never>, "manager" | "query" | "params"> & { app: AppCaller }

/** What a route is, for the router and for the document. */
export interface ManageRoute {
  method: Method
  /** With its parameters: `/api/v1/keys/:key`. The first is documented; the others are older names of the same. */
  paths: readonly [string, ...string[]]
  operationId: string
  summary: string
  description?: string
  tag:
    | "Credits"
    | "Metering"
    | "Apps"
    | "Developer"
    | "Keys"
    | "Provider keys"
    | "Teams"
    | "Webhooks"
    | "Tiers"
    | "Coupons"
    | "Payments"
    | "Admin"
  /** Only admins; a key needs this permission. */
  admin?: AdminScope
  /** For everybody's own; admins, and keys with this permission, name other people. */
  orAdmin?: AdminScope
  /** An app's server charges its people here, by a secret key with this permission. */
  byApp?: AppKeyScope
  body?: TObject
  /** A right body, for the document. */
  example?: object
  query?: TObject
  answer: TSchema
  /** Whether `Idempotency-Key` is read, and must be there. */
  once?: "required" | "optional"
  /** Beside those that every route has. */
  errors?: readonly ErrorCode[]
  handle(deps: HandleDeps, request: Request, params: Params): Promise<Response>
  /** The same for somebody who was let in at another door. */
  run(manager: Manager, request: Request, params: Params): Promise<Response>
}

type Params = Readonly<Record<string, string>>

export type HandleDeps = WhoDeps & AppAskingDeps & { web: Web }

type Declared<Body extends TObject, Query extends TObject> = Omit<ManageRoute, "handle" | "run" | "body" | "query"> & {
  body?: Body
  query?: Query
  act(asked: Asked<Static<Body>, Static<Query>>): unknown
  /** With `byApp`. */
  actOfApp?(asked: AskedByApp<Static<Body>>): Promise<Response>
}

/** `act` answers a document, or a Response of its own. */
export function route<Body extends TObject, Query extends TObject>(declared: Declared<Body, Query>): ManageRoute {
  const { act, actOfApp, ...said } = declared
  const one: ManageRoute = {
    ...said,
    async handle(deps, request, params) {
      const app = declared.byApp && appAsking(deps, request, declared.byApp)
      if (app) return actOfApp!({ app, ...(await sentWith(declared, request)) } as AskedByApp<Static<Body>>)
      const manager = await whoAsks(deps, request, declared)
      // A cookie alone may be another site's doing; what proves itself cannot be.
      if (declared.method !== "get" && !hasCredential(request)) deps.web.provesForm(request, manager.page.user)
      return one.run(manager, request, params)
    },
    async run(manager, request, params) {
      const { query: Query } = declared
      const sent = await sentWith(declared, request)
      const { context } = sent
      const query = checked(Query, queryOf(request, Query))
      const asked = { manager, params, query, ...sent }
      const answer = await act(asked as Asked<Static<Body>, Static<Query>>)
      if (answer instanceof Response) return answer
      return Response.json(answer, { headers: { "cache-control": "no-store", "x-request-id": context.requestId } })
    },
  }
  return one
}

/** @throws AppError invalid_request, validation_failed naming every field */
async function sentWith(
  { once: asks, body: Body, method }: Pick<ManageRoute, "once" | "body" | "method">,
  request: Request,
) {
  const context = contextOf(request)
  const once = asks ? askedOnce(request) : null
  if (asks === "required" && !once) throw keyMissing()
  const body = method === "post" ? checked(Body, await readJsonObject(request)) : {}
  return { request, context, once, body }
}

function whoAsks(deps: HandleDeps, request: Request, { admin, orAdmin }: Pick<ManageRoute, "admin" | "orAdmin">) {
  if (admin) return adminOf(deps, request, admin)
  return orAdmin ? managerOrAdmin(deps, request, orAdmin) : managerOf(deps, request)
}

const keyMissing = (): AppError =>
  new AppError(
    "invalid_request",
    "Send an `Idempotency-Key` header, new for each act and the same when you repeat it.",
    {
      param: "Idempotency-Key",
    },
  )

/** Digits are a number only where the schema has one: ids and what people search for stay texts. */
function queryOf(request: Request, schema: TObject | undefined): Record<string, unknown> {
  const query: Record<string, unknown> = {}
  for (const [name, value] of new URL(request.url).searchParams) {
    ensure(!Object.hasOwn(query, name), "invalid_request", `Give \`${name.slice(0, 100)}\` once.`)
    const isNumber = schema?.properties[name]?.type === "integer" && /^\d{1,9}$/.test(value)
    query[name] = isNumber ? Number(value) : value
  }
  return query
}

/** @throws AppError validation_failed naming every field */
function checked(schema: TObject | undefined, value: Record<string, unknown>): Record<string, unknown> {
  if (!schema) return value
  if (Value.Check(schema, value)) return value
  const errors: Record<string, string> = {}
  for (const error of Value.Errors(schema, value)) errors[nameOf(error)] ??= wordsOf(error)
  const [param, words] = Object.entries(errors)[0] ?? ["", "The request is not as it should be."]
  throw new AppError("validation_failed", `\`${param}\`: ${words}`, { param, fields: { errors } })
}

const nameOf = ({ path }: ValueError): string => path.slice(1).replaceAll("/", ".").slice(0, 200)

function wordsOf({ type, schema, message }: ValueError): string {
  if (type === ValueErrorType.ObjectAdditionalProperties) return "There is no such field. Leave it out."
  if (type === ValueErrorType.ObjectRequiredProperty) return "This is needed."
  const { description } = schema
  return typeof description === "string"
    ? `Give ${description.charAt(0).toLowerCase()}${description.slice(1)}.`
    : message
}

/** Bodies are read by the handlers, once and within their limits. */
const RAW = { parse: "none" } as const

export function manageSite(deps: HandleDeps, routes: readonly ManageRoute[]) {
  const site = new Elysia()
  for (const one of routes) {
    for (const path of one.paths) {
      site.route(
        one.method.toUpperCase(),
        path,
        ({ request, params }) => one.handle(deps, request, params as never),
        RAW,
      )
    }
  }
  return site
}
