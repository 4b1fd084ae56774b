// Parts of a conversation as blocks of a message.
import type {
  Base64ImageSource,
  CacheControlEphemeral,
  CitationCharLocation,
  ContentBlockParam,
  DocumentBlockParam,
  ImageBlockParam,
  TextCitationParam,
  ToolResultBlockParam,
} from "@anthropic-ai/sdk/resources/messages"
import type { CacheMark, Citation, Part, Source } from "../conversation.ts"
import { citationJson } from "./citations.ts"
import type { Json } from "./json.ts"

export interface PartWords {
  /** Where nothing but text may stand. */
  onlyText: boolean
}

export const cached = (mark: CacheMark | undefined): { cache_control?: CacheControlEphemeral } =>
  mark === undefined ? {} : { cache_control: { type: "ephemeral", ...(mark.ttl === "1h" ? { ttl: "1h" } : {}) } }

/** Empty texts are left out: the API refuses them. */
export function blocksOf(parts: readonly Part[], words: PartWords): Json[] {
  const blocks = parts.map((part) => blockOf(part, words))
  return blocks.filter((block) => block !== null) as unknown as Json[]
}

function blockOf(part: Part, { onlyText }: PartWords): ContentBlockParam | null {
  switch (part.type) {
    case "text":
      return textBlock(part)
    case "refusal":
      return part.text.trim() === "" ? null : { type: "text", text: part.text }
    case "image":
      return onlyText ? null : imageBlock(part)
    case "file":
      return onlyText ? null : documentBlock(part)
    case "reasoning":
      return onlyText ? null : thinkingBlock(part)
    case "call":
      return {
        type: "tool_use",
        id: toolId(part.id),
        name: part.name,
        input: inputOf(part.arguments),
        ...cached(part.cache),
      }
    case "result":
      return resultBlock(part)
    case "audio":
      throw new Error("sound is refused before")
  }
}

type Of<Type extends Part["type"]> = Extract<Part, { type: Type }>

function textBlock({ text, citations, cache }: Of<"text">): ContentBlockParam | null {
  if (text.trim() === "") return null
  // Of pages that were found, Anthropic takes back only its own citations, which carry a proof.
  const own = (citations ?? []).filter(({ type }) => type === "document").map(citationParam)
  const cited = own.length > 0 ? { citations: own } : {}
  return { type: "text", text, ...cited, ...cached(cache) }
}

function citationParam(citation: Citation): TextCitationParam {
  const { file_id: _, ...rest } = citationJson(citation) as CitationCharLocation
  return rest
}

function imageBlock({ source, cache }: Of<"image">): ImageBlockParam {
  if (source.type === "text") throw new Error("a picture is no text")
  if (source.type === "url") return { type: "image", source, ...cached(cache) }
  const media_type = source.mediaType as Base64ImageSource["media_type"]
  return { type: "image", source: { type: "base64", media_type, data: source.data }, ...cached(cache) }
}

function documentBlock({ source, name, citations, cache }: Of<"file">): DocumentBlockParam {
  return {
    type: "document",
    source: paperSource(source),
    ...(name === null ? {} : { title: name }),
    ...(citations ? { citations: { enabled: true } } : {}),
    ...cached(cache),
  }
}

function paperSource(source: Source): DocumentBlockParam["source"] {
  if (source.type === "url") return source
  if (source.type === "text") return { type: "text", media_type: "text/plain", data: source.text }
  if (source.mediaType === "application/pdf")
    return { type: "base64", media_type: "application/pdf", data: source.data }
  return { type: "text", media_type: "text/plain", data: Buffer.from(source.data, "base64").toString("utf8") }
}

/** Thinking that Anthropic did not seal is not told: it takes back only its own, unchanged. */
function thinkingBlock({ text, signature }: Of<"reasoning">): ContentBlockParam | null {
  if (signature?.format !== "anthropic") return null
  if (signature.redacted) return { type: "redacted_thinking", data: signature.data }
  return { type: "thinking", thinking: text, signature: signature.data }
}

function resultBlock({ id, parts, isError, cache }: Of<"result">): ToolResultBlockParam {
  const content = blocksOf(parts, { onlyText: false }) as unknown as ToolResultBlockParam["content"]
  return {
    type: "tool_result",
    tool_use_id: toolId(id),
    ...(content && content.length > 0 ? { content } : {}),
    ...(isError ? { is_error: true } : {}),
    ...cached(cache),
  }
}

/** The API knows letters, digits, `_` and `-` in them. */
const toolId = (id: string): string => (id === "" ? "call" : id.replace(/[^\w-]/g, "_"))

/** An object there. */
function inputOf(text: string): Json {
  if (text.trim() === "") return {}
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed as Json
  } catch {
    // What a model wrote need not be JSON; it is told as it is.
  }
  return { input: text }
}
