import { expect, test } from "bun:test"
import { type Json, worded } from "./worded.ts"

const text = { type: "string" }
const object = (properties: Record<string, Json>): Json => ({ type: "object", properties })

test("the longest end of a path holds, of one operation before all; what is said already stays", () => {
  const schema = object({
    id: text,
    said: { ...text, description: "By the schema" },
    kind: { const: "x" },
    constructor: text,
    list: { type: "array", items: { anyOf: [object({ id: text, name: text }), { type: "null" }] } },
  })
  const words = { id: "An id", "list.id": "Of the list", name: "A name", "two name": "Of two", said: "No", list: "All" }
  expect(worded(schema, "200", "one", words)).toEqual(
    object({
      id: { ...text, description: "An id" },
      said: { ...text, description: "By the schema" },
      kind: { const: "x" },
      constructor: text,
      list: {
        type: "array",
        description: "All",
        items: {
          anyOf: [
            object({ id: { ...text, description: "Of the list" }, name: { ...text, description: "A name" } }),
            { type: "null" },
          ],
        },
      },
    }),
  )
  expect(JSON.stringify(worded(schema, "200", "two", words))).toContain("Of two")
  expect(JSON.stringify(schema)).not.toContain("An id")
})
