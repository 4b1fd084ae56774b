// Documents as nobody should write them: refused with a reason, or taken as far as they go, with a note; never slow, never elsewhere.
import { expect, test } from "bun:test"
import { importDocument } from "./index.ts"

const HEAD = { openapi: "3.1.0", info: { title: "Odd", version: "1" } }
const get = (operation: object = {}, path = "/x") => ({ [path]: { get: operation } })
const run = (document: unknown) =>
  importDocument({ text: typeof document === "string" ? document : JSON.stringify(document) })
const problemOf = (document: unknown): string => {
  const result = run(document)
  return "problem" in result ? result.problem : "imported"
}
const imported = (document: unknown) => {
  const result = run(document)
  if ("problem" in result) throw new Error(result.problem)
  return result.document
}

test("what is no OpenAPI 3.0 or 3.1 is refused by name", () => {
  expect(problemOf({ swagger: "2.0", paths: {} })).toContain("Swagger 2.0")
  expect(problemOf({ asyncapi: "3.0.0" })).toContain("AsyncAPI")
  expect(problemOf({ info: { _postman_id: "x" } })).toContain("Postman")
  expect(problemOf({ openapi: "3.2.0", paths: get() })).toContain("OpenAPI 3.2.0")
  expect(problemOf({ openapi: "2.0" })).toContain("3.0 and 3.1")
  expect(problemOf("<!doctype html><p>hi")).toContain("HTML")
  expect(problemOf("")).toContain("nothing")
  expect(problemOf("[1, 2")).toContain("YAML")
  expect(problemOf('{"openapi": "3.1.0",')).toContain("JSON")
  expect(problemOf("hello")).toContain("no OpenAPI document")
  expect(problemOf("- a\n- b")).toContain("no OpenAPI document")
  expect(problemOf({ ...HEAD, paths: {} })).toContain("no endpoint")
  expect(problemOf(HEAD)).toContain("no endpoint")
})

test("references to elsewhere are named, and never fetched", () => {
  for (const $ref of ["./user.yaml", "https://evil.example/x.json#/a", "//evil.example/x", "file:///etc/passwd"]) {
    const problem = problemOf({ ...HEAD, paths: get({ parameters: [{ $ref }] }) })
    expect(problem).toContain($ref)
    expect(problem).toContain("not fetched")
  }
  // In an example it is a word like any other.
  const example = { $ref: "./words.json" }
  expect(
    problemOf({ ...HEAD, paths: get({ responses: { 200: { content: { "application/json": { example } } } } }) }),
  ).toBe("imported")
})

test("circles of schemas stay circles; circles of references end", () => {
  const tree = {
    type: "object",
    properties: { children: { type: "array", items: { $ref: "#/components/schemas/Tree" } } },
  }
  const content = { "application/json": { schema: { $ref: "#/components/schemas/Tree" } } }
  const { endpoints } = imported({
    ...HEAD,
    paths: { "/trees": { post: { requestBody: { content }, responses: { 200: { description: "", content } } } } },
    components: { schemas: { Tree: tree } },
  })
  expect(JSON.parse(endpoints[0]!.bodySchema!)).toEqual({
    $ref: "#/$defs/Tree",
    $defs: { Tree: { type: "object", properties: { children: { type: "array", items: { $ref: "#/$defs/Tree" } } } } },
  })
  expect(endpoints[0]!.parameters).toMatchObject([{ place: "body", name: "children", type: "array" }])
  expect(endpoints[0]!.examples![0]!.body!.length).toBeLessThan(2_000)
  const round = { a: { $ref: "#/components/parameters/b" }, b: { $ref: "#/components/parameters/a" } }
  const odd = imported({
    ...HEAD,
    paths: get({ parameters: [{ $ref: "#/components/parameters/a" }] }),
    components: { parameters: round },
  })
  expect(odd.notes).toEqual(["GET /x: a parameter leads to nothing."])
  const self = imported({ ...HEAD, paths: { ...get(), "/y": { $ref: "#/paths/~1y" } } })
  expect(self.notes).toEqual(["/y leads to nothing."])
})

