// Most events of a stream are the last one with another word in it. Where all but the text is the same, it need not be parsed (the
// same as openai/template.ts does for chunks).
import { type Json, object } from "./json.ts"

const KEY = '"text":'
/** JSON text between the quotes of a string that is its own value (RFC 8259 §7). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a string may not hold as they are
const PLAIN = /^[^"\\\u0000-\u001f]*$/
const PROBE = "probe"

/** Up to the text's opening quote, and from its closing one. */
export interface TextTemplate {
  before: string
  after: string
  json: Json
}

/** @returns null where the event says anything but a piece of text, or its text does not stand in one certain place */
export function textTemplate(json: Json, data: string): TextTemplate | null {
  const text = textOf(json)
  if (text === null || !PLAIN.test(text)) return null
  const literal = `${KEY}"${text}"`
  const at = data.indexOf(literal)
  if (at === -1) return null
  const before = data.slice(0, at + KEY.length + 1)
  const after = data.slice(at + literal.length - 1)
  return textOf(JSON.parse(`${before}${PROBE}${after}`)) === PROBE ? { before, after, json } : null
}

function textOf(json: Json): string | null {
  const { type, text } = object(json.delta)
  return json.type === "content_block_delta" && type === "text_delta" && typeof text === "string" ? text : null
}

/** The text of an event that is this template with another one; null = parse it. */
export function textBy({ before, after }: TextTemplate, data: string): string | null {
  if (data.length < before.length + after.length || !data.startsWith(before) || !data.endsWith(after)) return null
  const text = data.slice(before.length, data.length - after.length)
  return PLAIN.test(text) ? text : null
}
