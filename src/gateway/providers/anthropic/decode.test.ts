// The recorded answers of the Messages API as events: streamed, whole, split anywhere, and with what nobody here knows in between.
import { expect, test } from "bun:test"
import { brokenStream, RECORDED, sseOf } from "../../../../test/cases/messages/recorded.ts"
import { numbersFrom, spoiled } from "../../../../test/cases/messages/spoil.ts"
import { ChatFramer } from "../../dialects/chat/frame.ts"
import { checkChat } from "../../dialects/chat/request.ts"
import { parseJson } from "../../dialects/json.ts"
import { MessagesFramer } from "../../dialects/messages/frame.ts"
import { checkMessages } from "../../dialects/messages/request.ts"
import type { AnswerEvent, Frame, UsageReport } from "../provider.ts"
import { mergedReport } from "../provider.ts"
import { decodeStream, decodeWhole } from "./decode.ts"

interface Decoded {
  events: AnswerEvent[]
  frames: Frame[]
  report: UsageReport | null
  isDone: boolean
}

function decoded(pieces: readonly Uint8Array[]): Decoded {
  const found: Decoded = { events: [], frames: [], report: null, isDone: false }
  const decoder = decodeStream({
    frame(frame) {
      found.frames.push(frame)
      for (const event of frame.events) {
        if (event.type === "usage") found.report = mergedReport(found.report, event.report)
        else found.events.push(event)
      }
    },
    done() {
      found.isDone = true
    },
  })
  for (const piece of pieces) decoder.push(piece)
  decoder.end()
  return found
}
const bytes = (text: string) => new TextEncoder().encode(text)

/** Pieces of one text, or of one call, joined. */
function joined(events: readonly AnswerEvent[]): AnswerEvent[] {
  const out: AnswerEvent[] = []
  for (const event of events) {
    const last = out.at(-1)
    if ((event.type === "text" || event.type === "reasoning") && last?.type === event.type) last.text += event.text
    else if (event.type === "tool" && last?.type === "tool" && last.index === event.index) {
      last.arguments += event.arguments
    } else out.push({ ...event })
  }
  return out.map((event) =>
    event.type === "tool" ? { ...event, arguments: JSON.stringify(JSON.parse(event.arguments)) } : event,
  )
}

for (const [name, { stream, whole, says, input, output }] of Object.entries(RECORDED)) {
  test(`${name}: the stream and the whole say the same, with the same report`, () => {
    const { events, report, isDone, frames } = decoded([bytes(sseOf(stream))])
    expect(joined(events)).toEqual([...says])
    expect(report).toEqual({ input, output, faults: [] })
    expect([isDone, frames.at(-1)!.model]).toEqual([true, "claude-sonnet-4-6"])
    const frame = decodeWhole(JSON.stringify(whole))
    const reports = frame.events.filter((event) => event.type === "usage")
    expect(joined(frame.events.filter(({ type }) => type !== "usage"))).toEqual([...says])
    expect(reports).toEqual([{ type: "usage", report: { input, output, faults: [] } }])
  })
}

test("what is passed on is what came, name and data, but for pings before the first word", () => {
  const { frames } = decoded([bytes(sseOf(RECORDED.tools!.stream))])
  const passed = frames.map(({ raw }) => `event: ${raw!.name}\ndata: ${raw!.data}\n\n`).join("")
  expect(passed).toBe(sseOf(RECORDED.tools!.stream.filter(({ type }) => type !== "ping")))
})

test("split at any byte, with CRLF, and byte by byte: the same events", () => {
  const text = sseOf([...RECORDED.thinking!.stream, ...RECORDED.tools!.stream].filter(({ type }) => type !== "ping"))
  const expected = decoded([bytes(text)])
  for (const form of [text, text.replaceAll("\n", "\r\n"), text.replaceAll("data: ", "data:")]) {
    const all = bytes(form)
    for (let at = 1; at < all.length; at++) {
      const { events, report, isDone } = decoded([all.subarray(0, at), all.subarray(at)])
      if (!Bun.deepEquals([events, report, isDone], [expected.events, expected.report, expected.isDone])) {
        throw new Error(`differs when split at ${at}`)
      }
    }
    const single = decoded(Array.from(all, (_, at) => all.subarray(at, at + 1)))
    expect([single.events, single.report]).toEqual([expected.events, expected.report])
  }
}, 30_000)

