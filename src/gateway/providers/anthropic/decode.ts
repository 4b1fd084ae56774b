// Anthropic's answers as events: the events of a stream, or one message.
import { GATEWAY_LIMITS } from "../../limits.ts"
import { SseParser } from "../../sse.ts"
import { brokenAnswer, UpstreamFailure } from "../failure.ts"
import type { AnswerEvent, FinishReason, Frame, FrameSink, StreamDecoder } from "../provider.ts"
import { citationOf } from "./citations.ts"
import { type Json, list, object, string } from "./json.ts"
import { failureOf } from "./refusal.ts"
import { type TextTemplate, textBy, textTemplate } from "./template.ts"
import { laterUsage, readUsage } from "./usage.ts"

const FINISHES: Readonly<Record<string, FinishReason>> = {
  max_tokens: "length",
  model_context_window_exceeded: "length",
  tool_use: "tool_calls",
  refusal: "content_filter",
}

/** `pause_turn` is of tools that the provider runs, which are never asked for. */
function finished(said: Json, events: AnswerEvent[]): void {
  const reason = string(said.stop_reason)
  if (reason === "") return
  const words = string(object(said.stop_details).explanation)
  if (reason === "refusal" && words !== "") events.push({ type: "refusal", choice: 0, text: words })
  const stop = reason === "stop_sequence" ? { stopSequence: string(said.stop_sequence) } : {}
  events.push({ type: "finish", choice: 0, reason: FINISHES[reason] ?? "stop", ...stop })
}

function errorOf(json: Json): AnswerEvent {
  const error = object(json.error)
  const failure = failureOf(error)
  return { type: "error", message: string(error.message) || "error", ...(failure ? { failure } : {}) }
}

/** A call in the making. */
interface Call {
  index: number
  /** Its arguments came in pieces. */
  isFed: boolean
  /** As its block began; servers that imitate Anthropic put the whole there. */
  input: Json
}

/** Reads one answer: which block is which call, and what was reported so far. */
class Reader {
  private readonly calls = new Map<number, Call>()
  private usage: Json = {}
  private model: string | null = null

  /** @param json one event of a stream */
  event(json: Json): AnswerEvent[] {
    const events: AnswerEvent[] = []
    const block = typeof json.index === "number" ? json.index : 0
    switch (json.type) {
      case "message_start":
        this.start(object(json.message), events)
        break
      case "content_block_start":
        this.open(block, object(json.content_block), events)
        break
      case "content_block_delta":
        this.delta(block, object(json.delta), events)
        break
      case "content_block_stop":
        this.close(block, events)
        break
      case "message_delta":
        this.usage = laterUsage(this.usage, json.usage)
        if (json.usage) this.report(events, true)
        finished(object(json.delta), events)
        break
      case "error":
        events.push(errorOf(json))
    }
    return events
  }

  get answeredModel(): string | null {
    return this.model
  }

  /** @param json a whole message */
  whole(json: Json): AnswerEvent[] {
    const events: AnswerEvent[] = []
    this.model = string(json.model) || null
    for (const [index, value] of list(json.content).entries()) {
      const block = object(value)
      this.open(index, block, events)
      if (block.type === "thinking" && string(block.signature) !== "") {
        events.push({ type: "signature", choice: 0, signature: { format: "anthropic", data: string(block.signature) } })
      }
      for (const one of list(block.citations)) this.citation(object(one), events)
      this.close(index, events)
    }
    this.usage = object(json.usage)
    this.report(events, true)
    finished(json, events)
    return events
  }

  /** The output of the first report is what was made before it was written: no count of the answer. */
  private start(message: Json, events: AnswerEvent[]): void {
    this.model = string(message.model) || null
    this.usage = laterUsage({}, message.usage)
    if (message.usage) this.report(events, false)
  }

  private report(events: AnswerEvent[], isFinal: boolean): void {
    const report = readUsage(this.usage)
    if (report) events.push({ type: "usage", report: isFinal ? report : { ...report, output: null } })
  }

