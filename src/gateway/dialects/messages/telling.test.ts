// Any events in any order make one message, by the official SDK's own parser too, and the stream is well-formed.
import { expect, test } from "bun:test"
import Anthropic from "@anthropic-ai/sdk"
import type { RawMessageStreamEvent } from "@anthropic-ai/sdk/resources/messages"
import { numbersFrom } from "../../../../test/cases/messages/spoil.ts"
import { AppError } from "../../../app/index.ts"
import { type AnswerEvent, unsealed } from "../../providers/index.ts"
import { parseJson } from "../json.ts"
import { MessagesFramer, wholeMessage } from "./frame.ts"
import { checkMessages } from "./request.ts"

const REQUEST = checkMessages(
  parseJson(JSON.stringify({ model: "m", max_tokens: 9, messages: [{ role: "user", content: "hi" }] })),
  [],
)

/** What the SDK makes of a stream's text. */
async function gatheredBySdk(text: string) {
  const answer = async () => new Response(text, { headers: { "content-type": "text/event-stream" } })
  const client = new Anthropic({ apiKey: "x", fetch: answer as unknown as typeof fetch, maxRetries: 0 })
  const stream = client.messages.stream({ model: "m", max_tokens: 9, messages: [{ role: "user", content: "hi" }] })
  // What the SDK alone adds.
  const { parsed_output: _, ...message } = JSON.parse(JSON.stringify(await stream.finalMessage()))
  return message as Record<string, unknown>
}

/** In batches, as reads of an upstream bring them. */
function streamed(batches: readonly (readonly AnswerEvent[])[]): string {
  const framer = new MessagesFramer(REQUEST, "req_1")
  return batches.map((events) => framer.events(events, "m")).join("") + framer.end()
}
const whole = (events: AnswerEvent[]) =>
  JSON.parse(wholeMessage(REQUEST, { events, raw: null, model: "m" }, false, "req_1")) as Record<string, unknown>

const eventsIn = (text: string): RawMessageStreamEvent[] =>
  text
    .split("\n\n")
    .filter((one) => one !== "")
    .map((one) => {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(one)!
      const event = JSON.parse(data!) as RawMessageStreamEvent
      expect(event.type as string).toBe(name!)
      return event
    })

/** One open block at most, indexes from 0 on, the frame around them. */
function expectWellFormed(events: readonly RawMessageStreamEvent[]): void {
  expect(events[0]!.type).toBe("message_start")
  expect(events.slice(-2).map(({ type }) => type)).toEqual(["message_delta", "message_stop"])
  let open: number | null = null
  let next = 0
  for (const event of events.slice(1, -2)) {
    if (event.type === "content_block_start") {
      expect([open, event.index]).toEqual([null, next])
      open = next++
    } else if (event.type === "content_block_delta") expect(event.index).toBe(open!)
    else if (event.type === "content_block_stop") {
      expect(event.index).toBe(open!)
      open = null
    } else throw new Error(event.type)
  }
  expect(open).toBeNull()
}

const ARGUMENTS = ["{}", '{"at":"sky"}', '{"a":{"b":["}"]},"c":"é 🌍 \\"quoted\\""}', '{"n":-1.5e3,"x":null}']
const CITATION = { type: "url", url: "https://x", title: "X", text: null, start: 0, end: 1 } as const
const PASSAGE = { type: "document", index: 0, title: null, text: "t", unit: "page", start: 1, end: 2 } as const
const SEALS = [
  { format: "anthropic", data: "sig" },
  { format: "anthropic", data: "hidden", redacted: true },
  { format: "openai", data: "enc", id: "rs_1" },
  { format: "google", data: "AAAA" },
] as const

/** Texts, thinking, seals, citations, and calls whose pieces come mixed. */
function randomEvents(random: () => number): AnswerEvent[] {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
  const calls = Array.from({ length: Math.floor(random() * 4) }, (_, index) => {
    const rest = pick(ARGUMENTS)
    return { index, rest, isNamed: false }
  })
  const events: AnswerEvent[] = []
  const piece = (call: (typeof calls)[number], length: number): void => {
    const id = call.isNamed || call.index === 3 ? "" : `call_${call.index}`
    const name = call.isNamed ? "" : `tool_${call.index}`
    events.push({ type: "tool", choice: 0, index: call.index, id, name, arguments: call.rest.slice(0, length) })
    call.rest = call.rest.slice(length)
    call.isNamed = true
  }
  for (let at = 0; at < random() * 14; at++) {
    const kind = random()
    const unfinished = calls.filter(({ rest }) => rest !== "")
    if (kind < 0.3) events.push({ type: "text", choice: 0, text: pick(["", "a", "ö 🌍", "\n\n"]) })
    else if (kind < 0.4) events.push({ type: "reasoning", choice: 0, text: pick(["hm", "", "so"]) })
    else if (kind < 0.5) events.push({ type: "signature", choice: 0, signature: pick(SEALS) })
    else if (kind < 0.55) events.push({ type: "citation", choice: 0, citation: pick([CITATION, PASSAGE]) })
    else if (kind < 0.6) events.push({ type: "refusal", choice: 0, text: "no" })
    else if (kind < 0.65) events.push({ type: "text", choice: 1, text: "of another choice" })
    else if (unfinished.length > 0) piece(pick(unfinished), Math.floor(random() * 9))
  }
  for (const call of calls) if (call.rest !== "") piece(call, call.rest.length)
  const input = { inputTokens: 30, cachedInputTokens: 10, cacheWriteTokens: 5, inputAudioTokens: 0 }
  const output = { outputTokens: 7, reasoningTokens: 2, outputAudioTokens: 0 }
  if (random() < 0.8) events.splice(random() < 0.5 ? 0 : events.length, 0, usage(input, output))
  const reason = pick(["stop", "length", "tool_calls", "content_filter"] as const)
  if (random() < 0.9) events.push({ type: "finish", choice: 0, reason })
  return events
}
type Report = Extract<AnswerEvent, { type: "usage" }>["report"]
const usage = (input: Report["input"], output: Report["output"]): AnswerEvent => ({
  type: "usage",
  report: { input, output, faults: [] },
})

