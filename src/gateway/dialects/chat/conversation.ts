// A chat request as a conversation, for providers of another wire. What only this wire's servers know is refused by name.
import {
  type AnswerFormat,
  type Conversation,
  cannot,
  EFFORTS,
  type Effort,
  type Reasoning,
  type Sampling,
  type ToolChoice,
  type ToolDefinition,
} from "../../providers/index.ts"
import { isObject, type Json } from "../checks.ts"
import { isGroup } from "../groups.ts"
import type { ChatRequest } from "./request.ts"
import { turnsOf } from "./turns.ts"

/** Fields that other wires have no word for, and whose value would change the answer. */
const OWN = [
  "functions",
  "function_call",
  "audio",
  "top_a",
  "transforms",
  "chat_template_kwargs",
  "safe_prompt",
] as const

/** @throws AppError naming what no other wire could be told */
export function conversationOf({ plain, fields, choices }: ChatRequest): Conversation {
  for (const name of OWN) if (isSaid(plain[name])) throw cannot(name, `\`${name}\` cannot be told to this model`)
  if (Array.isArray(plain.modalities) && plain.modalities.includes("audio")) {
    throw cannot("modalities", "Sound cannot be had from this model")
  }
  return {
    messages: turnsOf(list(plain.messages)),
    tools: list(plain.tools).flatMap((tool, index) => (isGroup(tool) ? [] : [toolOf(tool, `tools[${index}]`)])),
    toolChoice: choiceOf(plain.tool_choice),
    parallelTools: typeof plain.parallel_tool_calls === "boolean" ? plain.parallel_tool_calls : null,
    format: formatOf(plain.response_format),
    reasoning: reasoningOf(plain),
    // As it was written: a seed may be longer than a number holds.
    sampling: { ...samplingOf(plain), seed: fields.seed ?? fields.random_seed ?? null },
    stop: typeof plain.stop === "string" ? [plain.stop] : list(plain.stop).map(String),
    logprobs: logprobsOf(plain),
    choices,
    verbosity: word(plain.verbosity, ["low", "medium", "high"]),
    user: text(plain.user) ?? text(plain.safety_identifier),
    cacheKey: text(plain.prompt_cache_key),
    metadata: isObject(plain.metadata) ? (plain.metadata as Record<string, string>) : null,
    params: PARAMS,
  }
}

const PARAMS: Conversation["params"] = {
  tools: "tools",
  toolChoice: "tool_choice",
  parallelTools: "parallel_tool_calls",
  format: "response_format",
  reasoning: "reasoning_effort",
  stop: "stop",
  logprobs: "logprobs",
  choices: "n",
  verbosity: "verbosity",
  user: "user",
  temperature: "temperature",
  topP: "top_p",
  topK: "top_k",
  minP: "min_p",
  frequencyPenalty: "frequency_penalty",
  presencePenalty: "presence_penalty",
  repetitionPenalty: "repetition_penalty",
  seed: "seed",
  logitBias: "logit_bias",
}

const isSaid = (value: unknown): boolean => value !== undefined && value !== null
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const text = (value: unknown): string | null => (typeof value === "string" ? value : null)
const number = (value: unknown): number | null => (typeof value === "number" ? value : null)
const object = (value: unknown): Json => (isObject(value) ? value : {})
const word = <Word extends string>(value: unknown, known: readonly Word[]): Word | null =>
  known.find((one) => one === value) ?? null

function toolOf(value: unknown, param: string): ToolDefinition {
  const tool = object(value)
  const cache = tool.cache_control
    ? { cache: { ttl: object(tool.cache_control).ttl === "1h" ? "1h" : "5m" } as const }
    : {}
  if (tool.type === "custom") {
    const { name, description, format } = object(tool.custom)
    return { type: "custom", name: String(name), description: text(description), format: format ?? null, param }
  }
  const { name, description, parameters, strict } = object(tool.function)
  return {
    type: "function",
    name: String(name),
    description: text(description),
    schema: isObject(parameters) ? parameters : null,
    strict: typeof strict === "boolean" ? strict : null,
    param,
    ...cache,
  }
}

function choiceOf(value: unknown): ToolChoice | null {
  if (value === "any") return { type: "required" }
  if (typeof value === "string") {
    const type = word(value, ["auto", "none", "required"])
    return type ? { type } : null
  }
  if (!isObject(value)) return null
  if (value.type === "allowed_tools") {
    const { mode, tools } = object(value.allowed_tools)
    const names = list(tools).map((tool) =>
      String(object(object(tool).function).name ?? object(object(tool).custom).name),
    )
    return { type: "allowed", names, required: mode === "required" }
  }
  return { type: "tool", name: String(object(value.function).name ?? object(value.custom).name) }
}

function formatOf(value: unknown): AnswerFormat | null {
  if (!isObject(value)) return null
  if (value.type === "text") return { type: "text" }
  if (value.type === "json_object") return { type: "json" }
  const { name, description, schema, strict } = object(value.json_schema)
  if (value.type !== "json_schema" || !isObject(schema)) {
    throw cannot("response_format", "This `response_format` cannot be told to this model")
  }
  return {
    type: "schema",
    name: text(name) ?? "answer",
    description: text(description),
    schema,
    strict: typeof strict === "boolean" ? strict : null,
  }
}

/** By every name: OpenAI's effort, OpenRouter's `reasoning`, Anthropic's `thinking`, Qwen's switch and budget. */
function reasoningOf(plain: Json): Reasoning | null {
  const { reasoning_effort, thinking_budget, enable_thinking, include_reasoning } = plain
  const reasoning = object(plain.reasoning)
  const thinking = object(plain.thinking)
  const isOff = reasoning.enabled === false || thinking.type === "disabled" || enable_thinking === false
  const effort = word(reasoning_effort ?? reasoning.effort, EFFORTS)
  const budget = number(reasoning.max_tokens) ?? number(thinking.budget_tokens) ?? number(thinking_budget)
  const isHidden = reasoning.exclude === true || include_reasoning === false
  const summary: Reasoning["summary"] = isHidden ? "none" : word(reasoning.summary, ["auto", "concise", "detailed"])
  const isOn = reasoning.enabled === true || enable_thinking === true || thinking.type === "enabled"
  const said = { effort: isOff ? ("none" as Effort) : effort, budget: isOff ? 0 : budget, summary }
  const isSilent = said.effort === null && said.budget === null && summary === null && !isOn
  return isSilent ? null : { ...said, adaptive: thinking.type === "adaptive" || (isOn && said.budget === null) }
}

const samplingOf = (plain: Json): Omit<Sampling, "seed"> => ({
  temperature: number(plain.temperature),
  topP: number(plain.top_p),
  topK: number(plain.top_k),
  minP: number(plain.min_p),
  frequencyPenalty: number(plain.frequency_penalty),
  presencePenalty: number(plain.presence_penalty),
  repetitionPenalty: number(plain.repetition_penalty),
  logitBias: isObject(plain.logit_bias) ? (plain.logit_bias as Record<string, number>) : null,
})

function logprobsOf({ logprobs, top_logprobs }: Json): number | null {
  const top = number(top_logprobs)
  if (top !== null) return top
  return typeof logprobs === "number" ? logprobs : logprobs === true ? 0 : null
}