test("bombs: YAML aliases, aliases within themselves, nesting, size", () => {
  const startMs = performance.now()
  const lines = ["openapi: 3.1.0", "info: {title: x, version: '1'}", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
  for (let n = 1; n < 12; n++)
    lines.push(
      `a${n}: &a${n} [${Array(10)
        .fill(`*a${n - 1}`)
        .join(", ")}]`,
    )
  expect(problemOf(lines.join("\n"))).not.toBe("imported")
  expect(problemOf("openapi: 3.1.0\nx: &x\n  y: *x\n")).not.toBe("imported")
  expect(problemOf(`${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`)).not.toBe("imported")
  expect(problemOf(`${"[".repeat(100_000)}`)).not.toBe("imported")
  expect(problemOf({ ...HEAD, paths: get({ description: "x".repeat(5 * 1024 * 1024) }) })).toContain("5 MB")
  const deep = (n: number): object => (n === 0 ? {} : { properties: { a: deep(n - 1) } })
  const schema = deep(80)
  const made = imported({ ...HEAD, paths: get({ parameters: [{ in: "query", name: "q", schema }] }) })
  expect(made.endpoints[0]!.parameters).toHaveLength(1)
  expect(performance.now() - startMs).toBeLessThan(3_000)
})

test("a document of 5 MB with 2,000 endpoints imports within a second", () => {
  const paths = Object.fromEntries(
    Array.from({ length: 2_100 }, (_, n) => [
      `/things/${n}/{id}`,
      { get: { summary: `Thing ${n}`, description: "d".repeat(2_200) } },
    ]),
  )
  const text = JSON.stringify({ ...HEAD, paths })
  expect(Buffer.byteLength(text)).toBeGreaterThan(4.5 * 1024 * 1024)
  const startMs = performance.now()
  const { endpoints, notes } = imported(text)
  expect(performance.now() - startMs).toBeLessThan(1_000)
  expect(endpoints).toHaveLength(2_000)
  expect(notes).toEqual(["A product has 2000 endpoints at most; the first ones are kept."])
})

test("names that mean something else to JavaScript are names", () => {
  const text = `{"openapi":"3.1.0","info":{"title":"x","version":"1","__proto__":{"title":"evil"}},
    "paths":{"/x":{"post":{"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/__proto__"}}}}}}},
    "components":{"schemas":{"__proto__":{"type":"object","properties":{"constructor":{"type":"string"},"__proto__":{"type":"integer"}}}}}}`
  const { endpoints, title } = imported(text)
  expect(title).toBe("x")
  expect(endpoints[0]!.parameters!.map(({ name, type }) => [name, type])).toEqual([
    ["constructor", "string"],
    ["__proto__", "integer"],
  ])
  expect(({} as { type?: string }).type).toBeUndefined()
  expect(imported({ ...HEAD, paths: get({ parameters: [{ $ref: "#/constructor/prototype" }] }) }).notes).toHaveLength(1)
})

test("what does not fit is left out with a note, the rest is kept", () => {
  const made = imported({
    ...HEAD,
    paths: {
      ...get({}, "/ok"),
      ...get({}, "/a?b=c"),
      ...get({}, "/a/{x}"),
      ...get({}, "/a/{y}"),
      ...get({}, "no-slash"),
      ...get({}, "/../etc"),
      ...get(
        {
          parameters: [
            { in: "cookie", name: "s" },
            { in: "header", name: "Authorization" },
            { in: "path", name: "zz" },
            7,
            null,
          ],
        },
        "/p",
      ),
      "/t": { trace: {}, servers: [{ url: "https://other.example" }], get: {} },
      "x-own": { get: {} },
    },
  })
  expect(made.endpoints.map(({ path }) => path)).toEqual(["/ok", "/a/{x}", "/p", "/t"])
  expect(made.endpoints[1]!.parameters).toEqual([{ place: "path", name: "x", type: "string", required: true }])
  expect(made.notes.length).toBeGreaterThanOrEqual(8)
})

test("3.0 becomes JSON Schema of 2020-12", () => {
  const schema = {
    type: "object",
    required: ["a"],
    properties: {
      a: { type: "string", nullable: true, example: "x", xml: {} },
      b: { type: "number", minimum: 1, exclusiveMinimum: true },
      c: { $ref: "#/components/schemas/C", description: "said beside" },
      d: { type: "string", pattern: "(" },
    },
  }
  const { endpoints } = imported({
    ...HEAD,
    openapi: "3.0.3",
    paths: { "/x": { post: { requestBody: { content: { "application/json": { schema } } } } } },
    components: { schemas: { C: { type: "boolean" } } },
  })
  expect(JSON.parse(endpoints[0]!.bodySchema!)).toEqual({
    type: "object",
    required: ["a"],
    properties: {
      a: { type: ["string", "null"], examples: ["x"] },
      b: { type: "number", exclusiveMinimum: 1 },
      c: { $ref: "#/$defs/C" },
      d: { type: "string" },
    },
    $defs: { C: { type: "boolean" } },
  })
})

test("the server is the first one that can be called, with its variables, and relative to where the document came from", () => {
  const server = (servers: unknown, fetchedFrom?: string) => {
    const result = importDocument({
      text: JSON.stringify({ ...HEAD, servers, paths: get() }),
      ...(fetchedFrom && { fetchedFrom }),
    })
    return "document" in result ? result.document.upstreamUrl : null
  }
  const variables = { region: { default: "eu" } }
  expect(server([{ url: "http://plain.example" }, { url: "https://{region}.example/v1/", variables }])).toBe(
    "https://eu.example/v1",
  )
  expect(server([{ url: "/v2" }])).toBeNull()
  expect(server([{ url: "/v2" }], "https://docs.example/openapi.json")).toBe("https://docs.example/v2")
  expect(server("x")).toBeNull()
  expect(server([{ url: "https://{__proto__}.example" }])).toBeNull()
})
