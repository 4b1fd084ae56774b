// What a refusal of an OpenAI-like server means for the caller, and the words inside its body.
import type { AppError } from "../../../app/index.ts"
import { clean, failure } from "../failure.ts"
import type { Refusal, RefusedAnswer } from "../provider.ts"
import { outputMaximumIn, wantsNewerName } from "./maximum.ts"
import { object } from "./usage.ts"

const CALLERS_FAULT = new Set([400, 413, 415, 422])
const BUSY = new Set([408, 429, 503, 529])
const RETRY_AFTER_SECONDS_MAX = 60
/** Codes that SDKs and agents act on; anybody else's words stay the provider's own. */
const CODES = new Set(["context_length_exceeded", "content_filter", "string_above_max_length", "invalid_image_format"])

export function refusal({ status, headers, body, apiKey }: RefusedAnswer): Refusal {
  const said = clean(messageIn(body), apiKey)
  if (CALLERS_FAULT.has(status)) {
    const words = said || "The AI provider refused this request. Check its parameters."
    const refused = { failure: failure("provider_rejected", words, false, { status }, tellable(body, apiKey)) }
    if (wantsNewerName(said)) return { ...refused, without: "max_tokens" }
    if (/stream_options|include_usage/.test(body)) return { ...refused, without: "stream_options" }
    const outputMaximum = outputMaximumIn(said)
    return outputMaximum ? { ...refused, outputMaximum } : refused
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

/** What of a refusal a caller's code can use: a known code, and the parameter. */
function tellable(body: string, apiKey: string): AppError["extra"] {
  const { code, param } = object(errorIn(body))
  return {
    ...(typeof param === "string" && param !== "" ? { param: clean(param, apiKey) } : {}),
    ...(typeof code === "string" && CODES.has(code) ? { fields: { code } } : {}),
  }
}

/** The message inside an error's body, or "": OpenAI's `error.message`, Gemini's list of one, FastAPI's `detail`, plain words. */
export function messageIn(body: string): string {
  const error = errorIn(body)
  if (error === null) return /^\s*[<{[]/.test(body) ? "" : body
  const found = typeof error === "string" ? error : (object(error).message ?? object(error).detail)
  if (Array.isArray(found)) return found.map(detailWords).filter(Boolean).join("; ")
  return typeof found === "string" ? found : ""
}

/** The member that tells the error, or the whole; null when it is no JSON. */
function errorIn(body: string): unknown {
  try {
    const parsed: unknown = JSON.parse(body)
    const one = object(Array.isArray(parsed) ? parsed[0] : parsed)
    return one.error ?? one
  } catch {
    return null
  }
}

/** FastAPI and vLLM: where, and what is wrong there. */
function detailWords(one: unknown): string {
  const { loc, msg } = object(one)
  const where = Array.isArray(loc) ? `${loc.filter((part) => part !== "body").join(".")}: ` : ""
  return typeof msg === "string" ? `${where}${msg}` : ""
}
