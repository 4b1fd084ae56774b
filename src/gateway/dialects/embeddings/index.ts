// POST /v1/embeddings, as OpenAI documents it. It has no stream, and no output that is paid for.
import { readJsonText } from "../../../http/index.ts"
import { v1Error } from "../../envelope.ts"
import type { Frame } from "../../providers/index.ts"
import { bad, isObject, type Json, objectOf } from "../checks.ts"
import type { Demand, Dialect } from "../dialect.ts"
import { type Parsed, parseJson } from "../json.ts"
import { PromptSize } from "../prompt-size.ts"
import type { Reading } from "../reading.ts"
import { FIELDS } from "./fields.ts"

export interface EmbeddingsQuestion extends Demand {
  /** As the caller wrote them, without the model. */
  fields: Readonly<Json>
  isBase64: boolean
}

/** For the OpenAPI document. */
export const EmbeddingsRequest = objectOf(Object.fromEntries(FIELDS), ["model", "input"], "OpenAI's embeddings")

/** @throws AppError invalid_request naming the parameter */
export function checkEmbeddings({ plain, exact }: Parsed): EmbeddingsQuestion {
  if (!isObject(plain)) throw bad("", "The body must be a JSON object.")
  const reading: Reading = { size: new PromptSize(), extras: [] }
  for (const name of ["model", "input"]) FIELDS.get(name)!(plain[name], name, { size: new PromptSize(), extras: [] })
  const passed: [string, unknown][] = []
  for (const [name, value] of Object.entries(plain)) {
    if (value === null) continue
    const check = FIELDS.get(name)
    if (check) check(value, name, reading)
    else reading.extras.push({ name, param: name })
    if (name !== "model" && name !== "stream") passed.push([name, (exact as Json)[name]])
  }
  return {
    use: "embedding",
    model: plain.model as string,
    stream: false,
    choices: 1,
    maxTokens: 0,
    thinking: null,
    size: reading.size,
    extras: reading.extras,
    fields: Object.fromEntries(passed),
    isBase64: plain.encoding_format === "base64",
  }
}

/**
 * The bytes as they came, unless something is missing that clients rely on: many servers overlook that base64 was asked for, which
 * OpenAI's SDK does by itself, and some leave out the model.
 */
function whole({ isBase64 }: EmbeddingsQuestion, { raw, model }: Frame): string {
  if (!raw) throw new Error("every wire of embeddings tells them as OpenAI does")
  const { data } = raw.json as { data: { embedding?: unknown }[] }
  const isAsAsked = !isBase64 || data.every(({ embedding }) => typeof embedding === "string")
  if (isAsAsked && typeof raw.json.model === "string") return raw.data
  const packed = data.map((one) => ({ ...one, embedding: isBase64 ? base64Of(one.embedding) : one.embedding }))
  return JSON.stringify({ ...raw.json, data: packed, model: raw.json.model ?? model })
}

/** Little-endian floats of four bytes, as OpenAI packs them. */
const base64Of = (vector: unknown): unknown =>
  Array.isArray(vector) ? Buffer.from(new Float32Array(vector as number[]).buffer).toString("base64") : vector

const unsaid = (): never => {
  throw bad("model", "This model makes no embeddings. GET /v1/models lists those that do.")
}

export const embeddings: Dialect<EmbeddingsQuestion> = {
  name: "embeddings",
  endpoint: "embeddings",
  scope: "embeddings",
  params: { prompt: "input", most: () => "input" },
  check: async (request, owner) => checkEmbeddings(parseJson(await readJsonText(request, { owner }))),
  estimate: (question) => question,
  fields: ({ fields }) => fields,
  conversation: unsaid,
  framer: unsaid,
  whole,
  error: v1Error,
}
