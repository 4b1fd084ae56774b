// What a refusal of an OpenAI-like server means for the caller, and the words inside its body.
import { clean, failure } from "../failure.ts"
import type { Refusal, RefusedAnswer } from "../provider.ts"
import { object } from "./usage.ts"

const CALLERS_FAULT = new Set([400, 413, 415, 422])
const BUSY = new Set([408, 429, 503, 529])
const RETRY_AFTER_SECONDS_MAX = 60

export function refusal({ status, headers, body, apiKey }: RefusedAnswer): Refusal {
  const said = clean(messageIn(body), apiKey)
  if (CALLERS_FAULT.has(status)) {
    const words = said || "The AI provider refused this request. Check its parameters."
    const refused = { failure: failure("provider_rejected", words, false, { status }) }
    return /stream_options|include_usage/.test(body) ? { ...refused, without: "stream_options" } : refused
  }
  const detail = { status, body: clean(body, apiKey) }
  if (BUSY.has(status)) {
    const retryAfterSeconds = secondsOf(headers.get("retry-after"))
    const words = "The AI provider is busy. Try again in a moment."
    return { failure: failure("provider_overloaded", words, true, detail, { retryAfterSeconds }) }
  }
  const words = "The AI provider failed. Try again, or use another model."
  return { failure: failure("provider_error", words, true, detail) }
}

/** Retry-After: seconds, or a date (RFC 9110 §10.2.3). */
function secondsOf(retryAfter: string | null): number {
  const text = retryAfter ?? ""
  const untilDate = (Date.parse(text) - Date.now()) / 1_000
  const seconds = Number(text) || (Number.isNaN(untilDate) ? 0 : untilDate)
  return Math.min(Math.max(1, Math.ceil(seconds)), RETRY_AFTER_SECONDS_MAX)
}

/** The message inside an OpenAI-like error body, or "". */
export function messageIn(body: string): string {
  try {
    const parsed = object(JSON.parse(body))
    const { error } = parsed
    const message = typeof error === "string" ? error : (object(error).message ?? parsed.message ?? parsed.detail)
    return typeof message === "string" ? message : ""
  } catch {
    return ""
  }
}