  private open(at: number, block: Json, events: AnswerEvent[]): void {
    const choice = 0
    switch (block.type) {
      case "text":
        if (string(block.text) !== "") events.push({ type: "text", choice, text: string(block.text) })
        break
      case "thinking":
        if (string(block.thinking) !== "") events.push({ type: "reasoning", choice, text: string(block.thinking) })
        break
      case "redacted_thinking":
        events.push({
          type: "signature",
          choice,
          signature: { format: "anthropic", data: string(block.data), redacted: true },
        })
        break
      case "tool_use": {
        const call = { index: this.calls.size, isFed: false, input: object(block.input) }
        this.calls.set(at, call)
        const { index } = call
        events.push({ type: "tool", choice, index, id: string(block.id), name: string(block.name), arguments: "" })
      }
    }
  }

  private delta(at: number, delta: Json, events: AnswerEvent[]): void {
    const choice = 0
    switch (delta.type) {
      case "text_delta":
        events.push({ type: "text", choice, text: string(delta.text) })
        break
      case "thinking_delta":
        events.push({ type: "reasoning", choice, text: string(delta.thinking) })
        break
      case "signature_delta":
        events.push({ type: "signature", choice, signature: { format: "anthropic", data: string(delta.signature) } })
        break
      case "citations_delta":
        this.citation(object(delta.citation), events)
        break
      case "input_json_delta": {
        const call = this.calls.get(at)
        const piece = string(delta.partial_json)
        if (!call || piece === "") break
        call.isFed = true
        events.push({ type: "tool", choice, index: call.index, id: "", name: "", arguments: piece })
      }
    }
  }

  /** Arguments that never came in pieces are what the block began with: `{}` for a call without any. */
  private close(at: number, events: AnswerEvent[]): void {
    const call = this.calls.get(at)
    if (!call || call.isFed) return
    call.isFed = true
    events.push({ type: "tool", choice: 0, index: call.index, id: "", name: "", arguments: JSON.stringify(call.input) })
  }

  private citation(json: Json, events: AnswerEvent[]): void {
    const citation = citationOf(json)
    if (citation) events.push({ type: "citation", choice: 0, citation })
  }
}

const DELTA = "content_block_delta"

/**
 * Frames are held back until something was said: a provider that is overloaded says so after it began, and until the first token
 * another one may still be asked.
 */
export function decodeStream(sink: FrameSink): StreamDecoder {
  const reader = new Reader()
  let held: Frame[] | null = []
  const release = (): void => {
    const before = held
    held = null
    for (const one of before ?? []) sink.frame(one)
  }
  const give = (frame: Frame): void => {
    if (held !== null && frame.events.every(({ type }) => type === "usage")) {
      if (frame.raw?.name !== "ping") held.push(frame)
      return
    }
    if (frame.events[0]?.type === "error") held = null
    release()
    sink.frame(frame)
  }
  let template: TextTemplate | null = null
  return new SseParser({
    event(data, name) {
      const known = template && textBy(template, data)
      if (template && known !== null) {
        const raw = { name: name || DELTA, data, json: template.json }
        return give({ events: [{ type: "text", choice: 0, text: known }], raw, model: reader.answeredModel })
      }
      if (data.trim() === "") return
      const json = parsed(data)
      if (!json) return give({ events: [{ type: "error", message: "not JSON" }], raw: null, model: null })
      const type = string(json.type) || name
      if (type === DELTA) template = textTemplate(json, data) ?? template
      const raw = { name: name || type, data, json }
      const isEnd = type === "message_stop"
      if (isEnd) release()
      give({ events: reader.event(json), raw, model: reader.answeredModel })
      if (isEnd) sink.done()
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

export function decodeWhole(text: string): Frame {
  const json = object(JSON.parse(text))
  if (json.type === "error" || !Array.isArray(json.content)) {
    const failure = failureOf(object(json.error))
    if (failure instanceof UpstreamFailure) throw failure
    throw brokenAnswer({ body: text.slice(0, GATEWAY_LIMITS.upstreamMessageCharsMax) })
  }
  const events = new Reader().whole(json)
  return { events, raw: { name: "", data: text, json }, model: string(json.model) || null }
}
