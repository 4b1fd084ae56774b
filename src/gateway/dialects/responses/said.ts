// The words of the Responses API for what a request asked and what events say.
import type { Response, ResponseOutputText, ResponseUsage } from "openai/resources/responses/responses"
import type { AppError } from "../../../app/index.ts"
import type { Citation, TokenLogprob, UsageReport } from "../../providers/index.ts"
import { isObject, type Json } from "../checks.ts"
import type { ResponsesRequest } from "./request.ts"

/** `output_text` is made by the SDKs; `store` is sent, and not in their types. */
export type Answer = Omit<Response, "output_text"> & { store: boolean }
type Annotation = ResponseOutputText["annotations"][number]
type Logprob = NonNullable<ResponseOutputText["logprobs"]>[number]

/** `req_…` → the same name with another beginning. */
export const idOf = (prefix: string, requestId: string, index?: number): string =>
  `${prefix}_${requestId.replace(/^[a-z]+_/, "")}${index === undefined ? "" : `_${index}`}`

type Said<Name extends keyof Response> = Exclude<Response[Name], undefined>

/** An answer that has not begun: what was asked, said back as OpenAI does. */
export function emptyAnswer({ plain }: ResponsesRequest, requestId: string, model: string, createdAt: number): Answer {
  const text = isObject(plain.text) ? plain.text : {}
  const reasoning = isObject(plain.reasoning) ? plain.reasoning : {}
  const said = <Name extends keyof Response>(name: Name, otherwise: Said<Name>): Said<Name> =>
    (plain[name] as Said<Name> | null | undefined) ?? otherwise
  return {
    id: idOf("resp", requestId),
    object: "response",
    created_at: createdAt,
    status: "in_progress",
    access_programs: null,
    background: false,
    error: null,
    incomplete_details: null,
    instructions: said("instructions", null),
    max_output_tokens: said("max_output_tokens", null),
    max_tool_calls: null,
    metadata: said("metadata", {}),
    model,
    output: [],
    parallel_tool_calls: said("parallel_tool_calls", true),
    previous_response_id: said("previous_response_id", null),
    prompt_cache_key: said("prompt_cache_key", null),
    reasoning: { effort: null, summary: null, ...reasoning },
    safety_identifier: said("safety_identifier", null),
    service_tier: "default",
    store: plain.store === true,
    temperature: said("temperature", null),
    text: { verbosity: "medium", ...text, format: (text.format as { type: "text" } | null) ?? { type: "text" } },
    tool_choice: said("tool_choice", "auto"),
    tools: (said("tools", []) as unknown as Json[]).map(toolJson) as unknown as Response["tools"],
    top_logprobs: said("top_logprobs", 0),
    top_p: said("top_p", null),
    truncation: "disabled",
    ...(typeof plain.user === "string" ? { user: plain.user } : {}),
  }
}

/** SDKs that check answers want these members to be there. */
const toolJson = (tool: Json): Json => (tool.type === "function" ? { parameters: null, strict: null, ...tool } : tool)

export function usageJson({ input, output }: UsageReport): ResponseUsage {
  const input_tokens = input?.inputTokens ?? 0
  const output_tokens = output?.outputTokens ?? 0
  const cache_write_tokens = (input?.cacheWriteTokens ?? 0) + (input?.cacheWrite1hTokens ?? 0)
  return {
    input_tokens,
    input_tokens_details: { cached_tokens: input?.cachedInputTokens ?? 0, cache_write_tokens },
    output_tokens,
    output_tokens_details: { reasoning_tokens: output?.reasoningTokens ?? 0 },
    total_tokens: input_tokens + output_tokens,
  }
}

/** @param length of the text that it belongs to */
export function annotationJson(citation: Citation, length: number): Annotation {
  if (citation.type === "url") {
    const { url, title, start, end } = citation
    return { type: "url_citation", url, title: title ?? "", start_index: start ?? length, end_index: end ?? length }
  }
  const { index, title } = citation
  return { type: "file_citation", file_id: `document_${index}`, filename: title ?? `document_${index}`, index }
}

export const logprobsJson = (logprobs: readonly TokenLogprob[] | undefined): Logprob[] =>
  (logprobs ?? []).map(({ token, logprob, bytes, top_logprobs }) => ({
    token,
    logprob,
    bytes: [...(bytes ?? [])],
    top_logprobs: top_logprobs.map((top) => ({
      token: top.token,
      logprob: top.logprob,
      bytes: [...(top.bytes ?? [])],
    })),
  }))

/** The few codes that an answer may fail with. */
export function failedJson(error: AppError): NonNullable<Response["error"]> {
  const code = error.status === 429 ? "rate_limit_exceeded" : error.status < 500 ? "invalid_prompt" : "server_error"
  return { code, message: error.message }
}
