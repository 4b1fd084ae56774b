// Chat completions over Anthropic's wire: every recorded answer in OpenAI's words, by its official SDK; and aimock, which we did not
// write, as Anthropic.
import { expect, onTestFinished, test } from "bun:test"
import { LLMock } from "@copilotkit/aimock"
import OpenAI, { type APIError } from "openai"
import type { ChatCompletionMessageParam } from "openai/resources"
import { brokenStream, RECORDED, sseOf } from "../../../test/cases/messages/recorded.ts"
import { testCtx } from "../../store/index.ts"
import { CLAUDE, CLAUDE_IN, CLAUDE_OUT, either, refused, sdk, startClaude } from "./messages-testing.ts"
import { books, kit, last, rested, spent, sse, start, token } from "./testing.ts"

const openai = () => new OpenAI({ apiKey: token, baseURL: `${kit.server.url}/v1`, maxRetries: 0 }).chat.completions
const ASK = { model: CLAUDE, messages: [{ role: "user" as const, content: "Hello" }] }
const failure = (call: PromiseLike<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => error as APIError,
  )

/** What a recorded answer says, as chat completions have it. */
function inChat(name: string) {
  const { says } = RECORDED[name]!
  const texts = says.flatMap((event) => (event.type === "text" ? [event.text] : []))
  const calls = says.flatMap((event) =>
    event.type === "tool" ? [[event.id, event.name, JSON.parse(event.arguments)]] : [],
  )
  const finish = says.at(-1) as { reason: string }
  return { text: texts.join(""), calls, finish: finish.reason }
}

for (const name of Object.keys(RECORDED)) {
  test(`${name}: OpenAI's SDK gets it, streamed and whole, at the same price`, async () => {
    const claude = await startClaude()
    const { stream, whole, input, output } = RECORDED[name]!
    claude.answer = either(sseOf(stream), whole)
    const answered = await openai().create(ASK)
    const once = spent()
    const usage = { include_usage: true }
    const gathered = await openai()
      .stream({ ...ASK, stream_options: usage })
      .finalChatCompletion()
    for (const { choices, usage: said } of [answered, gathered]) {
      const { message, finish_reason } = choices[0]!
      const calls = (message.tool_calls ?? []).map((call) =>
        call.type === "function" ? [call.id, call.function.name, JSON.parse(call.function.arguments)] : [],
      )
      expect({ text: message.content ?? "", calls, finish: finish_reason as string }).toEqual(inChat(name))
      expect([said!.prompt_tokens, said!.completion_tokens]).toEqual([input!.inputTokens, output!.outputTokens])
      expect(said!.prompt_tokens_details!.cached_tokens).toBe(input!.cachedInputTokens)
      expect(said!.completion_tokens_details!.reasoning_tokens).toBe(output!.reasoningTokens)
    }
    expect(spent()).toBe(2 * once)
    expect(claude.journal[0]!.body).toEqual({
      model: CLAUDE,
      max_tokens: 8_192,
      messages: [{ role: "user", content: [{ type: "text", text: "Hello" }] }],
    })
    books()
  })
}

test("responses: OpenAI's SDK gets every recorded answer, streamed as whole", async () => {
  const claude = await startClaude()
  const { responses } = new OpenAI({ apiKey: token, baseURL: `${kit.server.url}/v1`, maxRetries: 0 })
  for (const [name, { stream, whole, input, output }] of Object.entries(RECORDED)) {
    claude.answer = either(sseOf(stream), whole)
    const asked = { model: CLAUDE, input: "Hello" }
    for (const answer of [await responses.create(asked), await responses.stream(asked).finalResponse()]) {
      const calls = answer.output.flatMap((item) =>
        item.type === "function_call" ? [[item.call_id, item.name, JSON.parse(item.arguments)]] : [],
      )
      const { text, calls: expected } = inChat(name)
      expect([name, answer.output_text, calls]).toEqual([name, text, expected])
      expect([answer.usage!.input_tokens, answer.usage!.output_tokens]).toEqual([
        input!.inputTokens,
        output!.outputTokens,
      ])
    }
  }
  books()
})

test("parallel calls keep an index each in the stream", async () => {
  const claude = await startClaude()
  claude.answer = either(sseOf(RECORDED["parallel tools"]!.stream), null)
  const seen = new Map<number, string>()
  for await (const { choices } of await openai().create({ ...ASK, stream: true })) {
    for (const call of choices[0]?.delta.tool_calls ?? []) {
      seen.set(
        call.index,
        (seen.get(call.index) ?? "") + (call.function?.name ?? "") + (call.function?.arguments ?? ""),
      )
    }
  }
  expect([...seen]).toEqual([
    [0, 'get_weather{"location": "Paris"}'],
    [1, "get_time{}"],
  ])
})

