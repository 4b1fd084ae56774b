// /v1/messages in front of Anthropic's own API: bytes pass as they came, and the charge is what the answer reports.
import { expect, test } from "bun:test"
import type { MessageCreateParamsNonStreaming } from "@anthropic-ai/sdk/resources/messages"
import { brokenStream, RECORDED, sseOf } from "../../../test/cases/messages/recorded.ts"
import { testCtx } from "../../store/index.ts"
import {
  addClaude,
  CLAUDE,
  CLAUDE_IN,
  CLAUDE_OUT,
  either,
  plain,
  post,
  refused,
  sdk,
  startClaude,
} from "./messages-testing.ts"
import { books, feed, kit, last, rested, spent, sse, token, until } from "./testing.ts"
import { logged } from "./upstream-testing.ts"

const ASK = { model: CLAUDE, max_tokens: 100, messages: [{ role: "user" as const, content: "Hello" }] }
const PLAIN = RECORDED.plain!
const COST = 25 * CLAUDE_IN + 15 * CLAUDE_OUT
const withoutComments = (text: string) => text.replace(/^: .*\n\n/gm, "")
const withoutPings = (text: string) => text.replace(/^event: ping\ndata: .*\n\n/gm, "")

for (const [name, { request, stream, whole, input, output }] of Object.entries(RECORDED)) {
  test(`${name}: the SDK gets what Anthropic said, streamed and whole, at the same price`, async () => {
    const claude = await startClaude()
    claude.answer = either(sseOf(stream), whole)
    const body = { model: CLAUDE, max_tokens: 4_000, ...request } as unknown as MessageCreateParamsNonStreaming
    const answered = await sdk(token).messages.create(body)
    expect(plain(answered)).toEqual(whole!)
    const once = spent()
    const gathered = plain(await sdk(token).messages.stream(body).finalMessage())
    expect([gathered.content, gathered.stop_reason]).toEqual([whole!.content, whole!.stop_reason])
    expect(spent()).toBe(2 * once)
    const price = kit.pricing.modelPrice("anthropic", CLAUDE, kit.clock.now())!
    const raw = kit.pricing.rawCost(price, { ...input!, ...output! })
    expect(BigInt(once)).toBe((2n * raw + 999n) / 1_000n)
    expect(claude.journal[0]!.body).toEqual({ model: CLAUDE, max_tokens: 4_000, ...request })
    expect(claude.journal[1]!.body).toEqual({ model: CLAUDE, max_tokens: 4_000, ...request, stream: true })
    books()
  })
}

test("a whole answer and a stream pass byte for byte; the end waits for the charge", async () => {
  const claude = await startClaude()
  const text = JSON.stringify(PLAIN.whole, null, 1)
  claude.answer = (body) =>
    body.stream ? sse(sseOf(PLAIN.stream)) : new Response(text, { headers: { "content-type": "application/json" } })
  const whole = await post(token, ASK)
  expect(await whole.text()).toBe(text)
  expect([whole.headers.get("x-credits-charged"), spent()]).toEqual([String(COST / 1e6), COST])
  const streamed = await post(token, { ...ASK, stream: true })
  const got = await streamed.text()
  expect(withoutComments(got)).toBe(withoutPings(sseOf(PLAIN.stream)))
  expect(got.split("\n\n").at(-3)).toBe(`: charged ${COST} remaining ${kit.balance()}`)
  expect(streamed.headers.get("request-id")).toBe(streamed.headers.get("x-request-id"))
  expect(last()).toMatchObject({ endpoint: "messages", scope: "llm", status: 200, end: "done", upstreamModel: CLAUDE })
  books()
})