test("any events, in any batches: the SDK gathers what the whole answer says", async () => {
  for (let seed = 1; seed <= 400; seed++) {
    const next = numbersFrom(seed)
    const random = () => next(1e9) / 1e9
    const events = randomEvents(random)
    const batches: AnswerEvent[][] = [[]]
    for (const event of events) {
      if (random() < 0.6) batches.push([])
      batches.at(-1)!.push(event)
    }
    const text = streamed(batches)
    expectWellFormed(eventsIn(text))
    expect([seed, await gatheredBySdk(text)]).toEqual([seed, whole(events)])
  }
}, 60_000)

test("calls whose pieces come mixed are one block each, with all of their arguments", () => {
  const piece = (index: number, args: string, id = ""): AnswerEvent => ({
    type: "tool",
    choice: 0,
    index,
    id,
    name: id === "" ? "" : `f${index}`,
    arguments: args,
  })
  const events = [
    piece(0, '{"a"', "c0"),
    piece(1, '{"b":', "c1"),
    piece(0, ":1}"),
    piece(2, "{}", "c2"),
    piece(1, "2}"),
  ]
  const { content, stop_reason } = whole(events) as { content: { id: string; input: unknown }[]; stop_reason: string }
  expect(content.map(({ id, input }) => [id, input])).toEqual([
    ["c0", { a: 1 }],
    ["c1", { b: 2 }],
    ["c2", {}],
  ])
  expect(stop_reason).toBe("tool_use")
})

test("a call is told as it comes, and the next as soon as it is whole", () => {
  const framer = new MessagesFramer(REQUEST, "req_1")
  const tell = (index: number, args: string, id = "") =>
    framer.events([{ type: "tool", choice: 0, index, id, name: "f", arguments: args }], "m")
  expect(tell(0, '{"a":', "c0")).toContain('"partial_json":"{\\"a\\":"')
  expect(tell(0, "1}")).toContain('"partial_json":"1}"')
  expect(tell(1, "{", "c1")).toContain('"index":1,"content_block":{"type":"tool_use","id":"c1"')
})

test("thinking keeps its seal: Anthropic's own as it is, others readable again", () => {
  const thought = (signature: (typeof SEALS)[number]): Record<string, unknown>[] =>
    (
      whole([
        { type: "reasoning", choice: 0, text: "hm" },
        { type: "signature", choice: 0, signature },
      ]) as { content: Record<string, unknown>[] }
    ).content
  expect(thought(SEALS[0])).toEqual([{ type: "thinking", thinking: "hm", signature: "sig" }])
  expect(thought(SEALS[1]).at(-1)).toEqual({ type: "redacted_thinking", data: "hidden" })
  expect(unsealed(thought(SEALS[2])[0]!.signature as string)).toEqual(SEALS[2])
})

test("a call's seal stands before it, and names it", () => {
  const events: AnswerEvent[] = [
    { type: "tool", choice: 0, index: 0, id: "c0", name: "f", arguments: "{}" },
    { type: "signature", choice: 0, signature: { format: "google", data: "AAAA" }, tool: 0 },
  ]
  const { content } = whole(events) as { content: Record<string, unknown>[] }
  expect(content).toMatchObject([{ type: "redacted_thinking" }, { type: "tool_use", id: "c0" }])
  expect(unsealed(content[0]!.data as string)).toEqual({ format: "google", data: "AAAA", id: "c0" })
})

test("why it stopped, in every word", () => {
  const stopped = (events: AnswerEvent[]) => whole(events).stop_reason
  const finish = (reason: "stop" | "length" | "content_filter", stopSequence?: string): AnswerEvent => ({
    type: "finish",
    choice: 0,
    reason,
    ...(stopSequence === undefined ? {} : { stopSequence }),
  })
  expect(stopped([finish("stop")])).toBe("end_turn")
  expect(stopped([finish("length")])).toBe("max_tokens")
  expect(stopped([finish("content_filter")])).toBe("refusal")
  expect(stopped([{ type: "refusal", choice: 0, text: "no" }, finish("stop")])).toBe("refusal")
  expect(whole([finish("stop", "END")])).toMatchObject({ stop_reason: "stop_sequence", stop_sequence: "END" })
  expect(whole([finish("content_filter")])).toMatchObject({ stop_details: { type: "refusal" } })
})

test("an error in the stream is thrown by the SDK with its type", async () => {
  const framer = new MessagesFramer(REQUEST, "req_1")
  const begun = framer.events([{ type: "text", choice: 0, text: "He" }], "m")
  const error = new AppError("provider_overloaded", "The AI provider is busy.", { retryAfterSeconds: 3 })
  const thrown = await gatheredBySdk(begun + framer.keepAlive() + framer.broken(error)).catch((one: unknown) => one)
  expect(thrown).toMatchObject({ type: "overloaded_error", errorCode: "provider_overloaded" })
})
