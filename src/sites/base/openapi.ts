// Forms as an OpenAPI document says them (3.1): one POST each, its body from the declaration. A part of the one
// document, which `sites/api` puts together.
import { type TProperties, Type as t } from "@sinclair/typebox"
import { adminScopeOf } from "./admin-key.ts"
import { pathParameter } from "./parameters.ts"
import { ALWAYS, OF_BODIES, OF_KEYS, refusalsOf } from "./refusals.ts"
import type { ApiForm } from "./site.ts"

const PROBLEM = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } }
const REFUSALS = refusalsOf(
  [
    ...ALWAYS,
    ...OF_BODIES,
    ...OF_KEYS,
    "unauthenticated",
    "token_invalid",
    "insufficient_scope",
    "forbidden",
    "csrf_failed",
    "confirmation_required",
    "not_found",
    "conflict",
    "validation_failed",
  ],
  PROBLEM,
)

/** No key reaches what `adminScopeOf` does not know: its session does. */
function securityOf(path: string): Record<string, string[]>[] {
  const scope = adminScopeOf(path)
  return [...(scope === null ? [] : [{ adminKey: [scope] }]), { consoleSession: [], csrf: [] }]
}

const doneOf = (result: TProperties = {}) =>
  t.Object(
    { message: t.String({ description: "What was done, in a sentence", examples: ["Saved."] }), ...result },
    { additionalProperties: true },
  )

const pathItem = ({ path, summary, schema, example, result }: ApiForm) => ({
  post: {
    summary,
    operationId: operationOf(path),
    tags: ["Admin"],
    security: securityOf(path),
    parameters: [...path.matchAll(/:(\w+)/g)].map(([, name]) => pathParameter(name!)),
    requestBody: {
      required: true,
      content: { "application/json": { schema, ...(example === undefined ? {} : { example }) } },
    },
    responses: {
      "200": {
        description: "Done.",
        content: {
          "application/json": {
            schema: doneOf(result),
          },
        },
      },
      ...REFUSALS,
    },
  },
})

/** "/api/v1/admin/users/:user/plan" → "admin.users.user.plan". */
const operationOf = (path: string): string => path.split("/").slice(3).join(".").replaceAll(":", "")

const Problem = {
  type: "object",
  required: ["title", "status", "detail", "code", "request_id"],
  properties: {
    type: { type: "string", description: "Always `about:blank`: `code` says more" },
    title: { type: "string", description: "The kind of error, in words" },
    status: { type: "integer", description: "The HTTP status" },
    detail: { type: "string", description: "What is wrong and what to do, for people" },
    code: { type: "string", description: "What programs decide by" },
    request_id: { type: "string", description: "Names this request" },
    param: { type: "string", description: "The field, parameter or header that is wrong" },
    errors: { type: "object", additionalProperties: { type: "string" }, description: "What is wrong, by field" },
  },
}

/** What these forms bring into the document: their paths, and what those refer to. */
export const describeForms = (forms: readonly ApiForm[]) => ({
  tags: [{ name: "Admin", description: "What an admin may do in the pages of /admin, for programs" }],
  paths: Object.fromEntries(forms.map((form) => [form.path.replace(/:(\w+)/g, "{$1}"), pathItem(form)])),
  securitySchemes: {
    consoleSession: {
      type: "apiKey",
      in: "cookie",
      name: "__Host-console",
      description: "The session of a person who signed in to the console",
    },
    adminKey: {
      type: "http",
      scheme: "bearer",
      description: "An API key of an admin, `sk_live_…`, with the permission that is named",
    },
    csrf: { type: "apiKey", in: "header", name: "x-csrf-token", description: "The form token of that session" },
  },
  schemas: { Problem },
})
