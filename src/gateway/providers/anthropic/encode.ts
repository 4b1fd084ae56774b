// The question as it is sent: the caller's checked fields, or a conversation in this wire's words; and our own model, maximum and stream.
import { withBudgets } from "../budget.ts"
import type { ModelRequest } from "../provider.ts"
import { fieldsFrom } from "./from-conversation.ts"

/** Names of betas travel beside the fields, as a header (see dialects/messages). */
export const BETAS = "anthropic_beta"

export function encode({ model, stream, maxTokens, question }: ModelRequest): string {
  const { [BETAS]: _, ...fields } = question.fields
    ? withBudgets(question.fields, maxTokens)
    : fieldsFrom(question.conversation, model, maxTokens)
  return JSON.stringify({ model, max_tokens: maxTokens, ...fields, ...(stream ? { stream: true } : {}) })
}
