// A conversation in the words of the Responses API, for callers of other dialects.
import type { AppError } from "../../../../app/index.ts"
import {
  type AnswerFormat,
  type Conversation,
  cannot,
  type Part,
  type Reasoning,
  type Sampling,
  type Source,
  type ToolChoice,
  type ToolDefinition,
  type Turn,
} from "../../conversation.ts"

type Json = Record<string, unknown>

const UNKNOWN: readonly (keyof Sampling)[] = [
  "topK",
  "minP",
  "frequencyPenalty",
  "presencePenalty",
  "repetitionPenalty",
  "seed",
  "logitBias",
]

/** @returns null: all of it can be said */
export function cannotSay({ messages, sampling, stop, choices, params }: Conversation): AppError | null {
  if (stop.length > 0) return cannot(params.stop, `\`${params.stop}\` cannot be told to this model`)
  if (choices > 1) return cannot(params.choices, "More than one choice cannot be had from this model")
  const name = UNKNOWN.find((one) => sampling[one] !== null)
  if (name) return cannot(params[name], `\`${params[name] ?? name}\` cannot be told to this model`)
  return messages.flatMap(({ parts }) => parts.map(cannotPart)).find((found) => found !== null) ?? null
}

function cannotPart(part: Part): AppError | null {
  if (part.type === "result") return part.parts.map(cannotPart).find((found) => found !== null) ?? null
  if (part.type === "audio") return cannot(part.param, "Sound cannot be told to this model")
  if (part.type === "file" && part.citations) {
    return cannot(part.param, "Citations of documents cannot be had from this model")
  }
  return null
}

export function fieldsFrom(conversation: Conversation): Json {
  const { tools, toolChoice, parallelTools, format, reasoning, sampling, logprobs, verbosity } = conversation
  const text = defined({ format: format && formatJson(format), verbosity })
  const thinking = reasoning && reasoningJson(reasoning)
  const include = [
    ...(thinking && thinking.effort !== "none" ? ["reasoning.encrypted_content"] : []),
    ...(logprobs === null ? [] : ["message.output_text.logprobs"]),
  ]
  return defined({
    input: inputJson(conversation.messages),
    tools: tools.length > 0 ? tools.map(toolJson) : null,
    tool_choice: toolChoice && choiceJson(toolChoice, tools),
    parallel_tool_calls: tools.length > 0 ? parallelTools : null,
    text: Object.keys(text).length > 0 ? text : null,
    reasoning: thinking,
    include: include.length > 0 ? include : null,
    temperature: sampling.temperature,
    top_p: sampling.topP,
    top_logprobs: logprobs,
    // The end user of an app; `user` is the older name of it.
    safety_identifier: conversation.user,
    prompt_cache_key: conversation.cacheKey,
    metadata: conversation.metadata,
  })
}

const defined = (fields: Json): Json =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined))

function inputJson(messages: readonly Turn[]): Json[] {
  const custom = new Set<string>()
  for (const { parts } of messages) {
    for (const part of parts) if (part.type === "call" && part.custom) custom.add(part.id)
  }
  return messages.flatMap((turn) => itemsOf(turn, custom))
}

/** Calls, results and thinking are items of their own; what stands between them is a message. */
function itemsOf({ role, parts }: Turn, custom: ReadonlySet<string>): Json[] {
  const items: Json[] = []
  let content: Json[] | null = null
  for (const part of parts) {
    const item = itemOf(part, custom)
    if (item) items.push(item)
    if (item || part.type === "reasoning") content = null
    else if (content) content.push(partJson(part, role))
    else {
      content = [partJson(part, role)]
      items.push({ type: "message", role, content })
    }
  }
  return items
}

