// /v1/responses over real HTTP, with the official SDK as the caller, in front of a server that speaks chat completions.
import { expect, test } from "bun:test"
import type OpenAI from "openai"
import { ASK, respond, sdk } from "./responses-testing.ts"
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

test("A response from a server of chat completions", async () => {
  await start()
  const answer = await sdk(token).responses.create({ ...ASK, instructions: "Be kind." })
  expect(answer.output_text).toBe(TEXT)
  expect(answer.status).toBe("completed")
  expect(answer.usage).toEqual({
    input_tokens: USAGE.prompt_tokens,
    input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
    output_tokens: USAGE.completion_tokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: USAGE.total_tokens,
  })
  expect(kit.upstream.journal[0]!.messages).toEqual([
    { role: "system", content: "Be kind." },
    { role: "user", content: "hi" },
  ])
  expect(spent()).toBe(COST)
  expect(last()).toMatchObject({ endpoint: "responses", status: 200, end: "done" })
  books()
})

test("A streamed response; the SDK's own parser makes the same of it", async () => {
  await start()
  const stream = sdk(token).responses.stream({ ...ASK })
  let text = ""
  stream.on("response.output_text.delta", ({ delta }) => {
    text += delta
  })
  const answer = await stream.finalResponse()
  expect(text).toBe(TEXT)
  expect(answer.output_text).toBe(TEXT)
  expect(answer.usage?.total_tokens).toBe(USAGE.total_tokens)
  expect(spent()).toBe(COST)
  books()
})

test("The last event leaves after the charge is written", async () => {
  await start()
  const text = await (await respond(token, { ...ASK, stream: true })).text()
  const events = text.split("\n\n").filter((one) => one !== "")
  expect(events.at(-1)).toStartWith("event: response.completed\n")
  expect(events.at(-2)).toBe(`: charged ${COST} remaining ${kit.balance()}`)
  const numbers = [...text.matchAll(/"sequence_number":(\d+)/g)].map(([, number]) => Number(number))
  expect(numbers).toEqual(numbers.map((_, index) => index))
})

test("Tools, thinking and the end of the maximum in a stream", async () => {
  await start()
  const call = (index: number, more: object, args: string) =>
    chunkOf({ tool_calls: [{ index, ...more, function: { arguments: args } }] })
  kit.upstream.answer = () =>
    sse(
      [
        chunkOf({ reasoning_content: "let me " }),
        chunkOf({ reasoning_content: "see" }),
        chunkOf({ content: "Looking." }),
        chunkOf({ tool_calls: [{ index: 0, id: "a", type: "function", function: { name: "f", arguments: "" } }] }),
        chunkOf({ tool_calls: [{ index: 1, id: "b", type: "function", function: { name: "g", arguments: "{" } }] }),
        call(0, {}, '{"x":1}'),
        call(1, {}, "}"),
        chunkOf({}, {}, "length"),
        usageChunk(),
        "data: [DONE]\n\n",
      ].join(""),
    )
  const stream = sdk(token).responses.stream({
    ...ASK,
    tools: ["f", "g"].map((name) => ({ type: "function" as const, name, parameters: {}, strict: false })),
  })
  const answer = await stream.finalResponse()
  expect(answer.status).toBe("incomplete")
  expect(answer.incomplete_details).toEqual({ reason: "max_output_tokens" })
  expect(answer.output.map(({ type }) => type)).toEqual(["reasoning", "message", "function_call", "function_call"])
  expect(answer.output[0]).toMatchObject({ content: [{ type: "reasoning_text", text: "let me see" }] })
  expect(answer.output[2]).toMatchObject({ call_id: "a", name: "f", arguments: '{"x":1}', status: "completed" })
  expect(answer.output[3]).toMatchObject({ call_id: "b", name: "g", arguments: "{}", status: "incomplete" })
  expect(spent()).toBe(COST)
})

test("A picture that has to be looked at, a document, and a schema reach a server of chat completions in its words", async () => {
  await start()
  const content = [
    { type: "input_text" as const, text: "what?" },
    { type: "input_image" as const, image_url: "data:image/png;base64,AAAA", detail: "low" as const },
    { type: "input_file" as const, filename: "a.pdf", file_data: "data:application/pdf;base64,AAAA" },
  ]
  const schema = { type: "object", properties: { a: { type: "string" } } }
  await sdk(token).responses.create({
    ...ASK,
    input: [{ role: "user", content }],
    text: { format: { type: "json_schema", name: "n", schema, strict: false } },
    reasoning: { effort: "low" },
  })
  expect(kit.upstream.journal[0]).toMatchObject({
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "what?" },
          { type: "image_url", image_url: { url: "data:image/png;base64,AAAA", detail: "low" } },
          { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,AAAA" } },
        ],
      },
    ],
    response_format: { type: "json_schema", json_schema: { name: "n", schema, strict: false } },
    reasoning_effort: "low",
  })
})

test("What that server cannot do is refused by the caller's name for it, before anything is held", async () => {
  await start()
  const input = [{ role: "user", content: [{ type: "input_file", file_url: "https://x.example/a.pdf" }] }]
  for (const [more, param] of [
    [{ input }, "input[0].content[0]"],
    [{ reasoning: { context: "current_turn" } }, "reasoning.context"],
    [{ tools: [{ type: "web_search" }] }, "tools[0].type"],
    [{ background: true }, "background"],
    [{ previous_response_id: "resp_1" }, "previous_response_id"],
    [{ store: true }, "store"],
  ] as const) {
    const answer = await respond(token, { ...ASK, ...more })
    expect([answer.status, ((await answer.json()) as { error: { param: string } }).error.param]).toEqual([400, param])
  }
  expect(kit.upstream.journal).toEqual([])
  expect(spent()).toBe(0)
  await kit.usage.flush()
  expect(last()).toMatchObject({ endpoint: "responses", end: "refused", status: 400 })
})

