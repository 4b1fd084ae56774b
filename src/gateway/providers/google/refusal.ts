// What a refusal of Google's means for the caller (google.rpc.Status: code, message, status, details).
import type { AppError } from "../../../app/index.ts"
import { clean, failure, type UpstreamFailure } from "../failure.ts"
import type { Refusal, RefusedAnswer } from "../provider.ts"
import { retryAfterSeconds } from "../retry-after.ts"

type Json = Record<string, unknown>
const object = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {}

const BUSY = new Set(["RESOURCE_EXHAUSTED", "UNAVAILABLE"])
/** Asked of a model, and refused for what was asked. */
const CALLERS_FAULT = new Set(["INVALID_ARGUMENT", "OUT_OF_RANGE"])
/** 400, but about the operator's account. */
const OURS = new Set(["API_KEY_INVALID", "API_KEY_SERVICE_BLOCKED", "SERVICE_DISABLED", "BILLING_DISABLED"])
const TOO_LONG = /input token count.* exceeds the maximum|exceeds the maximum number of tokens/i
const MAXIMUM = /range (?:is )?from 1 \(inclusive\) to (\d{1,9}) \(exclusive\)/i

export function refusal({ status, headers, body, apiKey }: RefusedAnswer): Refusal {
  const error = errorIn(body)
  const said = clean(String(error.message ?? ""), apiKey)
  const word = String(error.status ?? "")
  if ((status === 400 || status === 413) && isCallers(error, word)) {
    const extra: AppError["extra"] = TOO_LONG.test(said) ? { fields: { code: "context_length_exceeded" } } : {}
    const words = said || "The AI provider refused this request. Check its parameters."
    const tokens = Number(MAXIMUM.exec(said)?.[1] ?? 0) - 1
    const refused = { failure: failure("provider_rejected", words, false, { status }, extra) }
    return tokens > 0 ? { ...refused, outputMaximum: { tokens, ofModel: true } } : refused
  }
  const detail = { status, body: clean(body, apiKey) }
  const isBusy = [429, 503, 529].includes(status) || BUSY.has(word)
  return { failure: isBusy ? busy(error, headers, detail) : broken(detail) }
}

/** An error in the middle of a stream; null = it says nothing of its kind. */
export function failureOf(error: Json): UpstreamFailure | null {
  const isBusy = BUSY.has(String(error.status ?? "")) || error.code === 429 || error.code === 503
  return isBusy ? busy(error, new Headers(), { said: error.message }) : null
}

const isCallers = (error: Json, word: string): boolean =>
  (word === "" || CALLERS_FAULT.has(word)) && !reasons(error).some((reason) => OURS.has(reason))

const detailsOf = (error: Json): Json[] => (Array.isArray(error.details) ? error.details.map(object) : [])
const reasons = (error: Json): string[] => detailsOf(error).map(({ reason }) => String(reason ?? ""))

function busy(error: Json, headers: Headers, detail: unknown): UpstreamFailure {
  const words = "The AI provider is busy. Try again in a moment."
  // google.rpc.RetryInfo: `34.07s`.
  const delay = detailsOf(error)
    .map(({ retryDelay }) => Number.parseFloat(String(retryDelay ?? "")))
    .find((one) => one > 0)
  return failure("provider_overloaded", words, true, detail, { retryAfterSeconds: retryAfterSeconds(headers, delay) })
}

const broken = (detail: unknown): UpstreamFailure =>
  failure("provider_error", "The AI provider failed. Try again, or use another model.", true, detail)

export const messageIn = (body: string): string => {
  const { message } = errorIn(body)
  return typeof message === "string" ? message : ""
}

/** `{ error }`, or a list of one. */
function errorIn(body: string): Json {
  try {
    const parsed: unknown = JSON.parse(body)
    return object(object(Array.isArray(parsed) ? parsed[0] : parsed).error)
  } catch {
    return {}
  }
}
