// For tests only: words of the Messages API, and of the events they mean.
import type { AnswerEvent } from "../../../src/gateway/index.ts"

type UsageReport = Extract<AnswerEvent, { type: "usage" }>["report"]

type Json = Record<string, unknown>

/** As the API frames it. */
export const sseOf = (events: readonly Json[]): string =>
  events.map((event) => `event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`).join("")

export interface Recorded {
  /** What it answers, without model and maximum. */
  request: Json
  stream: readonly Json[]
  /** Null = it only happens in streams. */
  whole: Json | null
  /** What both say, pieces of one kind joined; reports left out. */
  says: readonly AnswerEvent[]
  /** What the last report comes to. */
  input: UsageReport["input"]
  output: UsageReport["output"]
}

export const MODEL = "claude-sonnet-4-6"
export const start = (usage: Json): Json => ({
  type: "message_start",
  message: {
    id: "msg_1nZdL29xx5MUA1yADyHTEsnR8uuvGzszyY",
    type: "message",
    role: "assistant",
    content: [],
    model: MODEL,
    stop_reason: null,
    stop_sequence: null,
    usage,
  },
})
export const opens = (index: number, content_block: Json): Json => ({
  type: "content_block_start",
  index,
  content_block,
})
export const delta = (index: number, one: Json): Json => ({ type: "content_block_delta", index, delta: one })
export const closes = (index: number): Json => ({ type: "content_block_stop", index })
export const stops = (stop_reason: string, usage: Json, more: Json = {}): Json[] => [
  { type: "message_delta", delta: { stop_reason, stop_sequence: null, ...more }, usage },
  { type: "message_stop" },
]
export const PING = { type: "ping" }
export const textBlock = (index: number, ...pieces: string[]): Json[] => [
  opens(index, { type: "text", text: "" }),
  ...pieces.map((text) => delta(index, { type: "text_delta", text })),
  closes(index),
]
export const toolBlock = (index: number, id: string, name: string, ...pieces: string[]): Json[] => [
  opens(index, { type: "tool_use", id, name, input: {} }),
  ...pieces.map((partial_json) => delta(index, { type: "input_json_delta", partial_json })),
  closes(index),
]
export const message = (content: Json[], stop_reason: string, usage: Json, more: Json = {}): Json => ({
  id: "msg_013Zva2CMHLNnXjNJJKqJ2EF",
  type: "message",
  role: "assistant",
  model: MODEL,
  content,
  stop_reason,
  stop_sequence: null,
  usage,
  ...more,
})

export const text = (words: string): AnswerEvent => ({ type: "text", choice: 0, text: words })
export const call = (index: number, id: string, name: string, args: string): AnswerEvent => ({
  type: "tool",
  choice: 0,
  index,
  id,
  name,
  arguments: args,
})
export const finish = (reason: Extract<AnswerEvent, { type: "finish" }>["reason"], more: object = {}): AnswerEvent => ({
  type: "finish",
  choice: 0,
  reason,
  ...more,
})
export const tokens = (inputTokens: number, more: object = {}): UsageReport["input"] => ({
  inputTokens,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  inputAudioTokens: 0,
  ...more,
})
export const made = (outputTokens: number, reasoningTokens = 0): UsageReport["output"] => ({
  outputTokens,
  reasoningTokens,
  outputAudioTokens: 0,
})
export const ask = (content: unknown): Json => ({ messages: [{ role: "user", content }] })