test("thinking and its seals come back in the next turn as they were", async () => {
  const claude = await startClaude()
  const { stream, whole } = RECORDED.thinking!
  claude.answer = either(sseOf(stream), whole)
  const [first] = (await openai().create({ ...ASK, reasoning_effort: "low" })).choices
  const { message } = first!
  expect(message as unknown).toMatchObject({ reasoning_content: "Let me solve this step by step:\n\n27 * 453 = 12231" })
  await openai().create({ ...ASK, messages: [...ASK.messages, message as ChatCompletionMessageParam, ...ASK.messages] })
  const content = (whole!.content as object[]).slice(0, 2)
  expect((claude.journal[1]!.body.messages as { content: object[] }[])[1]!.content.slice(0, 2)).toEqual(content)
})

test("what Anthropic cannot do is refused by the caller's name for it, and nothing is held", async () => {
  const claude = await startClaude()
  for (const [more, param] of [
    [{ logprobs: true }, "logprobs"],
    [{ n: 2 }, "n"],
    [{ seed: 1 }, "seed"],
    [{ response_format: { type: "json_object" as const } }, "response_format"],
  ] as const) {
    expect(await failure(openai().create({ ...ASK, ...more }))).toMatchObject({ status: 400, param })
  }
  expect([claude.journal.length, spent()]).toEqual([0, 0])
})

test("Anthropic's errors in OpenAI's words; in the middle of a stream, too", async () => {
  const claude = await startClaude()
  const cases: [Response, number, string][] = [
    [refused(400, "invalid_request_error", "prompt is too long: 9 tokens > 8 maximum"), 400, "context_length_exceeded"],
    [refused(529, "overloaded_error", "Overloaded"), 503, "provider_overloaded"],
    [refused(401, "authentication_error", "invalid x-api-key"), 502, "provider_error"],
  ]
  for (const [answer, status, code] of cases) {
    await rested()
    claude.answer = () => answer.clone() as Response
    expect(await failure(openai().create(ASK))).toMatchObject({ status, code })
  }
  await rested()
  claude.answer = () => sse(brokenStream("Hel"))
  const stream = await openai().create({ ...ASK, stream: true })
  const read = async () => {
    for await (const chunk of stream) void chunk
  }
  expect(await failure(read())).toMatchObject({ code: "provider_overloaded" })
  expect(last()).toMatchObject({ end: "failed", inputTokens: 25 })
  books()
})

test("aimock as Anthropic: both SDKs get the same words, calls and price", async () => {
  const mock = await LLMock.create({ port: 0, chunkSize: 4 })
  onTestFinished(() => mock.stop())
  const usage = { input_tokens: 31, output_tokens: 7 }
  const text = "Grüße aus der Ferne 🌍"
  mock.onMessage("hello", { content: text, usage })
  mock.onMessage("sky", {
    toolCalls: [
      { name: "look", arguments: '{"at":"sky"}' },
      { name: "time", arguments: "{}" },
    ],
    usage,
  })
  await start()
  await kit.gateway.addUpstream(testCtx, {
    kind: "anthropic",
    name: "aimock",
    baseUrl: mock.url,
    apiKey: "sk-ant-mock",
    priceProvider: "anthropic",
    models: [CLAUDE],
  })
  const cost = 31 * CLAUDE_IN + 7 * CLAUDE_OUT
  const asked = { model: CLAUDE, max_tokens: 100, messages: [{ role: "user" as const, content: "hello" }] }
  const claude = sdk(token).messages
  for (const message of [await claude.create(asked), await claude.stream(asked).finalMessage()]) {
    expect(message).toMatchObject({ content: [{ type: "text", text }], stop_reason: "end_turn" })
    expect(last()).toMatchObject({ chargeNano: cost, source: "reported" })
  }
  for (const answer of [await openai().create(asked), await openai().stream(asked).finalChatCompletion()]) {
    expect(answer.choices[0]).toMatchObject({ message: { content: text }, finish_reason: "stop" })
    expect(last()).toMatchObject({ chargeNano: cost, source: "reported" })
  }
  const tools = ["look", "time"].map((name) => ({ name, input_schema: { type: "object" as const } }))
  const sky = { ...asked, messages: [{ role: "user" as const, content: "sky" }], tools }
  for (const message of [await claude.create(sky), await claude.stream(sky).finalMessage()]) {
    expect(message.content.filter(({ type }) => type === "tool_use")).toMatchObject([
      { name: "look", input: { at: "sky" } },
      { name: "time", input: {} },
    ])
    expect(message.stop_reason).toBe("tool_use")
  }
  const functions = tools.map(({ name, input_schema }) => ({
    type: "function" as const,
    function: { name, parameters: input_schema },
  }))
  const called = await openai()
    .stream({ ...sky, tools: functions })
    .finalChatCompletion()
  expect(called.choices[0]!.message.tool_calls).toMatchObject([
    { function: { name: "look", arguments: '{"at":"sky"}' } },
    { function: { name: "time", arguments: "{}" } },
  ])
  expect(mock.getRequests().every(({ path }) => path === "/v1/messages")).toBe(true)
  books()
})
