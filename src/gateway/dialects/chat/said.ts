// The words of a chat completion for what events say.
import { amountJson } from "../../../app/index.ts"
import type { AnswerEvent, Citation, Signature, UsageReport } from "../../providers/index.ts"

type Json = Record<string, unknown>

export const imageJson = (url: string): Json => ({ type: "image_url", image_url: { url } })

/** Later pieces of a call carry arguments alone. */
export function toolJson(event: Extract<AnswerEvent, { type: "tool" }>): Json {
  const named = event.name === "" ? {} : { name: event.name }
  if (event.custom) {
    const head = event.id === "" ? {} : { id: event.id, type: "custom" }
    return { ...head, custom: { ...named, input: event.arguments } }
  }
  const head = event.id === "" ? {} : { id: event.id, type: "function" }
  return { ...head, function: { ...named, arguments: event.arguments } }
}

/** A tool that ran here. OpenAI has no word for it in a chat completion: the members are those of its `mcp_call`, and what it cost. */
export function hostedJson({ stage, call }: Extract<AnswerEvent, { type: "hosted" }>): Json {
  const { id, requestId, group, tool, isError, chargedNano } = call
  const asked = { id, type: "mcp", group, name: tool, arguments: call.arguments, request_id: requestId }
  if (stage === "begun") return { ...asked, status: "in_progress" }
  const said = isError ? { output: null, error: call.output } : { output: call.output, error: null }
  return { ...asked, status: isError ? "failed" : "completed", ...said, charged: amountJson(chargedNano) }
}

/** How OpenRouter calls a seal's origin. */
const FORMATS: Readonly<Record<Signature["format"], string>> = {
  anthropic: "anthropic-claude-v1",
  google: "google-gemini-v1",
  openai: "openai-responses-v1",
  other: "unknown",
}

/** A seal with the thinking it seals, as OpenRouter writes it: clients send it back whole. */
export function detailJson({ format, data, id, redacted }: Signature, text: string): Json {
  const head = { format: FORMATS[format], index: 0, ...(id === undefined ? {} : { id }) }
  if (redacted || format === "openai") return { type: "reasoning.encrypted", data, ...head }
  return { type: "reasoning.text", text, signature: data, ...head }
}

/** OpenAI knows citations of pages only. */
export function annotationJson(citation: Citation): Json | null {
  if (citation.type !== "url") return null
  const { url, title, start, end } = citation
  return {
    type: "url_citation",
    url_citation: { url, title: title ?? "", start_index: start ?? 0, end_index: end ?? 0 },
  }
}

/** OpenAI's names. */
export function usageJson({ input, output }: UsageReport): Json {
  const prompt = input?.inputTokens ?? 0
  const completion = output?.outputTokens ?? 0
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: input?.cachedInputTokens ?? 0, audio_tokens: input?.inputAudioTokens ?? 0 },
    completion_tokens_details: {
      reasoning_tokens: output?.reasoningTokens ?? 0,
      audio_tokens: output?.outputAudioTokens ?? 0,
    },
  }
}
