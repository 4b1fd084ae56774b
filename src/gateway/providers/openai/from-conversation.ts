// A conversation in the words of chat completions, for callers of other dialects.
import type { AppError } from "../../../app/index.ts"
import {
  type Conversation,
  cannot,
  type Part,
  type Reasoning,
  type Source,
  type ToolDefinition,
  type Turn,
} from "../conversation.ts"

type Json = Record<string, unknown>

/** @returns null: all of it can be said */
export const cannotSay = (conversation: Conversation): AppError | null => firstProblem(conversation, cannotPart)

/** The same where documents may be told by their address. */
export const cannotCite = (conversation: Conversation): AppError | null => firstProblem(conversation, citedPart)

type Problem = (part: Part) => AppError | null

function firstProblem({ messages }: Conversation, problem: Problem): AppError | null {
  const inside = (part: Part): AppError | null =>
    part.type === "result" ? (part.parts.map(inside).find((found) => found !== null) ?? null) : problem(part)
  for (const { parts } of messages) {
    for (const part of parts) {
      const found = inside(part)
      if (found) return found
    }
  }
  return null
}

const citedPart: Problem = (part) =>
  part.type === "file" && part.citations
    ? cannot(part.param, "Citations of documents cannot be had from this model")
    : null

const cannotPart: Problem = (part) =>
  part.type === "file" && !part.citations && part.source.type === "url"
    ? cannot(part.param, "A document by its address cannot be told to this model")
    : citedPart(part)

/** What a server knows beside OpenAI's words. */
export interface MoreWords {
  /** Members of an assistant's message for the thinking of an earlier answer. */
  thoughts(parts: readonly Extract<Part, { type: "reasoning" }>[]): Json
  /** Members of a part of content that ends a cached beginning. */
  mark(part: Part): Json
}

/** This wire has no place for either. */
const NO_MORE: MoreWords = { thoughts: () => ({}), mark: () => ({}) }

/** @param isNewer OpenAI's own API and those that follow it closely: developers' messages and hints for caches are known there */
export function fieldsFrom(conversation: Conversation, isNewer: boolean, more: MoreWords = NO_MORE): Json {
  const { tools, toolChoice, parallelTools, format, reasoning, sampling, stop, logprobs, choices } = conversation
  return defined({
    messages: conversation.messages.flatMap((turn) => messagesOf(turn, isNewer, more)),
    tools: tools.length > 0 ? tools.map(toolJson) : null,
    tool_choice: toolChoice && choiceJson(toolChoice, tools),
    parallel_tool_calls: tools.length > 0 ? parallelTools : null,
    response_format: format && formatJson(format),
    ...reasoningJson(reasoning),
    verbosity: conversation.verbosity,
    temperature: sampling.temperature,
    top_p: sampling.topP,
    top_k: sampling.topK,
    min_p: sampling.minP,
    frequency_penalty: sampling.frequencyPenalty,
    presence_penalty: sampling.presencePenalty,
    repetition_penalty: sampling.repetitionPenalty,
    seed: sampling.seed,
    logit_bias: sampling.logitBias,
    stop: stop.length > 0 ? stop : null,
    logprobs: logprobs === null ? null : true,
    top_logprobs: logprobs === 0 ? null : logprobs,
    n: choices > 1 ? choices : null,
    user: conversation.user,
    prompt_cache_key: isNewer ? conversation.cacheKey : null,
  })
}

const defined = (fields: Json): Json =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined))

/** A turn may hold answers of tools, which are messages of their own here, and come first. */
function messagesOf(turn: Turn, isNewer: boolean, more: MoreWords): Json[] {
  const { role, parts, name } = turn
  const named = name === undefined ? {} : { name }
  if (role === "assistant") return [{ role, ...assistantJson(parts, more), ...named }]
  if (role !== "user") return [{ role: isNewer ? role : "system", content: contentJson(parts, more), ...named }]
  const messages: Json[] = []
  const rest: Part[] = []
  for (const part of parts) {
    if (part.type !== "result") {
      rest.push(part)
      continue
    }
    const seen = part.parts.filter(({ type }) => type !== "text")
    messages.push({ role: "tool", tool_call_id: part.id, content: resultText(part) })
    // Tools answer in words here; what they show stands in the turn that follows.
    if (seen.length > 0) rest.push({ type: "text", text: `From the tool call ${part.id}:`, param: part.param }, ...seen)
  }
  if (rest.length > 0) messages.push({ role, content: contentJson(rest, more), ...named })
  return messages
}

