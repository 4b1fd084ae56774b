// What the form of an operation asks, to be sent by its person's own browser: a field for each parameter and for each member of the body,
// with the values of the example. Pure.
import type { ReferenceField, ReferenceOperation, TryField, TryForm } from "../../../../views/public/reference/index.ts"
import { isOnce, type Json, type Named } from "./document.ts"

type Shown = Pick<ReferenceOperation, "parameters" | "body">
type Asked = Pick<Named, "method" | "path" | "security" | "parameters">

/** @param body the example's; undefined: the operation has none */
export function tryOf(named: Asked, { parameters, body: said }: Shown, body: unknown, origin: string): TryForm {
  const { method, path } = named
  const isOurs = path.startsWith("/api/")
  const example = (name: string) => (named.parameters ?? []).find((one) => one.name === name)
  const sent = parameters.filter(({ name }) => name !== "Idempotency-Key")
  return {
    method,
    path,
    // The console sends its own cookie, so these stay on the origin of the page.
    origin: isOurs ? "" : origin,
    parameters: sent.map((one) => fieldOf(one, one.at, exampleOf(example(one.name), one))),
    body: said === null || body === undefined ? null : bodyOf(said.variants, body),
    proof: proofOf(named),
    once: isOnce(named),
    asks: method === "DELETE" ? "deletes" : isOurs && method !== "GET" ? "changes" : null,
  }
}

function proofOf({ security }: Asked): TryForm["proof"] {
  const has = (name: string) => security.some((way) => name in way)
  if (security.length === 0) return { by: "nothing" }
  if (has("consoleSession")) return { by: "session" }
  const scopes = security.flatMap((way) => Object.values(way).flat())
  return { by: "key", of: has("appKey") ? "app" : "person", scopes: [...new Set(scopes)] }
}

/** What may be left out is left out, but for what an address cannot be without. */
const exampleOf = (one: { example?: unknown } | undefined, { required }: ReferenceField): unknown =>
  required ? one?.example : undefined

function bodyOf(variants: NonNullable<Shown["body"]>["variants"], body: unknown): NonNullable<TryForm["body"]> {
  const [only] = variants
  // One of several kinds, or no object: as a whole.
  if (variants.length > 1 || typeof body !== "object" || body === null || Array.isArray(body))
    return { fields: [], whole: JSON.stringify(body, null, 2) }
  const given = body as Json
  const fields = (only?.fields ?? []).map((one) => fieldOf(one, "body", given[one.name]))
  const known = new Set(fields.map(({ name }) => name))
  const isAll = Object.keys(given).every((name) => known.has(name))
  return isAll ? { fields, whole: null } : { fields: [], whole: JSON.stringify(body, null, 2) }
}

function fieldOf(field: ReferenceField, at: TryField["at"], value: unknown): TryField {
  const kind = kindOf(field)
  const isText = typeof value === "string" && kind !== "json"
  return {
    at,
    name: field.name,
    required: field.required,
    kind,
    type: field.type,
    options: kind === "choice" ? field.values : [],
    value: value === undefined ? "" : isText && kind !== "choice" ? value : JSON.stringify(value, null, 2),
  }
}

function kindOf({ type, values }: ReferenceField): TryField["kind"] {
  if (values.length > 0 && !type.startsWith("list")) return "choice"
  if (type === "string") return "text"
  if (type === "integer" || type === "number") return "number"
  if (type === "boolean") return "flag"
  const all = type.split(" or ")
  if (!all.includes("string")) return "json"
  return all.includes("integer") ? "count" : "mixed"
}
