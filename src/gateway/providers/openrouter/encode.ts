// The question as OpenRouter is asked it: chat completions, with the words that only it has.
import { budgetWithin } from "../budget.ts"
import type { Conversation, Part, Signature } from "../conversation.ts"
import { encode as encodeChat } from "../openai/encode.ts"
import { fieldsFrom } from "../openai/from-conversation.ts"
import type { ModelRequest, Quirk } from "../provider.ts"

type Json = Record<string, unknown>

export function encode(request: ModelRequest, quirks: ReadonlySet<Quirk>): string {
  const { conversation } = request.question
  if (!conversation) return encodeChat(request, quirks)
  const { reasoning_effort, ...fields } = fieldsFrom(conversation, true, WORDS)
  const reasoning = reasoningJson(conversation.reasoning, request.maxTokens)
  const told = { ...fields, ...(reasoning ? { reasoning } : {}) }
  return encodeChat({ ...request, question: { fields: told, conversation: null } }, quirks)
}

function reasoningJson(reasoning: Conversation["reasoning"], maxTokens: number): Json | null {
  if (!reasoning) return null
  const { effort, budget, summary } = reasoning
  const exclude = summary === "none" ? { exclude: true } : {}
  if (effort === "none" || budget === 0) return { enabled: false }
  if (budget !== null) return { max_tokens: budgetWithin(budget, maxTokens), ...exclude }
  return effort === null ? { enabled: true, ...exclude } : { effort: effort === "max" ? "xhigh" : effort, ...exclude }
}

const FORMATS: Readonly<Record<Signature["format"], string>> = {
  anthropic: "anthropic-claude-v1",
  google: "google-gemini-v1",
  openai: "openai-responses-v1",
  other: "unknown",
}

type Reasoned = Extract<Part, { type: "reasoning" }>

/** What only this server is told beside OpenAI's words. */
const WORDS = {
  /** Of an assistant's turn. */
  thoughts: (parts: readonly Reasoned[]): Json =>
    parts.length === 0 ? {} : { reasoning_details: parts.flatMap(detailsOf).map((one, index) => ({ ...one, index })) },
  mark: ({ cache }: Part): Json =>
    cache ? { cache_control: { type: "ephemeral", ...(cache.ttl === "1h" ? { ttl: "1h" } : {}) } } : {},
}

/** Dialects that show thinking as a summary still send its seal: it stands with the words that it seals, or in a detail of its own. */
function detailsOf({ text, summary, signature }: Reasoned): Json[] {
  const format = {
    format: FORMATS[signature?.format ?? "other"],
    ...(signature?.id === undefined ? {} : { id: signature.id }),
  }
  const isApart = signature !== null && (signature.format === "openai" || signature.redacted === true || text === "")
  if (signature && !isApart) return [{ type: "reasoning.text", text, signature: signature.data, ...format }]
  const words = summary || isApart ? { type: "reasoning.summary", summary: text } : { type: "reasoning.text", text }
  return [
    ...(text === "" ? [] : [{ ...words, ...format }]),
    ...(isApart ? [{ type: "reasoning.encrypted", data: signature.data, ...format }] : []),
  ]
}
