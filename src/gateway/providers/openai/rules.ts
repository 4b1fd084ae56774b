// The gateway's pure decisions: usage as upstreams report it, fair estimates, what an upstream's failure means for the
// caller. No I/O. An upstream's own account troubles (401, 402, 403) must never reach a client (research §4).
import { AppError, type ErrorCode } from "../../../app/index.ts"
import { type TokenUsage, USAGE_TOKENS_MAX } from "../../../pricing/index.ts"
import { GATEWAY_LIMITS } from "../../limits.ts"

/** Average bytes of one streamed piece up to which a piece is one token; larger ones are several. */
const PIECE_BYTES_MAX = 8
const BYTES_PER_TOKEN = 4

/** Tokens of an answer of which only the streamed pieces are known. */
export function streamedTokens(pieces: number, bytes: number): number {
  if (pieces === 0) return 0
  return bytes / pieces <= PIECE_BYTES_MAX ? pieces : Math.ceil(bytes / BYTES_PER_TOKEN)
}

/** The hold's input estimate leans high (bytes / 3); what is charged without a report is the middle (bytes / 4). */
export const fairInputTokens = (estimate: number): number => Math.ceil((estimate * 3) / 4)

export const estimatedUsage = (inputTokens: number, outputTokens: number): TokenUsage => ({
  inputTokens,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens,
  reasoningTokens: 0,
  inputAudioTokens: 0,
  outputAudioTokens: 0,
})

type Json = Record<string, unknown>
const object = (value: unknown): Json => (typeof value === "object" && value !== null ? (value as Json) : {})

/**
 * OpenAI's `usage` object, normalised. Totals include their parts, as OpenAI counts.
 * @returns null when it is absent, or nothing an honest upstream reports: the caller then estimates
 */
export function readUsage(reported: unknown): TokenUsage | null {
  if (typeof reported !== "object" || reported === null) return null
  const usage = reported as Json
  const prompt = object(usage.prompt_tokens_details)
  const completion = object(usage.completion_tokens_details)
  const read: TokenUsage = {
    inputTokens: Number(usage.prompt_tokens),
    cachedInputTokens: count(prompt.cached_tokens),
    cacheWriteTokens: count(prompt.cache_write_tokens),
    outputTokens: usage.completion_tokens === undefined ? 0 : Number(usage.completion_tokens),
    reasoningTokens: count(completion.reasoning_tokens),
    inputAudioTokens: count(prompt.audio_tokens),
    outputAudioTokens: count(completion.audio_tokens),
  }
  return isHonest(read) ? read : null
}

const count = (value: unknown): number => (value === undefined || value === null ? 0 : Number(value))

function isHonest(usage: TokenUsage): boolean {
  for (const tokens of [
    usage.inputTokens,
    usage.cachedInputTokens,
    usage.cacheWriteTokens,
    usage.outputTokens,
    usage.reasoningTokens,
    usage.inputAudioTokens,
    usage.outputAudioTokens,
  ]) {
    if (!Number.isInteger(tokens) || tokens < 0 || tokens > USAGE_TOKENS_MAX) return false
  }
  return (
    usage.cachedInputTokens + usage.cacheWriteTokens <= usage.inputTokens &&
    usage.inputAudioTokens <= usage.inputTokens &&
    usage.reasoningTokens + usage.outputAudioTokens <= usage.outputTokens
  )
}

/** Why an upstream did not answer, and whether another one may be asked. */
export class UpstreamFailure extends Error {
  constructor(
    readonly error: AppError,
    readonly mayFallBack: boolean,
  ) {
    super(error.message)
  }
}

const failure = (
  code: ErrorCode,
  message: string,
  mayFallBack: boolean,
  detail: unknown,
  retryAfterSeconds?: number,
): UpstreamFailure =>
  new UpstreamFailure(
    new AppError(code, message, retryAfterSeconds === undefined ? {} : { retryAfterSeconds }, detail),
    mayFallBack,
  )

const RETRY_AFTER_SECONDS_MAX = 60

/** An upstream's refusal in our words. `key` is cut out of anything we repeat. */
export function refusalOf(status: number, body: string, retryAfter: string | null, key: string): UpstreamFailure {
  const detail = { status, body: clean(body, key) }
  if (status === 400 || status === 413 || status === 415 || status === 422) {
    const said = clean(messageIn(body), key)
    return failure("provider_rejected", said || "The AI provider refused this request. Check its parameters.", false, {
      status,
    })
  }
  if (status === 408 || status === 429 || status === 503 || status === 529) {
    const seconds = Math.min(Math.max(1, Math.ceil(Number(retryAfter) || 1)), RETRY_AFTER_SECONDS_MAX)
    return failure("provider_overloaded", "The AI provider is busy. Try again in a moment.", true, detail, seconds)
  }
  return failure("provider_error", "The AI provider failed. Try again, or use another model.", true, detail)
}

export const brokenAnswer = (detail: unknown): UpstreamFailure =>
  failure("provider_error", "The AI provider sent an answer we cannot read. Try again.", true, detail)

export const unreachable = (detail: unknown): UpstreamFailure =>
  failure("provider_error", "The AI provider cannot be reached. Try again, or use another model.", true, detail)

export const timedOut = (what: string): UpstreamFailure =>
  failure("provider_timeout", "The AI provider took too long. Try again, or use another model.", false, { what })

/** The message inside an OpenAI-like error body, or "". */
export function messageIn(body: string): string {
  try {
    const parsed = object(JSON.parse(body))
    const error = parsed.error
    const message = typeof error === "string" ? error : (object(error).message ?? parsed.message ?? parsed.detail)
    return typeof message === "string" ? message : ""
  } catch {
    return ""
  }
}

/** Bearer-looking words and the upstream's own key never leave, whatever an upstream echoes. */
export function clean(text: string, key: string): string {
  const without = key === "" ? text : text.replaceAll(key, "[key]")
  return without
    .replace(/\b(sk|rk|pk|key)-[\w*-]{6,}/g, "[key]")
    .trim()
    .slice(0, GATEWAY_LIMITS.upstreamMessageCharsMax)
}
