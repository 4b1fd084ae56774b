// What a provider's documentation lets a request say: a member that is not there is one that real servers refuse. For OpenAI and
// Anthropic the compiler holds the lists to their own SDKs.
import type { MessageCreateParamsBase as Beta } from "@anthropic-ai/sdk/resources/beta/messages/messages"
import type { MessageCreateParamsBase } from "@anthropic-ai/sdk/resources/messages/messages"
import type { ChatCompletionCreateParamsBase } from "openai/resources/chat/completions/completions"
import type { ResponseCreateParamsBase } from "openai/resources/responses/responses"
import type { Json } from "../meaning.ts"

/** @throws naming the members of `value` that are not in the list */
export function only(value: Json, known: readonly string[], where: string): void {
  const strange = Object.keys(value).filter((name) => !known.includes(name))
  if (strange.length > 0) throw new Error(`${where} has no ${strange.join(", ")}`)
}

export const CHAT: readonly (keyof ChatCompletionCreateParamsBase)[] = [
  "model",
  "messages",
  "stream",
  "stream_options",
  "max_tokens",
  "max_completion_tokens",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "response_format",
  "reasoning_effort",
  "user",
  "prompt_cache_key",
  "safety_identifier",
]
export const OPENROUTER: readonly string[] = [...CHAT, "reasoning"]

export const RESPONSES: readonly (keyof ResponseCreateParamsBase)[] = [
  "model",
  "input",
  "instructions",
  "stream",
  "store",
  "max_output_tokens",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "text",
  "reasoning",
  "include",
  "prompt_cache_key",
  "safety_identifier",
  "metadata",
]

/** Two of them by the names of betas alone. */
export const MESSAGES: readonly (keyof MessageCreateParamsBase | keyof Beta)[] = [
  "model",
  "messages",
  "system",
  "stream",
  "max_tokens",
  "tools",
  "tool_choice",
  "output_config",
  "thinking",
  "metadata",
  "context_management",
  "output_format",
]

/** https://ai.google.dev/api/generate-content */
export const GEMINI = ["contents", "systemInstruction", "tools", "toolConfig", "generationConfig"] as const
export const GEMINI_CONFIG = ["maxOutputTokens", "responseMimeType", "responseJsonSchema", "thinkingConfig"] as const
export const GEMINI_PART = [
  "text",
  "thought",
  "thoughtSignature",
  "inlineData",
  "functionCall",
  "functionResponse",
] as const
