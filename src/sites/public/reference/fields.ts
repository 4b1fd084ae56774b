// A JSON Schema as fields to read: what each is called, what it takes, its bounds, and what is inside. Pure.
import type { ReferenceField, ReferenceVariant } from "../../../../views/public/reference/index.ts"
import type { Json } from "./document.ts"

/** Deeper is said to be there, not shown: no body that people write is. */
const DEPTH_MAX = 20

type Way = "sent" | "read"
interface Reader {
  schemas: Readonly<Record<string, Json>>
  /** References that are being read: what holds itself is shown once. */
  inside?: readonly unknown[]
  /** Null counts as left out in what is sent, so it is not said there. */
  way: Way
}

/** What stands in an object: fields, or several kinds of it with theirs. Nothing for a plain value. */
export function variantsOf(schema: Json, outer: Reader, depth = 0): ReferenceVariant[] {
  const { inside = [] } = outer
  const known = resolved(schema, outer)
  if (depth > DEPTH_MAX || (schema.$ref !== undefined && inside.includes(schema.$ref))) return []
  const reader = schema.$ref === undefined ? outer : { ...outer, inside: [...inside, schema.$ref] }
  const union = unionOf(known)
  if (union) return labelled(union.flatMap((one) => variantsOf(one, reader, depth + 1)))
  if (known.type === "array" && isSchema(known.items)) return variantsOf(known.items, reader, depth + 1)
  if (!isSchema(known.properties)) return []
  const required = new Set(Array.isArray(known.required) ? (known.required as string[]) : [])
  const fields = Object.entries(known.properties as Record<string, Json>).map(([name, one]) =>
    fieldOf(name, one, required.has(name), reader, depth),
  )
  // What must be there is read first; the rest as it is declared.
  const inOrder = reader.way === "sent" ? fields.toSorted((a, b) => Number(b.required) - Number(a.required)) : fields
  return fields.length === 0 ? [] : [{ label: constantOf(known), fields: inOrder }]
}

function fieldOf(name: string, schema: Json, required: boolean, reader: Reader, depth: number): ReferenceField {
  const known = resolved(schema, reader)
  // Words stand on the union, or on the one thing that is in it.
  const inner = only(known, reader) ?? known
  return {
    name,
    required,
    type: typeOf(known, reader),
    text: textOf(known) ?? textOf(inner) ?? "",
    facts: [...factsOf(inner), ...(inner === known ? [] : factsOf(known))],
    values: valuesOf(inner),
    variants: variantsOf(schema, reader, depth + 1),
  }
}

export function resolved(schema: Json, { schemas }: Pick<Reader, "schemas">): Json {
  const name = typeof schema.$ref === "string" ? schema.$ref.split("/").at(-1)! : null
  return name === null ? schema : (schemas[name] ?? {})
}

const isSchema = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)
const textOf = ({ description }: Json): string | undefined =>
  typeof description === "string" ? description : undefined
const unionOf = ({ anyOf, oneOf }: Json): Json[] | null =>
  Array.isArray(anyOf) ? (anyOf as Json[]) : Array.isArray(oneOf) ? (oneOf as Json[]) : null
const isNull = ({ type }: Json): boolean => type === "null"

/** `X` of "X or null". */
function only(schema: Json, reader: Reader): Json | null {
  const union = unionOf(schema)?.filter((one) => !isNull(one))
  return union?.length === 1 ? resolved(union[0]!, reader) : null
}

/** "string", "list of objects", "string or null". */
export function typeOf(schema: Json, reader: Reader, depth = 0): string {
  const known = depth > DEPTH_MAX ? {} : resolved(schema, reader)
  const union = unionOf(known)
  if (union) {
    const shown = union.filter((one) => reader.way === "read" || !isNull(one))
    return [...new Set(shown.map((one) => typeOf(one, reader, depth + 1)))].join(" or ")
  }
  if ("const" in known) return JSON.stringify(known.const)
  if (Array.isArray(known.type)) return known.type.join(" or ")
  if (known.type === "array")
    return `list of ${many(isSchema(known.items) ? typeOf(known.items, reader, depth + 1) : "anything")}`
  return typeof known.type === "string" ? known.type : "anything"
}

const PLURALS: Readonly<Record<string, string>> = { anything: "anything", boolean: "booleans" }
const many = (type: string): string =>
  type
    .split(" or ")
    .map(
      (one) =>
        PLURALS[one] ?? (/^(object|string|integer|number)$/.test(one) ? `${one}s` : one.replace(/^list /, "lists ")),
    )
    .join(" or ")

/** Constants of a union are its values: `"day"` or `"month"`. */
function valuesOf(schema: Json): string[] {
  if (Array.isArray(schema.enum)) return schema.enum.map((one) => JSON.stringify(one))
  const inside = isSchema(schema.items) ? valuesOf(schema.items) : []
  const union = unionOf(schema)?.filter((one) => !isNull(one)) ?? []
  return union.length > 1 && union.every((one) => "const" in one)
    ? union.map((one) => JSON.stringify(one.const))
    : inside
}

const BOUNDS: readonly [name: string, words: (value: unknown) => string][] = [
  ["minimum", (value) => `at least ${value}`],
  ["exclusiveMinimum", (value) => `above ${value}`],
  ["maximum", (value) => `at most ${value}`],
  ["minLength", (value) => (value === 1 ? "not empty" : `at least ${value} characters`)],
  ["maxLength", (value) => `at most ${value} characters`],
  ["minItems", (value) => (value === 1 ? "at least one" : `at least ${value} of them`)],
  ["maxItems", (value) => `at most ${value} of them`],
  ["pattern", (value) => `matches ${value}`],
  ["format", (value) => `${value}`],
  ["default", (value) => `by default ${JSON.stringify(value)}`],
]

function factsOf(schema: Json): string[] {
  const known = BOUNDS.filter(([name]) => name in schema)
  // The largest whole number says no more than "whole".
  return known.filter(([name]) => schema[name] !== Number.MAX_SAFE_INTEGER).map(([name, words]) => words(schema[name]))
}

/** What tells a kind of object from its neighbours: the one value that `type` or another member has. */
function constantOf({ properties }: Json): string | null {
  const members = Object.entries((properties ?? {}) as Record<string, Json>)
  for (const [name, one] of members) {
    if ("const" in one) return `${name}: ${JSON.stringify(one.const)}`
    if (Array.isArray(one.enum) && one.enum.length === 1) return `${name}: ${JSON.stringify(one.enum[0])}`
  }
  return null
}

const labelled = (variants: ReferenceVariant[]): ReferenceVariant[] =>
  variants.length < 2 ? variants : variants.map((one, index) => ({ ...one, label: one.label ?? `Kind ${index + 1}` }))
