// The wires of sound, OpenAI's and its imitators' (Groq, Mistral, Together, …): texts that are spoken, and recordings that are written down.
import { GATEWAY_LIMITS } from "../../limits.ts"
import { SseParser } from "../../sse.ts"
import { brokenAnswer } from "../failure.ts"
import { soundBytesPerToken } from "../media.ts"
import { encodeForm } from "../multipart.ts"
import type { AnswerEvent, Frame, FrameSink, ModelRequest, StreamDecoder, UsageReport, Wire } from "../provider.ts"
import { messageIn, refusal } from "./refusal.ts"
import { object, readUsage } from "./usage.ts"
import { bearerAt } from "./wire.ts"

type Json = Record<string, unknown>

/** Its answer is a file; as events, with `stream_format: "sse"`, it says its tokens, too. */
export const speechWire: Wire = {
  name: "speech",
  endpoint: (account) => bearerAt(account, `${account.baseUrl}/audio/speech`),
  encode: ({ model, question }: ModelRequest) => JSON.stringify({ ...question.fields, model }),
  cannot: () => null,
  heard: ({ question }, bytes) => ({
    type: "media",
    choice: 0,
    media: "audio",
    tokens: bytes / soundBytesPerToken(question.fields?.response_format),
    url: "",
  }),
  decodeStream: (sink) => eventsOf(sink, spoken),
  decodeWhole: (text) => {
    throw brokenAnswer({ body: text.slice(0, GATEWAY_LIMITS.upstreamMessageCharsMax) })
  },
  refusal,
}

const listening = (name: "transcriptions" | "translations"): Wire => ({
  name,
  endpoint: (account) => {
    const { url, headers } = bearerAt(account, `${account.baseUrl}/audio/${name}`)
    const { "content-type": _, ...rest } = headers
    return { url, headers: rest }
  },
  encode: encodeForm,
  cannot: () => null,
  decodeStream: (sink) => eventsOf(sink, written),
  decodeWhole: writtenWhole,
  refusal,
})
export const transcriptionsWire = listening("transcriptions")
export const translationsWire = listening("translations")

function eventsOf(sink: FrameSink, said: (json: Json) => AnswerEvent[]): StreamDecoder {
  return new SseParser({
    event(data, name) {
      if (data.trim() === "[DONE]") return sink.done()
      let json: Json
      try {
        json = object(JSON.parse(data))
      } catch {
        json = { error: { message: "not JSON" } }
      }
      const isError = json.error || name === "error" || json.type === "error"
      const events: AnswerEvent[] = isError
        ? [{ type: "error", message: messageIn(data) || "an error without words" }]
        : said(json)
      sink.frame({ events, raw: { name, data, json }, model: null })
    },
  })
}

const withReport = (json: Json, isSpoken: boolean): AnswerEvent[] => {
  const report = soundReport(json, isSpoken)
  return report ? [{ type: "usage", report }] : []
}

function spoken(json: Json): AnswerEvent[] {
  if (json.type === "speech.audio.delta" && typeof json.audio === "string") {
    const tokens = (json.audio.length * 0.75) / soundBytesPerToken("mp3")
    return [{ type: "media", choice: 0, media: "audio", tokens, url: "" }]
  }
  if (json.type !== "speech.audio.done") return []
  return [...withReport(json, true), { type: "finish", choice: 0, reason: "stop" }]
}

function written(json: Json): AnswerEvent[] {
  if (json.type === "transcript.text.delta" && typeof json.delta === "string") {
    return [{ type: "text", choice: 0, text: json.delta }]
  }
  if (json.type !== "transcript.text.done") return []
  return [...withReport(json, false), { type: "finish", choice: 0, reason: "stop" }]
}

/** JSON, or the text itself where that was asked for. */
function writtenWhole(answer: string): Frame {
  const json = jsonOf(answer)
  if (json?.error) throw brokenAnswer({ body: answer.slice(0, GATEWAY_LIMITS.upstreamMessageCharsMax) })
  const text = json ? String(json.text) : answer
  const events: AnswerEvent[] = [
    { type: "text", choice: 0, text },
    ...(json ? withReport(json, false) : []),
    { type: "finish", choice: 0, reason: "stop" },
  ]
  return { events, raw: { name: "", data: answer, json: json ?? {} }, model: null }
}

function jsonOf(answer: string): Json | null {
  if (answer.trim() === "" || answer.trimStart().startsWith("<")) throw brokenAnswer({ body: answer.slice(0, 100) })
  try {
    const json = object(JSON.parse(answer))
    return json.error || typeof json.text === "string" ? json : null
  } catch {
    return null
  }
}

/** Tokens as OpenAI's newer models report them, seconds as the older ones, Groq and Mistral do. */
function soundReport(json: Json, isSpoken: boolean): UsageReport | null {
  const usage = object(json.usage)
  const seconds = secondsOf(usage.seconds ?? usage.prompt_audio_seconds ?? json.duration)
  const prompt_tokens = usage.input_tokens ?? usage.prompt_tokens
  const tokens =
    prompt_tokens === undefined
      ? null
      : readUsage({
          prompt_tokens,
          completion_tokens: usage.output_tokens ?? usage.completion_tokens,
          total_tokens: usage.total_tokens,
        })
  if (!tokens && seconds === null) return null
  const { input = null, output = null, faults = [] } = tokens ?? {}
  const heard = Number(object(usage.input_token_details).audio_tokens ?? 0)
  const inputAudioTokens = Number.isInteger(heard) && heard > 0 ? heard : 0
  return {
    input: input && { ...input, inputAudioTokens: Math.min(inputAudioTokens, input.inputTokens) },
    output:
      output && (isSpoken ? { ...output, outputAudioTokens: output.outputTokens - output.reasoningTokens } : output),
    faults,
    ...(seconds === null ? {} : { seconds }),
  }
}

/** A day of sound; what is longer is no recording. */
const SECONDS_MAX = 86_400
function secondsOf(value: unknown): number | null {
  const seconds = typeof value === "string" && /^\d{1,6}(\.\d{1,9})?$/.test(value) ? Number(value) : value
  if (typeof seconds !== "number" || !(seconds >= 0) || seconds > SECONDS_MAX) return null
  return Math.ceil(seconds)
}