test("events and fields that nobody here knows change nothing, and are passed on", () => {
  const strange = { type: "content_block_sparkle", index: 0, value: { deep: [1] } }
  const stream = RECORDED.tools!.stream.flatMap((event) => [{ ...event, new_field: { a: null } }, strange])
  const { events, frames } = decoded([bytes(sseOf(stream))])
  expect(joined(events)).toEqual([...RECORDED.tools!.says])
  expect(frames.filter(({ raw }) => raw?.name === strange.type).length).toBeGreaterThan(5)
})

test("unnamed events are read by their type, and named when they are passed on", () => {
  const text = sseOf(RECORDED.plain!.stream).replaceAll(/^event: .*\n/gm, "")
  const { events, frames } = decoded([bytes(text)])
  expect(joined(events)).toEqual([...RECORDED.plain!.says])
  expect(frames.map(({ raw }) => raw!.name)).toContain("message_start")
})

test("overloaded before the first word: the error comes alone, so that another may be asked; after it, it comes last", () => {
  const before = decoded([bytes(brokenStream(null))])
  expect(before.frames.length).toBe(1)
  expect(before.events).toMatchObject([{ type: "error", message: "Overloaded" }])
  const [error] = before.events as Extract<AnswerEvent, { type: "error" }>[]
  expect([error!.failure!.error.code, error!.failure!.mayFallBack]).toEqual(["provider_overloaded", true])
  const after = decoded([bytes(brokenStream("Hel"))])
  expect(after.events.map(({ type }) => type)).toEqual(["text", "error"])
  expect(after.report).toMatchObject({ input: { inputTokens: 25 }, output: null })
})

test("a stream cut before its first word says nothing at all", () => {
  const { frames, isDone } = decoded([bytes(sseOf(RECORDED.plain!.stream.slice(0, 3)))])
  expect([frames, isDone]).toEqual([[], false])
})

test("a call whose arguments stand in its first event is whole", () => {
  const stream = [
    { type: "content_block_start", index: 0, content_block: { type: "tool_use", id: "t", name: "f", input: { a: 1 } } },
    { type: "content_block_stop", index: 0 },
  ]
  expect(joined(decoded([bytes(sseOf(stream))]).events)).toMatchObject([{ arguments: '{"a":1}' }])
})

test("what is no message is the provider's fault", () => {
  for (const text of ['{"type":"error","error":{"type":"api_error","message":"x"}}', "[]", '{"content":"x"}']) {
    expect(() => decodeWhole(text)).toThrow("sent an answer we cannot read")
  }
  expect(() => decodeWhole('{"type":"error","error":{"type":"overloaded_error"}}')).toThrow("busy")
  const broken = decoded([bytes("event: content_block_delta\ndata: {nonsense\n\n")])
  expect(broken.events).toMatchObject([{ type: "error", message: "not JSON" }])
})

test("texts that look like the frame around them are read as what they are", () => {
  const words = ["a", '"}', "\\", '"text":"x"', "", "é 🌍", "\n", "}}", "b"]
  const deltas = words.flatMap((text, at) => [
    { type: "content_block_delta", index: at % 2, delta: { type: "text_delta", text } },
    { type: "content_block_delta", index: at % 2, delta: { type: "thinking_delta", thinking: text } },
  ])
  const { events, frames } = decoded([bytes(sseOf(deltas))])
  const told = events.map((event) => (event.type === "text" || event.type === "reasoning" ? event.text : null))
  expect(told).toEqual(words.flatMap((text) => [text, text]))
  expect(frames.map(({ raw }) => raw!.data)).toEqual(deltas.map((delta) => JSON.stringify(delta)))
})

test("whatever a server sends, it is events or an error; no dialect breaks over it", () => {
  const chats = checkChat(parseJson('{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}'))
  const asked = checkMessages(parseJson('{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}'), [])
  const sources = [RECORDED.thinking!, RECORDED["parallel tools"]!, RECORDED.refusal!]
  for (let seed = 1; seed <= 2_000; seed++) {
    const next = numbersFrom(seed)
    const { stream } = sources[next(sources.length)]!
    let odd: unknown = stream
    for (let times = next(4); times >= 0; times--) odd = spoiled(odd, next)
    const events = (Array.isArray(odd) ? odd : [odd]) as Record<string, unknown>[]
    const text = events.map((event) => `event: x\ndata: ${JSON.stringify(event)}\n\n`).join("")
    const { frames } = decoded([bytes(text)])
    for (const framer of [new ChatFramer(chats, "r"), new MessagesFramer(asked, "r")]) {
      const told = frames.map((frame) => framer.events(frame.events, "m")).join("") + framer.end()
      for (const [, data] of told.matchAll(/^data: (\{.*)$/gm)) JSON.parse(data!)
    }
  }
}, 60_000)
