// The OpenAPI document: valid by a validator we did not write, complete, and true of what the server answers.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { Validator } from "@seriousme/openapi-schema-validator"
import Ajv from "ajv/dist/2020"
import addFormats from "ajv-formats"
import { type App, openV1, type V1Kit } from "./testing.ts"

interface Operation {
  operationId: string
  security?: unknown[]
  responses: Record<string, { description: string; content: Record<string, { schema: object }> }>
}
interface Document {
  paths: Record<string, Record<string, Operation>>
  components: object
}

let kit: V1Kit
let app: App
let token: string
let document: Document
beforeAll(async () => {
  kit = await openV1()
  app = await kit.app()
  token = await app.token()
  document = (await (await fetch(`${kit.server.url}/openapi.json`)).json()) as Document
})
afterAll(() => kit.close())

const ajv = addFormats(new Ajv({ strict: false }))
const ASK = { model: "mock-1", messages: [{ role: "user", content: "hi" }] }

/** What is wrong with an answer by the schema that the document gives for its status. */
async function problems(path: string, method: string, answer: Response): Promise<unknown> {
  const said = document.paths[path]?.[method]?.responses[String(answer.status)]
  if (!said) return `${method} ${path} does not document ${answer.status}`
  const validate = ajv.compile({ ...said.content["application/json"]!.schema, components: document.components })
  return validate(await answer.json()) ? null : validate.errors
}

describe("/openapi.json", () => {
  test("is a valid OpenAPI 3.1 document that any origin may read", async () => {
    const answer = await fetch(`${kit.server.url}/openapi.json`)
    expect(answer.headers.get("access-control-allow-origin")).toBe("*")
    const result = await new Validator().validate((await answer.json()) as Record<string, unknown>)
    expect([result.valid, result.valid ? [] : result.errors]).toEqual([true, []])
  })

  test("names every route of /v1, each operation once", () => {
    const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`),
    )
    const hidden = /\*|^(ALL|OPTIONS) |openapi\.json|\/api\/v1\/chat|\/v1\/videos\/generations/
    expect(documented.sort()).toEqual(kit.server.routes.filter((route) => !hidden.test(route)).sort())
    const ids = Object.values(document.paths).flatMap((operations) =>
      Object.values(operations).map((one) => one.operationId),
    )
    expect(new Set(ids).size).toBe(ids.length)
  })

  test("says what the server answers, refusals included", async () => {
    const send = (path: string, init: RequestInit = {}, bearer = token) =>
      fetch(`${kit.server.url}${path}`, { ...init, headers: { authorization: `Bearer ${bearer}` } })
    const asked = await send("/v1/chat/completions", { method: "POST", body: JSON.stringify(ASK) })
    const id = asked.headers.get("x-request-id")!
    for (const [path, address, init, bearer] of [
      ["/v1/chat/completions", "/v1/chat/completions", { method: "POST", body: JSON.stringify(ASK) }],
      ["/v1/chat/completions", "/v1/chat/completions", { method: "POST", body: "{" }],
      [
        "/v1/chat/completions",
        "/v1/chat/completions",
        { method: "POST", body: JSON.stringify({ ...ASK, model: "none" }) },
      ],
      ["/v1/models", "/v1/models"],
      ["/v1/models/{model}", "/v1/models/mock-1"],
      ["/v1/models/{model}", "/v1/models/none"],
      ["/v1/me", "/v1/me"],
      ["/v1/me", "/v1/me", {}, "nonsense"],
      ["/v1/requests/{request}", `/v1/requests/${id}`],
      ["/v1/requests/{request}", "/v1/requests/req_none"],
    ] as [string, string, RequestInit?, string?][]) {
      const answer = await send(address, init, bearer)
      expect([address, answer.status, await problems(path, (init?.method ?? "get").toLowerCase(), answer)]).toEqual([
        address,
        answer.status,
        null,
      ])
    }
  })
})
