// The question as it is sent: the caller's checked fields, or a conversation in this wire's words; and our own model, maximum and stream
// switch. Nothing is kept at the provider, so thinking travels sealed.
import type { ModelRequest } from "../../provider.ts"
import { unsealed } from "../../signature.ts"
import { object } from "../usage.ts"
import { fieldsFrom } from "./from-conversation.ts"

type Json = Record<string, unknown>

export function encode({ model, stream, maxTokens, question }: ModelRequest): string {
  const fields = question.fields ? native(question.fields, model) : fieldsFrom(question.conversation!)
  return JSON.stringify({
    ...fields,
    model,
    max_output_tokens: maxTokens,
    store: false,
    ...(stream ? { stream: true } : {}),
  })
}

const SEALED = "reasoning.encrypted_content"
/** Others refuse to be asked for sealed thinking. */
const THINKS = /(^|\/)(o\d|gpt-([5-9]|\d\d)(?!.*-chat)|codex)/i

/** Clients written for a provider that keeps answers do not ask for the seal, and could not go on without it. */
function native(fields: Readonly<Json>, model: string): Json {
  const include = Array.isArray(fields.include) ? fields.include : []
  const wants = !include.includes(SEALED) && (THINKS.test(model) || fields.reasoning !== undefined)
  return {
    ...fields,
    ...(Array.isArray(fields.input) ? { input: fields.input.flatMap(itemOf) } : {}),
    ...(wants ? { include: [...include, SEALED] } : {}),
  }
}

/**
 * Thinking as OpenAI itself can read it. What another provider sealed, or nobody did, would be looked for in a store where
 * nothing is.
 */
function itemOf(item: unknown): unknown[] {
  const { type, encrypted_content: text } = object(item)
  if (type !== "reasoning") return [item]
  if (typeof text !== "string" || text === "") return []
  const seal = unsealed(text)
  if (seal === null) return [item]
  if (seal.format !== "openai") return []
  return [{ ...object(item), ...(seal.id === undefined ? {} : { id: seal.id }), encrypted_content: seal.data }]
}
