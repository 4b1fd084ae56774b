// Test data for pricing's own tests: a seeded generator and usages drawn from it. Never imported by the program.
import type { TokenUsage } from "./types.ts"

export const noUsage: TokenUsage = {
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  inputAudioTokens: 0,
  outputAudioTokens: 0,
}

/** A seeded generator (mulberry32): integers from 0 to below `limit`. */
export function random(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
}

/** A usage whose parts lie within their totals, sometimes empty, sometimes past the tiers. */
export function randomUsage(next: (limit: number) => number): TokenUsage {
  const inputTokens = next(10 ** (1 + next(6)))
  const outputTokens = next(10 ** (1 + next(5)))
  const cachedInputTokens = next(inputTokens + 1)
  const cacheWriteTokens = next(inputTokens - cachedInputTokens + 1)
  const reasoningTokens = next(outputTokens + 1)
  return {
    inputTokens,
    cachedInputTokens,
    cacheWriteTokens,
    cacheWrite1hTokens: next(cacheWriteTokens + 1),
    outputTokens,
    reasoningTokens,
    inputAudioTokens: next(inputTokens - cachedInputTokens - cacheWriteTokens + 1),
    outputAudioTokens: next(outputTokens - reasoningTokens + 1),
  }
}
