// What a refusal of an OpenAI-like server means for the caller, and the words inside its body.
import type { AppError } from "../../../app/index.ts"
import { clean, failure } from "../failure.ts"
import type { Refusal, RefusedAnswer } from "../provider.ts"
import { retryAfterSeconds } from "../retry-after.ts"
import { outputMaximumIn, wantsNewerName } from "./maximum.ts"
import { object } from "./usage.ts"

const CALLERS_FAULT = new Set([400, 413, 415, 422])
const BUSY = new Set([408, 429, 503, 529])
/** A provider's own code, which SDKs and agents act on; what it says of the operator's account stays with the operator. */
const CODE = /^[a-z][a-z0-9_]{1,63}$/
const OURS = /key|quota|billing|balance|credit|account|organization|project|auth|permission|payment/
/** 404 and 403 that are about what was asked, not about the account or the name of the model (OpenRouter, Azure). */
const ABOUT_CONTENT = /no endpoints found that (?:support|can handle)|does(?: not|n't) support|unsupported/i
const MODERATED = /flagged|moderation|content (?:management )?policy|content[ _]filter/i

export function refusal({ status, headers, body, apiKey }: RefusedAnswer): Refusal {
  const said = clean(messageIn(body), apiKey)
  const isAboutContent = status === 404 && ABOUT_CONTENT.test(said)
  const isModerated = status === 403 && (MODERATED.test(said) || isFlagged(body))
  if (CALLERS_FAULT.has(status) || isAboutContent || isModerated) {
    const words = said || "The AI provider refused this request. Check its parameters."
    const told = tellable(body, apiKey)
    const extra = isModerated ? { ...told, fields: { code: "content_filter" } } : told
    // Another account may offer what this one does not.
    const refused = { failure: failure("provider_rejected", words, isAboutContent, { status }, extra) }
    if (wantsNewerName(said)) return { ...refused, without: "max_tokens" }
    if (/stream_options|include_usage/.test(body)) return { ...refused, without: "stream_options" }
    const outputMaximum = outputMaximumIn(said)
    return outputMaximum ? { ...refused, outputMaximum } : refused
  }
  const detail = { status, body: clean(body, apiKey) }
  if (BUSY.has(status)) {
    const words = "The AI provider is busy. Try again in a moment."
    const extra = { retryAfterSeconds: retryAfterSeconds(headers) }
    return { failure: failure("provider_overloaded", words, true, detail, extra) }
  }
  const words = "The AI provider failed. Try again, or use another model."
  return { failure: failure("provider_error", words, true, detail) }
}

/** OpenRouter's moderation: what was flagged, and why. */
function isFlagged(body: string): boolean {
  const { reasons, flagged_input } = object(object(errorIn(body)).metadata)
  return Array.isArray(reasons) || typeof flagged_input === "string"
}

/** What of a refusal a caller's code can use: the provider's own code, and the parameter. */
function tellable(body: string, apiKey: string): AppError["extra"] {
  const { code, param } = object(errorIn(body))
  const isCode = typeof code === "string" && CODE.test(code) && !OURS.test(code)
  return {
    ...(typeof param === "string" && param !== "" ? { param: clean(param, apiKey) } : {}),
    ...(isCode ? { fields: { code } } : {}),
  }
}

/** The message inside an error's body, or "": OpenAI's `error.message`, Gemini's list of one, FastAPI's `detail`, plain words. */
export function messageIn(body: string): string {
  const error = errorIn(body)
  if (error === null) return /^\s*[<{[]/.test(body) ? "" : body
  const raw = object(object(error).metadata).raw
  // OpenRouter: its own words say only that a provider refused; that one's stand beside.
  if (typeof raw === "string" && raw !== "") return messageIn(raw) || raw
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
