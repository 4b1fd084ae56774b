// What stands beside the words of a delta or message, for callers of other dialects: seals of thinking, sources, probabilities.
import type { Citation, Signature } from "../conversation.ts"
import type { AnswerEvent, TokenLogprob } from "../provider.ts"
import { object } from "./usage.ts"

type Json = Record<string, unknown>
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(object) : [])
const string = (value: unknown): string => (typeof value === "string" ? value : "")

/** @param from where the events of this delta begin in `events` */
export function besideSaid(said: Json, logprobs: Json, choice: number, events: AnswerEvent[], from: number): void {
  const tokens = list(logprobs.content)
  const text = events.findIndex((event, at) => at >= from && event.type === "text")
  const spoken = events[text]
  if (tokens.length > 0 && spoken?.type === "text") spoken.logprobs = tokens as unknown as TokenLogprob[]
  // A seal follows the thinking that it seals, and stands before the answer.
  const seals = list(said.reasoning_details).flatMap((detail) => sealOf(detail, choice))
  const thought = events.findLastIndex((event, at) => at >= from && event.type === "reasoning")
  events.splice(thought === -1 ? from : thought + 1, 0, ...seals)
  for (const annotation of list(said.annotations)) {
    const citation = citationOf(object(annotation.url_citation))
    if (citation) events.push({ type: "citation", choice, citation })
  }
  for (const [at, call] of list(said.tool_calls).entries()) {
    const data = string(object(object(call.extra_content).google).thought_signature)
    const tool = typeof call.index === "number" ? call.index : at
    if (data !== "") events.push({ type: "signature", choice, signature: { format: "google", data }, tool })
  }
}

const FORMATS: readonly [start: string, format: Signature["format"]][] = [
  ["anthropic", "anthropic"],
  ["google", "google"],
  ["openai", "openai"],
]

/** OpenRouter's details: a text with its signature, or sealed data alone. */
function sealOf(detail: Json, choice: number): AnswerEvent[] {
  const isSealed = detail.type === "reasoning.encrypted"
  const data = string(isSealed ? detail.data : detail.signature)
  if (data === "") return []
  const format = FORMATS.find(([start]) => string(detail.format).startsWith(start))?.[1] ?? "other"
  const id = typeof detail.id === "string" ? { id: detail.id } : {}
  const redacted = isSealed && format === "anthropic" ? { redacted: true } : {}
  return [{ type: "signature", choice, signature: { format, data, ...id, ...redacted } }]
}

function citationOf({ url, title, content, start_index, end_index }: Json): Citation | null {
  if (string(url) === "") return null
  const place = (value: unknown) => (typeof value === "number" ? value : null)
  return {
    type: "url",
    url: string(url),
    title: typeof title === "string" ? title : null,
    text: typeof content === "string" ? content : null,
    start: place(start_index),
    end: place(end_index),
  }
}
