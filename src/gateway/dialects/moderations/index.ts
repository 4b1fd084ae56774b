// POST /v1/moderations, as OpenAI documents it: whether texts and pictures may be shown. Free where the price list says so.
import { Type as t } from "@sinclair/typebox"
import { GATEWAY_LIMITS } from "../../limits.ts"
import { bad, isObject, type Json, objectOf } from "../checks.ts"
import type { Parsed } from "../json.ts"
import { modelField, type PlainQuestion, plainDialect, readPlain } from "../plain.ts"
import { type FieldCheck, field, told } from "../reading.ts"

/** Tokens of one picture, where somebody takes money for it: a middling one of OpenAI's. */
const PICTURE_TOKENS = 1_000
const TEXT = t.String({ minLength: 1 })
const PART = t.Union([
  t.Object({ type: t.Literal("text"), text: t.String() }, { additionalProperties: false }),
  t.Object(
    { type: t.Literal("image_url"), image_url: t.Object({ url: t.String() }, { additionalProperties: false }) },
    { additionalProperties: false },
  ),
])
const MANY = { minItems: 1, maxItems: GATEWAY_LIMITS.moderationInputsMax }
const WORDS = "a text, a list of texts, or a list of parts of type text and image_url"

const input = field(
  t.Union([TEXT, t.Array(TEXT, MANY), t.Array(PART, MANY)], { description: `What is looked at: ${WORDS}.` }),
  (value, at, { size }) => {
    const all: unknown[] = typeof value === "string" ? [value] : Array.isArray(value) ? value : []
    const isTexts = all.every((one) => typeof one === "string" && one !== "")
    if (all.length === 0 || !(isTexts || all.every(isPart))) throw bad(at, `\`${at}\` must be ${WORDS}.`)
    if (all.length > GATEWAY_LIMITS.moderationInputsMax) {
      throw bad(at, `\`${at}\` may have at most ${GATEWAY_LIMITS.moderationInputsMax} parts.`)
    }
    for (const one of all) {
      if (isObject(one) && one.type === "image_url") size.tokens(PICTURE_TOKENS)
      else size.text(one)
    }
  },
)

const isPart = (one: unknown): boolean => {
  if (!isObject(one)) return false
  const { type, text, image_url, ...more } = one
  if (Object.keys(more).length > 0) return false
  if (type === "text") return typeof text === "string" && image_url === undefined
  return type === "image_url" && text === undefined && isObject(image_url) && isUrl(image_url)
}
const isUrl = ({ url, ...more }: Json): boolean => typeof url === "string" && Object.keys(more).length === 0

/** OpenAI's own default; its SDKs leave it out. */
const MODEL = "omni-moderation-latest"

const FIELDS: ReadonlyMap<string, FieldCheck> = new Map<string, FieldCheck>([
  ["model", told(`A name from GET /v1/models; ${MODEL} where none is named`, modelField)],
  ["input", input],
])

/** For the OpenAPI document. */
export const ModerationsRequest = objectOf(Object.fromEntries(FIELDS), ["input"], "OpenAI's moderation")

/** @throws AppError invalid_request naming the parameter */
function checkModerations(parsed: Parsed): PlainQuestion {
  const { plain, reading, fields } = readPlain(parsed, FIELDS, ["input"])
  return {
    use: "moderation",
    model: (plain.model as string | null | undefined) ?? MODEL,
    stream: false,
    choices: 1,
    maxTokens: 0,
    thinking: null,
    size: reading.size,
    extras: reading.extras,
    fields,
  }
}

export const moderations = plainDialect({
  name: "moderations",
  endpoint: "moderations",
  scope: "llm",
  prompt: "input",
  lacks: "moderates nothing",
  check: checkModerations,
})
