// The allow-list of an embeddings request. What stands in neither table is unknown: refused, unless the operator allows it.
import { Type as t } from "@sinclair/typebox"
import { GATEWAY_LIMITS } from "../../limits.ts"
import { bad, documented, oneOf, text, wholeWithin } from "../checks.ts"
import { type FieldCheck, field, told } from "../reading.ts"

/** OpenAI's own bounds. */
const TEXTS = "a text, a list of texts, a list of tokens, or a list of lists of tokens"
const TOKENS = t.Array(t.Integer({ minimum: 0 }), { minItems: 1 })
const TEXT = t.String({ minLength: 1 })
const MANY = { minItems: 1, maxItems: GATEWAY_LIMITS.embeddingInputsMax }
const SCHEMA = t.Union([TEXT, t.Array(TEXT, MANY), TOKENS, t.Array(TOKENS, MANY)], {
  description: `What is to be embedded: ${TEXTS}.`,
})

const isToken = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0
const isTokens = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(isToken)

/** Text counts as prompt; tokens are what they are. */
const input = field(SCHEMA, (value, at, { size }) => {
  const one = typeof value === "string" || isTokens(value)
  const all: unknown[] = one ? [value] : Array.isArray(value) ? value : []
  const isKind = (kind: (item: unknown) => boolean) => all.length > 0 && all.every(kind)
  if (!isKind((item) => typeof item === "string" && item !== "") && !isKind(isTokens)) {
    throw bad(at, `\`${at}\` must be ${TEXTS}, none of them empty.`)
  }
  if (all.length > GATEWAY_LIMITS.embeddingInputsMax) {
    throw bad(
      at,
      `\`${at}\` may have at most ${GATEWAY_LIMITS.embeddingInputsMax} texts. Send the rest in another call.`,
    )
  }
  for (const item of all) {
    if (typeof item === "string") size.text(item)
    else size.tokens((item as number[]).length)
  }
})

const model = field(t.String({ minLength: 1, maxLength: GATEWAY_LIMITS.modelCharsMax }), (value, at) => {
  if (typeof value !== "string" || value === "" || value.length > GATEWAY_LIMITS.modelCharsMax) {
    throw bad(at, `\`${at}\` must be the name of a model. GET /v1/models lists them.`)
  }
})

/** Clients that share code with chats send it turned off. */
const never = documented(t.Literal(false, { description: "Embeddings are not streamed." }), (value, at) => {
  if (value !== false) throw bad(at, `\`${at}\` must be false here: embeddings come in one piece.`)
})

export const FIELDS: ReadonlyMap<string, FieldCheck> = new Map<string, FieldCheck>([
  ["model", told("A name from GET /v1/models", model)],
  ["input", input],
  ["dimensions", wholeWithin(1, GATEWAY_LIMITS.embeddingDimensionsMax)],
  ["encoding_format", oneOf("float", "base64")],
  ["user", text],
  // Cohere's, Voyage's and Google's, by way of OpenRouter: what the vectors are for.
  ["input_type", text],
  ["stream", never],
])
