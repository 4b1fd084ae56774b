// A value that a JSON Schema allows, as simple as it can be: what a tool of test mode answers. Best effort: patterns and formats are not met. Pure.
type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json => value !== null && typeof value === "object" && !Array.isArray(value)

/** Schemas are strangers' words: one that refers to itself ends here. */
const DEPTH_MAX = 8
/** Items of a list, whatever its schema asks for. */
const ITEMS_MAX = 4

/** Values in all: a schema that refers to itself in many places would grow without end. */
const VALUES_MAX = 200

interface From {
  root: unknown
  left: number
}

export const sampleOf = (schema: unknown): unknown => sampleAt({ root: schema, left: VALUES_MAX }, schema, 0)

function sampleAt(from: From, asked: unknown, depth: number): unknown {
  const schema = resolved(from.root, asked)
  if (!isObject(schema) || depth > DEPTH_MAX || from.left-- <= 0) return null
  for (const known of ["const", "default"]) if (known in schema) return schema[known]
  for (const many of ["examples", "enum"]) {
    const values = schema[many]
    if (Array.isArray(values) && values.length > 0) return values[0]
  }
  for (const one of ["anyOf", "oneOf"]) {
    const choices = schema[one]
    if (Array.isArray(choices) && choices.length > 0) return sampleAt(from, choices[0], depth + 1)
  }
  const kind = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (kind === "object" || isObject(schema.properties) || Array.isArray(schema.allOf))
    return objectAt(from, schema, depth)
  if (kind === "array") {
    const count = Math.min(Math.max(numberOr(schema.minItems, 0), 1), ITEMS_MAX)
    return Array.from({ length: count }, () => sampleAt(from, schema.items, depth + 1))
  }
  if (kind === "integer" || kind === "number")
    return Math.min(numberOr(schema.minimum, 0), numberOr(schema.maximum, Number.MAX_SAFE_INTEGER))
  if (kind === "string")
    return "sample".padEnd(Math.min(numberOr(schema.minLength, 0), 1_000), ".").slice(0, lengthOf(schema))
  return kind === "boolean" ? true : null
}

const numberOr = (value: unknown, other: number): number => (typeof value === "number" ? value : other)
const lengthOf = ({ maxLength }: Json): number => (typeof maxLength === "number" ? Math.max(maxLength, 0) : 1_000)

function objectAt(from: From, schema: Json, depth: number): Json {
  const parts = Array.isArray(schema.allOf) ? schema.allOf.map((part) => sampleAt(from, part, depth + 1)) : []
  const own = isObject(schema.properties) ? schema.properties : {}
  const named = Object.entries(own).map(([name, part]): [string, unknown] => [name, sampleAt(from, part, depth + 1)])
  return Object.assign({}, ...parts.filter(isObject), Object.fromEntries(named)) as Json
}

/** Within the same schema alone. */
function resolved(root: unknown, asked: unknown): unknown {
  let schema = asked
  for (let hops = 0; hops < DEPTH_MAX && isObject(schema) && typeof schema.$ref === "string"; hops++) {
    const steps = schema.$ref.startsWith("#/") ? schema.$ref.slice(2).split("/") : null
    if (!steps) return null
    schema = steps.reduce<unknown>((at, step) => {
      const name = step.replaceAll("~1", "/").replaceAll("~0", "~")
      return isObject(at) && Object.hasOwn(at, name) ? at[name] : null
    }, root)
  }
  return schema
}
