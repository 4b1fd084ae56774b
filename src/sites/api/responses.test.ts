// /v1/responses over real HTTP, with the official SDK as the caller, in front of a server that speaks chat completions.
import { expect, test } from "bun:test"
import OpenAI from "openai"
import { books, COST, chunkOf, kit, last, spent, sse, start, TEXT, token, USAGE, usageChunk } from "./testing.ts"

const ASK = { model: "mock-1", input: "hi" }
const client = () => new OpenAI({ apiKey: token, baseURL: `${kit.server.url}/v1`, maxRetries: 0 })
export const respond = (body: unknown, init: RequestInit = {}) =>
  fetch(`${kit.server.url}/v1/responses`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...init,
  })

test("A response from a server of chat completions", async () => {
  await start()
  const answer = await client().responses.create({ ...ASK, instructions: "Be kind." })
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
  const stream = client().responses.stream({ ...ASK })
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
  const text = await (await respond({ ...ASK, stream: true })).text()
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
  const stream = client().responses.stream({
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
