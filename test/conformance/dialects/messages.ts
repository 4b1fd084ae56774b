// Messages by Anthropic's own SDK.
import Anthropic from "@anthropic-ai/sdk"
import type { ContentBlock, Message, MessageCreateParamsNonStreaming, MessageParam } from "@anthropic-ai/sdk/resources"
import { type Ask, type At, type Heard, type Json, type Spoken, TOOLS, type Turn } from "../meaning.ts"

const client = ({ url, token }: At) => new Anthropic({ apiKey: token, baseURL: url, maxRetries: 0 }).messages

const paramsOf = (
  { model }: At,
  { system, turns, tools, schema, thinks, maxTokens }: Ask,
): MessageCreateParamsNonStreaming => ({
  model,
  messages: turns.map(messageOf),
  max_tokens: maxTokens,
  ...(system ? { system } : {}),
  ...(tools ? { tools: tools.map(toolOf) } : {}),
  ...(schema ? { output_config: { format: { type: "json_schema" as const, schema } } } : {}),
  ...(thinks ? { thinking: { type: "enabled" as const, budget_tokens: 4_096 } } : {}),
})

const toolOf = (name: string) => {
  const { description, schema } = TOOLS[name]!
  return { name, description, input_schema: schema as { type: "object" } }
}

function messageOf(turn: Turn): MessageParam {
  switch (turn.by) {
    case "user": {
      const { text, image } = turn
      if (!image) return { role: "user", content: text }
      const source = { type: "base64" as const, media_type: "image/png" as const, data: image }
      return {
        role: "user",
        content: [
          { type: "text", text },
          { type: "image", source },
        ],
      }
    }
    case "model": {
      const calls = turn.calls.map(({ id, name, args }) => ({ type: "tool_use" as const, id, name, input: args }))
      return { role: "assistant", content: [{ type: "text", text: turn.text }, ...calls] }
    }
    case "tools": {
      const content = turn.results.map(({ id, text }) => ({
        type: "tool_result" as const,
        tool_use_id: id,
        content: text,
      }))
      return { role: "user", content }
    }
    case "sdk":
      return { role: "assistant", content: turn.heard.turn as ContentBlock[] }
  }
}

const FINISHES: Readonly<Record<string, string>> = {
  end_turn: "stop",
  tool_use: "tool_calls",
  max_tokens: "length",
  refusal: "content_filter",
}

function heardOf({ content, stop_reason, usage }: Message): Heard {
  const read = usage.cache_read_input_tokens ?? 0
  return {
    thought: content.map((block) => (block.type === "thinking" ? block.thinking : "")).join(""),
    text: content.map((block) => (block.type === "text" ? block.text : "")).join(""),
    refusal: "",
    calls: content.flatMap((block) =>
      block.type === "tool_use" ? [{ id: block.id, name: block.name, args: block.input as Json }] : [],
    ),
    finish: FINISHES[stop_reason ?? ""] ?? String(stop_reason),
    usage: {
      input: usage.input_tokens + read + (usage.cache_creation_input_tokens ?? 0),
      cached: read,
      output: usage.output_tokens,
      reasoning: usage.output_tokens_details?.thinking_tokens ?? 0,
    },
    turn: content,
  }
}

export const messages: Spoken = {
  whole: async (at, ask) => heardOf(await client(at).create(paramsOf(at, ask))),
  async stream(at, ask, onText) {
    const stream = client(at).stream(paramsOf(at, ask))
    stream.on("text", (delta) => onText?.(delta))
    return heardOf(await stream.finalMessage())
  },
}
