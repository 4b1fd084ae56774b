// What a refusal of Anthropic's means for the caller: `{ type: "error", error: { type, message }, request_id }`.
import type { AppError } from "../../../app/index.ts"
import { clean, failure, type UpstreamFailure } from "../failure.ts"
import type { OutputMaximum, Refusal, RefusedAnswer } from "../provider.ts"
import { retryAfterSeconds } from "../retry-after.ts"
import { type Json, object, string } from "./json.ts"

const BUSY_TYPES = new Set(["overloaded_error", "rate_limit_error"])
const BUSY = new Set([408, 429, 529])
/** 400 there, but about the operator's account. */
const OURS = /credit balance|billing|usage limits?|spend limit|organization|workspace|api key|oauth|long context beta/i
const TOO_LONG = /prompt is too long|exceeds? (?:the )?(?:model'?s )?(?:maximum )?context|input is too long/i
const FILTERED = /content filtering policy|blocked by content/i
/** `max_tokens: 100000 > 8192, which is the maximum allowed number of output tokens for …` */
const OF_MODEL = /max_tokens: \d+ > (\d{1,9}), which is the maximum/i
/** `input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, …` */
const OF_PROMPT = /exceed context limit: (\d{1,9}) \+ \d{1,9} > (\d{1,9})/i
/** What programs can use of an error's own code. */
const CODE = /^[a-z][a-z0-9_]{1,63}$/

export function refusal({ status, headers, body, apiKey }: RefusedAnswer): Refusal {
  const error = errorIn(body)
  const said = clean(string(error.message), apiKey)
  const isCallers = (status === 400 || status === 413 || status === 422) && !OURS.test(said)
  const detail = { status, body: clean(body, apiKey) }
  if (isCallers) {
    const words = said || "The AI provider refused this request. Check its parameters."
    const code = status === 413 ? "body_too_large" : "provider_rejected"
    const refused = { failure: failure(code, words, false, { status }, tellable(error, said)) }
    const outputMaximum = maximumIn(said)
    return outputMaximum ? { ...refused, outputMaximum } : refused
  }
  if (BUSY.has(status) || BUSY_TYPES.has(string(error.type))) return { failure: busy(headers, detail) }
  return { failure: broken(detail) }
}

/** An error in the middle of a stream; null = it says nothing of its kind. */
export function failureOf(error: Json): UpstreamFailure | null {
  return BUSY_TYPES.has(string(error.type)) ? busy(new Headers(), { said: string(error.message) }) : null
}

function tellable(error: Json, said: string): AppError["extra"] {
  if (TOO_LONG.test(said) || OF_PROMPT.test(said)) return { fields: { code: "context_length_exceeded" } }
  if (FILTERED.test(said)) return { fields: { code: "content_filter" } }
  const code = object(error.details).error_code
  return typeof code === "string" && CODE.test(code) ? { fields: { code } } : {}
}

function maximumIn(said: string): OutputMaximum | null {
  const ofModel = OF_MODEL.exec(said)
  if (ofModel) return { tokens: Number(ofModel[1]), ofModel: true }
  const ofPrompt = OF_PROMPT.exec(said)
  const tokens = ofPrompt ? Number(ofPrompt[2]) - Number(ofPrompt[1]) : 0
  return tokens > 0 ? { tokens, ofModel: false } : null
}

const busy = (headers: Headers, detail: unknown): UpstreamFailure =>
  failure("provider_overloaded", "The AI provider is busy. Try again in a moment.", true, detail, {
    retryAfterSeconds: retryAfterSeconds(headers),
  })

const broken = (detail: unknown): UpstreamFailure =>
  failure("provider_error", "The AI provider failed. Try again, or use another model.", true, detail)

export const messageIn = (body: string): string => string(errorIn(body).message)

function errorIn(body: string): Json {
  try {
    return object(object(JSON.parse(body)).error)
  } catch {
    return {}
  }
}
