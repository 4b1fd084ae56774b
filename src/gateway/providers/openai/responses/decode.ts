// Answers of the Responses API as events: a stream, or one document. Unknown events pass to callers of the same dialect, and say nothing
// to others.
import { GATEWAY_LIMITS } from "../../../limits.ts"
import { SseParser } from "../../../sse.ts"
import { brokenAnswer } from "../../failure.ts"
import type { AnswerEvent, Frame, FrameSink, StreamDecoder } from "../../provider.ts"
import { messageIn } from "../refusal.ts"
import { object, withTier } from "../usage.ts"
import { failureOf } from "./failure.ts"
import { itemEvents, readResponsesUsage, Said } from "./said.ts"

type Json = Record<string, unknown>

/** They say that the provider is there, not that the model has begun: another one may still be asked. */
const BEGINNINGS = new Set(["response.created", "response.in_progress", "response.queued"])
const BEGINNINGS_MAX = 8
const ENDS = new Set(["response.completed", "response.incomplete", "response.failed"])

export function decodeStream(sink: FrameSink, translated: boolean): StreamDecoder {
  const said = new Said(translated)
  let kept: Frame[] = []
  const flush = () => {
    for (const frame of kept) sink.frame(frame)
    kept = []
  }
  return new SseParser({
    event(data, name) {
      const text = data.trim()
      // The last event is the end; the mark of chat completions, which some servers add, says nothing.
      if (text === "" || text === "[DONE]") return
      const json = parsed(data)
      if (!json) return sink.frame({ events: [{ type: "error", message: messageIn(data) }], raw: null, model: null })
      const type = typeof json.type === "string" ? json.type : name
      const model = object(json.response).model
      const frame: Frame = {
        events: eventsOf(type, json, said),
        raw: { name, data, json },
        model: typeof model === "string" ? model : null,
      }
      if (BEGINNINGS.has(type) && kept.length < BEGINNINGS_MAX) {
        kept.push(frame)
        return
      }
      // An error before the first word: the caller has seen nothing yet, and another provider may be asked.
      if (kept.length > 0 && !frame.events.some((event) => event.type === "error")) flush()
      sink.frame(frame)
      if (ENDS.has(type)) sink.done()
    },
  })
}

function parsed(data: string): Json | null {
  try {
    const json: unknown = JSON.parse(data)
    return typeof json === "object" && json !== null && !Array.isArray(json) ? (json as Json) : null
  } catch {
    return null
  }
}

function eventsOf(type: string, json: Json, said: Said): AnswerEvent[] {
  if (type === "response.failed" || type === "error" || json.error) return failed(type, json)
  if (ENDS.has(type)) return ending(object(json.response), said)
  return said.events(type, json)
}

/** What was used until then is told before. */
function failed(type: string, json: Json): AnswerEvent[] {
  const response = object(json.response)
  const report = readResponsesUsage(response.usage)
  const error = object(type === "response.failed" ? response.error : (json.error ?? json))
  const message = typeof error.message === "string" ? error.message : ""
  const failure = failureOf(error)
  const last: AnswerEvent = { type: "error", message, ...(failure ? { failure } : {}) }
  return report ? [{ type: "usage", report }, last] : [last]
}

function ending(response: Json, said: Said): AnswerEvent[] {
  const report = withTier(readResponsesUsage(response.usage), response.service_tier)
  return [
    { type: "finish", choice: 0, reason: finishOf(response, said.hasCalls) },
    ...(report ? [{ type: "usage" as const, report }] : []),
  ]
}

function finishOf(
  { status, incomplete_details }: Json,
  hasCalls: boolean,
): "stop" | "length" | "tool_calls" | "content_filter" {
  if (status === "incomplete") {
    return object(incomplete_details).reason === "content_filter" ? "content_filter" : "length"
  }
  return hasCalls ? "tool_calls" : "stop"
}

/** A whole answer; a server that streams although nobody asked it to is read too. */
export function decodeWhole(text: string, translated: boolean): Frame {
  if (/^\s*(data|event|id|retry)?:/.test(text)) return gathered(text, translated)
  const json = parsed(text)
  if (!json || !Array.isArray(json.output)) throw broken(text)
  return wholeFrame(json, text, translated)
}

function wholeFrame(json: Json, text: string, translated: boolean): Frame {
  const { status, error, output, model } = json
  if (status === "failed" || error) {
    throw failureOf(object(error)) ?? brokenAnswer({ said: String(object(error).message).slice(0, 500) })
  }
  // An answer that is still being made is none.
  if (status === "queued" || status === "in_progress" || status === "cancelled") throw broken(text)
  const events = itemEvents(output as unknown[], translated)
  const hasCalls = events.some(({ type }) => type === "tool")
  events.push({ type: "finish", choice: 0, reason: finishOf(json, hasCalls) })
  const report = withTier(readResponsesUsage(json.usage), json.service_tier)
  if (report) events.push({ type: "usage", report })
  return { events, raw: { name: "", data: text, json }, model: typeof model === "string" ? model : null }
}

const broken = (text: string) => brokenAnswer({ body: text.slice(0, GATEWAY_LIMITS.upstreamMessageCharsMax) })

/** A stream as one answer: its last event has all of it. */
function gathered(text: string, translated: boolean): Frame {
  let last: Json | null = null
  const parser = new SseParser({
    event(data) {
      const json = parsed(data)
      if (json && ENDS.has(String(json.type))) last = object(json.response)
    },
  })
  parser.push(new TextEncoder().encode(text))
  parser.end()
  if (!last) throw brokenAnswer("a stream without an end")
  return wholeFrame(last, JSON.stringify(last), translated)
}
