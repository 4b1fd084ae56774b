// GET /openapi.json: the OpenAPI 3.1 document of the API, made once from the routes of /v1
// and of the management API, and from the forms that programs may send.
import { toOpenAPISchema } from "@elysiajs/openapi"
import { type AnyElysia, Elysia } from "elysia"
import packageJson from "../../../package.json"
import { CORS } from "../../gateway/index.ts"
import { AnthropicErrorEnvelope, ErrorEnvelope } from "../../http/index.ts"
import { type ApiForm, describeForms } from "../base/index.ts"
import { APP_KEY_SCHEME, APP_TAG } from "./app/index.ts"
import { withAnswers } from "./example.ts"
import { describeKeyReport } from "./key-report.ts"
import { API_KEY_SCHEME, describeManage, MANAGE_TAGS, type ManageRoute } from "./manage/index.ts"
import { describePaymentEvents } from "./payment-events.ts"
import { inWords, type Said } from "./words/index.ts"

type Json = Record<string, unknown>

interface Described {
  forms: readonly ApiForm[]
  routes: readonly ManageRoute[]
  /** Without a trailing slash. */
  origin: string
}

const V1_TAGS = [
  { name: "AI", description: "Models, in the dialects of OpenAI and Anthropic: change one base URL" },
  { name: "Account", description: "Who calls, what there is to call, and what a call cost" },
]

function openApiDocument(v1: AnyElysia, { forms, routes, origin }: Described): Json {
  const admin = describeForms(forms)
  const managed = describeManage(routes)
  const open = routes.length > 0 ? [describeKeyReport(), describePaymentEvents()] : []
  const described = toOpenAPISchema(v1, undefined, undefined, undefined, "3.1.2")
  // Elysia shares the router of a plugin with the server that uses it: pages of other sites would stand here, too.
  const paths = Object.fromEntries(Object.entries(described.paths).filter(([path]) => path.startsWith("/v1/")))
  sayParameters(v1, paths as Record<string, Record<string, Json>>)
  return plain({
    openapi: "3.1.1",
    info: {
      title: "Purser",
      version: packageJson.version,
      description: "One credit balance per person, spent in any app, through an OpenAI-compatible API.",
    },
    servers: [{ url: origin }],
    tags: [...V1_TAGS, ...(routes.length > 0 ? [APP_TAG, ...MANAGE_TAGS] : []), ...admin.tags],
    paths: withWords(withAnswers(joined(paths, managed, ...open, admin.paths))),
    components: {
      securitySchemes: {
        accessToken: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "at+jwt",
          description:
            "The access token of a person who signed in to your app (OAuth 2.1), or a person's own API key (`sk_live_…`)",
        },
        ...API_KEY_SCHEME,
        ...APP_KEY_SCHEME,
        apiKeyHeader: {
          type: "apiKey",
          in: "header",
          name: "x-api-key",
          description: "The same, as the SDKs of Anthropic send it",
        },
        ...admin.securitySchemes,
      },
      schemas: { Error: ErrorEnvelope, AnthropicError: AnthropicErrorEnvelope, ...admin.schemas },
    },
  }) as Json
}

const withWords = (paths: Record<string, object>): Record<string, object> =>
  Object.fromEntries(
    Object.entries(paths).map(([path, item]) => [
      path,
      Object.fromEntries(
        Object.entries(item as Record<string, Said>).map(([method, one]) => [method, inWords(path, one)]),
      ),
    ]),
  )

/** Of routes with a parameter in their path the library says that alone; what the route says of itself is more. */
function sayParameters(v1: AnyElysia, paths: Record<string, Record<string, Json>>): void {
  for (const { method, path, hooks } of v1.routes) {
    const operation = paths[path.replace(/:(\w+)/g, "{$1}")]?.[method.toLowerCase()]
    const said = (hooks.detail as { parameters?: unknown } | undefined)?.parameters
    if (operation && said) operation.parameters = said
  }
}

/** One path may be read by one of them and written by another. */
function joined(...parts: readonly object[]): Record<string, object> {
  const paths: Record<string, object> = {}
  for (const part of parts)
    for (const [path, operations] of Object.entries(part)) paths[path] = { ...paths[path], ...operations }
  return paths
}

/** Symbols of TypeBox go, and `nullable`, which OpenAPI 3.1 no longer knows; `anyOf` says it already. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, member) => (key === "nullable" ? undefined : member)))
}

export interface ApiDocument {
  /** The whole of it; made with the first request, and the same from then on. */
  read(): Json
  route: AnyElysia
}

export function apiDocument(v1: AnyElysia, described: Described): ApiDocument {
  let made: Json | undefined
  let text: string | undefined
  const read = () => {
    made ??= openApiDocument(v1, described)
    return made
  }
  const headers = { ...CORS, "content-type": "application/json", "cache-control": "public, max-age=300" }
  const route = new Elysia().get("/openapi.json", () => {
    text ??= JSON.stringify(read())
    return new Response(text, { headers })
  })
  return { read, route }
}
