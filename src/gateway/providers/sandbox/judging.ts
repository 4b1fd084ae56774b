// The sandbox's moderation, which flags what it is told to refuse, and its ranking, by the words that texts share with a question.
import { fairInputTokens } from "../../../pricing/index.ts"
import { before, toldIn } from "./magic.ts"

export interface ModerationBody {
  model: string
  input: string | (string | { text?: string })[]
}
export interface RerankBody {
  model: string
  query: string
  documents: (string | { text: string })[]
  top_n?: number
  return_documents?: boolean
}

const CATEGORIES = ["harassment", "hate", "illicit", "self-harm", "sexual", "violence"]

export async function moderated({ model, input }: ModerationBody, signal: AbortSignal): Promise<Response> {
  const all = [input].flat().map((one) => (typeof one === "string" ? one : (one.text ?? "")))
  const instead = await before(toldIn(all[0] ?? ""), signal)
  if (instead) return instead
  const results = all.map((text) => {
    const flagged = toldIn(text).act === "refuse"
    const each = <T>(value: T, harassment: T) =>
      Object.fromEntries(CATEGORIES.map((name) => [name, name === "harassment" ? harassment : value]))
    return { flagged, categories: each(false, flagged), category_scores: each(0.001, flagged ? 0.99 : 0.001) }
  })
  const tokens = fairInputTokens(all)
  return Response.json({ id: "modr-sandbox", model, results, usage: { prompt_tokens: tokens, total_tokens: tokens } })
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

export async function ranked(body: RerankBody, signal: AbortSignal): Promise<Response> {
  const instead = await before(toldIn(body.query), signal)
  if (instead) return instead
  const asked = new Set(wordsOf(body.query))
  const results = body.documents
    .map((one, index) => {
      const text = typeof one === "string" ? one : one.text
      const found = new Set(wordsOf(text).filter((word) => asked.has(word)))
      const relevance_score = asked.size === 0 ? 0 : found.size / asked.size
      return { index, relevance_score, ...(body.return_documents ? { document: { text } } : {}) }
    })
    .toSorted((a, b) => b.relevance_score - a.relevance_score || a.index - b.index)
    .slice(0, body.top_n ?? body.documents.length)
  return Response.json({
    id: "rerank-sandbox",
    model: body.model,
    results,
    meta: { billed_units: { search_units: 1 } },
  })
}
