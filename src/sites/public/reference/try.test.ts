// The form of an operation, as its person finds it, makes the very call of the example; for every operation there is.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { startTestServer, type TestServer } from "../../../../test/build.ts"
import type { TryForm } from "../../../../views/public/reference/index.ts"
import { sampleAddressOf as addressOf } from "../../base/index.ts"
import { type ApiDocument, operationsOf } from "./document.ts"
import { bodyOf, operationOf } from "./model.ts"
import { tryOf } from "./try.ts"

interface Field {
  at: string
  name: string
  kind: string
  text: string
}
type RequestOf = (
  form: { method: string; path: string; origin?: string },
  fields: readonly Field[],
) => { url: string; headers: Record<string, string>; body: string | undefined }
// A script of pages, which has no types.
const { requestOf } = (await import("../../../../public/js/try.js" as string)) as { requestOf: RequestOf }

let server: TestServer
let document: ApiDocument
beforeAll(async () => {
  server = await startTestServer()
  document = (await (await fetch(`${server.url}/openapi.json`)).json()) as ApiDocument
}, 30_000)
afterAll(() => server?.close())

const ORIGIN = "https://api.example.com"
const fieldsOf = ({ parameters, body }: TryForm, typed: Record<string, string> = {}) => [
  ...[...parameters, ...(body?.fields ?? [])].map(({ at, name, kind, value }) => ({
    at,
    name,
    kind,
    text: typed[name] ?? value,
  })),
  ...(body?.whole ? [{ at: "whole", name: "", kind: "json", text: body.whole }] : []),
]

test("of every operation: the form as it stands makes the call of the example", () => {
  const operations = operationsOf(document)
  let byFields = 0
  for (const named of operations) {
    const body = bodyOf(named, "sandbox")
    const form = tryOf(named, operationOf(named, document, "sandbox"), body, ORIGIN)
    const request = requestOf(form, fieldsOf(form))
    const { method, path, parameters } = named
    const origin = path.startsWith("/api/") ? "" : ORIGIN
    const sent = method === "GET" || body === undefined ? undefined : body
    expect([named.operationId, request.url]).toEqual([
      named.operationId,
      addressOf({ origin, path, ...(parameters ? { parameters } : {}) }),
    ])
    expect([named.operationId, request.body === undefined ? undefined : JSON.parse(request.body)]).toEqual([
      named.operationId,
      sent ?? (method === "POST" ? {} : undefined),
    ])
    if (form.body?.whole === null) byFields++
  }
  expect(operations.length).toBeGreaterThan(150)
  expect(byFields).toBeGreaterThan(80)
})

test("what ends or changes something is asked about, what reads is not; a key is asked for where a session does not count", () => {
  const forms = new Map(
    operationsOf(document).map((named) => [
      named.operationId,
      tryOf(named, operationOf(named, document, "sandbox"), bodyOf(named, "sandbox"), ORIGIN),
    ]),
  )
  const about = (name: string) => [forms.get(name)!.asks, forms.get(name)!.proof.by, forms.get(name)!.once]
  expect(about("createChatCompletion")).toEqual([null, "key", false])
  expect(about("deleteResponse")).toEqual(["deletes", "key", false])
  expect(about("listKeys")).toEqual([null, "session", false])
  expect(about("createKey")).toEqual(["changes", "session", false])
  expect(about("revokeKey")).toEqual(["deletes", "session", false])
  expect(about("deductCredits")).toEqual(["changes", "session", true])
  expect(forms.get("listAppUsers")!.proof).toEqual({ by: "key", of: "app", scopes: ["users"] })
  for (const { method, path, asks } of forms.values())
    if (path.startsWith("/api/") && method !== "GET") expect([path, asks === null]).toEqual([path, false])
})

test("what is typed is read as its kind; what would lead elsewhere, or is no JSON, is said and not sent", () => {
  const field = (more: Partial<Field> & { text: string }): Field => ({ at: "body", name: "x", kind: "text", ...more })
  const made = (...fields: Field[]) =>
    requestOf({ method: "POST", path: "/v1/things/{id}" }, [
      field({ at: "path", name: "id", text: "a/b?c" }),
      ...fields,
    ])
  expect(made().url).toBe("/v1/things/a%2Fb%3Fc")
  expect(made().body).toBe("{}")
  const bodies: [kind: string, text: string, value: unknown][] = [
    ["text", "007", "007"],
    ["number", "0.5", 0.5],
    ["flag", "false", false],
    ["choice", '"day"', "day"],
    ["json", '{"a":[1]}', { a: [1] }],
    ["mixed", "12", "12"],
    ["mixed", ' {"nano":"1"}', { nano: "1" }],
  ]
  for (const [kind, text, value] of bodies) {
    expect(JSON.parse(made(field({ kind, text })).body!)).toEqual({ x: value })
  }
  expect(() => made(field({ kind: "json", text: "{a:1}" }))).toThrow("x is no JSON")
  expect(() => made(field({ kind: "number", text: "1e400" }))).toThrow("x is a number")
  for (const id of ["", ".", ".."]) {
    expect(() =>
      requestOf({ method: "GET", path: "/v1/things/{id}" }, [field({ at: "path", name: "id", text: id })]),
    ).toThrow("has to be given")
  }
})
