// JSON Schemas of answers, as Anthropic's structured outputs take them: objects are closed, and bounds that it does not check are told
// to the model as words (what its own SDKs do).
import { type Json, object } from "./json.ts"

const KEPT = new Set([
  "$ref",
  "$defs",
  "definitions",
  "enum",
  "const",
  "type",
  "anyOf",
  "allOf",
  "description",
  "title",
])
const KEPT_BY_TYPE: Readonly<Record<string, ReadonlySet<string>>> = {
  object: new Set(["properties", "required", "additionalProperties"]),
  array: new Set(["items"]),
}
const FORMATS = new Set("date-time time date duration email hostname uri ipv4 ipv6 uuid".split(" "))
/** Constrain nothing. */
const IGNORED = new Set(["$schema", "$id", "default", "examples"])

export function closedSchema(schema: Json): Json {
  const closed: Json = {}
  const told: [string, unknown][] = []
  for (const [name, value] of Object.entries(schema)) {
    if (IGNORED.has(name)) continue
    if (name === "oneOf" && Array.isArray(value)) closed.anyOf = value.map((one) => closedSchema(object(one)))
    else if (isKept(name, value, schema)) closed[name] = inside(name, value)
    else told.push([name, value])
  }
  if (isObjectType(schema.type)) closed.additionalProperties = false
  if (told.length > 0) {
    const words = told.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(", ")
    closed.description = closed.description ? `${String(closed.description)}\n\n{${words}}` : `{${words}}`
  }
  return closed
}

const isObjectType = (type: unknown): boolean => type === "object" || (Array.isArray(type) && type.includes("object"))

function isKept(name: string, value: unknown, { type }: Json): boolean {
  if (KEPT.has(name)) return true
  if (name === "format") return typeof value === "string" && FORMATS.has(value)
  if (name === "minItems") return value === 0 || value === 1
  const types = Array.isArray(type) ? type : [type]
  return types.some((one) => typeof one === "string" && KEPT_BY_TYPE[one]?.has(name))
}

function inside(name: string, value: unknown): unknown {
  if (name === "properties" || name === "$defs" || name === "definitions") {
    return Object.fromEntries(Object.entries(object(value)).map(([key, one]) => [key, closedSchema(object(one))]))
  }
  if (name === "items" && !Array.isArray(value)) return closedSchema(object(value))
  if ((name === "anyOf" || name === "allOf") && Array.isArray(value))
    return value.map((one) => closedSchema(object(one)))
  return value
}
