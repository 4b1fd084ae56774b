import { expect, test } from "bun:test"
import Ajv from "ajv"
import { sampleOf } from "./sample.ts"

const SCHEMAS: object[] = [
  {
    type: "object",
    properties: { a: { type: "integer", minimum: 3 }, b: { type: "array", items: { type: "string" }, minItems: 2 } },
    required: ["a", "b"],
  },
  { type: "object", properties: { a: { $ref: "#/$defs/one" } }, required: ["a"], $defs: { one: { enum: ["x", "y"] } } },
  {
    allOf: [
      { type: "object", properties: { a: { const: 1 } }, required: ["a"] },
      { type: "object", properties: { b: { type: "boolean" } }, required: ["b"] },
    ],
  },
  {
    type: "object",
    properties: {
      a: { anyOf: [{ type: "null" }, { type: "number" }] },
      s: { type: "string", minLength: 9, maxLength: 12 },
    },
    required: ["a", "s"],
  },
  { type: ["string", "null"], maxLength: 2 },
]

test("a sample is what its schema allows", () => {
  const ajv = new Ajv({ strict: false })
  for (const schema of SCHEMAS) expect([schema, ajv.validate(schema, sampleOf(schema))]).toEqual([schema, true])
})

test("a schema that refers to itself, or to nothing, ends", () => {
  expect(() => sampleOf({ type: "object", properties: { a: { $ref: "#" } } })).not.toThrow()
  expect(sampleOf({ $ref: "#/nowhere" })).toBeNull()
  expect(sampleOf({ $ref: "https://example.com/schema" })).toBeNull()
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`p${n}`, { $ref: "#" }]))
  expect(JSON.stringify(sampleOf({ type: "object", properties: many })).length).toBeLessThan(2_000_000)
  expect(sampleOf({ type: "array", items: { $ref: "#" }, minItems: 1e9 })).toBeArray()
})
