// Anthropic's `usage`, normalised: totals include their parts. `input_tokens` is what was neither read from the cache nor written to
// it; `output_tokens` includes thinking. A stream reports twice, and what it says later replaces, it is never added.
import { USAGE_TOKENS_MAX } from "../../../pricing/index.ts"
import type { UsageReport } from "../provider.ts"
import { type Json, object } from "./json.ts"

/**
 * What is known after another report: members that it leaves out, or leaves null, stand. Counts grow only: servers that imitate
 * Anthropic say 0 for what they said before.
 */
export function laterUsage(known: Json, reported: unknown): Json {
  const later = { ...known }
  for (const [name, value] of Object.entries(object(reported))) {
    const before = known[name]
    if (value === null || value === undefined) continue
    later[name] = typeof value === "number" && typeof before === "number" ? Math.max(value, before) : value
  }
  return later
}

/** @returns null where nothing is reported */
export function readUsage(reported: unknown): UsageReport | null {
  if (typeof reported !== "object" || reported === null || Array.isArray(reported)) return null
  const usage = reported as Json
  const faults: string[] = []
  noteSurcharges(usage, faults)
  const webSearches = countOf(object(usage.server_tool_use), "web_search_requests", faults) ?? 0
  const report = { input: inputOf(usage, faults), output: outputOf(usage, faults), faults }
  return webSearches > 0 ? { ...report, webSearches } : report
}

function inputOf(usage: Json, faults: string[]): UsageReport["input"] {
  const fresh = countOf(usage, "input_tokens", faults)
  const read = countOf(usage, "cache_read_input_tokens", faults) ?? 0
  const written = writesOf(usage, faults)
  if (fresh === null) return null
  return {
    inputTokens: fresh + read + written.all,
    cachedInputTokens: read,
    cacheWriteTokens: written.all,
    ...(written.long > 0 ? { cacheWrite1hTokens: written.long } : {}),
    inputAudioTokens: 0,
  }
}

/** Writes of all lifetimes, and those for an hour. Where the sum and its parts differ, the larger counts. */
function writesOf(usage: Json, faults: string[]): { all: number; long: number } {
  const parts = object(usage.cache_creation)
  const long = countOf(parts, "ephemeral_1h_input_tokens", faults) ?? 0
  const short = countOf(parts, "ephemeral_5m_input_tokens", faults) ?? 0
  const all = countOf(usage, "cache_creation_input_tokens", faults)
  if (all !== null && long + short > 0 && all !== long + short) faults.push("parts of cache_creation differ from it")
  return { all: Math.max(all ?? 0, long + short), long }
}

function outputOf(usage: Json, faults: string[]): UsageReport["output"] {
  const outputTokens = countOf(usage, "output_tokens", faults)
  if (outputTokens === null) return null
  const thinking = countOf(object(usage.output_tokens_details), "thinking_tokens", faults) ?? 0
  if (thinking > outputTokens) faults.push("thinking_tokens exceed output_tokens")
  return { outputTokens, reasoningTokens: thinking <= outputTokens ? thinking : 0, outputAudioTokens: 0 }
}

/** What would change the price is never asked for; where it shows all the same, the operator should know. */
function noteSurcharges(usage: Json, faults: string[]): void {
  if (usage.speed === "fast") faults.push("speed: fast")
  if (usage.inference_geo === "us") faults.push("inference_geo: us")
  for (const [name, count] of Object.entries(object(usage.server_tool_use))) {
    if (name !== "web_search_requests" && typeof count === "number" && count > 0)
      faults.push(`${name.slice(0, 40)}: ${count}`)
  }
}

function countOf(from: Json, name: string, faults: string[]): number | null {
  const value = from[name]
  if (value === undefined || value === null) return null
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= USAGE_TOKENS_MAX) return value as number
  faults.push(`${name}: ${String(value).slice(0, 40)}`)
  return null
}
