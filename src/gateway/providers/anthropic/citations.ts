// Citations in Anthropic's words, both ways.
import type { TextCitation } from "@anthropic-ai/sdk/resources/messages"
import type { Citation } from "../conversation.ts"
import { type Json, string } from "./json.ts"

const number = (value: unknown): number => (typeof value === "number" ? value : 0)
const orNull = (value: unknown): string | null => (typeof value === "string" ? value : null)

const UNITS = {
  char_location: ["char", "start_char_index", "end_char_index"],
  page_location: ["page", "start_page_number", "end_page_number"],
  content_block_location: ["block", "start_block_index", "end_block_index"],
} as const

/** @returns null for a kind that nobody here knows */
export function citationOf(json: Json): Citation | null {
  const type = string(json.type)
  const text = string(json.cited_text)
  if (type === "web_search_result_location" || type === "search_result_location") {
    const url = string(json.url) || string(json.source)
    return { type: "url", url, title: orNull(json.title), text, start: null, end: null }
  }
  if (!Object.hasOwn(UNITS, type)) return null
  const [unit, start, end] = UNITS[type as keyof typeof UNITS]
  return {
    type: "document",
    index: number(json.document_index),
    title: orNull(json.document_title),
    text,
    unit,
    start: number(json[start]),
    end: number(json[end]),
  }
}

export function citationJson(citation: Citation): TextCitation {
  const { title } = citation
  if (citation.type === "url") {
    const { url, text } = citation
    return { type: "web_search_result_location", cited_text: text ?? "", encrypted_index: "", title, url }
  }
  const { index, text, start, end } = citation
  const head = { cited_text: text, document_index: index, document_title: title, file_id: null }
  switch (citation.unit) {
    case "char":
      return { type: "char_location", ...head, start_char_index: start, end_char_index: end }
    case "page":
      return { type: "page_location", ...head, start_page_number: start, end_page_number: end }
    case "block":
      return { type: "content_block_location", ...head, start_block_index: start, end_block_index: end }
  }
}
