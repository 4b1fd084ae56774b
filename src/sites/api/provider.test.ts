// A provider of a quite different wire (Ollama's: lines of JSON, other names for everything) is one object and one row of the table:
// nothing else in the house knows it, and callers cannot tell.

import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import type { Server } from "bun"
import OpenAI from "openai"
import { UserId } from "../../app/index.ts"
import { type AnswerEvent, type Frame, PROVIDERS, type Provider } from "../../gateway/index.ts"
import { testCtx } from "../../store/index.ts"
import { IN_NANO, OUT_NANO, openV1, type V1Kit } from "./testing.ts"

interface Line {
  model: string
  message?: { content?: string; thinking?: string; tool_calls?: { function: { name: string; arguments: object } }[] }
  done: boolean
  done_reason?: string
  prompt_eval_count?: number
  eval_count?: number
  error?: string
}

function frameOf(text: string): Frame {
  const line = JSON.parse(text) as Line
  const events: AnswerEvent[] = []
  const { content, thinking, tool_calls = [] } = line.message ?? {}
  if (line.error) events.push({ type: "error", message: line.error })
  if (thinking) events.push({ type: "reasoning", choice: 0, text: thinking })
  if (content) events.push({ type: "text", choice: 0, text: content })
  for (const [index, { function: call }] of tool_calls.entries()) {
    const args = JSON.stringify(call.arguments)
    events.push({ type: "tool", choice: 0, index, id: `call_${index}`, name: call.name, arguments: args })
  }
  if (line.done) {
    events.push({ type: "finish", choice: 0, reason: line.done_reason === "length" ? "length" : "stop" })
    events.push({
      type: "usage",
      report: {
        input: {
          inputTokens: line.prompt_eval_count ?? 0,
          cachedInputTokens: 0,
          cacheWriteTokens: 0,
          inputAudioTokens: 0,
        },
        output: { outputTokens: line.eval_count ?? 0, reasoningTokens: 0, outputAudioTokens: 0 },
        faults: [],
      },
    })
  }
  return { events, raw: { name: "", data: text, json: { ...line } }, model: line.model }
}

const openai = PROVIDERS["openai-compatible"]!
const lines: Provider = {
  label: "Lines of JSON",
  help: "A server that answers in lines.",
  account: { baseUrlHelp: "Without /api.", baseUrlExample: "http://127.0.0.1:11434" },
  native: null,
  leaving: { stream: "stops", whole: "stops" },
  endpoint: ({ baseUrl, apiKey }, what) => ({
    url: what === "chat" ? `${baseUrl}/api/chat` : `${baseUrl}/api/tags`,
    headers: { "content-type": "application/json", "x-key": apiKey },
  }),
  encode: ({ model, stream, body }) =>
    JSON.stringify({ model, stream, messages: body.messages, options: { num_predict: body.max_tokens } }),
  decodeStream(sink) {
    const decoder = new TextDecoder()
    let rest = ""
    const feed = (text: string) => {
      const parts = (rest + text).split("\n")
      rest = parts.pop()!
      for (const part of parts) if (part) sink.frame(frameOf(part))
    }
    return { push: (bytes) => feed(decoder.decode(bytes, { stream: true })), end: () => feed("\n") }
  },
  decodeWhole: frameOf,
  refusal: openai.refusal,
  messageIn: openai.messageIn,
  models: (text) => (JSON.parse(text) as { models: { name: string }[] }).models.map(({ name }) => name),
}

let kit: V1Kit
let client: OpenAI
let server: Server<undefined>
let journal: { path: string; key: string | null; body: Record<string, unknown> }[]
let answer: Line[]

beforeEach(async () => {
  journal = []
  answer = [
    { model: "llama", message: { thinking: "Hm." }, done: false },
    { model: "llama", message: { content: "Grüße " }, done: false },
    { model: "llama", message: { content: "🌍" }, done: false },
    { model: "llama", done: true, done_reason: "stop", prompt_eval_count: 50, eval_count: 9 },
  ]
  server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) => {
      const { pathname } = new URL(request.url)
      if (pathname === "/api/tags") return Response.json({ models: [{ name: "llama" }, { name: "broken" }] })
      const body = (await request.json()) as Record<string, unknown>
      journal.push({ path: pathname, key: request.headers.get("x-key"), body })
      if (body.model === "broken") return Response.json({ error: "no such model" }, { status: 400 })
      if (body.stream) return new Response(answer.map((line) => `${JSON.stringify(line)}\n`).join(""))
      const message = {
        content: answer.map((line) => line.message?.content ?? "").join(""),
        thinking: answer.map((line) => line.message?.thinking ?? "").join(""),
        tool_calls: answer.flatMap((line) => line.message?.tool_calls ?? []),
      }
      return Response.json({ ...answer.at(-1)!, message })
    },
  })
  kit = await openV1({ providers: { ...PROVIDERS, lines } })
  const added = await kit.gateway.addUpstream(testCtx, {
    kind: "lines",
    name: "far",
    baseUrl: `http://127.0.0.1:${server.port}`,
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
  server.stop(true)
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
    expect(journal).toEqual([
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
    answer[1] = {
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
    answer[2] = { model: "llama", error: "out of memory", done: false }
    const events = async () => {
      for await (const _ of await client.chat.completions.create({ ...ASK, stream: true })) {
      }
    }
    expect(String(await failed(events()))).toContain("sent an answer we cannot read")
    expect(last()).toMatchObject({ end: "failed", source: "estimated" })
    answer.length = 2
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
    server.stop(true)
    const whole = await client.chat.completions.create(ASK)
    expect(whole.choices[0]!.message.content).toContain("this is the answer")
    expect(kit.upstream.journal).toHaveLength(1)
  })

  test("is offered by the page that adds upstreams, from the table", () => {
    expect(kit.gateway.upstreamKinds().map(({ kind, label, isLocal }) => [kind, label, isLocal])).toEqual([
      ["openai-compatible", "OpenAI-compatible", false],
      ["sandbox", "Sandbox", true],
      ["lines", "Lines of JSON", false],
    ])
  })
})

describe("a kind that this executable does not know", () => {
  test("is listed, takes no calls, says why when tested, and breaks nothing", async () => {
    await kit.write((tx) => tx.run("UPDATE upstreams SET kind = 'from-tomorrow' WHERE name = 'far'"))
    const far = kit.gateway.upstreams().find(({ name }) => name === "far")!
    expect(far).toMatchObject({ kind: "from-tomorrow", isLocal: false })
    expect((await kit.gateway.testUpstream(testCtx, far.publicId)).test).toMatchObject({ ok: false })
    expect(await failed(client.chat.completions.create(ASK))).toMatchObject({ status: 404 })
    expect((await client.chat.completions.create({ ...ASK, model: "mock-1" })).choices).toHaveLength(1)
    const add = kit.gateway.addUpstream(testCtx, { kind: "toString", name: "x", baseUrl: "https://x.example" })
    await expect(add).rejects.toMatchObject({ code: "validation_failed" })
  })
})