function resultText({ parts, isError }: Extract<Part, { type: "result" }>): string {
  const text = parts.map((part) => (part.type === "text" ? part.text : "")).join("")
  return isError ? `Error: ${text}` : text
}

function assistantJson(parts: readonly Part[], more: MoreWords): Json {
  const words = parts.filter((part) => part.type === "text").map(({ text }) => text)
  const refusal = parts.filter((part) => part.type === "refusal").map(({ text }) => text)
  const calls = parts.filter((part) => part.type === "call").map(callJson)
  return {
    content: words.length > 0 ? words.join("") : null,
    ...(refusal.length > 0 ? { refusal: refusal.join("") } : {}),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
    ...more.thoughts(parts.filter((part) => part.type === "reasoning")),
  }
}

const callJson = ({ id, name, arguments: args, custom, signature }: Extract<Part, { type: "call" }>): Json => ({
  id,
  ...(custom
    ? { type: "custom", custom: { name, input: args } }
    : { type: "function", function: { name, arguments: args } }),
  ...(signature?.format === "google" ? { extra_content: { google: { thought_signature: signature.data } } } : {}),
})

/** One text is sent as text: some servers know nothing else. */
function contentJson(parts: readonly Part[], more: MoreWords): unknown {
  const [first] = parts
  const marked = parts.map((part) => ({ ...partJson(part), ...more.mark(part) }))
  return parts.length === 1 && first?.type === "text" && !("cache_control" in marked[0]!) ? first.text : marked
}

function partJson(part: Part): Json {
  switch (part.type) {
    case "text":
    case "refusal":
    case "reasoning":
      return { type: "text", text: part.text }
    case "image": {
      const detail = part.detail === "auto" ? {} : { detail: part.detail }
      return { type: "image_url", image_url: { url: urlOf(part.source), ...detail } }
    }
    case "audio":
      return { type: "input_audio", input_audio: { data: part.data, format: part.format } }
    case "file":
      if (part.source.type === "text") return { type: "text", text: part.source.text }
      return { type: "file", file: { filename: part.name ?? "document.pdf", file_data: urlOf(part.source) } }
    case "call":
    case "result":
      throw new Error(`a ${part.type} is a message of its own`)
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
  const { name, description } = tool
  const described = description === null ? {} : { description }
  if (tool.type === "custom") {
    return { type: "custom", custom: { name, ...described, ...(tool.format ? { format: tool.format } : {}) } }
  }
  const { schema, strict } = tool
  return {
    type: "function",
    function: { name, ...described, ...(schema ? { parameters: schema } : {}), ...(strict === null ? {} : { strict }) },
  }
}

function choiceJson(choice: NonNullable<Conversation["toolChoice"]>, tools: readonly ToolDefinition[]): unknown {
  const named = (name: string) => {
    const type = tools.find((tool) => tool.name === name)?.type ?? "function"
    return { type, [type]: { name } }
  }
  if (choice.type === "tool") return named(choice.name)
  if (choice.type !== "allowed") return choice.type
  const allowed_tools = { mode: choice.required ? "required" : "auto", tools: choice.names.map(named) }
  return { type: "allowed_tools", allowed_tools }
}

function formatJson(format: NonNullable<Conversation["format"]>): Json {
  if (format.type === "text") return { type: "text" }
  if (format.type === "json") return { type: "json_object" }
  const { name, description, schema, strict } = format
  const json_schema = defined({ name, description, schema, strict })
  return { type: "json_schema", json_schema }
}

/** Budgets in tokens as the effort that comes nearest; what the model decides itself is left to it. */
const EFFORT_BUDGETS: readonly [upTo: number, effort: string][] = [
  [0, "none"],
  [2_048, "low"],
  [8_192, "medium"],
]

function reasoningJson(reasoning: Reasoning | null): Json {
  if (!reasoning) return {}
  const { effort, budget } = reasoning
  if (effort !== null) return { reasoning_effort: effort === "max" ? "xhigh" : effort }
  if (budget === null) return {}
  return { reasoning_effort: EFFORT_BUDGETS.find(([upTo]) => budget <= upTo)?.[1] ?? "high" }
}
