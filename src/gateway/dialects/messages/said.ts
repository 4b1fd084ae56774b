// The words of a message for what is known of an answer.
import type {
  ContentBlock,
  Message,
  MessageDeltaUsage,
  RawMessageStreamEvent,
  StopReason,
} from "@anthropic-ai/sdk/resources/messages"
import type { AnswerEvent, UsageReport } from "../../providers/index.ts"
import type { HostedCall } from "../../rounds/types.ts"

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/** What was neither read from the cache nor written to it stands apart. */
export function usageJson(report: UsageReport | null): MessageDeltaUsage & { input_tokens: number } {
  const { input, output } = report ?? { input: null, output: null }
  const read = input?.cachedInputTokens ?? 0
  const written = input?.cacheWriteTokens ?? 0
  const thinking = output?.reasoningTokens ?? 0
  return {
    input_tokens: (input?.inputTokens ?? 0) - read - written,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    output_tokens: output?.outputTokens ?? 0,
    output_tokens_details: thinking > 0 ? { thinking_tokens: thinking } : null,
    server_tool_use: null,
  }
}

/** As it stands before anything was said. */
export const emptyMessage = (requestId: string, model: string, report: UsageReport | null): Message => ({
  id: `msg_${requestId}`,
  type: "message",
  role: "assistant",
  model,
  content: [],
  stop_reason: null,
  stop_sequence: null,
  stop_details: null,
  container: null,
  diagnostics: null,
  usage: {
    ...usageJson(report),
    output_tokens: 0,
    output_tokens_details: null,
    cache_creation: null,
    inference_geo: null,
    service_tier: "standard",
    speed: null,
  },
})

/** As the model called it, of the group as its server. */
export const hostedUse = ({ id, tool, group, arguments: args }: HostedCall) => ({
  type: "mcp_tool_use",
  id,
  name: tool,
  server_name: group,
  input: inputOf(args),
})

export const hostedResult = ({ id, output, isError }: HostedCall) => ({
  type: "mcp_tool_result",
  tool_use_id: id,
  is_error: isError,
  content: [{ type: "text", text: output }],
})

type Finish = Extract<AnswerEvent, { type: "finish" }>

/** @param made what the answer holds, which some servers do not tell in their reason */
export function stopReason(finish: Finish | null, made: { calls: boolean; refusal: boolean }): StopReason {
  switch (finish?.reason) {
    case "length":
      return "max_tokens"
    case "content_filter":
      return "refusal"
    case "tool_calls":
      return "tool_use"
  }
  if (finish?.stopSequence !== undefined) return "stop_sequence"
  if (made.refusal) return "refusal"
  return made.calls ? "tool_use" : "end_turn"
}

/** The message that a stream of these events tells, as Anthropic's own SDKs gather it. */
export function gathered(events: readonly RawMessageStreamEvent[]): Message | null {
  let message: Mutable<Message> | null = null
  let json = ""
  for (const event of events) {
    if (event.type === "message_start") message = { ...event.message, content: [], usage: { ...event.message.usage } }
    if (!message) continue
    const block = message.content.at(-1)
    switch (event.type) {
      case "content_block_start":
        message.content.push({ ...event.content_block } as ContentBlock)
        json = ""
        break
      case "content_block_delta":
        if (event.delta.type === "input_json_delta") json += event.delta.partial_json
        else grow(block!, event.delta)
        break
      case "content_block_stop":
        if (block?.type === "tool_use") block.input = inputOf(json)
        break
      case "message_delta":
        Object.assign(message, event.delta)
        Object.assign(message.usage, event.usage)
    }
  }
  return message
}

type Delta = Extract<RawMessageStreamEvent, { type: "content_block_delta" }>["delta"]

function grow(block: ContentBlock, delta: Delta): void {
  if (block.type === "text" && delta.type === "text_delta") block.text += delta.text
  if (block.type === "text" && delta.type === "citations_delta") {
    block.citations = [...(block.citations ?? []), delta.citation]
  }
  if (block.type === "thinking" && delta.type === "thinking_delta") block.thinking += delta.thinking
  if (block.type === "thinking" && delta.type === "signature_delta") block.signature = delta.signature
}

/** What was cut off in the middle is no input. */
function inputOf(json: string): unknown {
  try {
    return json === "" ? {} : JSON.parse(json)
  } catch {
    return {}
  }
}
