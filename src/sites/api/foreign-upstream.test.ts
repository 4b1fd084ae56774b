// Calls through an upstream that we did not write: aimock speaks OpenAI's wire over real HTTP, as its authors read it.
// What the mock is told to say comes out at the other end, and is charged to the nano-dollar.
import { expect, onTestFinished, test } from "bun:test"
import { LLMock } from "@copilotkit/aimock"
import OpenAI, { type APIError } from "openai"
import type { ChatCompletionFunctionTool } from "openai/resources"
import { testCtx } from "../../store/index.ts"
import { addUpstream, books, IN_NANO, kit, last, OUT_NANO, rested, spent, start, token } from "./testing.ts"

const KEY = "sk-foreign-upstream-key"
const TEXT = "Grüße aus der Ferne 🌍"
const USAGE = { prompt_tokens: 31, completion_tokens: 7, total_tokens: 38 }
const COST = 31 * IN_NANO + 7 * OUT_NANO
const LOOK: ChatCompletionFunctionTool = {
  type: "function",
  function: { name: "look", parameters: { type: "object", properties: { at: { type: "string" } } } },
}
const ask = (content: string) => ({ model: "aimock/mock-1", messages: [{ role: "user" as const, content }] })

/** The mock, which knows our key alone, as an upstream; and an app's client. */
async function open() {
  const mock = await LLMock.create({ port: 0, chunkSize: 4, auth: { apiKeys: [KEY] } })
  onTestFinished(() => mock.stop())
  mock.onMessage("hello", { content: TEXT, usage: USAGE })
  await start()
  const { publicId } = await addUpstream("aimock", `${mock.url}/v1`, KEY)
  const client = new OpenAI({ apiKey: token, baseURL: `${kit.server.url}/v1`, maxRetries: 0 })
  return { mock, publicId, completions: client.chat.completions }
}

/** The SDK's promises are its own kind. */
const failure = (call: PromiseLike<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => error as APIError,
  )

test("an answer, whole and streamed, is theirs at the price of their report", async () => {
  const { mock, completions } = await open()
  const whole = await completions.create(ask("hello"))
  expect(whole).toMatchObject({ choices: [{ message: { content: TEXT }, finish_reason: "stop" }], usage: USAGE })
  expect([last().chargeNano, last().source, spent()]).toEqual([COST, "reported", COST])

  const stream = completions.stream({ ...ask("hello"), stream_options: { include_usage: true } })
  const gathered = await stream.finalChatCompletion()
  expect(gathered).toMatchObject({ choices: [{ message: { content: TEXT }, finish_reason: "stop" }], usage: USAGE })
  expect([last().chargeNano, last().source, spent()]).toEqual([COST, "reported", 2 * COST])
  // What they took our questions for.
  expect(mock.getRequests().map(({ body }) => body)).toMatchObject([
    { model: "mock-1", messages: ask("hello").messages, max_tokens: 1_000 },
    { model: "mock-1", stream: true, stream_options: { include_usage: true } },
  ])
  books()
})

test("a tool is called, and its result goes back to them", async () => {
  const { mock, completions } = await open()
  mock.onToolResult("call_1", { content: "It is blue.", usage: USAGE })
  mock.onMessage("sky", { toolCalls: [{ id: "call_1", name: "look", arguments: '{"at":"sky"}' }], usage: USAGE })
  const whole = await completions.create({ ...ask("sky"), tools: [LOOK] })
  const stream = completions.stream({ ...ask("sky"), tools: [LOOK] })
  for (const { choices } of [whole, await stream.finalChatCompletion()]) {
    const call = { id: "call_1", type: "function", function: { name: "look", arguments: '{"at":"sky"}' } }
    expect(choices).toMatchObject([{ finish_reason: "tool_calls", message: { tool_calls: [call] } }])
  }
  const messages = [...ask("sky").messages, whole.choices[0]!.message, result("call_1", "blue")]
  const after = await completions.create({ ...ask("sky"), messages, tools: [LOOK] })
  expect(after.choices[0]!.message.content).toBe("It is blue.")
  expect(spent()).toBe(3 * COST)
  books()
})
const result = (tool_call_id: string, content: string) => ({ role: "tool" as const, tool_call_id, content })

test("their errors cost nothing, and what is the caller's business alone is told", async () => {
  const { mock, completions } = await open()
  const errors: [status: number, error: { message: string; code?: string }, expected: [number, string]][] = [
    [429, { message: "slow down" }, [503, "provider_overloaded"]],
    [500, { message: "boom" }, [502, "provider_error"]],
    [401, { message: `no such key ${KEY}` }, [502, "provider_error"]],
    [400, { message: "too long", code: "context_length_exceeded" }, [400, "context_length_exceeded"]],
  ]
  for (const [status, error, expected] of errors) {
    for (const stream of [false, true]) {
      await rested()
      mock.nextRequestError(status, error)
      const { status: told, code, message } = (await failure(completions.create({ ...ask("hello"), stream })))!
      expect([told, code]).toEqual(expected)
      expect(message.includes(error.message)).toBe(status === 400)
    }
  }
  expect(spent()).toBe(0)
  books()
})

test("a stream that they break off is an error in the stream, and what came is charged by estimate", async () => {
  const { mock, completions } = await open()
  mock.onMessage(
    "cut",
    { content: "one two three four five six", usage: USAGE },
    { latency: 30, truncateAfterChunks: 4 },
  )
  const stream = await completions.create({ ...ask("cut"), stream: true })
  let text = ""
  const read = async () => {
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ""
  }
  expect(await failure(read())).not.toBeNull()
  // A socket that is torn down may take its last words with it.
  expect(text).toStartWith("one ")
  const { end, source, inputTokens, outputTokens } = last()
  expect([end, source, outputTokens]).toEqual(["failed", "estimated", text.length / 4])
  expect(spent()).toBe(inputTokens * IN_NANO + outputTokens * OUT_NANO)
  books()
})

test("an operator's test lists their models; without our key they are refused", async () => {
  const { mock, publicId, completions } = await open()
  mock.on({ userMessage: "hi", model: "mock-7" }, { content: "hi" })
  expect(await kit.gateway.testUpstream(testCtx, publicId)).toMatchObject({ test: { ok: true }, models: ["mock-7"] })
  const { publicId: other } = await addUpstream("stranger", `${mock.url}/v1`, "sk-another-key-of-ours")
  expect(await kit.gateway.testUpstream(testCtx, other)).toMatchObject({ test: { ok: false } })
  expect(await failure(completions.create({ ...ask("hello"), model: "stranger/mock-1" }))).toMatchObject({
    status: 502,
  })
})
