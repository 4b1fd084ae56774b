// A schema of OpenAPI 3.0 or 3.1 as one of JSON Schema 2020-12 that stands by itself: what it refers to comes along under `$defs`, so that circles
// stay circles.
import { OPENAPI_LIMITS as L } from "./limits.ts"
import { isObject, type Json, type JsonObject } from "./read.ts"
import { at } from "./refs.ts"

export interface SchemaSource {
  root: JsonObject
  is30: boolean
  /** Counted down over the whole document. */
  budget: { nodes: number }
  note(words: string): void
}

/** Kept as they are. */
const PLAIN = new Set(
  `type title description format default enum const multipleOf maximum minimum exclusiveMaximum exclusiveMinimum maxLength minLength pattern
   maxItems minItems uniqueItems maxContains minContains maxProperties minProperties required dependentRequired readOnly writeOnly deprecated
   examples contentEncoding contentMediaType`.split(/\s+/),
)
const ONE = new Set(
  "additionalProperties items not if then else contains propertyNames unevaluatedItems unevaluatedProperties".split(
    " ",
  ),
)
const MANY = new Set(["allOf", "anyOf", "oneOf", "prefixItems"])
const NAMED = new Set(["properties", "patternProperties", "dependentSchemas"])

/** @returns null when the document's schemas are too large to be copied */
export function schemaOf(source: SchemaSource, schema: Json | undefined): JsonObject | boolean | null {
  if (typeof schema === "boolean") return schema
  if (!isObject(schema)) return null
  const defs = new Map<string, string>()
  const made: JsonObject = {}
  const waiting: [name: string, ref: string][] = []
  const nameOf = (ref: string): string => {
    const known = defs.get(ref)
    if (known) return known
    const own =
      ref
        .split("/")
        .at(-1)!
        .replace(/~1|~0|%[0-9a-f]{2}|[^\w.-]/gi, "_") || "root"
    const last = own === "__proto__" ? "proto" : own
    const taken = new Set(defs.values())
    let name = last
    for (let n = 2; taken.has(name); n++) name = `${last}_${n}`
    defs.set(ref, name)
    waiting.push([name, ref])
    return name
  }
  const result = converted(source, schema, nameOf, 0)
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [name, ref] = next
    const target = at(source.root, ref)
    if (target === undefined) source.note(`The reference ${ref.slice(0, 80)} leads to nothing.`)
    made[name] = converted(source, target, nameOf, 0)
  }
  if (source.budget.nodes <= 0) return null
  if (typeof result === "boolean") return result
  return Object.keys(made).length === 0 ? result : { ...result, $defs: made }
}

function converted(
  source: SchemaSource,
  schema: Json | undefined,
  nameOf: (ref: string) => string,
  depth: number,
): JsonObject | boolean {
  if (typeof schema === "boolean") return schema
  if (!isObject(schema) || depth > L.schemaDepthMax || source.budget.nodes-- <= 0) return {}
  const out: JsonObject = {}
  const child = (value: Json | undefined) => converted(source, value, nameOf, depth + 1)
  if (typeof schema.$ref === "string") {
    out.$ref = `#/$defs/${nameOf(schema.$ref)}`
    // Beside a reference 3.0 says nothing.
    if (source.is30) return out
  }
  for (const [key, value] of Object.entries(schema)) {
    if (key === "items" && Array.isArray(value)) out.prefixItems = value.map(child)
    else if (ONE.has(key)) out[key] = child(value)
    else if (MANY.has(key) && Array.isArray(value)) out[key] = value.map(child)
    else if (NAMED.has(key) && isObject(value))
      out[key] = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, child(one)]))
    else if (PLAIN.has(key) && isWell(key, value)) out[key] = value
    else if (key === "example" && value !== undefined && !Array.isArray(schema.examples)) out.examples = [value]
  }
  return source.is30 ? as2020(schema, out) : out
}

/** Values that would make a schema invalid are left out. */
function isWell(key: string, value: Json): boolean {
  if (key === "required" || key === "enum" || key === "examples") return Array.isArray(value)
  if (key === "type") return typeof value === "string" || Array.isArray(value)
  if (key === "pattern") return typeof value === "string" && isPattern(value)
  return true
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, "u")
    return true
  } catch {
    return false
  }
}

/** What 3.0 writes in its own way. */
function as2020(schema: JsonObject, out: JsonObject): JsonObject {
  for (const [exclusive, bound] of [
    ["exclusiveMinimum", "minimum"],
    ["exclusiveMaximum", "maximum"],
  ] as const) {
    if (typeof out[exclusive] !== "boolean") continue
    if (out[exclusive] === true && typeof out[bound] === "number") {
      out[exclusive] = out[bound]
      delete out[bound]
    } else delete out[exclusive]
  }
  if (schema.nullable !== true) return out
  if (typeof out.type === "string") out.type = [out.type, "null"]
  if (Array.isArray(out.enum) && !out.enum.includes(null)) out.enum = [...out.enum, null]
  return out
}

/** The one type that a parameter is shown with. */
export function typeOf(schema: JsonObject | boolean | null): string {
  const known = ["string", "integer", "number", "boolean", "array", "object"]
  if (!isObject(schema)) return "string"
  const target = typeof schema.$ref === "string" && isObject(schema.$defs) ? schema.$defs[schema.$ref.slice(8)] : schema
  const one = isObject(target) ? target : schema
  const types = (Array.isArray(one.type) ? one.type : [one.type]).filter((type) => known.includes(String(type)))
  if (types.length > 0) return String(types[0])
  if (isObject(one.properties) || one.additionalProperties !== undefined) return "object"
  if (one.items !== undefined) return "array"
  const first = Array.isArray(one.enum) ? one.enum[0] : undefined
  if (typeof first === "number") return "number"
  if (typeof first === "boolean") return "boolean"
  for (const list of [one.oneOf, one.anyOf, one.allOf])
    if (Array.isArray(list)) return typeOf(withDefs(list[0], schema.$defs))
  return "string"
}

const withDefs = (schema: Json | undefined, defs: Json | undefined): JsonObject | null =>
  isObject(schema) ? (defs === undefined ? schema : { ...schema, $defs: defs }) : null
