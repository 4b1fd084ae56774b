// Forms as an OpenAPI document says them (3.1): one POST each, its body from the declaration. A part of the one
// document, which `sites/api` puts together.
import type { ApiForm } from "./site.ts"

const problem = { $ref: "#/components/schemas/Problem" }
const refusal = (description: string) => ({ description, content: { "application/problem+json": { schema: problem } } })

const pathItem = ({ path, summary, schema }: ApiForm) => ({
  post: {
    summary,
    operationId: operationOf(path),
    tags: ["Admin"],
    security: [{ consoleSession: [], csrf: [] }, { adminKey: [] }],
    parameters: [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
      name,
      in: "path",
      required: true,
      schema: { type: "string" },
    })),
    requestBody: { required: true, content: { "application/json": { schema } } },
    responses: {
      "200": {
        description: "Done.",
        content: {
          "application/json": {
            schema: { type: "object", required: ["message"], properties: { message: { type: "string" } } },
          },
        },
      },
      "401": refusal("Nobody is signed in."),
      "403": refusal("The form token is missing or wrong."),
      "404": refusal("It does not exist, or is not yours to see."),
      "409": refusal("It was changed in the meantime."),
      "422": refusal("Fields are wrong; `errors` says what, by name."),
    },
  },
})

/** "/api/v1/admin/users/:user/plan" → "admin.users.user.plan". */
const operationOf = (path: string): string => path.split("/").slice(3).join(".").replaceAll(":", "")

const Problem = {
  type: "object",
  required: ["title", "status", "detail", "code", "request_id"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    code: { type: "string" },
    request_id: { type: "string" },
    errors: { type: "object", additionalProperties: { type: "string" } },
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
      description: "The session of an admin who signed in",
    },
    adminKey: {
      type: "http",
      scheme: "bearer",
      description: "An API key of an admin, with the permission for this part of /admin",
    },
    csrf: { type: "apiKey", in: "header", name: "x-csrf-token", description: "The form token of that session" },
  },
  schemas: { Problem },
})
