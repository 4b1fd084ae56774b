// The wires of moderation, OpenAI's, and of ranking, Cohere's, which Together, Jina, vLLM, OpenRouter and others speak, too.
import { GATEWAY_LIMITS } from "../../limits.ts"
import { brokenAnswer } from "../failure.ts"
import type { AnswerEvent, Frame, UsageReport, Wire } from "../provider.ts"
import { refusal } from "./refusal.ts"
import { object, readUsage } from "./usage.ts"
import { bearerAt } from "./wire.ts"

const wireOf = (name: "moderations" | "rerank"): Wire => ({
  name,
  endpoint: (account) => bearerAt(account, `${account.baseUrl}/${name}`),
  encode: ({ model, question }) => JSON.stringify({ ...question.fields, model }),
  cannot: () => null,
  decodeStream: () => {
    throw new Error(`${name} are not streamed`)
  },
  decodeWhole,
  refusal,
})
export const moderationsWire = wireOf("moderations")
export const rerankWire = wireOf("rerank")

function decodeWhole(text: string): Frame {
  const json = object(JSON.parse(text))
  if (json.error || !Array.isArray(json.results)) {
    throw brokenAnswer({ body: text.slice(0, GATEWAY_LIMITS.upstreamMessageCharsMax) })
  }
  const report = reportOf(json)
  const events: AnswerEvent[] = report ? [{ type: "usage", report }] : []
  return { events, raw: { name: "", data: text, json }, model: typeof json.model === "string" ? json.model : null }
}

/** Searches as Cohere bills them; tokens of the prompt as the others do, some of them in one sum alone. */
function reportOf({ usage, meta }: Record<string, unknown>): UsageReport | null {
  const { search_units } = object(object(meta).billed_units)
  const isCount = Number.isInteger(search_units) && (search_units as number) > 0
  const said = object(usage)
  const prompt_tokens = said.prompt_tokens ?? said.total_tokens
  const tokens =
    prompt_tokens === undefined
      ? null
      : readUsage({ ...said, prompt_tokens, completion_tokens: 0, total_tokens: prompt_tokens })
  if (!tokens && !isCount) return null
  return {
    ...(tokens ?? { input: null, output: null, faults: [] }),
    ...(isCount ? { searches: search_units as number } : {}),
  }
}
