// What a dialect takes and what the document says it takes are the same: bodies are made of the schema, in every kind of each member, then
// changed in one place at a time, and both are asked.
import { expect, test } from "bun:test"
import Ajv from "ajv/dist/2020"
import { AppError } from "../../app/index.ts"
import { checkChat } from "./chat/request.ts"
import { ChatRequest } from "./chat/schema.ts"
import { checkEmbeddings, EmbeddingsRequest } from "./embeddings/index.ts"
import { parseJson } from "./json.ts"
import { checkMessages } from "./messages/request.ts"
import { CountTokensRequest, MessagesRequest } from "./messages/schema.ts"
import { checkResponses } from "./responses/request.ts"
import { ResponsesRequest } from "./responses/schema.ts"

type Json = Record<string, unknown>
type Check = (body: ReturnType<typeof parseJson>) => { extras: readonly unknown[] }

const DIALECTS: Record<string, [check: Check, schema: object]> = {
  chat: [checkChat, ChatRequest],
  responses: [checkResponses, ResponsesRequest],
  messages: [(body) => checkMessages(body, []), MessagesRequest],
  "messages, counted": [(body) => checkMessages(body, [], false), CountTokensRequest],
  embeddings: [checkEmbeddings, EmbeddingsRequest],
}

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)

/** Values that the schema takes: one of each kind, and objects with all members and with as few as may be. */
function valuesOf(schema: Json, depth = 0): unknown[] {
  if (depth > 7) return []
  if ("const" in schema) return [schema.const]
  if (Array.isArray(schema.enum)) return schema.enum.slice(0, 2)
  const union = (schema.anyOf ?? schema.oneOf) as Json[] | undefined
  if (union) return union.flatMap((one) => valuesOf(one, depth + 1))
  switch (schema.type) {
    case "object":
      return objectsOf(schema, depth)
    case "array":
      return [
        ...(schema.minItems ? [] : [[]]),
        ...valuesOf((schema.items ?? {}) as Json, depth + 1).map((one) => [one]),
      ]
    case "string":
      return ["x"]
    case "integer":
    case "number":
      return [schema.minimum ?? 1]
    case "boolean":
      return [true]
    case "null":
      return [null]
    default:
      return [{ a: 1 }]
  }
}

function objectsOf({ properties = {}, required = [] }: Json, depth: number): Json[] {
  const known = Object.entries(properties as Record<string, Json>).map(
    ([name, one]) => [name, valuesOf(one, depth + 1)] as const,
  )
  const least = Object.fromEntries(
    known.filter(([name]) => (required as string[]).includes(name)).map(([name, [first]]) => [name, first]),
  )
  return [least, ...known.flatMap(([name, values]) => values.map((value) => ({ ...least, [name]: value })))]
}

const WRONG: readonly unknown[] = [
  true,
  false,
  "",
  "y",
  0,
  -1,
  1.5,
  7,
  1e300,
  [],
  {},
  ["y"],
  [1],
  [{}],
  [[1]],
  { a: 1 },
  { type: "y" },
  null,
]

/** The body with something else in one place, without a member, and with one that nobody knows. */
function* changed(value: unknown, put: (one: unknown) => unknown): Generator<unknown> {
  for (const wrong of WRONG) yield put(wrong)
  if (Array.isArray(value)) {
    for (const [at, one] of value.entries()) yield* changed(one, (other) => put(value.with(at, other)))
  }
  if (!isObject(value)) return
  yield put({ ...value, nobody_knows: 1 })
  for (const [name, one] of Object.entries(value)) {
    const { [name]: _, ...rest } = value
    yield put(rest)
    yield* changed(one, (other) => put({ ...value, [name]: other }))
  }
}

function isTaken(check: Check, body: unknown): boolean {
  try {
    return check(parseJson(JSON.stringify(body))).extras.length === 0
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid_request") return false
    throw error
  }
}

test.each(Object.entries(DIALECTS))("%s", (_, [check, said]) => {
  const schema = JSON.parse(JSON.stringify(said)) as Json
  const validate = new Ajv({ strict: false }).compile(schema)
  const found = new Map<string, string>()
  let tried = 0
  for (const body of valuesOf(schema)) {
    for (const one of [body, ...changed(body, (other) => other)]) {
      const [dialect, document] = [isTaken(check, one), validate(one)]
      tried++
      if (dialect === document) continue
      if (found.size < 200)
        found.set(JSON.stringify(one), dialect ? "taken, but not documented" : "documented, but refused")
    }
  }
  expect(tried).toBeGreaterThan(1_000)
  expect(Object.fromEntries(found)).toEqual({})
})
