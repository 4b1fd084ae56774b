// An answer of the gateway as the playground shows it: words, tools, tokens, price; or the refusal as an app's person would get it.
import type { PlaygroundAnswer } from "../../../../views/console/playground/index.ts"

export interface Said {
  choices?: { message?: { content?: string | null; tool_calls?: unknown[]; reasoning_content?: string } }[]
  usage?: { prompt_tokens?: number; completion_tokens?: number }
  model?: string
  error?: { message?: string; code?: string; topup_url?: string }
}

/** @param startMs performance.now() when it was asked */
export async function answerOf(model: string, response: Response, startMs: number): Promise<PlaygroundAnswer> {
  const said = (await response.json().catch(() => ({}))) as Said
  const ms = Math.round(performance.now() - startMs)
  const base = { model, ms, requestId: response.headers.get("x-request-id"), charged: chargedOf(response) }
  if (!response.ok) return { ...base, ...REFUSED, refusal: refusalOf(response, said) }
  const { content, tool_calls: tools = [], reasoning_content: reasoning = "" } = said.choices?.[0]?.message ?? {}
  return {
    ...base,
    text: content ?? "",
    reasoning,
    tools: tools.map((one) => JSON.stringify(one)),
    inputTokens: said.usage?.prompt_tokens ?? null,
    outputTokens: said.usage?.completion_tokens ?? null,
    refusal: null,
  }
}

const REFUSED = { text: "", reasoning: "", tools: [], inputTokens: null, outputTokens: null }

export const chargedOf = ({ headers }: Response): string | null => headers.get("x-credits-charged")

export function refusalOf({ status }: Response, { error }: Pick<Said, "error">): PlaygroundAnswer["refusal"] {
  const { message = "It was refused without words.", code = "", topup_url: topup } = error ?? {}
  return { status, code, message, topUp: topup !== undefined }
}
