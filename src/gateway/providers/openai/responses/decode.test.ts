// What the events and documents of the Responses API say, however their bytes are split.
import { expect, test } from "bun:test"
import { UpstreamFailure } from "../../failure.ts"
import type { AnswerEvent, Frame } from "../../provider.ts"
import { decodeStream, decodeWhole } from "./decode.ts"
import { ANSWER, eventsOf, SEAL, sseOf } from "./testing.ts"

function read(text: string, translated: boolean, size = Number.POSITIVE_INFINITY) {
  const frames: Frame[] = []
  let done = 0
  const decoder = decodeStream({ frame: (frame) => frames.push(frame), done: () => done++ }, translated)
  const bytes = new TextEncoder().encode(text)
  for (let at = 0; at < bytes.length; at += size) decoder.push(bytes.subarray(at, at + size))
  decoder.end()
  return { frames, done, events: frames.flatMap((frame) => frame.events) }
}

const usage: AnswerEvent = {
  type: "usage",
  report: {
    input: { inputTokens: 100, cachedInputTokens: 40, cacheWriteTokens: 0, inputAudioTokens: 0 },
    output: { outputTokens: 20, reasoningTokens: 8, outputAudioTokens: 0 },
    faults: [],
  },
}
const tool = (index: number, id: string, name: string, args: string, more: object = {}) => ({
  type: "tool",
  choice: 0,
  index,
  id,
  name,
  arguments: args,
  ...more,
})
const url = { type: "url", url: "https://w.example", title: "Weather", text: null, start: 0, end: 5 }
const signature = {
  type: "signature",
  choice: 0,
  signature: { format: "openai", data: SEAL, id: ANSWER.output[0]!.id },
}
const citation = { type: "citation", choice: 0, citation: url }
const finish = { type: "finish", choice: 0, reason: "tool_calls" }

test("Every event of a stream", () => {
  const { events, done, frames } = read(sseOf(eventsOf()), true)
  expect(events).toEqual([
    { type: "reasoning", choice: 0, text: "**Looking**\n\n", summary: true },
    { type: "reasoning", choice: 0, text: "The weather.", summary: true },
    signature,
    { type: "text", choice: 0, text: "Hello" },
    { type: "text", choice: 0, text: " wörld 🌍" },
    citation,
    tool(0, "call_1", "weather", ""),
    tool(0, "", "", '{"city":'),
    tool(0, "", "", '"Köln"}'),
    tool(1, "call_2", "shell", "", { custom: true }),
    tool(1, "", "", "ls\n"),
    finish,
    usage,
  ] as never)
  expect(done).toBe(1)
  expect(frames[0]!.model).toBe("mock-1")
  expect(frames.map(({ raw }) => raw!.data)).toEqual(eventsOf().map((event) => JSON.stringify(event)))
})

test("The same, wherever the bytes are split", () => {
  const text = sseOf(eventsOf())
  const whole = read(text, true)
  for (const size of [1, 2, 3, 7, 64, 1_000]) expect(read(text, true, size)).toEqual(whole)
  expect(read(text.replaceAll("\n", "\r\n"), true, 5).events).toEqual(whole.events)
})

test("A whole answer says the same", () => {
  const { events, model } = decodeWhole(JSON.stringify(ANSWER), true)
  expect(model).toBe("mock-1")
  expect(events).toEqual([
    { type: "reasoning", choice: 0, text: "**Looking**\n\nThe weather.", summary: true },
    signature,
    { type: "text", choice: 0, text: "Hello wörld 🌍" },
    citation,
    tool(0, "call_1", "weather", '{"city":"Köln"}'),
    tool(1, "call_2", "shell", "ls\n", { custom: true }),
    finish,
    usage,
  ] as never)
  // Callers of the same dialect need none of it, and a stream nobody asked for is read.
  expect(decodeWhole(JSON.stringify(ANSWER), false).events.map(({ type }) => type)).not.toContain("signature")
  expect(decodeWhole(sseOf(eventsOf()), true).events).toEqual(events)
})

