// POST /v1/rerank, as Cohere and those who followed document it: which of these texts answer a question best. Paid by the search, or by tokens.
import { Type as t } from "@sinclair/typebox"
import { estimateInputTokens } from "../../../pricing/index.ts"
import { GATEWAY_LIMITS } from "../../limits.ts"
import { bad, flag, isObject, type Json, objectOf, text, wholeWithin } from "../checks.ts"
import type { Parsed } from "../json.ts"
import { modelField, type PlainQuestion, plainDialect, readPlain } from "../plain.ts"
import { type FieldCheck, field, told } from "../reading.ts"

const WORDS = "a list of texts, or of objects with `text`"
const DOCUMENT = t.Union([t.String(), t.Object({ text: t.String() }, { additionalProperties: false })])
const documents = field(
  t.Array(DOCUMENT, { minItems: 1, maxItems: GATEWAY_LIMITS.rankedMax, description: "The texts that are ranked" }),
  (value, at, { size }) => {
    if (!Array.isArray(value) || value.length === 0 || !value.every(isDocument))
      throw bad(at, `\`${at}\` must be ${WORDS}.`)
    if (value.length > GATEWAY_LIMITS.rankedMax) {
      throw bad(at, `\`${at}\` may have at most ${GATEWAY_LIMITS.rankedMax} texts. Send the rest in another call.`)
    }
    for (const one of value) size.text(textOf(one))
  },
)
const isDocument = (one: unknown): boolean =>
  typeof one === "string" || (isObject(one) && typeof one.text === "string" && Object.keys(one).length === 1)
const textOf = (one: unknown): string => (typeof one === "string" ? one : String((one as Json).text))

const query = field(t.String({ minLength: 1, description: "What is looked for" }), (value, at, { size }) => {
  if (typeof value !== "string" || value === "") throw bad(at, `\`${at}\` must be text: what is looked for.`)
  size.text(value)
})

const FIELDS: ReadonlyMap<string, FieldCheck> = new Map<string, FieldCheck>([
  ["model", told("A name from GET /v1/models", modelField)],
  ["query", query],
  ["documents", documents],
  ["top_n", told("Only the best so many", wholeWithin(1, GATEWAY_LIMITS.rankedMax))],
  ["return_documents", told("Whether the texts come back, where the provider can be told", flag)],
  ["max_tokens_per_doc", told("Where long texts are cut", wholeWithin(1, 1_000_000))],
  ["user", text],
])

/** For the OpenAPI document. */
export const RerankRequest = objectOf(
  Object.fromEntries(FIELDS),
  ["model", "query", "documents"],
  "Ranking, as Cohere has it",
)

/** Cohere's search: one question over 100 texts, where a text with the question above 500 tokens counts as several. */
const TEXTS_PER_SEARCH = 100
const CHUNK_TOKENS = 500
const CHUNK_LEAST = 100

function searchesOf(question: string, texts: readonly string[]): number {
  const room = Math.max(CHUNK_LEAST, CHUNK_TOKENS - estimateInputTokens(question))
  const chunks = texts.reduce((sum, one) => sum + Math.max(1, Math.ceil(estimateInputTokens(one) / room)), 0)
  return Math.ceil(chunks / TEXTS_PER_SEARCH)
}

/** @throws AppError invalid_request naming the parameter */
function checkRerank(parsed: Parsed): PlainQuestion {
  const { plain, reading, fields } = readPlain(parsed, FIELDS, ["model", "query", "documents"])
  const texts = (plain.documents as unknown[]).map(textOf)
  return {
    use: "rerank",
    model: plain.model as string,
    stream: false,
    choices: 1,
    maxTokens: 0,
    made: { unit: "search", as: "", count: searchesOf(plain.query as string, texts) },
    thinking: null,
    size: reading.size,
    extras: reading.extras,
    fields,
  }
}

export const rerank = plainDialect({
  name: "rerank",
  endpoint: "rerank",
  scope: "embeddings",
  prompt: "documents",
  lacks: "ranks nothing",
  check: checkRerank,
})
