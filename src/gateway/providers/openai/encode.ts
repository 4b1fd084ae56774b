// The question as it is sent: the caller's checked fields, or a conversation in this wire's words; and our own model, maximum, stream
// and usage switches.
import { withBudgets } from "../budget.ts"
import type { ModelRequest, Quirk } from "../provider.ts"
import { fieldsFrom } from "./from-conversation.ts"

export function encode(request: ModelRequest, quirks: ReadonlySet<Quirk>): string {
  const { model, stream, maxTokens, question } = request
  const field = quirks.has("max_tokens") ? "max_completion_tokens" : request.maxTokensField
  const fields = question.fields
    ? withBudgets(question.fields, maxTokens)
    : fieldsFrom(question.conversation, field === "max_completion_tokens")
  const { stream_options: asked, ...rest } = fields
  const body = { ...rest, [field]: maxTokens, model }
  if (!stream) return JSON.stringify(body)
  if (quirks.has("stream_options")) return JSON.stringify({ ...body, stream: true })
  const stream_options = { ...(asked as object | null | undefined), include_usage: true }
  return JSON.stringify({ ...body, stream: true, stream_options })
}
