// What SDKs put around an answer when they send it back, and no provider reads there. OpenAI's Agents SDK spreads the whole message over
// each part of its text; LiteLLM puts what it does not know beside the message. It is taken away, and thinking to where it belongs, so
// that its seal finds back to who made it.
import { Type as t } from "@sinclair/typebox"
import { documented, isObject, type Json } from "../checks.ts"
import { counted, type FieldCheck, field } from "../reading.ts"

/** Thinking, as members of a message name it. */
const THOUGHT = ["reasoning", "reasoning_content", "reasoning_details"]
const COPIES = ["role", "refusal", "annotations", "audio", "function_call", "tool_calls", ...THOUGHT]

/** What an answer of ours says of tools that ran here. */
const NEWS = ["mcp_calls", "mcp_stopped"]

const anything = documented(t.Unknown(), () => {})
/** Members of a text part. Thinking is sent, so it counts; the rest is not. */
export const ECHOES: Readonly<Record<string, FieldCheck>> = Object.fromEntries(
  COPIES.map((name) => [name, THOUGHT.includes(name) ? counted(anything) : field(anything.schema, () => {})]),
)

const isEcho = (part: unknown): part is Json =>
  isObject(part) && part.type === "text" && COPIES.some((name) => Object.hasOwn(part, name))
/** LiteLLM's media type of a picture, which its address or data says itself. */
const hasFormat = (part: unknown): part is Json & { image_url: Json } =>
  isObject(part) && isObject(part.image_url) && Object.hasOwn(part.image_url, "format")
const partsOf = (message: unknown): unknown[] =>
  isObject(message) && Array.isArray(message.content) ? message.content : []
const besides = (message: unknown): Json =>
  isObject(message) && isObject(message.provider_specific_fields) ? message.provider_specific_fields : {}
const hasNews = (message: unknown): message is Json => isObject(message) && NEWS.some((name) => name in message)
const hasEchoes = (message: unknown): boolean =>
  hasNews(message) ||
  partsOf(message).some((part) => isEcho(part) || hasFormat(part)) ||
  THOUGHT.some((name) => name in besides(message))

/** The same messages where there are none, as nearly always. */
export function withoutEchoes(messages: unknown): unknown {
  if (!Array.isArray(messages) || !messages.some(hasEchoes)) return messages
  return messages.map((message) => (hasEchoes(message) ? cleaned(message as Json) : message))
}

function cleaned(message: Json): Json {
  const copies = partsOf(message).filter(isEcho)
  const thought: Json = {}
  for (const said of [besides(message), ...copies]) {
    for (const name of THOUGHT) if (said[name] !== undefined && said[name] !== null) thought[name] ??= said[name]
  }
  const { content, provider_specific_fields: _, ...rest } = without(message, NEWS)
  const parts = Array.isArray(content) ? content.map(cleanedPart) : content
  const others = without(besides(message), THOUGHT)
  const more = Object.keys(others).length > 0 ? { provider_specific_fields: others } : {}
  return { ...thought, ...rest, content: parts, ...more }
}

function cleanedPart(part: unknown): unknown {
  if (isEcho(part)) return without(part, COPIES)
  return hasFormat(part) ? { ...part, image_url: without(part.image_url, ["format"]) } : part
}

const without = (value: Json, names: readonly string[]): Json =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)))
