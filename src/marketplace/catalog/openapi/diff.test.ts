import { expect, test } from "bun:test"
import type { Endpoint, EndpointDraft } from "../types.ts"
import { differences } from "./index.ts"

const BASE: EndpointDraft = {
  method: "GET",
  path: "/weather/{city}",
  title: "Weather",
  description: "",
  bodyType: null,
  deprecated: false,
  parameters: [
    { place: "path", name: "city", type: "string", required: true },
    { place: "query", name: "units", type: "string", required: false, schema: '{"enum":["c","f"]}' },
    { place: "query", name: "days", type: "integer", required: false },
  ],
  examples: [{ status: 200 }, { status: 404 }],
}
const row = (draft: EndpointDraft): Endpoint => draft as never
const diff = (change: Partial<EndpointDraft>) => differences([row(BASE)], [{ ...BASE, ...change }])
const parameters = (more: EndpointDraft["parameters"] = []) => ({
  parameters: [...BASE.parameters!.slice(0, 1), ...more],
})
const [, units, days] = BASE.parameters!

test("the same document changes nothing", () => {
  expect(diff({})).toEqual({ added: 0, removed: 0, changed: 0, same: 1, breaking: 0, list: [] })
})

const BREAKING: [string, Partial<EndpointDraft>][] = [
  ["a parameter is gone", parameters([units!])],
  [
    "a new one is required",
    { parameters: [...BASE.parameters!, { place: "query", name: "n", type: "string", required: true }] },
  ],
  ["one is required now", parameters([{ ...units!, required: true }, days!])],
  ["another type", parameters([units!, { ...days!, type: "string" }])],
  ["fewer values", parameters([{ ...units!, schema: '{"enum":["c"]}' }, days!])],
  ["values where any were allowed", parameters([units!, { ...days!, schema: '{"enum":[1]}' }])],
  ["another answer", { examples: [{ status: 204 }] }],
]
for (const [name, change] of BREAKING)
  test(`breaking: ${name}`, () => {
    expect(diff(change).breaking).toBe(1)
  })

const FINE: [string, Partial<EndpointDraft>][] = [
  [
    "a new optional parameter",
    { parameters: [...BASE.parameters!, { place: "query", name: "n", type: "string", required: false }] },
  ],
  ["a wider type", parameters([units!, { ...days!, type: "number" }])],
  ["more values", parameters([{ ...units!, schema: '{"enum":["c","f","k"]}' }, days!])],
  ["any value", parameters([{ ...units!, schema: null }, days!])],
  ["deprecated", { deprecated: true }],
  ["other words", { title: "The weather" }],
  ["a new error", { examples: [{ status: 200 }, { status: 404 }, { status: 409 }] }],
  ["a body", { bodyType: "application/json" }],
]
for (const [name, change] of FINE)
  test(`not breaking: ${name}`, () => {
    const { breaking, changed } = diff(change)
    expect({ breaking, changed }).toEqual({ breaking: 0, changed: 1 })
  })

test("the name of a parameter in a path is nobody's business but the reader's", () => {
  const { breaking, list } = diff({
    path: "/weather/{town}",
    parameters: [{ place: "path", name: "town", type: "string", required: true }, units!, days!],
  })
  expect(breaking).toBe(0)
  expect(list[0]!.changes.map(({ words }) => words)).toEqual(["Its path is written /weather/{town} now."])
})

test("removed endpoints break, and come first", () => {
  const other = { ...BASE, method: "POST" as const }
  const { list, added, removed } = differences([row(other)], [BASE])
  expect({ added, removed }).toEqual({ added: 1, removed: 1 })
  expect(list.map(({ kind }) => kind)).toEqual(["removed", "added"])
  expect(
    differences([row({ ...BASE, bodyType: "text/plain" })], [{ ...BASE, bodyType: "application/json" }]).breaking,
  ).toBe(1)
})
