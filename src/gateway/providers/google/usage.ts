// Gemini's `usageMetadata`, normalised: totals include their parts. The prompt's count includes what was read from the cache; prompts
// of tools and thinking stand beside; servers differ on whether candidates include thinking, so the total decides.
import { USAGE_TOKENS_MAX } from "../../../pricing/index.ts"
import type { UsageReport } from "../provider.ts"

type Json = Record<string, unknown>

export function readUsage(reported: unknown): UsageReport | null {
  if (typeof reported !== "object" || reported === null || Array.isArray(reported)) return null
  const usage = reported as Json
  const faults: string[] = []
  const count = (name: string): number | null => countOf(usage[name], name, faults)
  const prompt = count("promptTokenCount")
  const ofTools = count("toolUsePromptTokenCount") ?? 0
  const inputTokens = prompt === null ? null : prompt + ofTools
  const total = count("totalTokenCount")
  const said = count("candidatesTokenCount")
  const thoughts = count("thoughtsTokenCount") ?? 0
  const made = outputOf(said, thoughts, total, inputTokens)
  return {
    input: inputTokens === null ? null : inputParts(usage, inputTokens, count("cachedContentTokenCount") ?? 0, faults),
    output: made === null ? null : outputParts(usage, made, thoughts, faults),
    faults,
  }
}

/** The larger of what the parts and the total say: thinking may be inside the candidates, or beside them, or only in the total. */
function outputOf(said: number | null, thoughts: number, total: number | null, input: number | null): number | null {
  const byTotal = total === null || input === null ? null : total - input
  if (said === null) return byTotal !== null && byTotal > 0 ? byTotal : thoughts > 0 ? thoughts : null
  if (byTotal === null) return said + thoughts
  // Candidates that include the thinking add up without it.
  return byTotal === said && said >= thoughts ? said : Math.max(said + thoughts, byTotal)
}

function inputParts(usage: Json, inputTokens: number, cached: number, faults: string[]): UsageReport["input"] {
  const audio = modality(usage.promptTokensDetails, "AUDIO")
  const cachedInputTokens = cached <= inputTokens ? cached : 0
  const inputAudioTokens = audio <= inputTokens ? audio : 0
  if (cachedInputTokens !== cached || inputAudioTokens !== audio) faults.push("parts of the prompt exceed it")
  return { inputTokens, cachedInputTokens, cacheWriteTokens: 0, inputAudioTokens }
}

function outputParts(usage: Json, outputTokens: number, thoughts: number, faults: string[]): UsageReport["output"] {
  const outputAudioTokens = modality(usage.candidatesTokensDetails, "AUDIO")
  if (thoughts + outputAudioTokens <= outputTokens)
    return { outputTokens, reasoningTokens: thoughts, outputAudioTokens, ...picturesIn(usage, outputTokens - thoughts) }
  faults.push("parts of the answer exceed it")
  return { outputTokens, reasoningTokens: 0, outputAudioTokens: 0 }
}

/** Pictures have a price of their own where words have another. */
function picturesIn(usage: Json, most: number): { outputImageTokens?: number } {
  const outputImageTokens = Math.min(modality(usage.candidatesTokensDetails, "IMAGE"), most)
  return outputImageTokens > 0 ? { outputImageTokens } : {}
}

/** Pictures in the prompt, which some prices tell from words. */
export function picturesRead(report: UsageReport | null, reported: unknown): UsageReport | null {
  if (!report?.input) return report
  const { input } = report
  const inputImageTokens = modality((reported as Json).promptTokensDetails, "IMAGE")
  const isPart = inputImageTokens > 0 && inputImageTokens + input.cachedInputTokens <= input.inputTokens
  return isPart ? { ...report, input: { ...input, inputImageTokens } } : report
}

function modality(details: unknown, name: string): number {
  if (!Array.isArray(details)) return 0
  const counts = details.map((one) => (one as Json | null) ?? {}).filter(({ modality: kind }) => kind === name)
  return counts.reduce((sum, { tokenCount }) => sum + (countOf(tokenCount, name, []) ?? 0), 0)
}

function countOf(value: unknown, name: string, faults: string[]): number | null {
  if (value === undefined || value === null) return null
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= USAGE_TOKENS_MAX) return value as number
  faults.push(`${name}: ${String(value).slice(0, 40)}`)
  return null
}
