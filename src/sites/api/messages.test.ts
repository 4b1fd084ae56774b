// /v1/messages over real HTTP, with the official SDK as the caller: in front of a server of chat completions, and whatever else a caller
// meets. Anthropic's own API stands in messages-native.test.ts.
import { expect, test } from "bun:test"
import { betaTool } from "@anthropic-ai/sdk/helpers/beta/json-schema"
import { RECORDED, sseOf } from "../../../test/cases/messages/recorded.ts"
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
import {
  app,
  books,
  COST,
  chunkOf,
  feed,
  kit,
  last,
  spent,
  sse,
  start,
  TEXT,
  token,
  USAGE,
  usageChunk,
} from "./testing.ts"

const ASK = { model: "mock-1", max_tokens: 100, messages: [{ role: "user" as const, content: "hi" }] }
const failure = (call: PromiseLike<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => error,
  )

test("a message from a server of chat completions, whole and streamed alike", async () => {
  await start()
  const whole = plain(await sdk(token).messages.create({ ...ASK, system: "Be kind.", stop_sequences: ["END"] }))
  expect(whole).toMatchObject({
    type: "message",
    role: "assistant",
    model: "mock-1",
    content: [{ type: "text", text: TEXT, citations: null }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: USAGE.prompt_tokens, output_tokens: USAGE.completion_tokens, cache_read_input_tokens: 0 },
  })
  expect(kit.upstream.journal[0]).toEqual({
    model: "mock-1",
    max_tokens: 100,
    stop: ["END"],
    messages: [
      { role: "system", content: "Be kind." },
      { role: "user", content: "hi" },
    ],
  })
  const streamed = plain(await sdk(token).messages.stream(ASK).finalMessage())
  expect({ ...streamed, id: null }).toEqual({ ...whole, id: null })
  expect(spent()).toBe(2 * COST)
  expect(last()).toMatchObject({ endpoint: "messages", scope: "llm", status: 200, end: "done" })
  books()
})

test("the end of a stream leaves after the charge is written", async () => {
  await start()
  const answer = await post(token, { ...ASK, stream: true })
  const events = (await answer.text()).split("\n\n").filter((one) => one !== "")
  const names = events.map((one) => /^event: (\w+)/.exec(one)?.[1] ?? one)
  expect([names[0], ...names.slice(-4)]).toEqual([
    "message_start",
    `: charged ${COST} remaining ${kit.balance()}`,
    "content_block_stop",
    "message_delta",
    "message_stop",
  ])
})

