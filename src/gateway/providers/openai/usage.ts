// OpenAI's `usage` object as the many servers that imitate it fill it in. Totals include their parts, as OpenAI counts. What is
// wrong in one half does not throw away the other.
import { USAGE_TOKENS_MAX } from "../../../pricing/index.ts"
import type { UsageReport } from "../provider.ts"

type Json = Record<string, unknown>
/** One for all: this runs several times for each piece of a stream. */
const NOTHING: Json = Object.freeze({})
export const object = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : NOTHING

/** @returns null when there is no report at all */
export function readUsage(reported: unknown): UsageReport | null {
  if (typeof reported !== "object" || reported === null || Array.isArray(reported)) return null
  const usage = reported as Json
  const faults: string[] = []
  const report = { input: readInput(usage, faults), output: readOutput(usage, faults), faults }
  const webSearches = searchesIn(usage, faults)
  return webSearches > 0 ? { ...report, webSearches } : report
}

/** OpenRouter's name, which is Anthropic's, then Perplexity's. xAI bills by the source that it read, which no list has a price for. */
function searchesIn(usage: Json, faults: string[]): number {
  const sources = part(usage.num_sources_used, "num_sources_used", faults)
  if (sources > 0) faults.push(`num_sources_used: ${sources}`)
  return part(object(usage.server_tool_use).web_search_requests ?? usage.num_search_queries, "searches", faults)
}

/** Cache figures: OpenAI and OpenRouter, then LiteLLM and Anthropic's names, then DeepSeek's, then Moonshot's. */
/** With whether the answer says that it was made as any other, beside its usage. */
export const withTier = <R extends UsageReport | null>(report: R, tier: unknown): R =>
  report && tier === "default" ? { ...report, isStandardTier: true } : report

function readInput(usage: Json, faults: string[]): UsageReport["input"] {
  const details = object(usage.prompt_tokens_details)
  const inputTokens = tokens(usage, "prompt_tokens", faults)
  if (inputTokens === null) return null
  const cached =
    details.cached_tokens ?? usage.cache_read_input_tokens ?? usage.prompt_cache_hit_tokens ?? usage.cached_tokens
  const written = details.cache_write_tokens ?? details.cache_creation_tokens ?? usage.cache_creation_input_tokens
  const input = {
    inputTokens,
    cachedInputTokens: part(cached, "cached_tokens", faults),
    cacheWriteTokens: part(written, "cache_write_tokens", faults),
    inputAudioTokens: part(details.audio_tokens, "prompt audio_tokens", faults),
  }
  if (input.cachedInputTokens + input.cacheWriteTokens <= inputTokens && input.inputAudioTokens <= inputTokens)
    return input
  faults.push("parts of the prompt exceed it")
  return { inputTokens, cachedInputTokens: 0, cacheWriteTokens: 0, inputAudioTokens: 0 }
}

/**
 * Thinking that some servers leave out of `completion_tokens`: xAI reports it beside them, Gemini's imitation only within the
 * total. What the total has above the prompt was made, and is billed.
 */
function readOutput(usage: Json, faults: string[]): UsageReport["output"] {
  const details = object(usage.completion_tokens_details)
  const said = tokens(usage, "completion_tokens", faults)
  if (said === null) return null
  const reasoningTokens = part(details.reasoning_tokens, "reasoning_tokens", faults)
  const prompt = countOf(usage.prompt_tokens)
  const total = countOf(usage.total_tokens)
  const byTotal = prompt === null || total === null ? 0 : total - prompt
  const apart = reasoningTokens > said ? said + reasoningTokens : said
  const outputTokens = Math.max(byTotal, byTotal > said ? said : apart)
  const outputAudioTokens = part(details.audio_tokens, "completion audio_tokens", faults)
  if (reasoningTokens + outputAudioTokens <= outputTokens) return { outputTokens, reasoningTokens, outputAudioTokens }
  faults.push("parts of the completion exceed it")
  return { outputTokens, reasoningTokens: 0, outputAudioTokens: 0 }
}

/** A whole number that any real call could have; null otherwise. Digits in quotes count: some servers send them. */
function countOf(value: unknown): number | null {
  const number = typeof value === "string" && /^\d{1,10}$/.test(value) ? Number(value) : value
  return Number.isInteger(number) && (number as number) >= 0 && (number as number) <= USAGE_TOKENS_MAX
    ? (number as number)
    : null
}

function tokens(usage: Json, name: string, faults: string[]): number | null {
  const count = countOf(usage[name])
  if (count === null) faults.push(`${name}: ${String(usage[name]).slice(0, 40)}`)
  return count
}

function part(value: unknown, name: string, faults: string[]): number {
  if (value === undefined || value === null) return 0
  const count = countOf(value)
  if (count === null) faults.push(`${name}: ${String(value).slice(0, 40)}`)
  return count ?? 0
}
