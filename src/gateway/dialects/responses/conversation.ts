// A responses request as a conversation, for providers of another wire.
import {
  type AnswerFormat,
  type Conversation,
  cannot,
  EFFORTS,
  NO_SAMPLING,
  type Reasoning,
  type ToolChoice,
  type ToolDefinition,
  type Turn,
} from "../../providers/index.ts"
import { isObject, type Json } from "../checks.ts"
import { type Placed, toolsOf } from "./namespaces.ts"
import type { ResponsesRequest } from "./request.ts"
import { turnsOf } from "./turns.ts"

/** @throws AppError naming what no other wire could be told */
export function conversationOf(request: ResponsesRequest): Conversation {
  const { plain, history } = request
  const said = object(plain.text)
  return {
    messages: [...instructionsOf(plain.instructions), ...turnsOf(plain.input, history)],
    tools: toolsOf(request).map(toolOf),
    toolChoice: choiceOf(plain.tool_choice),
    parallelTools: typeof plain.parallel_tool_calls === "boolean" ? plain.parallel_tool_calls : null,
    format: formatOf(said.format),
    reasoning: reasoningOf(object(plain.reasoning)),
    sampling: { ...NO_SAMPLING, temperature: number(plain.temperature), topP: number(plain.top_p) },
    stop: [],
    logprobs: logprobsOf(plain),
    choices: 1,
    verbosity: word(said.verbosity, ["low", "medium", "high"]),
    user: text(plain.user) ?? text(plain.safety_identifier),
    cacheKey: text(plain.prompt_cache_key),
    metadata: isObject(plain.metadata) ? (plain.metadata as Record<string, string>) : null,
    params: PARAMS,
  }
}

const PARAMS: Conversation["params"] = {
  messages: "input",
  tools: "tools",
  toolChoice: "tool_choice",
  parallelTools: "parallel_tool_calls",
  format: "text.format",
  reasoning: "reasoning",
  logprobs: "top_logprobs",
  verbosity: "text.verbosity",
  user: "user",
  cacheKey: "prompt_cache_key",
  metadata: "metadata",
  temperature: "temperature",
  topP: "top_p",
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const text = (value: unknown): string | null => (typeof value === "string" ? value : null)
const number = (value: unknown): number | null => (typeof value === "number" ? value : null)
const object = (value: unknown): Json => (isObject(value) ? value : {})
const word = <Word extends string>(value: unknown, known: readonly Word[]): Word | null =>
  known.find((one) => one === value) ?? null

function instructionsOf(value: unknown): Turn[] {
  if (typeof value !== "string" || value === "") return []
  const param = "instructions"
  return [{ role: "system", parts: [{ type: "text", text: value, param }], param }]
}

function toolOf({ tool, param }: Placed): ToolDefinition {
  const { type, name, description, parameters, strict, format } = tool
  for (const member of ["output_schema", "async"]) {
    if (tool[member]) throw cannot(`${param}.${member}`, `\`${member}\` of a tool cannot be told to this model`)
  }
  const head = { name: String(name), description: text(description), param }
  if (type === "custom") return { type, ...head, format: format ?? null }
  return {
    type: "function",
    ...head,
    schema: isObject(parameters) ? parameters : null,
    strict: typeof strict === "boolean" ? strict : null,
  }
}

function choiceOf(value: unknown): ToolChoice | null {
  if (typeof value === "string") {
    const type = word(value, ["auto", "none", "required"])
    return type ? { type } : null
  }
  if (!isObject(value)) return null
  if (value.type !== "allowed_tools") return { type: "tool", name: String(value.name) }
  const names = list(value.tools).map((tool) => String(object(tool).name))
  return { type: "allowed", names, required: value.mode === "required" }
}

function formatOf(value: unknown): AnswerFormat | null {
  const { type, name, description, schema, strict } = object(value)
  if (type === "text") return { type }
  if (type === "json_object") return { type: "json" }
  if (type !== "json_schema" || !isObject(schema)) return null
  return {
    type: "schema",
    name: text(name) ?? "answer",
    description: text(description),
    schema,
    strict: typeof strict === "boolean" ? strict : null,
  }
}

function reasoningOf({ effort, summary, generate_summary, context }: Json): Reasoning | null {
  // All turns' thinking is what other wires are sent.
  if (context !== undefined && context !== null && context !== "auto" && context !== "all_turns") {
    throw cannot("reasoning.context", "`reasoning.context` cannot be told to this model")
  }
  const said = {
    effort: word(effort, EFFORTS),
    summary: word(summary ?? generate_summary, ["auto", "concise", "detailed"]),
  }
  if (typeof effort === "string" && said.effort === null) {
    throw cannot("reasoning.effort", "This `reasoning.effort` cannot be told to this model")
  }
  return said.effort === null && said.summary === null ? null : { ...said, budget: null, adaptive: false }
}

/** Wanted by `include`, or by a number of them. */
function logprobsOf({ include, top_logprobs }: Json): number | null {
  const top = number(top_logprobs) ?? 0
  return list(include).includes("message.output_text.logprobs") || top > 0 ? top : null
}
