// The wire of pictures, OpenAI's and its imitators' (xAI, Together, Fireworks, …): one document, or a stream of pictures that get clearer.

import { pictureTokensOf } from "../../dialects/images/size.ts"
import { GATEWAY_LIMITS } from "../../limits.ts"
import { SseParser } from "../../sse.ts"
import { brokenAnswer } from "../failure.ts"
import { encodeForm } from "../multipart.ts"
import type { AnswerEvent, Frame, FrameSink, ModelRequest, StreamDecoder, UsageReport, Wire } from "../provider.ts"
import { messageIn, refusal } from "./refusal.ts"
import { object, readUsage } from "./usage.ts"
import { bearerAt } from "./wire.ts"

type Json = Record<string, unknown>

export const imagesWire: Wire = {
  name: "images",
  endpoint: (account) => bearerAt(account, `${account.baseUrl}/images/generations`),
  encode: ({ model, stream, question }: ModelRequest) =>
    JSON.stringify({ ...question.fields, model, ...(stream ? { stream: true } : {}) }),
  cannot: () => null,
  decodeStream,
  decodeWhole,
  refusal,
}

/** The same answers; what is asked is a form with the pictures. */
export const editsWire: Wire = {
  ...imagesWire,
  name: "image-edits",
  endpoint: (account) => {
    const { url, headers } = bearerAt(account, `${account.baseUrl}/images/edits`)
    const { "content-type": _, ...rest } = headers
    return { url, headers: rest }
  },
  encode: encodeForm,
}

/** Tokens that a picture on the way adds, as OpenAI says. */
const PART_TOKENS = 100

function decodeStream(sink: FrameSink): StreamDecoder {
  let done = 0
  return new SseParser({
    event(data, name) {
      if (data.trim() === "[DONE]") return sink.done()
      let json: Json
      try {
        json = object(JSON.parse(data))
      } catch {
        json = { error: { message: "not JSON" } }
      }
      const events: AnswerEvent[] = []
      if (json.error || name === "error" || json.type === "error") {
        events.push({ type: "error", message: messageIn(data) || "an error without words" })
      } else if (String(json.type).endsWith(".partial_image")) {
        events.push({ type: "media", choice: done, media: "image", tokens: PART_TOKENS, url: "", isPart: true })
      } else if (String(json.type).endsWith(".completed")) {
        events.push({
          type: "media",
          choice: done,
          media: "image",
          tokens: pictureTokensOf(json.size, json.quality),
          url: "",
        })
        const report = readImageUsage(json.usage)
        if (report) events.push({ type: "usage", report })
        events.push({ type: "finish", choice: done++, reason: "stop" })
      }
      sink.frame({ events, raw: { name, data, json }, model: null })
    },
  })
}

/** @param translated the pictures themselves are wanted */
function decodeWhole(text: string, translated = false): Frame {
  const json = object(JSON.parse(text))
  const data = Array.isArray(json.data) ? json.data.map(object).filter(isPicture) : []
  if (json.error || data.length === 0) {
    throw brokenAnswer({ body: text.slice(0, GATEWAY_LIMITS.upstreamMessageCharsMax) })
  }
  const tokens = pictureTokensOf(json.size, json.quality)
  const events: AnswerEvent[] = data.map((one, choice) => ({
    type: "media",
    choice,
    media: "image",
    tokens,
    url: translated ? urlOf(one, json.output_format) : "",
  }))
  const report = readImageUsage(json.usage)
  if (report) events.push({ type: "usage", report })
  events.push({ type: "finish", choice: 0, reason: "stop" })
  return { events, raw: { name: "", data: text, json }, model: typeof json.model === "string" ? json.model : null }
}

const isPicture = ({ url, b64_json }: Json): boolean => typeof url === "string" || typeof b64_json === "string"
const urlOf = ({ url, b64_json }: Json, format: unknown): string =>
  typeof b64_json === "string"
    ? `data:image/${typeof format === "string" ? format : "png"};base64,${b64_json}`
    : String(url)

/** The names of the Responses API; where nobody says what the answer was, it was pictures. */
function readImageUsage(reported: unknown): UsageReport | null {
  const usage = object(reported)
  if (usage.input_tokens === undefined && usage.output_tokens === undefined) return null
  const report = readUsage({
    prompt_tokens: usage.input_tokens,
    completion_tokens: usage.output_tokens,
    total_tokens: usage.total_tokens,
  })
  if (!report) return null
  const { input, output, faults } = report
  const ofPictures = countOf(object(usage.input_tokens_details).image_tokens) ?? 0
  const pictures = countOf(object(usage.output_tokens_details).image_tokens) ?? output?.outputTokens ?? 0
  return {
    input: input && { ...input, inputImageTokens: Math.min(ofPictures, input.inputTokens) },
    output: output && {
      ...output,
      outputImageTokens: Math.min(pictures, output.outputTokens - output.reasoningTokens),
    },
    faults,
  }
}

const countOf = (value: unknown): number | null =>
  Number.isInteger(value) && (value as number) >= 0 ? (value as number) : null
