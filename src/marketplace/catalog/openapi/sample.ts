// An answer made up from its schema, where a document has none: small, and the same each time.
import { OPENAPI_LIMITS as L } from "./limits.ts"
import { isObject, type Json, type JsonObject } from "./read.ts"

const BY_FORMAT: Readonly<Record<string, string>> = {
  "date-time": "2026-01-31T12:00:00Z",
  date: "2026-01-31",
  time: "12:00:00Z",
  email: "ada@example.com",
  uri: "https://example.com/",
  url: "https://example.com/",
  hostname: "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  uuid: "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
  byte: "aGVsbG8=",
}

/** @param schema as `schemaOf` made it, with its `$defs`; undefined = there is nothing to show */
export function sampleOf(schema: JsonObject | boolean | null): Json | undefined {
  if (!isObject(schema)) return undefined
  const defs = isObject(schema.$defs) ? schema.$defs : {}
  const budget = { nodes: L.sampleNodesMax }
  return shown(schema, defs, budget, 0)
}

type Budget = { nodes: number }

function shown(schema: Json | undefined, defs: JsonObject, budget: Budget, depth: number): Json | undefined {
  if (!isObject(schema) || depth > L.sampleDepthMax || budget.nodes-- <= 0) return undefined
  if (Array.isArray(schema.examples) && schema.examples.length > 0) return schema.examples[0]
  for (const key of ["const", "default"] as const) if (schema[key] !== undefined) return schema[key]
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return schema.enum[0]
  if (typeof schema.$ref === "string") return shown(defs[schema.$ref.slice(8)], defs, budget, depth + 1)
  if (Array.isArray(schema.allOf)) return merged(schema, schema.allOf, defs, budget, depth)
  for (const list of [schema.oneOf, schema.anyOf])
    if (Array.isArray(list) && list.length > 0) return shown(list[0], defs, budget, depth + 1)
  return plainOf(schema, defs, budget, depth)
}

function merged(schema: JsonObject, all: Json[], defs: JsonObject, budget: Budget, depth: number): Json | undefined {
  const parts = [...all.map((one) => shown(one, defs, budget, depth + 1)), ownOf(schema, defs, budget, depth)]
  const objects = parts.filter(isObject)
  return objects.length > 0 ? Object.assign({}, ...objects) : parts.find((part) => part !== undefined)
}

const ownOf = (schema: JsonObject, defs: JsonObject, budget: Budget, depth: number): Json | undefined =>
  isObject(schema.properties) ? plainOf(schema, defs, budget, depth) : undefined

function plainOf(schema: JsonObject, defs: JsonObject, budget: Budget, depth: number): Json | undefined {
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (isObject(schema.properties) || type === "object") {
    const entries = Object.entries(isObject(schema.properties) ? schema.properties : {})
      .filter(([, one]) => !(isObject(one) && one.writeOnly === true))
      .map(([name, one]) => [name, shown(one, defs, budget, depth + 1)] as const)
    return Object.fromEntries(entries.filter((entry): entry is readonly [string, Json] => entry[1] !== undefined))
  }
  if (type === "array" || schema.items !== undefined) {
    const one = shown(schema.items, defs, budget, depth + 1)
    return one === undefined ? [] : [one]
  }
  if (type === "integer" || type === "number") return typeof schema.minimum === "number" ? schema.minimum : 1
  if (type === "boolean") return true
  if (type === "null") return null
  if (type === "string") return BY_FORMAT[String(schema.format)] ?? "text"
  return undefined
}
