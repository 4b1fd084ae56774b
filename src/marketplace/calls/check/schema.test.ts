// Our small reading of JSON Schema beside ajv's whole one: of what we understand the same verdict, of all else never a refusal that ajv
// would not give. Random schemas, and values that mostly fit them.
import { expect, test } from "bun:test"
import Ajv from "ajv/dist/2020"
import { misfitOf } from "./schema.ts"

type Random = () => number
type Json = Record<string, unknown>

function seeded(seed: number): Random {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const pick = <T>(random: Random, of: readonly T[]): T => of[Math.floor(random() * of.length)]!
const upTo = (random: Random, max: number): number => Math.floor(random() * (max + 1))
const chance = (random: Random, part: number): boolean => random() < part

/** One is a member of every object. Not `__proto__` and the empty name, which ajv passes over, and not `toString`, on which it stumbles. */
const NAMES = ["a", "b", "ä", "a.b", "isPrototypeOf", " "]
const TEXTS = ["", "x", "ab", "🙂", "🙂🙂a", "true", "0", "null"]
const NUMBERS = [0, -0, 1, -1, 1.5, 2, 3, 10, 1e21, -2.25]
const TYPES = ["string", "number", "integer", "boolean", "array", "object", "null"]

function scalar(random: Random): unknown {
  const kind = random()
  if (kind < 0.4) return pick(random, NUMBERS)
  return kind < 0.8 ? pick(random, TEXTS) : pick(random, [true, false, null])
}

function members(random: Random, count: number, of: () => unknown): Json {
  const names = Array.from({ length: count }, () => pick(random, NAMES))
  return Object.fromEntries(names.map((name) => [name, of()]))
}

function anyValue(random: Random, depth: number): unknown {
  if (depth === 0 || chance(random, 0.5)) return scalar(random)
  const child = () => anyValue(random, depth - 1)
  if (chance(random, 0.5)) return Array.from({ length: upTo(random, 3) }, child)
  return members(random, upTo(random, 3), child)
}

/** Of the words that we read. */
function schemaOf(random: Random, depth: number): unknown {
  if (chance(random, 0.05)) return chance(random, 0.7)
  const schema: Json = {}
  const may = (part: number, add: () => void) => {
    if (chance(random, part)) add()
  }
  may(0.7, () => {
    schema.type = chance(random, 0.7) ? pick(random, TYPES) : [...new Set([pick(random, TYPES), pick(random, TYPES)])]
  })
  may(0.1, () => {
    schema.enum = [...new Set([JSON.stringify(anyValue(random, 1)), JSON.stringify(scalar(random))])].map((text) =>
      JSON.parse(text),
    )
  })
  may(0.05, () => {
    schema.const = anyValue(random, 1)
  })
  for (const word of ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])
    may(0.12, () => {
      schema[word] = pick(random, NUMBERS)
    })
  for (const word of ["Length", "Items", "Properties"])
    may(0.15, () => {
      schema[`${pick(random, ["min", "max"])}${word}`] = upTo(random, 3)
    })
  if (depth === 0) return schema
  may(0.4, () => {
    schema.properties = members(random, upTo(random, 3), () => schemaOf(random, depth - 1))
  })
  may(0.25, () => {
    schema.required = [...new Set([pick(random, NAMES), pick(random, NAMES)])]
  })
  may(0.25, () => {
    schema.additionalProperties = schemaOf(random, depth - 1)
  })
  may(0.4, () => {
    schema.items = schemaOf(random, depth - 1)
  })
  may(0.15, () => {
    schema.prefixItems = [schemaOf(random, depth - 1), schemaOf(random, 0)]
  })
  return schema
}

/** With what imports put under `$defs`: each refers to the other from a member, so that circles are among them. */
function referringSchemaOf(random: Random, depth: number): unknown {
  const defined = (to: string) => {
    const schema = schemaOf(random, 1)
    const member = { [pick(random, NAMES)]: { $ref: `#/$defs/${to}` } }
    return typeof schema === "object"
      ? { ...schema, properties: { ...(schema as Json).properties!, ...member } }
      : schema
  }
  const schema = schemaOf(random, depth)
  if (typeof schema !== "object") return schema
  const ways: Json[] = [{ $ref: "#/$defs/one" }, { allOf: [{ $ref: "#/$defs/two" }, schemaOf(random, 1)] }, {}]
  return { ...schema, ...pick(random, ways), $defs: { one: defined("two"), two: defined("one") } }
}

/** And with words that we leave to the API's own server. */
function largerSchemaOf(random: Random, depth: number): unknown {
  const schema = schemaOf(random, depth)
  if (typeof schema !== "object") return schema
  if (depth === 0) return schema
  const child = () => largerSchemaOf(random, depth - 1)
  const more: [word: string, make: () => unknown][] = [
    ["allOf", () => [child(), child()]],
    ["anyOf", () => [child(), child()]],
    ["oneOf", () => [child(), child()]],
    ["not", child],
    ["if", child],
    ["then", child],
    ["contains", child],
    ["multipleOf", () => 2],
    ["uniqueItems", () => true],
    ["pattern", () => "^[a-z]*$"],
    ["patternProperties", () => ({ "^a": child() })],
    ["propertyNames", child],
    ["dependentRequired", () => ({ a: ["b"] })],
    ["unevaluatedProperties", () => false],
    ["unevaluatedItems", () => false],
  ]
  for (const [word, make] of more) if (chance(random, 0.06)) Object.assign(schema!, { [word]: make() })
  return schema
}

