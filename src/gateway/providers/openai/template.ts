// Most chunks of a stream are the last one with another word in it. Where all but the text is the same, the chunk need not be parsed:
// it is what the last one was, with that text. A third of the work of a stream, and most of its garbage.
import type { Frame } from "../provider.ts"

const KEY = '"content":'
/** JSON text between the quotes of a string that is its own value (RFC 8259 §7). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a string may not hold as they are
const PLAIN = /^[^"\\\u0000-\u001f]*$/
const PROBE = "probe"

export interface Template {
  /** Up to the text's opening quote, and from its closing one. */
  before: string
  after: string
  choice: number
  json: Record<string, unknown>
  model: string | null
}

/** @returns null where the chunk says anything but one piece of text, or its text does not stand in one certain place */
export function templateOf(frame: Frame): Template | null {
  const [event] = frame.events
  if (frame.events.length !== 1 || event?.type !== "text" || frame.raw === null || frame.raw.name !== "") return null
  const { data, json } = frame.raw
  const literal = `${KEY}"${event.text}"`
  const at = data.indexOf(literal)
  if (at === -1 || !PLAIN.test(event.text)) return null
  const before = data.slice(0, at + KEY.length + 1)
  const after = data.slice(at + literal.length - 1)
  const isThere = contentOf(JSON.parse(`${before}${PROBE}${after}`)) === PROBE
  return isThere ? { before, after, choice: event.choice, json, model: frame.model } : null
}

/** The frame of a chunk that is this template with another text; null = parse it. */
export function fromTemplate({ before, after, choice, json, model }: Template, data: string): Frame | null {
  if (data.length < before.length + after.length || !data.startsWith(before) || !data.endsWith(after)) return null
  const text = data.slice(before.length, data.length - after.length)
  if (!PLAIN.test(text)) return null
  return { events: text === "" ? [] : [{ type: "text", choice, text }], raw: { name: "", data, json }, model }
}

const contentOf = (chunk: { choices?: { delta?: { content?: unknown } }[] }): unknown =>
  chunk.choices?.[0]?.delta?.content
