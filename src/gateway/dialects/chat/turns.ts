// Messages of a chat request as turns of a conversation. Seals of thinking come back in the members that answers of ours, of OpenRouter
// and of LiteLLM put them in.
import { cannot, type Part, type Signature, type Source, type Turn } from "../../providers/index.ts"
import { isObject, type Json } from "../checks.ts"

const object = (value: unknown): Json => (isObject(value) ? value : {})
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const string = (value: unknown): string => (typeof value === "string" ? value : "")

/** @throws AppError naming the part that only this wire knows */
export function turnsOf(messages: readonly unknown[]): Turn[] {
  return messages.map((message, index) => turnOf(object(message), `messages[${index}]`))
}

function turnOf(message: Json, param: string): Turn {
  const { role } = message
  const named = typeof message.name === "string" ? { name: message.name } : {}
  if (role === "tool" || role === "function") {
    const id = string(message.tool_call_id) || string(message.name)
    const name = typeof message.name === "string" ? message.name : null
    const parts = contentOf(message.content, `${param}.content`)
    return { role: "user", parts: [{ type: "result", id, name, parts, isError: false, param }], param }
  }
  if (role === "assistant") return { role, parts: assistantParts(message, param), param, ...named }
  const parts = contentOf(message.content, `${param}.content`).map((part) => marked(part, message.cache_control))
  return { role: role as "system" | "developer" | "user", parts, param, ...named }
}

const marked = (part: Part, mark: unknown): Part => (isObject(mark) ? { ...part, cache: markOf(mark) } : part)
const markOf = (mark: Json): { ttl: "5m" | "1h" } => ({ ttl: mark.ttl === "1h" ? "1h" : "5m" })

/** In the order in which models make them: thinking, words, calls. */
function assistantParts(message: Json, param: string): Part[] {
  if (isObject(message.audio)) throw cannot(`${param}.audio`, "Sound of an earlier answer cannot be told to this model")
  const parts: Part[] = reasoningParts(message, param)
  parts.push(...contentOf(message.content, `${param}.content`))
  if (string(message.refusal) !== "")
    parts.push({ type: "refusal", text: string(message.refusal), param: `${param}.refusal` })
  const calls = isObject(message.function_call)
    ? [{ id: "call_0", function: message.function_call }]
    : list(message.tool_calls)
  for (const [index, call] of calls.entries()) parts.push(callOf(object(call), `${param}.tool_calls[${index}]`))
  return parts
}

function callOf(call: Json, param: string): Part {
  const signature = string(object(object(call.extra_content).google).thought_signature)
  const seal: Signature | null = signature === "" ? null : { format: "google", data: signature }
  const { name, arguments: args, input } = object(call.type === "custom" ? call.custom : call.function)
  return {
    type: "call",
    id: string(call.id),
    name: string(name),
    arguments: string(args ?? input),
    custom: call.type === "custom",
    signature: seal,
    param,
  }
}

/** The first member that says something: the same thought often stands under several names. */
function reasoningParts(message: Json, param: string): Part[] {
  const details = list(message.reasoning_details)
  if (details.length > 0) return details.flatMap((one) => detailPart(object(one), `${param}.reasoning_details`))
  const blocks = list(message.thinking_blocks)
  if (blocks.length > 0) return blocks.flatMap((one) => blockPart(object(one), `${param}.thinking_blocks`))
  const text = string(message.reasoning_content) || string(message.reasoning)
  if (text === "") return []
  return [{ type: "reasoning", text, summary: false, signature: null, param: `${param}.reasoning_content` }]
}

const FORMATS: readonly [start: string, format: Signature["format"]][] = [
  ["anthropic", "anthropic"],
  ["google", "google"],
  ["openai", "openai"],
]
const formatOf = (value: unknown): Signature["format"] =>
  FORMATS.find(([start]) => string(value).startsWith(start))?.[1] ?? "other"

/** OpenRouter's: text with a signature, a summary, or sealed data alone. */
function detailPart(detail: Json, param: string): Part[] {
  const format = formatOf(detail.format)
  const id = typeof detail.id === "string" ? { id: detail.id } : {}
  if (detail.type === "reasoning.encrypted") {
    const redacted = format === "anthropic" ? { redacted: true } : {}
    const signature: Signature = { format, data: string(detail.data), ...id, ...redacted }
    return [{ type: "reasoning", text: "", summary: false, signature, param }]
  }
  const isSummary = detail.type === "reasoning.summary"
  const text = string(isSummary ? detail.summary : detail.text)
  const data = string(detail.signature)
  const signature = data === "" ? null : { format, data, ...id }
  return text === "" && !signature ? [] : [{ type: "reasoning", text, summary: isSummary, signature, param }]
}

/** LiteLLM's, which are Anthropic's own blocks. */
function blockPart(block: Json, param: string): Part[] {
  if (block.type === "redacted_thinking") {
    const signature: Signature = { format: "anthropic", data: string(block.data), redacted: true }
    return [{ type: "reasoning", text: "", summary: false, signature, param }]
  }
  const data = string(block.signature)
  const signature: Signature | null = data === "" ? null : { format: "anthropic", data }
  return [{ type: "reasoning", text: string(block.thinking), summary: false, signature, param }]
}

function contentOf(content: unknown, param: string): Part[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content, param }]
  return list(content).map((part, index) => {
    const here = `${param}[${index}]`
    const said = object(part)
    const read = partOf(said, here)
    return said.prompt_cache_breakpoint ? { ...read, cache: markOf({}) } : marked(read, said.cache_control)
  })
}

function partOf(part: Json, param: string): Part {
  switch (part.type) {
    case "refusal":
      return { type: "refusal", text: string(part.refusal), param }
    case "thinking": {
      const { thinking, signature } = part
      const words =
        list(thinking)
          .map((one) => string(object(one).text))
          .join("") || string(thinking)
      const seal: Signature | null = string(signature) === "" ? null : { format: "anthropic", data: string(signature) }
      return { type: "reasoning", text: words, summary: false, signature: seal, param }
    }
    case "image_url":
      return imageOf(part.image_url, `${param}.image_url`)
    case "input_audio": {
      const { data, format } = object(part.input_audio)
      return { type: "audio", data: string(data), format: string(format), param }
    }
    case "file": {
      const { filename, file_data } = object(part.file)
      const source = sourceOf(string(file_data), "application/pdf")
      return { type: "file", source, name: typeof filename === "string" ? filename : null, citations: false, param }
    }
    default:
      return { type: "text", text: string(part.text), param }
  }
}

const DETAILS = ["low", "high", "original"] as const

function imageOf(value: unknown, param: string): Part {
  const { url, detail } = typeof value === "string" ? { url: value, detail: null } : object(value)
  const source = sourceOf(string(url), "image/png")
  if (source.type === "data" && source.mediaType === "application/pdf") {
    return { type: "file", source, name: null, citations: false, param }
  }
  return { type: "image", source, detail: DETAILS.find((one) => one === detail) ?? "auto", param }
}

const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)((?:;[\w=.-]+)*);base64,/i

/** A data URL, an address, or bare base64 of the kind that is usual there. */
function sourceOf(text: string, mediaType: string): Source {
  const head = DATA_URL.exec(text.slice(0, 200))
  if (head) return { type: "data", mediaType: head[1]!.toLowerCase(), data: text.slice(head[0].length) }
  return /^https?:\/\//i.test(text) ? { type: "url", url: text } : { type: "data", mediaType, data: text }
}