test("parallel calls keep a block each, and their results go back", async () => {
  await start()
  const call = (index: number, more: object, args: string) =>
    chunkOf({ tool_calls: [{ index, ...more, function: { arguments: args } }] })
  const named = (index: number, name: string) => ({
    index,
    id: `call_${name}`,
    type: "function",
    function: { name, arguments: "" },
  })
  kit.upstream.answer = () =>
    sse(
      [
        chunkOf({ reasoning_content: "let me see" }),
        chunkOf({ content: "Looking." }),
        chunkOf({ tool_calls: [named(0, "f")] }),
        chunkOf({ tool_calls: [named(1, "g")] }),
        call(1, {}, '{"y":'),
        call(0, {}, '{"x":1}'),
        call(1, {}, "2}"),
        chunkOf({}, {}, "tool_calls"),
        usageChunk(),
        "data: [DONE]\n\n",
      ].join(""),
    )
  const tools = ["f", "g"].map((name) => ({ name, input_schema: { type: "object" as const } }))
  const asked = { ...ASK, tools, tool_choice: { type: "any" as const, disable_parallel_tool_use: false } }
  const answer = await sdk(token).messages.stream(asked).finalMessage()
  expect(answer.stop_reason).toBe("tool_use")
  expect(plain(answer).content as unknown).toEqual([
    { type: "thinking", thinking: "let me see", signature: "" },
    { type: "text", text: "Looking.", citations: null },
    { type: "tool_use", id: "call_f", name: "f", input: { x: 1 }, caller: { type: "direct" } },
    { type: "tool_use", id: "call_g", name: "g", input: { y: 2 }, caller: { type: "direct" } },
  ])
  kit.upstream.answer = () => sse(`${chunkOf({ content: "Done." }, {}, "stop") + usageChunk()}data: [DONE]\n\n`)
  const results = ["call_f", "call_g"].map((id) => ({
    type: "tool_result" as const,
    tool_use_id: id,
    content: `of ${id}`,
  }))
  const messages = [
    ...ASK.messages,
    { role: "assistant" as const, content: answer.content },
    { role: "user" as const, content: results },
  ]
  await sdk(token)
    .messages.stream({ ...asked, messages })
    .finalMessage()
  expect(kit.upstream.journal[1]).toMatchObject({
    tool_choice: "required",
    parallel_tool_calls: true,
    messages: [
      { role: "user", content: "hi" },
      {
        role: "assistant",
        content: "Looking.",
        tool_calls: [
          { id: "call_f", type: "function", function: { name: "f", arguments: '{"x":1}' } },
          { id: "call_g", type: "function", function: { name: "g", arguments: '{"y":2}' } },
        ],
      },
      { role: "tool", tool_call_id: "call_f", content: "of call_f" },
      { role: "tool", tool_call_id: "call_g", content: "of call_g" },
    ],
  })
  expect(spent()).toBe(2 * COST)
  books()
})

test("the SDK's own loop of tools runs, over a server of chat completions and over Anthropic's", async () => {
  const claude = await startClaude()
  const weather = betaTool({
    name: "get_weather",
    description: "Get the weather.",
    inputSchema: { type: "object", properties: { location: { type: "string" } }, required: ["location"] } as const,
    run: ({ location }) => `sunny in ${location}`,
  })
  const run = async (model: string) =>
    (await sdk(token).beta.messages.toolRunner({ ...ASK, model, tools: [weather] })).content.at(-1)
  claude.answer = ({ messages }) => {
    const isDone = (messages as unknown[]).length > 1
    return Response.json(isDone ? RECORDED.plain!.whole : RECORDED.tools!.whole)
  }
  expect(await run(CLAUDE)).toMatchObject({ type: "text", text: "Hello!" })
  expect(claude.journal[1]!.body.messages).toMatchObject([
    {},
    { role: "assistant" },
    { role: "user", content: [{ type: "tool_result", content: "sunny in San Francisco, CA" }] },
  ])
  kit.upstream.answer = ({ messages }) => {
    const isDone = (messages as unknown[]).length > 1
    const call = { id: "c1", type: "function", function: { name: "get_weather", arguments: '{"location":"Paris"}' } }
    const message = isDone ? { content: TEXT } : { content: null, tool_calls: [call] }
    const choice = {
      index: 0,
      message: { role: "assistant", ...message },
      finish_reason: isDone ? "stop" : "tool_calls",
    }
    return Response.json({
      id: "c",
      object: "chat.completion",
      created: 1,
      model: "mock-1",
      choices: [choice],
      usage: USAGE,
    })
  }
  expect(await run("mock-1")).toMatchObject({ type: "text", text: TEXT })
  expect((kit.upstream.journal.at(-1)!.messages as unknown[]).at(-1)).toEqual({
    role: "tool",
    tool_call_id: "c1",
    content: "sunny in Paris",
  })
})

