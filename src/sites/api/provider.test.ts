// What a provider of a quite different wire (`lines-provider.ts`) gives callers: they cannot tell. That it is one folder
// and one row is shown by `test/scaffold/provider.test.ts`.
import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import OpenAI from "openai"
import { UserId } from "../../app/index.ts"
import { PROVIDERS } from "../../gateway/index.ts"
import { testCtx } from "../../store/index.ts"
import { linesProvider } from "./lines-provider.ts"
import { LinesUpstream } from "./lines-upstream.ts"
import { IN_NANO, OUT_NANO, openV1, type V1Kit } from "./testing.ts"

let kit: V1Kit
let client: OpenAI
let far: LinesUpstream

beforeEach(async () => {
  far = new LinesUpstream()
  kit = await openV1({ providers: { ...PROVIDERS, lines: linesProvider(PROVIDERS["openai-compatible"]!) } })
  const added = await kit.gateway.addUpstream(testCtx, {
    kind: "lines",
    name: "far",
    baseUrl: far.url,
    apiKey: "the-key",
    priceProvider: "openai",
  })
  await kit.pricing.setModelPrice(testCtx, {
    provider: "openai",
    model: "llama",
    rates: { input: 1_000_000, output: 2_000_000 },
    limits: { contextWindow: 8_000, maxOutputTokens: 1_000 },
  })
  const tested = await kit.gateway.testUpstream(testCtx, added.publicId)
  expect(tested).toMatchObject({ kind: "lines", isLocal: false, models: ["broken", "llama"], test: { ok: true } })
  const token = await (await kit.app()).token()
  client = new OpenAI({ apiKey: token, baseURL: `${kit.server.url}/v1`, maxRetries: 0 })
})
afterEach(async () => {
  await kit.close()
  far.stop()
})

const ASK = { model: "llama", messages: [{ role: "user" as const, content: "hi" }], max_tokens: 100 }
const COST = 50 * IN_NANO + 9 * OUT_NANO
/** The SDK's promises are its own kind. */
const failed = (call: PromiseLike<unknown>): PromiseLike<unknown> =>
  call.then(
    () => null,
    (error: unknown) => error,
  )
const last = () => kit.usage.recent(UserId(1), 1)[0]!

describe("another wire", () => {
  test("is asked in its own words, and its answer is a chat completion", async () => {
    const whole = await client.chat.completions.create(ASK)
    expect(whole).toMatchObject({
      object: "chat.completion",
      model: "llama",
      choices: [{ index: 0, message: { role: "assistant", content: "Grüße 🌍" }, finish_reason: "stop" }],
      usage: { prompt_tokens: 50, completion_tokens: 9, total_tokens: 59 },
    })
    expect(far.journal).toEqual([
      {
        path: "/api/chat",
        key: "the-key",
        body: { model: "llama", stream: false, messages: ASK.messages, options: { num_predict: 100 } },
      },
    ])
    expect(last()).toMatchObject({ source: "reported", chargeNano: COST, upstreamModel: "llama" })
  })

  test("streams the same, at the same price, with usage when it is asked for", async () => {
    for (const include_usage of [false, true]) {
      const stream_options = { include_usage }
      const chunks = []
      for await (const chunk of await client.chat.completions.create({ ...ASK, stream: true, stream_options })) {
        chunks.push(chunk)
      }
      expect(chunks[0]!.choices[0]!.delta).toMatchObject({ role: "assistant", reasoning_content: "Hm." })
      expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe("Grüße 🌍")
      expect(chunks.findLast(({ choices }) => choices.length > 0)!.choices[0]!.finish_reason).toBe("stop")
      expect(chunks.some(({ usage }) => usage?.total_tokens === 59)).toBe(include_usage)
      expect(last()).toMatchObject({ source: "reported", chargeNano: COST, end: "done" })
    }
  })

  test("calls tools", async () => {
    far.answer[1] = {
      model: "llama",
      message: { tool_calls: [{ function: { name: "look", arguments: { at: "sky" } } }] },
      done: false,
    }
    const call = { id: "call_0", type: "function", function: { name: "look", arguments: '{"at":"sky"}' } }
    const whole = await client.chat.completions.create(ASK)
    expect(whole.choices[0]!.message.tool_calls).toEqual([call] as never)
    const runner = client.chat.completions.stream(ASK)
    expect((await runner.finalChatCompletion()).choices[0]!.message.tool_calls).toMatchObject([call])
  })

  test("fails in our words: a refusal, an error in the middle, an end too early", async () => {
    expect(await failed(client.chat.completions.create({ ...ASK, model: "far/broken" }))).toMatchObject({ status: 503 })
    far.answer[2] = { model: "llama", error: "out of memory", done: false }
    const events = async () => {
      for await (const _ of await client.chat.completions.create({ ...ASK, stream: true })) {
      }
    }
    expect(String(await failed(events()))).toContain("sent an answer we cannot read")
    expect(last()).toMatchObject({ end: "failed", source: "estimated" })
    far.answer.length = 2
    expect(String(await failed(events()))).toContain("sent an answer we cannot read")
  })

  test("is a fallback for the other wire, and the other way round", async () => {
    await kit.gateway.addUpstream(testCtx, {
      kind: "openai-compatible",
      name: "near",
      baseUrl: kit.upstream.url,
      priceProvider: "openai",
      models: ["llama"],
    })
    far.stop()
    const whole = await client.chat.completions.create(ASK)
    expect(whole.choices[0]!.message.content).toContain("this is the answer")
    expect(kit.upstream.journal).toHaveLength(1)
  })
})

describe("a kind that this executable does not know", () => {
  test("is listed, takes no calls, says why when tested, and breaks nothing", async () => {
    await kit.write((tx) => tx.run("UPDATE upstreams SET kind = 'from-tomorrow' WHERE name = 'far'"))
    const unknown = kit.gateway.upstreams().find(({ name }) => name === "far")!
    expect(unknown).toMatchObject({ kind: "from-tomorrow", isLocal: false })
    expect((await kit.gateway.testUpstream(testCtx, unknown.publicId)).test).toMatchObject({ ok: false })
    expect(await failed(client.chat.completions.create(ASK))).toMatchObject({ status: 404 })
    expect((await client.chat.completions.create({ ...ASK, model: "mock-1" })).choices).toHaveLength(1)
    const add = kit.gateway.addUpstream(testCtx, { kind: "toString", name: "x", baseUrl: "https://x.example" })
    await expect(add).rejects.toMatchObject({ code: "validation_failed" })
  })
})
