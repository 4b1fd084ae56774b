// Answers of OpenAI-like servers as events: a stream's chunks, or one document; and the framing that the imitations get wrong.
import { GATEWAY_LIMITS } from "../../limits.ts"
import { SseParser } from "../../sse.ts"
import { brokenAnswer } from "../failure.ts"
import type { AnswerEvent, Frame, FrameSink, StreamDecoder } from "../provider.ts"
import { besideSaid } from "./beside.ts"
import { messageIn } from "./refusal.ts"
import { saidBy } from "./said.ts"
import { fromTemplate, type Template, templateOf } from "./template.ts"
import { object, readUsage, withTier } from "./usage.ts"

type Json = Record<string, unknown>

/** Keep-alives that are data instead of comments. */
const KEEP_ALIVE = /^(ping|pong|keep-?alive|heartbeat)$/i
const KEEP_ALIVE_CHARS_MAX = "keep-alive".length
const isKeepAlive = (word: string): boolean => word.length <= KEEP_ALIVE_CHARS_MAX && KEEP_ALIVE.test(word)

/** Templates tried for one stream. */
const TEMPLATES_MAX = 8

export function decodeStream(sink: FrameSink, translated = false): StreamDecoder {
  let template: Template | null = null
  /** Of chunks that are all different nothing is learned; looking stops. */
  let misses = 0
  return new SseParser({
    event(data, name) {
      const text = data.trim()
      if (text === "" || isKeepAlive(text) || isKeepAlive(name)) return
      if (text === "[DONE]") return sink.done()
      const known = template && name === "" ? fromTemplate(template, data) : null
      if (known) return sink.frame(known)
      const frame = chunkFrame(data, name, translated)
      if (!frame) return
      if (misses < TEMPLATES_MAX) {
        const found = templateOf(frame)
        if (found) {
          template = found
          misses++
        }
      }
      sink.frame(frame)
    },
  })
}

/** @returns null for JSON that is no chunk: schemas of strict clients refuse it */
function chunkFrame(data: string, name: string, translated: boolean): Frame | null {
  let json: Json
  try {
    json = JSON.parse(data) as Json
  } catch {
    return errorFrame({}, data, name, "not JSON")
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    return errorFrame({}, data, name, "not an object")
  const choices = Array.isArray(json.choices) ? json.choices : null
  const usage = json.usage ?? object(json.x_groq).usage
  if (isError(json, name, choices)) return errorFrame(json, data, name, messageIn(data))
  const report = readUsage(usage)
  if (!choices && !report) return null
  const events: AnswerEvent[] = []
  for (const choice of choices ?? []) choiceEvents(object(choice), "delta", events, translated)
  if (report) events.push({ type: "usage", report: withTier(report, json.service_tier) })
  return frameOf(json, data, name, events)
}

/** OpenAI and OpenRouter: `error`; vLLM: `object: "error"`; FastAPI: `detail`; some: an event's name or type. */
const isError = (json: Json, name: string, choices: unknown[] | null): boolean =>
  !!json.error ||
  name === "error" ||
  (!choices?.length && (json.object === "error" || json.type === "error" || json.detail !== undefined))

/** A whole answer; a server that streams although nobody asked it to is read too. */
export function decodeWhole(text: string, translated = false): Frame {
  if (/^\s*(data|event|id|retry)?:/.test(text)) return gathered(text)
  const json = JSON.parse(text) as Json | null
  if (typeof json !== "object" || json === null || json.error || !Array.isArray(json.choices)) {
    throw brokenAnswer({ body: text.slice(0, GATEWAY_LIMITS.upstreamMessageCharsMax) })
  }
  const events: AnswerEvent[] = []
  for (const choice of json.choices) choiceEvents(object(choice), "message", events, translated)
  const report = readUsage(json.usage)
  if (report) events.push({ type: "usage", report: withTier(report, json.service_tier) })
  return frameOf(json, text, "", events)
}

/** A stream as one answer: its events, and nothing to pass on. */
function gathered(text: string): Frame {
  const events: AnswerEvent[] = []
  let model: string | null = null
  const sink: FrameSink = {
    frame(frame) {
      events.push(...frame.events)
      model ??= frame.model
    },
    done() {},
  }
  // Its caller gets a document: nothing can be passed on as it came.
  const decoder = decodeStream(sink, true)
  decoder.push(new TextEncoder().encode(text))
  decoder.end()
  if (events.length === 0) throw brokenAnswer("a stream without events")
  if (events.some(({ type }) => type === "error")) throw brokenAnswer("a stream that failed")
  return { events, raw: null, model }
}

function choiceEvents(choice: Json, member: "delta" | "message", events: AnswerEvent[], translated: boolean): void {
  const index = typeof choice.index === "number" ? choice.index : 0
  const from = events.length
  const said = object(choice[member])
  saidBy(said, index, member === "delta", events)
  if (translated) besideSaid(said, object(choice.logprobs), index, events, from)
  const finish = choice.finish_reason
  if (finish) events.push({ type: "finish", choice: index, reason: finishOf(finish) })
}

function finishOf(reason: unknown): "stop" | "length" | "tool_calls" | "content_filter" {
  if (reason === "length" || reason === "content_filter") return reason
  return reason === "tool_calls" || reason === "function_call" ? "tool_calls" : "stop"
}

const frameOf = (json: Json, data: string, name: string, events: AnswerEvent[]): Frame => ({
  events,
  raw: { name, data, json },
  model: typeof json.model === "string" ? json.model : null,
})

const errorFrame = (json: Json, data: string, name: string, message: string): Frame =>
  frameOf(json, data, name, [{ type: "error", message: message || data.slice(0, 500) }])
