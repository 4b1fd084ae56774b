// Examples of answers, made of the schemas: what a schema gives as its example, else the plainest value that it takes.
type Json = Record<string, unknown>

const MOMENT = "2026-11-26T09:30:00.000Z"
const ULID = "01K9ZT4M2Q8V6X3B7N5RJDHWCE"
/** Texts by what the member is called. */
const TEXTS: Readonly<Record<string, string>> = {
  app: `cli_${ULID}`,
  bucket: "bonus",
  code: "pro",
  date: "2026-11-26",
  email: "ada@example.com",
  first_id: "msg_1",
  id: ULID,
  key: "developers.paid_days",
  kind: "chat",
  last_id: "msg_1",
  mode: "live",
  model: "gpt-5-mini",
  models: "gpt-5-mini",
  name: "Ada Reader",
  next: `txn_${ULID}`,
  only: "llm",
  owned_by: "openai",
  pattern: "*",
  plan: "pro",
  reason: "Asked by mail",
  request: `req_${ULID}`,
  scope: "llm",
  scopes: "llm",
  service: "search",
  state: "active",
  traffic: "app",
  transaction: `txn_${ULID}`,
  type: "usage",
  unit: "query",
  user: `usr_${ULID}`,
}

/** A value that the schema takes. */
export function exampleOf(schema: Json, name = ""): unknown {
  if (Array.isArray(schema.examples) && schema.examples.length > 0) return schema.examples[0]
  for (const known of ["default", "const"]) if (known in schema) return schema[known]
  if (Array.isArray(schema.enum)) return schema.enum[0]
  const variants = (schema.anyOf ?? schema.oneOf) as Json[] | undefined
  if (variants) return exampleOf(variants.find(({ type }) => type !== "null") ?? {}, name)
  return plainest(schema, name)
}

function plainest(schema: Json, name: string): unknown {
  switch (schema.type) {
    case "object":
      return Object.fromEntries(
        Object.entries((schema.properties ?? {}) as Record<string, Json>).map(([member, one]) => [
          member,
          exampleOf(one, member),
        ]),
      )
    case "array":
      return [exampleOf((schema.items ?? {}) as Json, name)]
    case "string":
      return schema.format === "date-time" ? MOMENT : (TEXTS[name] ?? "…")
    case "integer":
    case "number":
      return schema.minimum ?? 1
    case "boolean":
      return true
    default:
      return null
  }
}

interface Operation {
  responses?: Record<string, { content?: Record<string, { schema?: Json; example?: unknown }> }>
}

/** Each answer that is no refusal gets an example, unless it has one. */
export function withAnswers(paths: Record<string, object>): Record<string, object> {
  for (const item of Object.values(paths)) {
    for (const { responses } of Object.values(item as Record<string, Operation>)) {
      for (const [status, { content }] of Object.entries(responses ?? {})) {
        const json = status.startsWith("2") ? content?.["application/json"] : undefined
        if (json?.schema) json.example ??= exampleOf(json.schema)
      }
    }
  }
  return paths
}
