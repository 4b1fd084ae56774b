// Messages as turns of a conversation.
import {
  type Citation,
  citationOf,
  type Part,
  type Signature,
  type Source,
  type Turn,
  unsealed,
} from "../../providers/index.ts"
import { isObject, type Json } from "../checks.ts"

const object = (value: unknown): Json => (isObject(value) ? value : {})
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const string = (value: unknown): string => (typeof value === "string" ? value : "")

/** @param system the field of that name, which stands before the messages */
export function turnsOf(system: unknown, messages: readonly unknown[]): Turn[] {
  const head = partsOf(system, "system")
  const turns = messages.map((one, index): Turn => {
    const { role, content } = object(one)
    const param = `messages[${index}]`
    const parts = withSeals(partsOf(content, `${param}.content`))
    return { role: role as "user" | "assistant" | "system", parts, param }
  })
  return head.length > 0 ? [{ role: "system", parts: head, param: "system" }, ...turns] : turns
}

function partsOf(content: unknown, param: string): Part[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content, param }]
  return list(content).flatMap((block, index) => partOf(object(block), `${param}[${index}]`))
}

const markOf = (mark: unknown): { cache?: { ttl: "5m" | "1h" } } =>
  isObject(mark) ? { cache: { ttl: mark.ttl === "1h" ? "1h" : "5m" } } : {}

function partOf(block: Json, param: string): Part[] {
  const cache = markOf(block.cache_control)
  switch (block.type) {
    case "image":
      return [{ type: "image", source: sourceOf(block.source), detail: "auto", param: `${param}.source`, ...cache }]
    case "document":
      return documentParts(block, param)
    case "search_result":
      return [{ ...searchResult(block, param), ...cache }]
    case "tool_use": {
      const { id, name, input } = block
      const said = { id: string(id), name: string(name), arguments: JSON.stringify(input), custom: false }
      return [{ type: "call", ...said, signature: null, param, ...cache }]
    }
    case "tool_result": {
      const { tool_use_id, content, is_error } = block
      const parts = partsOf(content, `${param}.content`)
      return [
        { type: "result", id: string(tool_use_id), name: null, parts, isError: is_error === true, param, ...cache },
      ]
    }
    case "thinking": {
      const seal = string(block.signature)
      const signature: Signature | null = seal === "" ? null : (unsealed(seal) ?? { format: "anthropic", data: seal })
      return [{ type: "reasoning", text: string(block.thinking), summary: false, signature, param }]
    }
    case "redacted_thinking": {
      const data = string(block.data)
      const signature: Signature = unsealed(data) ?? { format: "anthropic", data, redacted: true }
      return [{ type: "reasoning", text: "", summary: false, signature, param }]
    }
    default:
      return [{ type: "text", text: string(block.text), ...citationsOf(block.citations), param, ...cache }]
  }
}

function citationsOf(value: unknown): { citations?: Citation[] } {
  const found = list(value).map((one) => citationOf(object(one)))
  const known = found.filter((one) => one !== null)
  return known.length > 0 ? { citations: known } : {}
}

/** A document of blocks is its blocks; what was said about it stands before it. */
function documentParts(block: Json, param: string): Part[] {
  const { source, title, context, citations } = block
  const said: Part[] =
    string(context) === "" ? [] : [{ type: "text", text: string(context), param: `${param}.context` }]
  const inside = object(source)
  const cited = object(citations).enabled === true
  const name = typeof title === "string" ? title : null
  const cache = markOf(block.cache_control)
  const file = (from: Source): Part => ({ type: "file", source: from, name, citations: cited, param, ...cache })
  if (inside.type !== "content") return [...said, file(sourceOf(source))]
  const parts = partsOf(inside.content, `${param}.source.content`)
  const texts = parts.map((part) => (part.type === "text" ? part.text : null))
  if (texts.every((text) => text !== null)) return [...said, file({ type: "text", text: texts.join("\n\n") })]
  if (cited)
    return [...said, file({ type: "text", text: texts.filter((text) => text !== null).join("\n\n") }), ...parts]
  return [...said, ...parts]
}

/** A document of words, with where it was found. */
function searchResult({ content, source, title, citations }: Json, param: string): Part {
  const words = partsOf(content, param).map((part) => (part.type === "text" ? part.text : ""))
  const text = [`${string(title)} (${string(source)})`, ...words].join("\n\n")
  const cited = object(citations).enabled === true
  return { type: "file", source: { type: "text", text }, name: string(title), citations: cited, param }
}

function sourceOf(value: unknown): Source {
  const { type, url, data, media_type } = object(value)
  if (type === "url") return { type: "url", url: string(url) }
  if (type === "text") return { type: "text", text: string(data) }
  return { type: "data", mediaType: string(media_type).toLowerCase(), data: string(data) }
}

/** Seals of calls, which have no place of their own here, travel as thinking before their call: `id` names it. */
function withSeals(parts: Part[]): Part[] {
  const seals = new Map<string, Signature>()
  for (const part of parts) {
    if (part.type === "reasoning" && part.text === "" && part.signature?.format === "google" && part.signature.id) {
      seals.set(part.signature.id, part.signature)
    }
  }
  if (seals.size === 0) return parts
  return parts.flatMap((part): Part[] => {
    if (
      part.type === "reasoning" &&
      part.signature?.id !== undefined &&
      seals.get(part.signature.id) === part.signature
    )
      return []
    const seal = part.type === "call" ? seals.get(part.id) : undefined
    if (part.type !== "call" || !seal) return [part]
    return [{ ...part, signature: { format: seal.format, data: seal.data } }]
  })
}
