// What a refusal of a maximum says about how much output there may be. The maximum that is held is always sent, also
// when the caller named none, so a model that gives less says so here: nobody lists the maxima of all models.
import type { OutputMaximum } from "../provider.ts"

const MODEL_MAXIMA = [
  // OpenAI; Groq and Cohere; Anthropic; DeepSeek and Qwen.
  /at most (\d{1,9}) completion tokens/i,
  /tokens`?'? must be less than or equal to [`'"]?(\d{1,9})/i,
  /> (\d{1,9}), which is the maximum allowed number of output tokens/i,
  /range of max_tokens (?:is|should be) \[\d{1,9}, ?(\d{1,9})\]/i,
]
const WINDOW = /maximum context length is (\d{1,9})/i
/** OpenAI, OpenRouter, vLLM. */
const PROMPT = /(\d{1,9}) (?:in the messages|of text input|input tokens)/i

export function outputMaximumIn(words: string): OutputMaximum | null {
  for (const pattern of MODEL_MAXIMA) {
    const tokens = Number(pattern.exec(words)?.[1] ?? 0)
    if (tokens > 0) return { tokens, ofModel: true }
  }
  const left = Number(WINDOW.exec(words)?.[1] ?? 0) - Number(PROMPT.exec(words)?.[1] ?? Number.POSITIVE_INFINITY)
  return left > 0 ? { tokens: left, ofModel: false } : null
}

/** OpenAI's reasoning models: the older name is unknown to them. */
export const wantsNewerName = (words: string): boolean => /use '?"?`?max_completion_tokens/i.test(words)
