import { expect, test } from "bun:test"
import type { ReferenceVariant } from "../../../../views/public/reference/index.ts"
import { codeSamplesOf, type SampleCall } from "../../base/index.ts"
import type { ApiDocument, Json, Operation } from "./document.ts"
import { operationsOf } from "./document.ts"
import { typeOf, variantsOf } from "./fields.ts"
import { matching, treeOf } from "./model.ts"

const sent = { schemas: {}, way: "sent" } as const
const read = { schemas: {}, way: "read" } as const
const text = { type: "string" }
const object = (properties: Record<string, Json>, required: string[] = []): Json => ({
  type: "object",
  properties,
  required,
})

test("types in words: lists, unions, constants, null where it is read", () => {
  const cases: [Json, string, string?][] = [
    [text, "string"],
    [{ type: "array", items: { type: "array", items: { type: "integer" } } }, "list of lists of integers"],
    [
      { anyOf: [text, { type: "array", items: text }, { type: "null" }] },
      "string or list of strings",
      "string or list of strings or null",
    ],
    [{ const: "list" }, '"list"'],
    [{ type: ["string", "integer"] }, "string or integer"],
    [{ $ref: "#/components/schemas/Gone" }, "anything"],
    [{}, "anything"],
  ]
  for (const [schema, words, when = words] of cases) {
    expect([schema, typeOf(schema, sent), typeOf(schema, read)]).toEqual([schema, words, when])
  }
})

test("a field says whether it must be there, its bounds, its values, its default, and what is inside", () => {
  const kinds = [object({ type: { const: "a" }, x: text }, ["type"]), object({ type: { enum: ["b"] }, y: text })]
  const schema = object(
    {
      n: { type: "integer", minimum: 1, maximum: 8, default: 1, description: "How many" },
      way: { anyOf: [{ type: "string", enum: ["asc", "desc"], description: "Which first" }, { type: "null" }] },
      parts: { anyOf: [text, { type: "array", items: { anyOf: kinds } }] },
      most: { type: "integer", maximum: Number.MAX_SAFE_INTEGER },
    },
    ["n"],
  )
  const [{ fields }] = variantsOf(schema, sent) as [ReferenceVariant]
  expect(fields).toEqual([
    expect.objectContaining({
      name: "n",
      required: true,
      text: "How many",
      facts: ["at least 1", "at most 8", "by default 1"],
    }),
    expect.objectContaining({
      name: "way",
      required: false,
      type: "string",
      text: "Which first",
      values: ['"asc"', '"desc"'],
    }),
    expect.objectContaining({
      name: "parts",
      variants: [expect.objectContaining({ label: 'type: "a"' }), expect.objectContaining({ label: 'type: "b"' })],
    }),
    expect.objectContaining({ name: "most", facts: [] }),
  ])
})

test("a schema that holds itself ends", () => {
  const schemas = {
    Tree: object({ left: { $ref: "#/components/schemas/Tree" }, right: { $ref: "#/components/schemas/Tree" } }),
  }
  expect(
    JSON.stringify(variantsOf({ $ref: "#/components/schemas/Tree" }, { schemas, way: "read" })).length,
  ).toBeLessThan(200_000)
})

const CALL: SampleCall = {
  method: "POST",
  path: "/v1/x/{id}",
  operationId: "doIt",
  security: [{ accessToken: [] }],
  parameters: [{ name: "id", in: "path", required: true, example: "a/b" }],
  origin: "https://ai.example.com",
  body: {},
}
const HOSTILE = `'; touch /tmp/x; $(id) \`id\` "\\" \${process} </script>`

test("what stands in a body is data in every language", async () => {
  const [curl, javascript, python] = codeSamplesOf({ ...CALL, body: { a: HOSTILE, b: [true, null, 1.5] } }).map(
    ({ code }) => code,
  ) as [string, string, string]
  // A shell that only prints what it would give to curl.
  const shell = Bun.spawn(["bash", "-c", `curl() { printf '%s\\n' "$@"; }; ${curl}`], {
    env: { PURSER_API_KEY: "key" },
  })
  const words = await new Response(shell.stdout).text()
  expect(words).toStartWith("https://ai.example.com/v1/x/a%2Fb\n-H\nAuthorization: Bearer key\n")
  expect(JSON.parse(words.slice(words.indexOf("\n{")))).toEqual({ a: HOSTILE, b: [true, null, 1.5] })
  const asked: RequestInit[] = []
  const run = new Function("fetch", "process", "console", `return (async () => { ${javascript} })()`)
  const fake = async (_: string, init: RequestInit) => {
    asked.push(init)
    return Response.json({})
  }
  await run(fake, { env: { PURSER_API_KEY: "key" } }, { log: () => {} })
  expect(JSON.parse(asked[0]!.body as string)).toEqual({ a: HOSTILE, b: [true, null, 1.5] })
  expect(python).toContain("True, None, 1.5")
  expect(python).toContain(JSON.stringify(HOSTILE))
})

test("who asks is proven as the operation wants it, and a key for repeats is made anew", () => {
  const codes = (more: Partial<SampleCall>) => codeSamplesOf({ ...CALL, ...more }).map(({ code }) => code)
  for (const code of codes({ security: [] })) expect(code).not.toMatch(/API_KEY|COOKIE/)
  for (const code of codes({ security: [{ consoleSession: [], csrf: [] }] })) expect(code).toContain("CSRF_TOKEN")
  const once = [{ name: "Idempotency-Key", in: "header" as const, required: true }]
  const [curl, javascript, python] = codes({ parameters: once })
  expect([curl, javascript, python].map((code) => /openssl rand|randomUUID|uuid4/.test(code!))).toEqual([
    true,
    true,
    true,
  ])
})

test("operations come by tag; the filter finds words of name, address and id; the tree marks the current one", () => {
  const one = (operationId: string, tag: string): Operation => ({
    operationId,
    summary: operationId,
    tags: [tag],
    security: [],
    responses: {},
  })
  const document = {
    tags: [{ name: "AI" }, { name: "Admin" }],
    paths: {
      "/api/v1/admin/users/{user}": { post: one("changeUser", "Admin") },
      "/v1/chat": { post: one("chat", "AI"), get: one("listChats", "AI") },
    },
  } as unknown as ApiDocument
  const operations = operationsOf(document)
  expect(operations.map(({ method, operationId }) => `${method} ${operationId}`)).toEqual([
    "POST chat",
    "GET listChats",
    "POST changeUser",
  ])
  expect(matching(operations, "GET chat").map(({ operationId }) => operationId)).toEqual(["listChats"])
  expect(JSON.stringify(treeOf(operations, document, "changeUser"))).toContain(
    '"label":"Users","children":[{"label":"changeUser","href":"/reference/changeUser","current":true',
  )
})