test("Without credits nothing is asked", async () => {
  await start({ balance: 0 })
  for (const stream of [false, true]) {
    const answer = await respond(token, { ...ASK, stream })
    expect([answer.status, answer.headers.get("x-should-retry")]).toEqual([402, "false"])
    expect(await answer.json()).toMatchObject({ error: { code: "insufficient_credits" } })
  }
  expect(kit.upstream.journal).toEqual([])
})

test("Who may ask is asked first", async () => {
  await start()
  expect((await respond("nonsense", ASK)).status).toBe(401)
  const bare = await app.token(1, { scope: "openid profile" })
  expect((await respond(bare, ASK)).status).toBe(403)
  expect((await respond(token, { ...ASK, model: "none" })).status).toBe(404)
  expect((await respond(token, "{")).status).toBe(400)
  expect((await fetch(`${kit.server.url}/v1/responses`)).headers.get("allow")).toBe("POST")
})

test("A stream that its upstream cuts ends in an error that the SDK throws", async () => {
  await start()
  kit.upstream.answer = () => sse(`${chunkOf({ content: "half" })}data: {"error":{"message":"gone"}}\n\n`)
  const stream = sdk(token).responses.stream({ ...ASK })
  const error = await stream.finalResponse().catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: "provider_error" })
  expect(last()).toMatchObject({ end: "failed", status: 502 })
})

test("A silent upstream is waited for with signs of life, and then given up in the stream", async () => {
  await start({ timeouts: { firstEventMs: 50, keepAliveMs: 40, headMs: 400 } })
  kit.upstream.answer = async () => {
    await Bun.sleep(1_500)
    return sse("")
  }
  const text = await (await respond(token, { ...ASK, stream: true })).text()
  expect(text).toContain(": keep-alive\n\n")
  expect(text).toContain('event: error\ndata: {"type":"error"')
  expect(text.trimEnd().split("\n\n").at(-1)).toContain('"status":"failed"')
  expect(last()).toMatchObject({ end: "timeout", status: 504 })
  expect(spent()).toBe(0)
})

test("The SDK's own ways: an answer by schema, and a loop with a tool", async () => {
  await start()
  const said = (message: object, finish_reason = "stop") =>
    Response.json({ ...CHAT, choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason }] })
  kit.upstream.answer = () => said({ content: '{"city":"Bonn"}' })
  const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] }
  const format = { type: "json_schema" as const, name: "place", schema, strict: true }
  const parsed = await sdk(token).responses.parse({ ...ASK, text: { format } })
  expect(parsed.output_parsed).toEqual({ city: "Bonn" })

  const call = { id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Bonn"}' } }
  kit.upstream.answer = ({ messages }) =>
    (messages as { role: string }[]).some(({ role }) => role === "tool")
      ? said({ content: "It rains." })
      : said({ content: null, reasoning_content: "hm", tool_calls: [call] }, "tool_calls")
  const tools = [{ type: "function" as const, name: "weather", parameters: schema, strict: false }]
  const input: OpenAI.Responses.ResponseInput = [{ role: "user", content: "weather?" }]
  const first = await sdk(token).responses.create({ ...ASK, input, tools })
  input.push(...(first.output as OpenAI.Responses.ResponseInputItem[]))
  for (const item of first.output) {
    if (item.type === "function_call")
      input.push({ type: "function_call_output", call_id: item.call_id, output: "rain" })
  }
  expect((await sdk(token).responses.create({ ...ASK, input, tools })).output_text).toBe("It rains.")
})

test("However the upstream's bytes are split, whatever unknown stands between, the same is told", async () => {
  const stream = [
    chunkOf({ reasoning_content: "hm 🤔" }),
    ": a comment\n\n",
    chunkOf({ content: "Hällo", unknown: { deep: [1e300, -0.5] } }, { more: true }),
    chunkOf({ content: " 🌍" }),
    chunkOf({ tool_calls: [{ index: 0, id: "a", type: "function", function: { name: "f", arguments: '{"ü":1}' } }] }),
    chunkOf({}, {}, "tool_calls"),
    usageChunk(),
    "data: [DONE]\n\n",
  ].join("")
  const bytes = new TextEncoder().encode(stream)
  async function* split(size: number) {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
  await start()
  const tools = [{ type: "function" as const, name: "f", parameters: {}, strict: false }]
  const seen = new Set<string>()
  for (const size of [bytes.length, 1, 3, 17, 100]) {
    kit.upstream.answer = () => feed(split(size))
    const { output, usage, status } = await sdk(token)
      .responses.stream({ ...ASK, tools })
      .finalResponse()
    seen.add(JSON.stringify([output, usage, status]).replaceAll(/(msg|rs|fc)_\w+/g, "$1"))
  }
  expect([...seen]).toHaveLength(1)
  expect([...seen][0]).toContain("Hällo 🌍")
})

const CHAT = { id: "c1", object: "chat.completion", created: 1, model: "mock-1", usage: USAGE }
