// What one delta or message says: text, thinking, tool calls, sound and pictures, by every name that OpenAI-like servers use.
import { audioTokens, IMAGE_TOKENS } from "../media.ts"
import type { AnswerEvent } from "../provider.ts"
import { object } from "./usage.ts"

type Json = Record<string, unknown>

export function saidBy(said: Json, choice: number, isStream: boolean, events: AnswerEvent[]): void {
  // In a whole message they stand beside each other: it was thought before it was said.
  const reasoning = thinking(said)
  if (reasoning !== "") events.push({ type: "reasoning", choice, text: reasoning })
  text(said.content, choice, events)
  if (typeof said.refusal === "string" && said.refusal !== "") {
    events.push({ type: "refusal", choice, text: said.refusal })
  }
  if (Array.isArray(said.tool_calls)) {
    for (const [at, call] of said.tool_calls.entries()) tool(object(call), choice, at, events)
  }
  if (said.function_call) tool({ function: said.function_call }, choice, 0, events)
  if (said.audio) audio(object(said.audio), choice, isStream, events)
  if (Array.isArray(said.images)) for (const one of said.images) image(object(one), choice, events)
}

/** Content: a string, or a list of parts (text, Mistral's thinking, pictures). */
function text(content: unknown, choice: number, events: AnswerEvent[]): void {
  if (typeof content === "string") {
    if (content !== "") events.push({ type: "text", choice, text: content })
    return
  }
  if (!Array.isArray(content)) return
  for (const one of content) {
    const part = object(one)
    if (part.image_url) image(part, choice, events)
    const words = typeof one === "string" ? one : joined(part.text)
    if (words !== "") events.push({ type: "text", choice, text: words })
    const thought = joined(part.thinking)
    if (thought !== "") events.push({ type: "reasoning", choice, text: thought })
  }
}

/** The same thought often stands under two names: the first that says something counts. */
function thinking(said: Json): string {
  return joined(said.reasoning_content) || joined(said.reasoning) || joined(said.reasoning_details)
}

/** Every text in a string, a list of parts, or a part: `text`, `summary`, `content`. */
function joined(value: unknown): string {
  if (value === undefined || value === null) return ""
  if (typeof value === "string") return value
  if (Array.isArray(value)) return value.map((one) => partText(one)).join("")
  return partText(value)
}

const partText = (part: unknown): string => {
  if (typeof part === "string") return part
  const { text: words, summary, content } = object(part)
  const found = words ?? summary ?? content
  return typeof found === "string" ? found : ""
}

/** @param at its place in the list: documents do not number their calls */
function tool(call: Json, choice: number, at: number, events: AnswerEvent[]): void {
  const custom = call.type === "custom" || call.custom !== undefined
  const { name, arguments: given, input } = object(custom ? call.custom : call.function)
  const args = custom ? input : given
  events.push({
    type: "tool",
    choice,
    index: typeof call.index === "number" ? call.index : at,
    id: typeof call.id === "string" ? call.id : "",
    name: typeof name === "string" ? name : "",
    arguments: typeof args === "string" ? args : args ? JSON.stringify(args) : "",
    ...(custom ? { custom } : {}),
  })
}

function audio({ data, transcript }: Json, choice: number, isStream: boolean, events: AnswerEvent[]): void {
  text(transcript, choice, events)
  if (typeof data !== "string" || data === "") return
  events.push({ type: "media", choice, media: "audio", tokens: audioTokens(data, isStream), url: "" })
}

function image(part: Json, choice: number, events: AnswerEvent[]): void {
  const { url } = object(part.image_url)
  const address = typeof url === "string" ? url : ""
  events.push({ type: "media", choice, media: "image", tokens: IMAGE_TOKENS, url: address })
}