test("Pieces that come only at their end are not lost, and none is told twice", () => {
  const without = eventsOf().filter(({ type }) => !String(type).endsWith(".delta"))
  const { events } = read(sseOf(without), true)
  expect(events.filter(({ type }) => !["usage", "signature", "citation"].includes(type))).toEqual([
    { type: "reasoning", choice: 0, text: "**Looking**\n\nThe weather.", summary: true },
    { type: "text", choice: 0, text: "Hello wörld 🌍" },
    tool(0, "call_1", "weather", ""),
    tool(0, "", "", '{"city":"Köln"}'),
    tool(1, "call_2", "shell", "", { custom: true }),
    tool(1, "", "", "ls\n"),
    finish,
  ] as never)
})

test("Every end is an end, and each still tells what it cost", () => {
  const incomplete = (reason: string) => ({
    type: "response.incomplete",
    response: { ...ANSWER, status: "incomplete", incomplete_details: { reason } },
  })
  expect(read(sseOf([incomplete("max_output_tokens")]), false)).toMatchObject({
    done: 1,
    events: [{ type: "finish", reason: "length" }, usage],
  })
  expect(read(sseOf([incomplete("content_filter")]), false).events[0]).toMatchObject({ reason: "content_filter" })
  const error = { code: "server_error", message: "It broke." }
  const failed = { type: "response.failed", response: { ...ANSWER, status: "failed", error } }
  expect(read(sseOf([failed]), false)).toMatchObject({
    done: 1,
    events: [usage, { type: "error", message: "It broke." }],
  })
})

test("Errors by every name; what is the caller's own fault is told so", () => {
  const one = (event: object, name = "error") => {
    const { events } = read(`event: ${name}\ndata: ${JSON.stringify(event)}\n\n`, false)
    return events.at(-1) as Extract<AnswerEvent, { type: "error" }>
  }
  const flat = one({ type: "error", code: "rate_limit_exceeded", message: "Slow." })
  expect([flat.message, flat.failure!.error.code]).toEqual(["Slow.", "provider_overloaded"])
  const nested = one({ type: "error", error: { code: "invalid_prompt", message: "No.", param: "input" } })
  expect(nested.failure!.error.extra).toEqual({ fields: { code: "invalid_prompt" }, param: "input" })
  expect(nested.failure!.error.status).toBe(400)
  expect(one({ error: { message: "Bare." } }, "").message).toBe("Bare.")
  expect(read("data: {broken\n\n", false).events).toMatchObject([{ type: "error" }])
  for (const wrong of ['{"error":{"message":"x"}}', '{"output":[],"status":"queued"}', "[]", "{}"]) {
    expect([wrong, thrownBy(() => decodeWhole(wrong, false))]).toEqual([wrong, expect.any(UpstreamFailure)])
  }
})

function thrownBy(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}

test("Until the model begins nothing is told: another provider may still be asked", () => {
  const [created, progress] = eventsOf()
  const error = { type: "error", code: "server_error", message: "Down." }
  const { frames } = read(sseOf([created!, progress!, error]), false)
  expect(frames.map(({ raw }) => raw!.json.type)).toEqual(["error"])
  expect(read(sseOf([created!, progress!]), false).frames).toEqual([])
})

test("Who sees the bytes sees the end of a message, and may leave then: it counts as a finish", () => {
  const types = (translated: boolean) => read(sseOf(eventsOf()), translated).events.map(({ type }) => type)
  expect(types(true).filter((type) => type === "finish")).toHaveLength(1)
  expect(types(false).filter((type) => type === "finish")).toHaveLength(4)
})

test("A stream without its last event has no end, whatever else marks one", () => {
  expect(read(`${sseOf(eventsOf().slice(0, -1))}data: [DONE]\n\n`, false).done).toBe(0)
})

test("Unknown events pass, and say nothing", () => {
  const { frames, events } = read(sseOf([{ type: "response.invented.delta", delta: "x", output_index: 0 }]), true)
  expect([frames.length, events]).toEqual([1, []])
})