/** One that has a fair chance to fit. */
function valueFor(random: Random, schema: unknown, depth: number): unknown {
  if (typeof schema !== "object" || schema === null || chance(random, 0.15)) return anyValue(random, depth)
  const { type, enum: choices, const: only, properties, required, items } = schema as Json
  if (Array.isArray(choices) && chance(random, 0.8)) return pick(random, choices)
  if (only !== undefined && chance(random, 0.8)) return only
  const kind = Array.isArray(type) ? pick(random, type) : (type ?? pick(random, TYPES))
  if (kind === "string") return pick(random, TEXTS)
  if (kind === "boolean") return chance(random, 0.5)
  if (kind === "number" || kind === "integer") return pick(random, NUMBERS)
  if (kind === "array")
    return Array.from({ length: upTo(random, 3) }, () => valueFor(random, items, Math.max(0, depth - 1)))
  if (kind !== "object") return null
  const known = (properties ?? {}) as Json
  const names = [...Object.keys(known), ...((required ?? []) as string[]), pick(random, NAMES)]
  const taken = names.filter(() => chance(random, 0.8))
  return Object.fromEntries(
    taken.map((name) => [
      name,
      valueFor(random, Object.hasOwn(known, name) ? known[name] : true, Math.max(0, depth - 1)),
    ]),
  )
}

/** `ownProperties`: without it ajv takes `toString` for a member of everything. */
const ajv = new Ajv({
  strict: false,
  ownProperties: true,
  validateFormats: false,
  validateSchema: false,
  logger: false,
})

/** Through text, as both get it from a document and a body. */
const asSent = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

interface Tally {
  fits: number
  refused: number
}

function compare(
  seed: number,
  schemas: number,
  make: typeof schemaOf,
  agree: (theirs: boolean, ours: string | null) => boolean,
): Tally {
  const random = seeded(seed)
  const tally: Tally = { fits: 0, refused: 0 }
  for (let at = 0; at < schemas; at++) {
    const schema = asSent(make(random, 2))
    const validate = ajv.compile(schema as object)
    for (let one = 0; one < 60; one++) {
      const value = asSent(valueFor(random, schema, 2))
      const theirs = validate(value)
      const ours = misfitOf(schema, value)
      tally[ours === null ? "fits" : "refused"]++
      if (!agree(theirs, ours))
        throw new Error(
          `schema ${JSON.stringify(schema)}\nvalue ${JSON.stringify(value)}\najv ${theirs}, ours: ${ours}`,
        )
    }
  }
  return tally
}

test("of what is understood ajv says the same, in 10,000 pairs of schema and value", () => {
  const { fits, refused } = compare(1_601, 160, schemaOf, (theirs, ours) => theirs === (ours === null))
  // Neither of the two is the rule that nothing tests.
  expect(fits).toBeGreaterThan(2_000)
  expect(refused).toBeGreaterThan(2_000)
})

test("and of what it refers to, in circles, too", () => {
  const { fits, refused } = compare(1_604, 160, referringSchemaOf, (theirs, ours) => theirs === (ours === null))
  expect(fits).toBeGreaterThan(1_000)
  expect(refused).toBeGreaterThan(2_000)
})

test("a schema that refers to itself alone fits everything, in a moment", () => {
  expect(misfitOf({ $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/a" } } }, {})).toBeNull()
})

test("whatever a schema holds, what fits it is never refused", () => {
  const { fits, refused } = compare(1_602, 160, largerSchemaOf, (theirs, ours) => !theirs || ours === null)
  expect(fits).toBeGreaterThan(2_000)
  expect(refused).toBeGreaterThan(1_000)
})

test("OpenAPI 3.0's own words mean what 3.1 says in others", () => {
  const random = seeded(1_603)
  for (let at = 0; at < 300; at++) {
    const [low, high, nullable] = [pick(random, NUMBERS), pick(random, NUMBERS), chance(random, 0.5)]
    const [isOver, isUnder] = [chance(random, 0.5), chance(random, 0.5)]
    const old = {
      type: "number",
      minimum: low,
      maximum: high,
      nullable,
      exclusiveMinimum: isOver,
      exclusiveMaximum: isUnder,
    }
    const now = {
      type: nullable ? ["number", "null"] : "number",
      [isOver ? "exclusiveMinimum" : "minimum"]: low,
      [isUnder ? "exclusiveMaximum" : "maximum"]: high,
    }
    const validate = ajv.compile(now)
    const wrong = [...NUMBERS, null, "1"].filter((value) => (misfitOf(old, value) === null) !== validate(value))
    expect([old, wrong]).toEqual([old, []])
  }
})
