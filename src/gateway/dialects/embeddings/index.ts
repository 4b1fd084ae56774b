// POST /v1/embeddings, as OpenAI documents it. It has no stream, and no output that is paid for.
import type { Frame } from "../../providers/index.ts"
import { objectOf } from "../checks.ts"
import type { Parsed } from "../json.ts"
import { type PlainQuestion, plainDialect, rawOf, readPlain } from "../plain.ts"
import { FIELDS } from "./fields.ts"

export interface EmbeddingsQuestion extends PlainQuestion {
  isBase64: boolean
}

/** For the OpenAPI document. */
export const EmbeddingsRequest = objectOf(Object.fromEntries(FIELDS), ["model", "input"], "OpenAI's embeddings")

/** @throws AppError invalid_request naming the parameter */
export function checkEmbeddings(parsed: Parsed): EmbeddingsQuestion {
  const { plain, reading, fields } = readPlain(parsed, FIELDS, ["model", "input"])
  return {
    use: "embedding",
    model: plain.model as string,
    stream: false,
    choices: 1,
    maxTokens: 0,
    thinking: null,
    size: reading.size,
    extras: reading.extras,
    fields,
    isBase64: plain.encoding_format === "base64",
  }
}

/**
 * The bytes as they came, unless something is missing that clients rely on: many servers overlook that base64 was asked for, which
 * OpenAI's SDK does by itself, and some leave out the model.
 */
function whole({ isBase64 }: EmbeddingsQuestion, { raw: given, model }: Frame): string {
  const raw = rawOf(given)
  const { data } = raw.json as { data: { embedding?: unknown }[] }
  const isAsAsked = !isBase64 || data.every(({ embedding }) => typeof embedding === "string")
  if (isAsAsked && typeof raw.json.model === "string") return raw.data
  const packed = data.map((one) => ({ ...one, embedding: isBase64 ? base64Of(one.embedding) : one.embedding }))
  return JSON.stringify({ ...raw.json, data: packed, model: raw.json.model ?? model })
}

/** Little-endian floats of four bytes, as OpenAI packs them. */
const base64Of = (vector: unknown): unknown =>
  Array.isArray(vector) ? Buffer.from(new Float32Array(vector as number[]).buffer).toString("base64") : vector

export const embeddings = plainDialect({
  name: "embeddings",
  endpoint: "embeddings",
  scope: "embeddings",
  prompt: "input",
  lacks: "makes no embeddings",
  check: checkEmbeddings,
  whole,
})
