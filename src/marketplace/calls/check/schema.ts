// Whether a value fits a JSON Schema, as far as a gateway should know: types, enumerations, bounds, members. Patterns are not run, since
// their author is a stranger and a pattern can take for ever (CWE-1333); what is not understood here fits, and its server has the word.
// Nothing is compiled or evaluated.

type Schema = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Levels of brackets and members of one value that are looked at; more is work for nobody. */
const DEPTH_MAX = 32
const VALUES_MAX = 20_000

interface Reading {
  /** The schema as a whole, where `$defs` stand. */
  root: unknown
  /** Values that may still be looked at. */
  left: number
}

/** @returns what is wrong, with its place; null = it fits */
export const misfitOf = (schema: unknown, value: unknown, at = ""): string | null =>
  misfit(schema, value, at, { root: schema, left: VALUES_MAX }, 0)

function misfit(schema: unknown, value: unknown, at: string, reading: Reading, depth: number): string | null {
  if (schema === false) return `${named(at)} is not expected`
  if (!isObject(schema) || depth > DEPTH_MAX || reading.left-- <= 0) return null
  for (const one of alsoOf(schema, reading.root)) {
    const wrong = misfit(one, value, at, reading, depth + 1)
    if (wrong) return wrong
  }
  const wrong = typeMisfit(schema, value) ?? valueMisfit(schema, value)
  if (wrong) return `${named(at)} ${wrong}`
  if (Array.isArray(value)) return itemsMisfit(schema, value, at, reading, depth)
  return isObject(value) ? membersMisfit(schema, value, at, reading, depth) : null
}

const DEFINED = "#/$defs/"

/** Schemas that have to fit as well: what it refers to, as imports write it, and all of `allOf`. */
function alsoOf({ $ref, allOf }: Schema, root: unknown): unknown[] {
  const all = Array.isArray(allOf) ? allOf : []
  if (typeof $ref !== "string" || !$ref.startsWith(DEFINED) || !isObject(root) || !isObject(root.$defs)) return all
  const name = $ref.slice(DEFINED.length)
  return Object.hasOwn(root.$defs, name) ? [root.$defs[name], ...all] : all
}

const named = (at: string): string => (at === "" ? "The value" : `\`${at.slice(0, 80)}\``)

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: (value) => typeof value === "number" && Number.isInteger(value),
  boolean: (value) => typeof value === "boolean",
  array: Array.isArray,
  object: isObject,
  null: (value) => value === null,
}

function typeMisfit({ type, nullable }: Schema, value: unknown): string | null {
  const types = (Array.isArray(type) ? type : [type]).filter((one): one is string => typeof one === "string")
  if (types.length === 0 || (nullable === true && value === null)) return null
  const known = types.filter((one) => one in TYPES)
  if (known.length < types.length || known.some((one) => TYPES[one]!(value))) return null
  return `has to be of type ${types.join(" or ")}`
}

function valueMisfit(schema: Schema, value: unknown): string | null {
  if (Array.isArray(schema.enum) && !schema.enum.some((one) => Bun.deepEquals(one, value)))
    return `has to be one of ${schema.enum
      .slice(0, 10)
      .map((one) => JSON.stringify(one))
      .join(", ")
      .slice(0, 300)}`
  if ("const" in schema && !Bun.deepEquals(schema.const, value))
    return `has to be ${JSON.stringify(schema.const)?.slice(0, 100)}`
  if (typeof value === "number") return numberMisfit(schema, value)
  if (typeof value === "string") return lengthMisfit(schema, [...value].length, "Length", "characters")
  if (Array.isArray(value)) return lengthMisfit(schema, value.length, "Items", "items")
  return isObject(value) ? lengthMisfit(schema, Object.keys(value).length, "Properties", "members") : null
}

function numberMisfit(schema: Schema, value: number): string | null {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema
  // OpenAPI 3.0 has the exclusive ones as switches beside the others.
  if (typeof minimum === "number" && (exclusiveMinimum === true ? value <= minimum : value < minimum))
    return `has to be ${exclusiveMinimum === true ? "more than" : "at least"} ${minimum}`
  if (typeof maximum === "number" && (exclusiveMaximum === true ? value >= maximum : value > maximum))
    return `has to be ${exclusiveMaximum === true ? "less than" : "at most"} ${maximum}`
  if (typeof exclusiveMinimum === "number" && value <= exclusiveMinimum)
    return `has to be more than ${exclusiveMinimum}`
  if (typeof exclusiveMaximum === "number" && value >= exclusiveMaximum)
    return `has to be less than ${exclusiveMaximum}`
  return null
}

function lengthMisfit(schema: Schema, length: number, of: string, what: string): string | null {
  const [min, max] = [schema[`min${of}`], schema[`max${of}`]]
  if (typeof min === "number" && length < min) return `has to have at least ${min} ${what}`
  if (typeof max === "number" && length > max) return `has to have at most ${max} ${what}`
  return null
}

function itemsMisfit(
  { items, prefixItems }: Schema,
  value: readonly unknown[],
  at: string,
  reading: Reading,
  depth: number,
): string | null {
  const first = Array.isArray(prefixItems) ? prefixItems : []
  for (const [index, item] of value.entries()) {
    const wrong = misfit(index < first.length ? first[index] : items, item, `${at}[${index}]`, reading, depth + 1)
    if (wrong) return wrong
  }
  return null
}

function membersMisfit(
  schema: Schema,
  value: Record<string, unknown>,
  at: string,
  reading: Reading,
  depth: number,
): string | null {
  const { required, properties, additionalProperties, patternProperties } = schema
  const under = (name: string) => (at === "" ? name : `${at}.${name}`)
  if (Array.isArray(required))
    for (const name of required)
      if (typeof name === "string" && !Object.hasOwn(value, name)) return `${named(under(name))} is missing`
  const known = isObject(properties) ? properties : {}
  for (const [name, member] of Object.entries(value)) {
    // Names that only a pattern knows are nobody's to refuse here.
    const other = isObject(patternProperties) ? true : additionalProperties
    const wrong = misfit(Object.hasOwn(known, name) ? known[name] : other, member, under(name), reading, depth + 1)
    if (wrong) return wrong
  }
  return null
}
