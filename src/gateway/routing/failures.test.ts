import { expect, test } from "bun:test"
import { PROVIDERS, timedOut, unreachable } from "../providers/index.ts"
import { kindOf } from "./failures.ts"

const account = { baseUrl: "https://u.example/v1", apiKey: "k" }
/** As a wire of this kind understands it, and as the one place that sees the status adds it. */
function refusedBy(kind: string, status: number, body: unknown) {
  const wire = PROVIDERS[kind]!.wireFor("chat", account)!
  const { failure } = wire.refusal({ status, headers: new Headers(), body: JSON.stringify(body), apiKey: "k" })
  failure.status = status
  return kindOf(failure)
}

test("what providers say of keys, credit, load and requests is told apart", () => {
  const openai = (status: number, message: string, code = "x") =>
    refusedBy("openai-compatible", status, { error: { message, code } })
  expect(openai(401, "Incorrect API key provided")).toBe("key")
  expect(openai(403, "You are not allowed to do this")).toBe("key")
  expect(openai(403, "Project does not have access to model gpt-5")).toBe("failed")
  expect(openai(402, "Insufficient Balance")).toBe("credit")
  expect(openai(429, "You exceeded your current quota", "insufficient_quota")).toBe("credit")
  expect(openai(429, "Rate limit reached")).toBe("rate")
  for (const status of [503, 529]) expect(openai(status, "overloaded")).toBe("busy")
  for (const status of [404, 500, 502]) expect(openai(status, "sorry")).toBe("failed")
  for (const status of [400, 413, 422]) expect(openai(status, "bad tool")).toBe("caller")
  const anthropic = (status: number, type: string, message: string) =>
    refusedBy("anthropic", status, { type: "error", error: { type, message } })
  expect(anthropic(400, "invalid_request_error", "Your credit balance is too low to access the API.")).toBe("credit")
  expect(anthropic(401, "authentication_error", "invalid x-api-key")).toBe("key")
  expect(anthropic(529, "overloaded_error", "Overloaded")).toBe("busy")
  const google = (code: number, status: string, reason: string) =>
    refusedBy("google", code, { error: { code, status, message: "m", details: [{ reason }] } })
  expect(google(400, "INVALID_ARGUMENT", "API_KEY_INVALID")).toBe("key")
  expect(google(400, "INVALID_ARGUMENT", "OTHER")).toBe("caller")
  expect(google(429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED")).toBe("rate")
})

test("what never came to an answer is of the network or of time", () => {
  expect(kindOf(unreachable("ECONNREFUSED"))).toBe("network")
  expect(kindOf(timedOut("silence"))).toBe("timeout")
})