test("however the bytes are split, callers get the same", async () => {
  const claude = await startClaude()
  const bytes = new TextEncoder().encode(sseOf(RECORDED.thinking!.stream))
  async function* split(size: number) {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
  for (const size of [1, 7, 61, 4_096]) {
    claude.answer = () => feed(split(size))
    const text = withoutComments(await (await post(token, { ...ASK, stream: true })).text())
    expect([size, text]).toEqual([size, sseOf(RECORDED.thinking!.stream)])
  }
})

test("the key goes there, names of betas that are known, and the version; the caller's do not", async () => {
  const claude = await startClaude()
  claude.answer = either(sseOf(PLAIN.stream), PLAIN.whole)
  await post(token, ASK, "/v1/messages?beta=true", { "anthropic-beta": "effort-2025-11-24,nonsense-2025-01-01" })
  const { headers, path } = claude.journal[0]!
  expect([path, headers.get("anthropic-version"), headers.get("anthropic-beta"), headers.get("authorization")]).toEqual(
    ["/v1/messages", "2023-06-01", "effort-2025-11-24", null],
  )
})

test("more output than the hold covers is not asked for", async () => {
  const claude = await startClaude()
  claude.answer = either(sseOf(PLAIN.stream), PLAIN.whole)
  await post(token, { ...ASK, max_tokens: 1_000_000 })
  expect(claude.journal[0]!.body.max_tokens).toBe(16_384)
})

test("overloaded before the first word: the next one answers, with one charge; after it: an error in the stream", async () => {
  const claude = await startClaude()
  const { server: second } = await addClaude("second")
  second.answer = either(sseOf(PLAIN.stream), PLAIN.whole)
  for (const answer of [
    () => refused(529, "overloaded_error", "Overloaded"),
    () => sse(brokenStream(null)),
    () => refused(429, "rate_limit_error", "slow", { "retry-after": "7" }),
    () => refused(500, "api_error", "Internal server error"),
  ]) {
    claude.answer = answer
    const before = spent()
    const message = await sdk(token).messages.stream(ASK).finalMessage()
    expect(message.content).toMatchObject([{ type: "text", text: "Hello!" }])
    expect(spent() - before).toBe(COST)
  }
  expect(second.journal.length).toBe(4)
  await rested()
  claude.answer = () => sse(brokenStream("Hel"))
  const thrown = await sdk(token)
    .messages.stream(ASK)
    .finalMessage()
    .then(
      () => null,
      (error: unknown) => error,
    )
  expect(thrown).toMatchObject({ type: "overloaded_error", errorCode: "provider_overloaded" })
  expect(second.journal.length).toBe(4)
  expect(last()).toMatchObject({ end: "failed", source: "estimated", inputTokens: 25, outputTokens: 1 })
  books()
})

test("refusals keep what is the caller's, and hide what is the operator's", async () => {
  const claude = await startClaude()
  const cases: [Response, [status: number, type: string, code: string], words: string][] = [
    [
      refused(400, "invalid_request_error", "messages.0: bad"),
      [400, "invalid_request_error", "provider_rejected"],
      "messages.0: bad",
    ],
    [
      refused(400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"),
      [400, "invalid_request_error", "context_length_exceeded"],
      "210000",
    ],
    [
      refused(400, "invalid_request_error", "Output blocked by content filtering policy"),
      [400, "invalid_request_error", "content_filter"],
      "blocked",
    ],
    [
      refused(413, "request_too_large", "Request exceeds the maximum size"),
      [413, "request_too_large", "body_too_large"],
      "exceeds",
    ],
    [
      refused(400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API."),
      [502, "api_error", "provider_error"],
      "AI provider failed",
    ],
    [refused(401, "authentication_error", "invalid x-api-key"), [502, "api_error", "provider_error"], "failed"],
    [refused(403, "permission_error", "not yours"), [502, "api_error", "provider_error"], "failed"],
    [refused(404, "not_found_error", `model: ${CLAUDE}`), [502, "api_error", "provider_error"], "failed"],
    [refused(529, "overloaded_error", "Overloaded"), [529, "overloaded_error", "provider_overloaded"], "busy"],
    [
      refused(429, "rate_limit_error", "slow", { "retry-after": "7" }),
      [529, "overloaded_error", "provider_overloaded"],
      "busy",
    ],
  ]
  for (const [answer, expected, words] of cases) {
    claude.answer = () => answer.clone() as Response
    for (const stream of [false, true]) {
      await rested()
      const told = await post(token, { ...ASK, stream })
      const { type, error, request_id } = (await told.json()) as {
        type: string
        request_id: string
        error: { type: string; message: string; details: { error_code: string } }
      }
      expect([type, told.status, error.type, error.details.error_code]).toEqual(["error", ...expected])
      expect(error.message).toContain(words)
      expect(request_id).toBe(told.headers.get("request-id")!)
      if (words === "busy") expect(told.headers.get("retry-after")).not.toBeNull()
    }
  }
  expect(spent()).toBe(0)
  books()
})

test("a maximum that is too large for the model, or for the window, is asked again with what it names", async () => {
  const claude = await startClaude()
  const says = [
    "max_tokens: 100 > 64, which is the maximum allowed number of output tokens for claude",
    "input length and `max_tokens` exceed context limit: 199950 + 64 > 200000, decrease input length",
  ]
  claude.answer = () => {
    const words = says.shift()
    return words ? refused(400, "invalid_request_error", words) : Response.json(PLAIN.whole)
  }
  expect((await post(token, ASK)).status).toBe(200)
  expect(claude.journal.map(({ body }) => body.max_tokens)).toEqual([100, 64, 50])
})

test("a client that leaves in the middle pays for what came, with the prompt as it was reported", async () => {
  const claude = await startClaude()
  async function* slowly() {
    yield sseOf(RECORDED["long stream"]!.stream.slice(0, 52))
    await new Promise(() => {})
  }
  claude.answer = () => feed(slowly())
  const stream = sdk(token).messages.stream(ASK)
  for await (const event of stream) if (event.type === "content_block_delta") break
  await until(() => kit.gateway.callsInFlight === 0)
  expect(last()).toMatchObject({ end: "client_gone", inputTokens: 12, source: "estimated" })
  expect(last().outputTokens).toBeGreaterThan(40)
  expect(last().outputTokens).toBeLessThan(120)
  await until(() => claude.aborted === 1)
  books()
})

test("an answer that reports what was never asked for: searches cost what the list says, the rest is told to the operator", async () => {
  const claude = await startClaude()
  const usage = { input_tokens: 25, output_tokens: 15 }
  claude.answer = () => Response.json({ ...PLAIN.whole, usage })
  await post(token, ASK)
  const { chargeNano } = last()
  const more = { server_tool_use: { web_search_requests: 2 }, inference_geo: "us" }
  claude.answer = () => Response.json({ ...PLAIN.whole, usage: { ...usage, ...more } })
  await post(token, ASK)
  // $10 for a thousand, and as much again.
  expect(last().chargeNano - chargeNano).toBe(2 * 10_000_000 * 2)
  expect(logged).toContainEqual({
    event: "gateway.usage_odd",
    fields: expect.objectContaining({ faults: "inference_geo: us" }) as object as Record<string, unknown>,
  })
})

test("the operator's test lists the models; a wrong key is said to be one", async () => {
  await startClaude()
  const { upstream } = await addClaude("third", [])
  expect(await kit.gateway.testUpstream(testCtx, upstream.publicId)).toMatchObject({
    test: { ok: true },
    models: [CLAUDE],
  })
  const { upstream: wrong } = await addClaude("wrong", [], "sk-ant-wrong")
  const { test: result } = await kit.gateway.testUpstream(testCtx, wrong.publicId)
  expect(result).toMatchObject({ ok: false, message: "The provider refused the key. Check it." })
})

test("a server that imitates Anthropic, at any address, has Anthropic's prices until somebody says otherwise", async () => {
  await startClaude()
  const input = { kind: "anthropic", name: "like", baseUrl: "https://claude.example" }
  expect(await kit.gateway.addUpstream(testCtx, input)).toMatchObject({ priceProvider: "anthropic" })
  const other = { ...input, name: "other", priceProvider: "deepseek" }
  expect(await kit.gateway.addUpstream(testCtx, other)).toMatchObject({ priceProvider: "deepseek" })
})
