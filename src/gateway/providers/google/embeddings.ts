// Embeddings of the Gemini API: embedContent for one text, batchEmbedContents for several, from the fields of OpenAI's request.

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

export const embeddingsWire = (endpoint: Wire["endpoint"]): Wire => ({
  name: "embeddings",
  endpoint,
  encode,
  cannot: () => null,
  decodeStream: () => {
    throw new Error("embeddings are not streamed")
  },
  decodeWhole,
  refusal,
})

export const methodFor = (input: unknown): string =>
  Array.isArray(input) && input.length > 1 ? "batchEmbedContents" : "embedContent"

function encode({ model, question }: ModelRequest): string {
  const { input, dimensions, input_type } = question.fields ?? {}
  const texts = Array.isArray(input) ? input : [input]
  if (!texts.every((text) => typeof text === "string")) {
    throw cannot("input", "Tokens cannot be told to this model: send texts")
  }
  const taskType = TASKS[String(input_type)] ?? (typeof input_type === "string" ? input_type : undefined)
  const more = {
    ...(dimensions === undefined ? {} : { outputDimensionality: dimensions }),
    ...(taskType ? { taskType } : {}),
  }
  const requests = texts.map((text) => ({ model: `models/${model}`, content: { parts: [{ text }] }, ...more }))
  return JSON.stringify(requests.length === 1 ? requests[0] : { requests })
}

interface Given {
  embedding?: { values?: unknown }
  embeddings?: { values?: unknown }[]
  usageMetadata?: Json
}

/** Told as OpenAI tells them. */
function decodeWhole(text: string): Frame {
  const given = JSON.parse(text) as Given | null
  const vectors = given?.embeddings ?? [given?.embedding]
  const data = vectors
    .map((vector) => vector ?? {})
    .map(({ values }, index) => {
      if (!Array.isArray(values) || !values.every((value) => typeof value === "number")) throw brokenAnswer("no vector")
      return { object: "embedding", index, embedding: values }
    })
  const { promptTokenCount } = given?.usageMetadata ?? {}
  const report = promptTokenCount === undefined ? null : readUsage({ promptTokenCount, candidatesTokenCount: 0 })
  const tokens = report?.input?.inputTokens
  const usage = tokens === undefined ? {} : { usage: { prompt_tokens: tokens, total_tokens: tokens } }
  const json = { object: "list", data, ...usage }
  const events: AnswerEvent[] = report ? [{ type: "usage", report }] : []
  return { events, raw: { name: "", data: JSON.stringify(json), json }, model: null }
}