test("what that server cannot do is refused by the caller's name for it, before anything is held", async () => {
  await start()
  const document = (source: object, more: object = {}) => ({
    messages: [{ role: "user", content: [{ type: "document", source, ...more }] }],
  })
  for (const [more, param] of [
    [
      document({ type: "text", media_type: "text/plain", data: "x" }, { citations: { enabled: true } }),
      "messages[0].content[0]",
    ],
    [document({ type: "url", url: "https://x.example/a.pdf" }), "messages[0].content[0]"],
    [{ thinking: { type: "between_tools" } }, "thinking.type"],
    [{ tools: [{ type: "web_search_20250305", name: "web_search" }] }, "tools[0].type"],
  ] as [object, string][]) {
    const told = await post(token, { ...ASK, ...more })
    const { error } = (await told.json()) as { error: { type: string; details: { param: string } } }
    expect([told.status, error.type, error.details.param]).toEqual([400, "invalid_request_error", param])
  }
  expect(kit.upstream.journal).toEqual([])
  books()
})

test("no credits: billing_error with where to get some, and the provider is never asked", async () => {
  await start({ balance: 0 })
  const { server } = await addClaude()
  for (const model of ["mock-1", CLAUDE]) {
    const told = await post(token, { ...ASK, model })
    const { error } = (await told.json()) as {
      error: { type: string; message: string; details: Record<string, unknown> }
    }
    expect([told.status, error.type, told.headers.get("x-should-retry")]).toEqual([402, "billing_error", "false"])
    expect(error.details).toMatchObject({
      error_code: "insufficient_credits",
      topup_url: "https://id.example.com/credits",
    })
    expect(error.message).toContain("https://id.example.com/credits")
  }
  expect([kit.upstream.journal.length, server.journal.length]).toEqual([0, 0])
  expect(await failure(sdk(token).messages.create(ASK))).toMatchObject({ status: 402, type: "billing_error" })
})

test("who asks: a token or a key, in either header; and everybody else's refusal", async () => {
  await start()
  expect((await sdk(token).messages.create(ASK)).content[0]).toMatchObject({ text: TEXT })
  const { secret } = await kit.key()
  expect((await sdk(secret).messages.create(ASK)).content[0]).toMatchObject({ text: TEXT })
  const bearer = await fetch(`${kit.server.url}/v1/messages`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(ASK),
  })
  expect(bearer.status).toBe(200)
  const refusals: [Promise<Response>, number, string][] = [
    [fetch(`${kit.server.url}/v1/messages`, { method: "POST", body: "{}" }), 401, "authentication_error"],
    [post("nonsense", ASK), 401, "authentication_error"],
    [post(await app.token(1, { scope: "openid profile" }), ASK), 403, "permission_error"],
    [post(token, { ...ASK, model: "none" }), 404, "not_found_error"],
    [post(token, "{"), 400, "invalid_request_error"],
    [post(token, { ...ASK, model: "unpriced-1" }), 503, "api_error"],
    [fetch(`${kit.server.url}/v1/messages`), 405, "invalid_request_error"],
    [post(token, {}, "/v1/messages/batches"), 404, "not_found_error"],
  ]
  for (const [answer, status, type] of refusals) {
    const told = await answer
    const body = (await told.json()) as { type: string; error: { type: string } }
    expect([told.status, body.type, body.error.type]).toEqual([status, "error", type])
    expect(told.headers.get("access-control-allow-origin")).toBe("*")
  }
})

test("a silent upstream: pings keep the client", async () => {
  await start({ timeouts: { keepAliveMs: 40, firstEventMs: 20 } })
  async function* slowly() {
    yield chunkOf({ content: "He" })
    await Bun.sleep(300)
    yield `${chunkOf({ content: "llo" }, {}, "stop") + usageChunk()}data: [DONE]\n\n`
  }
  kit.upstream.answer = () => feed(slowly())
  const text = await (await post(token, { ...ASK, stream: true })).text()
  expect(text).toContain('event: ping\ndata: {"type": "ping"}\n\n')
  const message = await sdk(token).messages.stream(ASK).finalMessage()
  expect(message.content).toMatchObject([{ text: "Hello" }])
})

