// A messages request as a conversation, for providers of another wire. What only Anthropic's servers know is refused by name.
import {
  type AnswerFormat,
  type Conversation,
  cannot,
  EFFORTS,
  NO_SAMPLING,
  type Part,
  type Reasoning,
  type ToolChoice,
  type ToolDefinition,
  type Turn,
} from "../../providers/index.ts"
import { isObject, type Json } from "../checks.ts"
import { isGroup } from "../groups.ts"
import type { MessagesRequest } from "./request.ts"
import { turnsOf } from "./turns.ts"

const object = (value: unknown): Json => (isObject(value) ? value : {})
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const text = (value: unknown): string | null => (typeof value === "string" ? value : null)
const number = (value: unknown): number | null => (typeof value === "number" ? value : null)

const PARAMS: Conversation["params"] = {
  messages: "messages",
  tools: "tools",
  toolChoice: "tool_choice",
  parallelTools: "tool_choice.disable_parallel_tool_use",
  format: "output_config.format",
  reasoning: "thinking",
  stop: "stop_sequences",
  user: "metadata.user_id",
  temperature: "temperature",
  topP: "top_p",
  topK: "top_k",
}

/** @throws AppError naming what no other wire could be told */
export function conversationOf({ plain }: MessagesRequest): Conversation {
  const { output_format, tool_choice, thinking, output_config } = plain
  const choice = object(tool_choice)
  return {
    messages: marked(turnsOf(plain.system, list(plain.messages)), plain.cache_control),
    tools: list(plain.tools).flatMap((tool, index) => (isGroup(tool) ? [] : [toolOf(object(tool), `tools[${index}]`)])),
    toolChoice: choiceOf(choice),
    parallelTools: typeof choice.disable_parallel_tool_use === "boolean" ? !choice.disable_parallel_tool_use : null,
    format: formatOf(object(output_config).format ?? output_format),
    reasoning: reasoningOf(object(thinking), object(output_config).effort),
    sampling: {
      ...NO_SAMPLING,
      temperature: number(plain.temperature),
      topP: number(plain.top_p),
      topK: number(plain.top_k),
    },
    stop: list(plain.stop_sequences)
      .map(String)
      .filter((one) => one !== ""),
    logprobs: null,
    choices: 1,
    verbosity: null,
    user: text(object(plain.metadata).user_id),
    cacheKey: null,
    metadata: null,
    params: output_format ? { ...PARAMS, format: "output_format" } : PARAMS,
  }
}

/** A mark over the whole belongs to its last part. */
function marked(turns: Turn[], mark: unknown): Turn[] {
  const last = turns.at(-1)
  const part = last?.parts.at(-1)
  if (!isObject(mark) || !last || !part || part.cache) return turns
  const cache = { ttl: mark.ttl === "1h" ? ("1h" as const) : ("5m" as const) }
  const parts: Part[] = [...last.parts.slice(0, -1), { ...part, cache }]
  return [...turns.slice(0, -1), { ...last, parts }]
}

function toolOf(tool: Json, param: string): ToolDefinition {
  const { name, description, input_schema, input_examples, strict, cache_control: mark } = tool
  const examples = list(input_examples).map((one) => `Example: ${JSON.stringify(one)}`)
  const words = [...(typeof description === "string" ? [description] : []), ...examples].join("\n")
  return {
    type: "function",
    name: String(name),
    description: words === "" ? null : words,
    schema: object(input_schema),
    strict: typeof strict === "boolean" ? strict : null,
    param,
    ...(isObject(mark) ? { cache: { ttl: mark.ttl === "1h" ? "1h" : "5m" } } : {}),
  }
}

function choiceOf({ type, name }: Json): ToolChoice | null {
  if (type === "any") return { type: "required" }
  if (type === "tool") return { type: "tool", name: String(name) }
  return type === "auto" || type === "none" ? { type } : null
}

function formatOf(value: unknown): AnswerFormat | null {
  if (!isObject(value)) return null
  return { type: "schema", name: "answer", description: null, schema: object(value.schema), strict: true }
}

function reasoningOf(thinking: Json, said: unknown): Reasoning | null {
  const effort = EFFORTS.find((one) => one === said) ?? null
  const summary = thinking.display === "omitted" ? "none" : thinking.display === "summarized" ? "auto" : null
  switch (thinking.type) {
    case "between_tools":
      throw cannot("thinking.type", "Thinking between calls of tools alone cannot be told to this model")
    case "disabled":
      return { effort: "none", budget: 0, summary: null, adaptive: false }
    case "enabled":
      return { effort, budget: number(thinking.budget_tokens), summary, adaptive: false }
    case "adaptive":
      return { effort, budget: null, summary, adaptive: true }
    default:
      return effort === null ? null : { effort, budget: null, summary: null, adaptive: false }
  }
}
