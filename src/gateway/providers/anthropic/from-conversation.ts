// A conversation in the words of Anthropic's Messages, for callers of other dialects.
import type { MessageCreateParams, Tool, ToolChoice } from "@anthropic-ai/sdk/resources/messages"
import type { Conversation, ToolDefinition, Turn } from "../conversation.ts"
import { blocksOf, cached, type PartWords } from "./blocks.ts"
import type { Json } from "./json.ts"
import { takesLaterSystem } from "./model.ts"
import { closedSchema } from "./schema.ts"
import { thinkingFor } from "./thinking.ts"

/** The API takes no longer name of an app's end user. */
const USER_CHARS_MAX = 256

/** All but model, stream and maximum. @param maxTokens thinking is a part of it */
export function fieldsFrom(conversation: Conversation, model: string, maxTokens: number): Json {
  const { format, reasoning, sampling, stop, user } = conversation
  const { system, rest } = split(conversation.messages)
  const { thinking, effort } = reasoning ? thinkingFor(reasoning, model, maxTokens) : NO_THINKING
  const output = defined({
    effort,
    format: format?.type === "schema" ? { type: "json_schema", schema: closedSchema(format.schema) } : null,
  })
  const asked = rest.length > 0 ? rest : [{ role: "user" as const, parts: headParts(conversation.messages), param: "" }]
  const messages = messagesOf(asked, model)
  const fields = {
    system: system.length > 0 && rest.length > 0 ? system : null,
    messages,
    ...toolFields(conversation),
    thinking: thinking?.type === "enabled" && goesOnUnthought(messages) ? null : thinking,
    output_config: Object.keys(output).length > 0 ? output : null,
    ...samplingJson(sampling),
    stop_sequences: stop.length > 0 ? stop : null,
    metadata: user === null ? null : { user_id: user.slice(0, USER_CHARS_MAX) },
  }
  return defined(fields satisfies Partial<Record<keyof MessageCreateParams, unknown>>)
}

const NO_THINKING = { thinking: null, effort: null }

const defined = (fields: Json): Json =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined))

/** OpenAI's scale goes to 2, this one to 1. Newer models take one of the two only: the one that says something. */
function samplingJson({ temperature, topP, topK }: Conversation["sampling"]): Json {
  return {
    temperature: temperature === null ? null : Math.min(temperature, 1),
    top_p: topP === 1 && temperature !== null ? null : topP,
    top_k: topK,
  }
}

const isHouse = ({ role }: Turn): boolean => role === "system" || role === "developer"
const headParts = (turns: readonly Turn[]): Turn["parts"] => turns.flatMap(({ parts }) => parts)

/** What stands before everything else instructs. */
function split(turns: readonly Turn[]): { system: Json[]; rest: readonly Turn[] } {
  const first = turns.findIndex((turn) => !isHouse(turn))
  const head = first === -1 ? turns : turns.slice(0, first)
  return { system: blocksOf(headParts(head), TEXT_ONLY), rest: first === -1 ? [] : turns.slice(first) }
}

const TEXT_ONLY: PartWords = { onlyText: true }
const ALL: PartWords = { onlyText: false }

/**
 * A turn that calls tools must begin with its thinking where a budget is given for it. Callers of dialects that keep none send calls
 * alone: that turn goes on as it began, without.
 */
function goesOnUnthought(messages: readonly Message[]): boolean {
  const [called, answered] = messages.slice(-2)
  if (called?.role !== "assistant" || answered?.content[0]?.type !== "tool_result") return false
  const first = called.content[0]?.type
  return first !== "thinking" && first !== "redacted_thinking"
}

interface Message {
  role: "user" | "assistant" | "system"
  content: Json[]
}

/** Neighbours of the same role are one; answers of tools come first in theirs, as the API wants them. */
function messagesOf(turns: readonly Turn[], model: string): Message[] {
  const messages: Message[] = []
  for (const turn of turns) {
    const before = messages.at(-1)
    const isSystem = isHouse(turn) && takesLaterSystem(model) && before?.role === "user"
    const role = isSystem ? "system" : turn.role === "assistant" ? "assistant" : "user"
    const content = blocksOf(turn.parts, isHouse(turn) ? TEXT_ONLY : ALL)
    if (content.length === 0) continue
    if (before?.role === role) before.content.push(...content)
    else messages.push({ role, content })
  }
  for (const message of messages) if (message.role === "user") message.content = resultsFirst(message.content)
  const last = messages.at(-1)
  if (last?.role === "assistant") withoutBlankEnd(last.content)
  return messages
}

function resultsFirst(content: Json[]): Json[] {
  const isResult = ({ type }: Json) => type === "tool_result"
  const firstOther = content.findIndex((block) => !isResult(block))
  if (firstOther === -1 || !content.slice(firstOther).some(isResult)) return content
  return [...content.filter(isResult), ...content.filter((block) => !isResult(block))]
}

/** Words to go on from may not end in a blank. */
function withoutBlankEnd(content: Json[]): void {
  const last = content.at(-1)
  if (last?.type !== "text" || typeof last.text !== "string") return
  const text = last.text.trimEnd()
  if (text === "") content.pop()
  else last.text = text
}

function toolFields({ tools, toolChoice, parallelTools }: Conversation): Json {
  if (tools.length === 0) return {}
  const names = toolChoice?.type === "allowed" ? new Set(toolChoice.names) : null
  const offered = names ? tools.filter(({ name }) => names.has(name)) : tools
  return { tools: offered.map(toolJson), tool_choice: choiceJson(toolChoice, parallelTools) }
}

const NO_PARAMETERS = { type: "object" as const, properties: {} }

function toolJson(tool: ToolDefinition): Tool {
  if (tool.type === "custom") throw new Error("free text is refused before")
  const { name, description, schema, strict, cache } = tool
  return {
    name,
    ...(description === null ? {} : { description }),
    input_schema: schema ? { ...(strict ? closedSchema(schema) : schema), type: "object" } : NO_PARAMETERS,
    ...(strict === true ? { strict } : {}),
    ...cached(cache),
  }
}

function choiceJson(choice: Conversation["toolChoice"], parallel: boolean | null): ToolChoice | null {
  const alone = parallel === false ? { disable_parallel_tool_use: true } : {}
  if (choice === null) return parallel === false ? { type: "auto", ...alone } : null
  switch (choice.type) {
    case "none":
      return { type: "none" }
    case "auto":
      return { type: "auto", ...alone }
    case "required":
      return { type: "any", ...alone }
    case "tool":
      return { type: "tool", name: choice.name, ...alone }
    case "allowed":
      return { type: choice.required ? "any" : "auto", ...alone }
  }
}
