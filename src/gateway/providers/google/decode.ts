// Gemini's answers as events: a stream of GenerateContentResponse objects, or one.
import { GATEWAY_LIMITS } from "../../limits.ts"
import { SseParser } from "../../sse.ts"
import { brokenAnswer } from "../failure.ts"
import { audioTokens, IMAGE_TOKENS } from "../media.ts"
import type { AnswerEvent, FinishReason, Frame, FrameSink, StreamDecoder, TokenLogprob } from "../provider.ts"
import { failureOf } from "./refusal.ts"
import { readUsage } from "./usage.ts"

type Json = Record<string, unknown>
const object = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {}
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(object) : [])
const string = (value: unknown): string => (typeof value === "string" ? value : "")

/** Reads one answer: counts its calls, and knows which choices made some. */
class Reader {
  private readonly calls = new Map<number, number>()
  private id = ""

  frame(json: Json): Frame {
    this.id ||= string(json.responseId) || crypto.randomUUID()
    const events: AnswerEvent[] = []
    const { error } = json
    if (error) {
      const failure = failureOf(object(error))
      events.push({ type: "error", message: string(object(error).message) || "error", ...(failure ? { failure } : {}) })
    }
    const candidates = list(json.candidates)
    for (const candidate of candidates) this.candidate(candidate, events)
    const blocked = object(json.promptFeedback).blockReason
    if (blocked && candidates.length === 0) events.push({ type: "finish", choice: 0, reason: "content_filter" })
    const report = readUsage(json.usageMetadata)
    if (report) events.push({ type: "usage", report })
    return { events, raw: null, model: string(json.modelVersion) || null }
  }

  private candidate(candidate: Json, events: AnswerEvent[]): void {
    const choice = typeof candidate.index === "number" ? candidate.index : 0
    const logprobs = logprobsOf(candidate.logprobsResult)
    for (const part of list(object(candidate.content).parts)) this.part(part, choice, logprobs, events)
    for (const { uri, startIndex, endIndex } of list(object(candidate.citationMetadata).citationSources)) {
      const start = typeof startIndex === "number" ? startIndex : null
      const end = typeof endIndex === "number" ? endIndex : null
      if (string(uri) === "") continue
      events.push({
        type: "citation",
        choice,
        citation: { type: "url", url: string(uri), title: null, text: null, start, end },
      })
    }
    const reason = candidate.finishReason
    if (!reason) return
    const finish = FINISHES[string(reason)] ?? (this.calls.has(choice) ? "tool_calls" : "stop")
    if (FAILED.has(string(reason)))
      events.push({ type: "error", message: string(candidate.finishMessage) || string(reason) })
    else events.push({ type: "finish", choice, reason: finish })
  }

  private part(part: Json, choice: number, logprobs: TokenLogprob[] | null, events: AnswerEvent[]): void {
    const seal = string(part.thoughtSignature)
    const signature = { format: "google" as const, data: seal }
    if (part.functionCall) {
      const { id, name, args } = object(part.functionCall)
      const index = this.calls.get(choice) ?? 0
      this.calls.set(choice, index + 1)
      const named = string(id) || `call_${this.id.replace(/\W/g, "").slice(0, 24)}_${choice}_${index}`
      events.push({ type: "tool", choice, index, id: named, name: string(name), arguments: JSON.stringify(args ?? {}) })
      if (seal !== "") events.push({ type: "signature", choice, signature, tool: index })
      return
    }
    const text = string(part.text)
    if (text !== "") {
      if (part.thought === true) events.push({ type: "reasoning", choice, text })
      else events.push({ type: "text", choice, text, ...(logprobs ? { logprobs } : {}) })
    }
    if (part.inlineData) media(object(part.inlineData), choice, events)
    if (seal !== "") events.push({ type: "signature", choice, signature })
  }
}

const FILTERED = ["SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE"]
const FILTERED_IMAGE = ["IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "IMAGE_OTHER"]
const FINISHES: Readonly<Record<string, FinishReason>> = {
  MAX_TOKENS: "length",
  ...Object.fromEntries([...FILTERED, ...FILTERED_IMAGE].map((name) => [name, "content_filter" as const])),
}
/** The model began a call and did not end it well: there is no answer to go on from. */
const FAILED = new Set([
  "MALFORMED_FUNCTION_CALL",
  "UNEXPECTED_TOOL_CALL",
  "TOO_MANY_TOOL_CALLS",
  "MISSING_THOUGHT_SIGNATURE",
])

function media({ mimeType, data }: Json, choice: number, events: AnswerEvent[]): void {
  const type = string(mimeType)
  if (type.startsWith("audio/")) {
    const tokens = audioTokens(string(data), true)
    events.push({ type: "media", choice, media: "audio", tokens, url: "" })
  } else if (type.startsWith("image/")) {
    events.push({
      type: "media",
      choice,
      media: "image",
      tokens: IMAGE_TOKENS,
      url: `data:${type};base64,${string(data)}`,
    })
  }
}

function logprobsOf(result: unknown): TokenLogprob[] | null {
  const { chosenCandidates, topCandidates } = object(result)
  const chosen = list(chosenCandidates)
  if (chosen.length === 0) return null
  const tops = list(topCandidates)
  const one = ({ token, logProbability }: Json) => ({
    token: string(token),
    logprob: typeof logProbability === "number" ? logProbability : 0,
    bytes: [...new TextEncoder().encode(string(token))],
  })
  return chosen.map((token, at) => ({ ...one(token), top_logprobs: list(tops[at]?.candidates).map(one) }))
}

export function decodeStream(sink: FrameSink): StreamDecoder {
  const reader = new Reader()
  return new SseParser({
    event(data) {
      const text = data.trim()
      if (text === "") return
      let json: unknown
      try {
        json = JSON.parse(text)
      } catch {
        return sink.frame({ events: [{ type: "error", message: "not JSON" }], raw: null, model: null })
      }
      // Errors of the front end come as a list of one.
      const frame = reader.frame(object(Array.isArray(json) ? json[0] : json))
      if (frame.events.length > 0) sink.frame(frame)
    },
  })
}

export function decodeWhole(text: string): Frame {
  const json = object(JSON.parse(text))
  if (json.error || (!Array.isArray(json.candidates) && !json.promptFeedback)) {
    throw brokenAnswer({ body: text.slice(0, GATEWAY_LIMITS.upstreamMessageCharsMax) })
  }
  const frame = new Reader().frame(json)
  const failed = frame.events.find(({ type }) => type === "error")
  if (failed) throw brokenAnswer({ said: (failed as { message: string }).message })
  return frame
}
