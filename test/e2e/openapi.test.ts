// The OpenAPI document of a whole server: nothing that programs may call is missing in it, and every operation says what clients need.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { Validator } from "@seriousme/openapi-schema-validator"
import { ERRORS, type ErrorCode } from "../../src/app/index.ts"
import { wordsOf } from "../../src/sites/api/words/index.ts"
import { startTestServer, type TestServer } from "../build.ts"
import { type Document, type Json, type Named, operationsOf, readDocument } from "./reference-world.ts"

let server: TestServer
let document: Document
let operations: Named[]
beforeAll(async () => {
  server = await startTestServer()
  document = await readDocument(server.url)
  operations = operationsOf(document)
}, 30_000)
afterAll(() => server?.close())

/** Routes for programs that are not said, each with its reason. */
const UNSAID: Readonly<Record<string, string>> = {
  "GET /v1/models/*": "names with slashes; `GET /v1/models/{model}` says it",
  "POST /v1/mcp/groups/:group/mcp": "an MCP server, which says itself what it can",
  "GET /v1/mcp/groups/:group/mcp": "its stream of events",
  "DELETE /v1/mcp/groups/:group/mcp": "the end of one of its sessions",
  "ALL /v1/mcp/purser/mcp": "an MCP server, which says itself what it can",
  "ALL /v1/mcp/products/:product/mcp": "an MCP server, which says itself what it can",
  "ALL /v1": "answers that there is nothing",
  "ALL /v1/*": "answers that there is nothing",
  "OPTIONS /v1/*": "what browsers ask before they send",
  "OPTIONS /api/v1/chat/completions": "what browsers ask before they send",
  "POST /api/v1/chat/completions": "an older name of `POST /v1/chat/completions`",
  "POST /v1/videos/generations": "another name of `POST /v1/videos`",
  "POST /api/ai-api/admin/credits/bonus": "an older name of `POST /api/v1/credits/allocate`",
  "GET /api/ai-api/keys": "an older name of `GET /api/v1/keys`",
  "POST /api/ai-api/keys": "an older name of `POST /api/v1/keys`",
  "POST /api/ai-api/stripe/checkout": "an older name of `POST /api/v1/stripe/checkout`",
  "POST /api/ai-api/stripe/webhook": "an older name of `POST /api/v1/stripe/webhook`",
  "DELETE /api/ai-api/keys/:key": "an older name of `DELETE /api/v1/keys/{key}`",
}

/** Codes that no operation of the API answers, each with its reason. */
const OF_OTHERS: Partial<Record<ErrorCode, string>> = {
  method_not_allowed: "an operation has its method",
  no_websocket: "an operation is called over HTTP",
  claim_not_due: "a button of the console",
  ...Object.fromEntries(
    [
      "address_denied",
      "api_key_missing",
      "product_unavailable",
      "quota_exceeded",
      "signature_invalid",
      "subscription_ended",
      "subscription_past_due",
      "upstream_error",
      "upstream_timeout",
    ].map((code) => [code, "of published APIs, whose operations are their publishers'"]),
  ),
  ...Object.fromEntries(
    [
      "account_selection_required",
      "invalid_client",
      "invalid_grant",
      "invalid_target",
      "invalid_dpop_proof",
      "use_dpop_nonce",
      "invalid_scope",
      "unauthorized_client",
      "unsupported_grant_type",
      "unsupported_response_type",
      "request_not_supported",
      "request_uri_not_supported",
      "login_required",
      "consent_required",
      "interaction_required",
      "access_denied",
      "authorization_pending",
      "slow_down",
      "unmet_authentication_requirements",
      "invalid_authorization_details",
      "expired_token",
      "invalid_client_metadata",
      "invalid_redirect_uri",
    ].map((code) => [code, "an endpoint of OAuth"]),
  ),
}

const variantsOf = ({ anyOf, oneOf }: Json): Json[] => (anyOf ?? oneOf ?? []) as Json[]

/** Every member of bodies and answers, and every parameter, with its path. */
function membersOf({ parameters = [], requestBody, responses }: Named): [path: string, member: Json][] {
  const found: [string, Json][] = parameters.map((one) => [`query.${one.name}`, one as unknown as Json])
  const walk = (schema: Json, path: string, depth: number): void => {
    if (depth > 16) return
    for (const one of [...variantsOf(schema), ...(schema.items ? [schema.items as Json] : [])])
      walk(one, path, depth + 1)
    for (const [name, member] of Object.entries((schema.properties ?? {}) as Record<string, Json>)) {
      found.push([`${path}.${name}`, member])
      walk(member, `${path}.${name}`, depth + 1)
    }
  }
  if (requestBody) walk(Object.values(requestBody.content)[0]!.schema, "body", 0)
  for (const [status, { content }] of Object.entries(responses)) {
    if (status.startsWith("2")) for (const { schema } of Object.values(content)) walk(schema, status, 0)
  }
  return found
}

/** A schema that the empty text fits. */
const isBareText = (schema: Json): boolean =>
  schema.type === "string" && !["minLength", "pattern", "enum", "const", "format"].some((word) => word in schema)