function itemOf(part: Part, custom: ReadonlySet<string>): Json | null {
  switch (part.type) {
    case "call": {
      const { id: call_id, name, arguments: args } = part
      return part.custom
        ? { type: "custom_tool_call", call_id, name, input: args }
        : { type: "function_call", call_id, name, arguments: args }
    }
    case "result":
      return {
        type: custom.has(part.id) ? "custom_tool_call_output" : "function_call_output",
        call_id: part.id,
        output: outputJson(part),
      }
    case "reasoning": {
      const { signature, text } = part
      // Thinking that others sealed, or nobody, cannot be read there.
      if (signature?.format !== "openai") return null
      const summary = text === "" ? [] : [{ type: "summary_text", text }]
      const id = signature.id === undefined ? {} : { id: signature.id }
      return { type: "reasoning", ...id, summary, encrypted_content: signature.data }
    }
    default:
      return null
  }
}

function outputJson({ parts, isError }: Extract<Part, { type: "result" }>): unknown {
  const head = isError ? "Error: " : ""
  if (parts.every((part) => part.type === "text")) return head + parts.map(({ text }) => text).join("")
  const said = parts.map((part) => partJson(part, "user"))
  return isError ? [{ type: "input_text", text: head }, ...said] : said
}

function partJson(part: Part, role: Turn["role"]): Json {
  const mark = part.cache ? { prompt_cache_breakpoint: { mode: "explicit" } } : {}
  switch (part.type) {
    case "text":
      if (role === "assistant") return { type: "output_text", text: part.text, annotations: [] }
      return { type: "input_text", text: part.text, ...mark }
    case "refusal":
      return role === "assistant" ? { type: "refusal", refusal: part.text } : { type: "input_text", text: part.text }
    case "image":
      return { type: "input_image", image_url: urlOf(part.source), detail: part.detail, ...mark }
    case "file": {
      const { source } = part
      if (source.type === "url") return { type: "input_file", file_url: source.url, ...mark }
      return { type: "input_file", filename: part.name ?? "document.pdf", file_data: urlOf(source), ...mark }
    }
    default:
      throw new Error(`a ${part.type} is an item of its own`)
  }
}

function urlOf(source: Source): string {
  if (source.type === "url") return source.url
  const [mediaType, data] =
    source.type === "data"
      ? [source.mediaType, source.data]
      : ["text/plain", Buffer.from(source.text).toString("base64")]
  return `data:${mediaType};base64,${data}`
}

function toolJson(tool: ToolDefinition): Json {
  const { type, name, description } = tool
  if (tool.type === "custom") return defined({ type, name, description, format: tool.format })
  // Both are required there; without a word of the caller nothing is checked, as in chat completions.
  return {
    ...defined({ type, name, description }),
    parameters: tool.schema ?? { type: "object", properties: {} },
    strict: tool.strict ?? false,
  }
}

function choiceJson(choice: ToolChoice, tools: readonly ToolDefinition[]): unknown {
  const named = (name: string) => ({ type: tools.find((tool) => tool.name === name)?.type ?? "function", name })
  if (choice.type === "tool") return named(choice.name)
  if (choice.type !== "allowed") return choice.type
  return { type: "allowed_tools", mode: choice.required ? "required" : "auto", tools: choice.names.map(named) }
}

function formatJson(format: AnswerFormat): Json {
  if (format.type === "text") return { type: "text" }
  if (format.type === "json") return { type: "json_object" }
  const { name, description, schema, strict } = format
  return defined({ type: "json_schema", name, description, schema, strict })
}

/** Budgets in tokens as the effort that comes nearest; what the model decides itself is left to it. */
const EFFORT_BUDGETS: readonly [upTo: number, effort: string][] = [
  [0, "none"],
  [2_048, "low"],
  [8_192, "medium"],
]

function reasoningJson({ effort, budget, summary }: Reasoning): Json {
  const byBudget = budget === null ? null : (EFFORT_BUDGETS.find(([upTo]) => budget <= upTo)?.[1] ?? "high")
  return defined({ effort: effort ?? byBudget, summary: summary === "none" ? null : summary })
}
