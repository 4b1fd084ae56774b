// The wire of embeddings, OpenAI's and its imitators'.
import { GATEWAY_LIMITS } from "../../limits.ts"
import { brokenAnswer } from "../failure.ts"
import type { AnswerEvent, Wire } from "../provider.ts"
import { refusal } from "./refusal.ts"
import { readUsage } from "./usage.ts"
import { bearerAt } from "./wire.ts"

type Json = Record<string, unknown>

export const embeddingsWire: Wire = {
  name: "embeddings",
  endpoint: (account) => bearerAt(account, `${account.baseUrl}/embeddings`),
  encode: ({ model, question }) => JSON.stringify({ ...question.fields, model }),
  cannot: () => null,
  decodeStream: () => {
    throw new Error("embeddings are not streamed")
  },
  decodeWhole,
  refusal,
}

function decodeWhole(text: string) {
  const json = JSON.parse(text) as Json | null
  if (typeof json !== "object" || json === null || json.error || !Array.isArray(json.data)) {
    throw brokenAnswer({ body: text.slice(0, GATEWAY_LIMITS.upstreamMessageCharsMax) })
  }
  // Nothing comes out that is paid for: the report has a prompt alone.
  const usage = typeof json.usage === "object" && json.usage !== null ? { completion_tokens: 0, ...json.usage } : null
  const report = readUsage(usage)
  const events: AnswerEvent[] = report ? [{ type: "usage", report }] : []
  return { events, raw: { name: "", data: text, json }, model: typeof json.model === "string" ? json.model : null }
}