test("is valid by a validator that we did not write", async () => {
  const result = await new Validator().validate(structuredClone(document) as never)
  expect([result.valid, result.valid ? [] : result.errors]).toEqual([true, []])
})

test("every route for programs is in it, or left out for a reason that still holds", () => {
  const routes = server.routes.filter((route) => /^[A-Z]+ \/(v1|api)(\/|$)/.test(route))
  const said = operations.map(({ method, path }) => `${method} ${path.replace(/\{(\w+)\}/g, ":$1")}`)
  expect(routes.filter((route) => !said.includes(route)).toSorted()).toEqual(Object.keys(UNSAID).toSorted())
  expect(said.filter((route) => !routes.includes(route))).toEqual([])
})

describe("every operation", () => {
  test("says what each parameter and each member of its body and its answer means, and no words lie idle", () => {
    const silent: string[] = []
    const idle = new Map<string, string>()
    for (const { path } of operations) for (const [key, words] of Object.entries(wordsOf(path))) idle.set(key, words)
    for (const operation of operations) {
      for (const [path, member] of membersOf(operation)) {
        const said = member.description ?? variantsOf(member).find(({ description }) => description)?.description
        const isConstant = "const" in member || (Array.isArray(member.enum) && member.enum.length === 1)
        if (typeof said !== "string" && !isConstant) silent.push(`${operation.operationId} ${path}`)
        for (const [key, words] of idle) if (words === said && path.endsWith(key.split(" ").at(-1)!)) idle.delete(key)
      }
    }
    expect([...new Set(silent)]).toEqual([])
    expect(Object.fromEntries(idle)).toEqual({})
  })

  test("has a name of its own, a summary, a known tag, and ways to prove who asks that exist", () => {
    const ids = operations.map(({ operationId }) => operationId)
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
    const { tags, components } = document as unknown as {
      tags: { name: string }[]
      components: { securitySchemes: object }
    }
    const known = tags.map(({ name }) => name)
    for (const one of operations) {
      const wrong = [
        ...(one.summary ? [] : ["no summary"]),
        ...(one.tags.length === 1 && known.includes(one.tags[0]!) ? [] : ["no tag"]),
        ...(Array.isArray(one.security) ? [] : ["no security"]),
        ...one.security.flatMap(Object.keys).filter((name) => !(name in components.securitySchemes)),
      ]
      expect([one.operationId, wrong]).toEqual([one.operationId, []])
    }
    expect(operations.filter(({ security }) => security.length === 0).map(({ operationId }) => operationId)).toEqual([
      "reportKeys",
      "receivePaymentEvent",
    ])
  })

  test("says that text which must be there is not empty, and what an Idempotency-Key may be", () => {
    const empty = operations.flatMap(({ operationId, requestBody, parameters = [] }) => {
      const { properties = {}, required = [] } = (requestBody?.content["application/json"]?.schema ?? {}) as {
        properties?: Record<string, Json>
        required?: string[]
      }
      const texts = required.filter((name) => isBareText(properties[name]!))
      const keys = parameters.filter(({ name, schema }) => name === "Idempotency-Key" && !("pattern" in schema))
      return [...texts, ...keys.map(({ name }) => name)].map((name) => `${operationId} ${name}`)
    })
    expect(empty).toEqual([])
  })

  test("says its refusals by codes of the registry, under the status that each has", () => {
    for (const { operationId, path, responses } of operations) {
      const isAnthropic = path.startsWith("/v1/messages")
      for (const [status, answer] of Object.entries(responses)) {
        if (status.startsWith("2")) continue
        const codes = answer["x-error-codes"] ?? []
        expect([operationId, status, codes.length > 0]).toEqual([operationId, status, true])
        const statusOf = (code: string) =>
          isAnthropic && ["overloaded", "provider_overloaded"].includes(code) ? 529 : ERRORS[code as ErrorCode].status
        expect([operationId, codes.map(statusOf)]).toEqual([operationId, codes.map(() => Number(status))])
      }
      for (const code of ["internal", "overloaded"]) {
        const all = Object.values(responses).flatMap((one) => one["x-error-codes"] ?? [])
        expect([operationId, all.includes(code)]).toEqual([operationId, true])
      }
    }
    const said = new Set(
      operations.flatMap(({ responses }) => Object.values(responses).flatMap((one) => one["x-error-codes"] ?? [])),
    )
    const unsaid = Object.keys(ERRORS).filter((code) => !said.has(code))
    expect(unsaid.toSorted()).toEqual(Object.keys(OF_OTHERS).toSorted())
  })

  test("that takes `stream` answers with events, too", () => {
    for (const { operationId, requestBody, responses } of operations) {
      const said = Object.values(requestBody?.content ?? {})[0]?.schema.properties as Record<string, object> | undefined
      const stream = said?.stream ?? said?.stream_format
      const isStreamed = responses["200"] !== undefined && "text/event-stream" in responses["200"].content
      const mayStream = stream !== undefined && !JSON.stringify(stream).includes('"const":false')
      if (operationId !== "countMessageTokens") expect([operationId, isStreamed]).toEqual([operationId, mayStream])
    }
  })
})
