// OpenRouter as an upstream: its report's cost is what calls are charged by, as far as it can be believed.
import { expect, onTestFinished, test } from "bun:test"
import { LLMock } from "@copilotkit/aimock"
import OpenAI from "openai"
import { testCtx } from "../../store/index.ts"
import { ASK, books, chunkOf, kit, last, sse, start, token, usageChunk } from "./testing.ts"

const MODEL = { model: "router/mock-1" }
/** 100 tokens in and 20 out: $0.00014 by the list. */
const USAGE = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 }
const LISTED_NANO = 140_000

async function open(baseUrl?: string): Promise<void> {
  await start()
  await kit.gateway.addUpstream(testCtx, {
    kind: "openrouter",
    name: "router",
    baseUrl: baseUrl ?? kit.upstream.url,
    priceProvider: "openai",
    models: ["mock-1"],
  })
}
const answers = (usage: object) => (body: Record<string, unknown>) =>
  body.stream
    ? sse(`${chunkOf({ content: "hi" })}${chunkOf({}, {}, "stop")}${usageChunk(usage)}data: [DONE]\n\n`)
    : Response.json({
        id: "g",
        object: "chat.completion",
        created: 1,
        model: "mock-1",
        choices: [{ index: 0, message: { role: "assistant", content: "hi" }, finish_reason: "stop" }],
        usage,
      })

const COSTS: [name: string, usage: object, rawNano: number][] = [
  ["its cost, below the list", { cost: 0.00007 }, 70_000],
  ["its cost, above the list", { cost: 0.0002 }, 200_000],
  [
    "its fee and the bill beside it, with an own key there",
    { cost: 0.00001, is_byok: true, cost_details: { upstream_inference_cost: 0.0001 } },
    110_000,
  ],
  ["the list, where it says nothing", {}, LISTED_NANO],
  ["the list, where it says that it took nothing", { cost: 0 }, LISTED_NANO],
  ["the list, where it is nonsense", { cost: -1 }, LISTED_NANO],
  ["the list, where it cannot be", { cost: 4.2 }, LISTED_NANO],
]
for (const [name, more, rawNano] of COSTS) {
  test(`charged is ${name}; streamed the same`, async () => {
    await open()
    kit.upstream.answer = answers({ ...USAGE, ...more })
    for (const stream of [false, true]) {
      const response = await kit.post(token, { ...ASK, ...MODEL, stream })
      expect(response.status).toBe(200)
      await response.text()
      // Never more than was held, which here covers twice the raw cost many times over.
      expect(last()).toMatchObject({ source: "reported", upstreamNano: rawNano, chargeNano: 2 * rawNano })
    }
    books()
  })
}

test("charged is a fraction of a nano-dollar, up, once", async () => {
  await open()
  kit.upstream.answer = answers({ ...USAGE, cost: 0.0000700001 })
  await (await kit.post(token, { ...ASK, ...MODEL })).text()
  expect(last().chargeNano).toBe(140_001)
  books()
})

test("a cost of four dollars that cannot be is told to the operator, once", async () => {
  await open()
  kit.upstream.answer = answers({ ...USAGE, cost: 4.2 })
  for (let at = 0; at < 2; at++) await (await kit.post(token, { ...ASK, ...MODEL })).text()
  expect(kit.gateway.alarms()).toEqual([
    { upstream: "router", what: "odd-cost", asked: "mock-1", got: "too much", count: 2 },
  ])
})

test("an answer of a price that is said to have cost nothing is charged by the list, and told to the operator", async () => {
  await open()
  const usage = { prompt_tokens: 1_000, completion_tokens: 900, total_tokens: 1_900, cost: 0 }
  for (const stream of [false, true]) {
    kit.upstream.answer = answers(usage)
    await (await kit.post(token, { ...ASK, ...MODEL, stream })).text()
    expect(last().chargeNano).toBe(1_000 * 2_000 + 900 * 4_000)
  }
  expect(kit.gateway.alarms()).toEqual([
    { upstream: "router", what: "odd-cost", asked: "mock-1", got: "nothing", count: 2 },
  ])
})

test("callers of other dialects are told of thinking, and its seal goes back to where it came from", async () => {
  await open()
  kit.upstream.answer = (body) => {
    const message = {
      role: "assistant",
      content: "hi",
      reasoning_details: [
        { type: "reasoning.text", text: "Hm.", signature: "seal", format: "anthropic-claude-v1", index: 0 },
      ],
    }
    return Response.json({
      model: "mock-1",
      choices: [{ index: 0, message, finish_reason: "stop" }],
      usage: { ...USAGE, cost: 0.00007 },
      echo: body,
    })
  }
  const client = new OpenAI({ apiKey: token, baseURL: `${kit.server.url}/v1`, maxRetries: 0 })
  const first = await client.responses.create({
    ...MODEL,
    input: "hello",
    reasoning: { effort: "low" },
    include: ["reasoning.encrypted_content"],
  })
  expect(first.output_text).toBe("hi")
  expect(kit.upstream.journal[0]).toMatchObject({ reasoning: { effort: "low" } })
  await client.responses.create({
    ...MODEL,
    input: [{ role: "user", content: "hello" }, ...(first.output as never[]), { role: "user", content: "and?" }],
  })
  expect(kit.upstream.journal[1]).toMatchObject({
    messages: [
      { role: "user", content: "hello" },
      {
        role: "assistant",
        content: "hi",
        reasoning_details: [{ text: "Hm.", signature: "seal", format: "anthropic-claude-v1" }],
      },
      { role: "user", content: "and?" },
    ],
  })
  books()
})

test("aimock's OpenRouter answers unchanged callers", async () => {
  const mock = await LLMock.create({ port: 0, chunkSize: 4 })
  onTestFinished(() => mock.stop())
  mock.onMessage("hello", { content: "Grüße", usage: { ...USAGE, cost: 0.00007 } as never })
  await open(`${mock.url}/api/v1`)
  const client = new OpenAI({ apiKey: token, baseURL: `${kit.server.url}/v1`, maxRetries: 0 })
  const messages = [{ role: "user" as const, content: "hello" }]
  const whole = await client.chat.completions.create({ ...MODEL, messages })
  expect(whole.choices[0]!.message.content).toBe("Grüße")
  const streamed = await client.chat.completions.stream({ ...MODEL, messages }).finalChatCompletion()
  expect(streamed.choices[0]!.message.content).toBe("Grüße")
  expect(last()).toMatchObject({ source: "reported" })
  books()
})
