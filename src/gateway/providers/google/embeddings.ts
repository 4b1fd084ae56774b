// Embeddings of Google, from the fields of OpenAI's request. The Gemini API has embedContent for one text and batchEmbedContents for
// several; Vertex AI has predict for both.

import { cannot } from "../conversation.ts"
import { brokenAnswer } from "../failure.ts"
import type { AnswerEvent, Frame, ModelRequest, Wire } from "../provider.ts"
import { refusal } from "./refusal.ts"
import { readUsage } from "./usage.ts"

type Json = Record<string, unknown>

/** What the vectors are for, in Cohere's and Google's words. */
const TASKS: Readonly<Record<string, string>> = {
  search_query: "RETRIEVAL_QUERY",
  query: "RETRIEVAL_QUERY",
  search_document: "RETRIEVAL_DOCUMENT",
  document: "RETRIEVAL_DOCUMENT",
  classification: "CLASSIFICATION",
  clustering: "CLUSTERING",
}

const wireOf = (words: Pick<Wire, "endpoint" | "encode" | "decodeWhole">): Wire => ({
  name: "embeddings",
  ...words,
  cannot: () => null,
  decodeStream: () => {
    throw new Error("embeddings are not streamed")
  },
  refusal,
})
export const embeddingsWire = (endpoint: Wire["endpoint"]): Wire => wireOf({ endpoint, encode, decodeWhole })
export const predictWire = (endpoint: Wire["endpoint"]): Wire =>
  wireOf({ endpoint, encode: encodePredict, decodeWhole: decodePredicted })

export const methodFor = (input: unknown): string =>
  Array.isArray(input) && input.length > 1 ? "batchEmbedContents" : "embedContent"

function asked({ question }: ModelRequest) {
  const { input, dimensions, input_type } = question.fields ?? {}
  const texts: unknown[] = Array.isArray(input) ? input : [input]
  if (!texts.every((text) => typeof text === "string")) {
    throw cannot("input", "Tokens cannot be told to this model: send texts")
  }
  const taskType = TASKS[String(input_type)] ?? (typeof input_type === "string" ? input_type : undefined)
  return { texts, dimensions, taskType }
}

function encode(request: ModelRequest): string {
  const { model } = request
  const { texts, dimensions, taskType } = asked(request)
  const more = {
    ...(dimensions === undefined ? {} : { outputDimensionality: dimensions }),
    ...(taskType ? { taskType } : {}),
  }
  const requests = texts.map((text) => ({ model: `models/${model}`, content: { parts: [{ text }] }, ...more }))
  return JSON.stringify(requests.length === 1 ? requests[0] : { requests })
}

/** What is too long is refused, never cut. */
function encodePredict(request: ModelRequest): string {
  const { texts, dimensions, taskType } = asked(request)
  if (texts.length > 1 && ONE_EACH.test(request.model)) {
    throw cannot("input", "This model embeds one text a call on Vertex AI: send them one by one")
  }
  return JSON.stringify({
    instances: texts.map((content) => ({ content, ...(taskType ? { task_type: taskType } : {}) })),
    parameters: { autoTruncate: false, ...(dimensions === undefined ? {} : { outputDimensionality: dimensions }) },
  })
}

/** https://cloud.google.com/vertex-ai/generative-ai/docs/embeddings/get-text-embeddings */
const ONE_EACH = /gemini-embedding/

interface Given {
  embedding?: { values?: unknown }
  embeddings?: { values?: unknown }[]
  usageMetadata?: Json
}

/** Told as OpenAI tells them. */
function decodeWhole(text: string): Frame {
  const given = JSON.parse(text) as Given | null
  const { promptTokenCount } = given?.usageMetadata ?? {}
  return told(given?.embeddings ?? [given?.embedding], promptTokenCount)
}

interface Predicted {
  predictions?: { embeddings?: { values?: unknown; statistics?: { token_count?: unknown } } }[]
}

function decodePredicted(text: string): Frame {
  const found = ((JSON.parse(text) as Predicted | null)?.predictions ?? []).map((one) => one.embeddings)
  if (found.length === 0) throw brokenAnswer("no vector")
  const counts = found.map((one) => one?.statistics?.token_count)
  const isCounted = counts.every((count) => typeof count === "number")
  return told(found, isCounted ? counts.reduce((sum, count) => sum + count, 0) : undefined)
}

function told(vectors: readonly ({ values?: unknown } | undefined)[], promptTokenCount: unknown): Frame {
  const data = vectors.map((vector, index) => {
    const values = vector?.values
    if (!Array.isArray(values) || !values.every((value) => typeof value === "number")) throw brokenAnswer("no vector")
    return { object: "embedding", index, embedding: values }
  })
  const report = promptTokenCount === undefined ? null : readUsage({ promptTokenCount, candidatesTokenCount: 0 })
  const tokens = report?.input?.inputTokens
  const usage = tokens === undefined ? {} : { usage: { prompt_tokens: tokens, total_tokens: tokens } }
  const json = { object: "list", data, ...usage }
  const events: AnswerEvent[] = report ? [{ type: "usage", report }] : []
  return { events, raw: { name: "", data: JSON.stringify(json), json }, model: null }
}