test("an upstream that breaks off: an error in the stream, and what came is charged", async () => {
  await start()
  kit.upstream.answer = () => sse(chunkOf({ content: "one two three" }))
  const thrown = await failure(sdk(token).messages.stream(ASK).finalMessage())
  expect(thrown).toMatchObject({ type: "api_error", errorCode: "provider_error" })
  expect(last()).toMatchObject({ end: "failed", source: "estimated" })
  books()
})

const COUNT = { model: CLAUDE, system: "Be kind.", messages: ASK.messages }

test("tokens are counted where Anthropic counts them, without a charge, and also without a balance", async () => {
  await start({ balance: 0 })
  const { server } = await addClaude()
  const asked = { ...COUNT, thinking: { type: "enabled" as const, budget_tokens: 20_000 } }
  expect(await sdk(token).messages.countTokens(asked)).toEqual({ input_tokens: 14 })
  expect(server.journal).toMatchObject([{ path: "/v1/messages/count_tokens", body: asked }])
  const estimated = await sdk(token).messages.countTokens({ ...COUNT, model: "mock-1" })
  expect(estimated.input_tokens).toBeGreaterThan(5)
  expect(estimated.input_tokens).toBeLessThan(60)
  server.count = () => refused(529, "overloaded_error", "Overloaded")
  expect((await sdk(token).messages.countTokens(COUNT)).input_tokens).toBe(estimated.input_tokens)
  server.count = () => refused(400, "invalid_request_error", "messages.0: bad")
  expect(await failure(sdk(token).messages.countTokens(COUNT))).toMatchObject({ status: 400 })
  expect([kit.balance(), kit.upstream.journal.length]).toEqual([0, 0])
  books()
})

test("counting is no side door: scope, model, price and body are asked, and a minute has an end", async () => {
  await start()
  const { server } = await addClaude()
  const count = (key: string, body: object) => post(key, body, "/v1/messages/count_tokens")
  const other = await app.token(1, { scope: "openid profile" })
  expect((await count(other, COUNT)).status).toBe(403)
  expect((await count("nonsense", COUNT)).status).toBe(401)
  expect((await count(token, { ...COUNT, model: "none" })).status).toBe(404)
  expect((await count(token, { ...COUNT, mcp_servers: [{}] })).status).toBe(400)
  expect((await count(token, { ...COUNT, model: "unpriced-1" })).status).toBe(503)
  const test = await kit.app({ mode: "test" })
  expect((await count(await test.token(), COUNT)).status).toBe(404)
  expect(server.journal.length).toBe(0)
  const answers = await Promise.all(Array.from({ length: 110 }, () => count(token, COUNT)))
  const counted = answers.filter(({ status }) => status === 200)
  expect(counted.length).toBe(server.journal.length)
  expect(counted.length).toBeGreaterThan(80)
  const told = answers.find(({ status }) => status === 429)!
  expect(await told.json()).toMatchObject({ error: { type: "rate_limit_error" } })
  expect(Number(told.headers.get("retry-after"))).toBeGreaterThan(0)
  kit.clock.advance(60_000)
  expect((await count(token, COUNT)).status).toBe(200)
})

test("thinking of a model of chat completions does not go to Anthropic in a later turn", async () => {
  const claude = await startClaude()
  claude.answer = either(sseOf(RECORDED.plain!.stream), RECORDED.plain!.whole)
  const said = {
    role: "assistant" as const,
    content: [
      { type: "thinking" as const, thinking: "hm", signature: "" },
      { type: "text" as const, text: "4" },
    ],
  }
  await sdk(token).messages.create({ ...ASK, model: CLAUDE, messages: [...ASK.messages, said, ...ASK.messages] })
  expect(claude.journal[0]!.body.messages).toEqual([
    ...ASK.messages,
    { role: "assistant", content: [{ type: "text", text: "4" }] },
    ...ASK.messages,
  ])
  expect(spent()).toBe(25 * CLAUDE_IN + 15 * CLAUDE_OUT)
})
