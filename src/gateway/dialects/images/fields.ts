// The allow-list of a request for pictures: OpenAI's own fields. What does not stand here is refused, unless the operator allows it.
import { Type as t } from "@sinclair/typebox"
import { GATEWAY_LIMITS } from "../../limits.ts"
import { bad, documented, flag, oneOf, text, wholeWithin } from "../checks.ts"
import { modelField } from "../plain.ts"
import { type FieldCheck, field, told } from "../reading.ts"

const prompt = field(
  t.String({ minLength: 1, maxLength: GATEWAY_LIMITS.imagePromptCharsMax, description: "What is to be seen" }),
  (value, at, { size }) => {
    if (typeof value !== "string" || value.trim() === "") throw bad(at, `\`${at}\` must be text: what is to be seen.`)
    if (value.length > GATEWAY_LIMITS.imagePromptCharsMax) {
      throw bad(at, `\`${at}\` may have at most ${GATEWAY_LIMITS.imagePromptCharsMax} characters.`)
    }
    size.text(value)
  },
)

const SIZE = /^(auto|[1-9]\d{1,4}x[1-9]\d{1,4})$/
const size = documented(
  t.String({ pattern: SIZE.source, description: "Width by height in pixels, or `auto`", examples: ["1024x1024"] }),
  (value, at) => {
    if (typeof value !== "string" || !SIZE.test(value))
      throw bad(at, `\`${at}\` must be a size such as 1024x1024, or auto.`)
  },
)

const compression = documented(
  t.Integer({ minimum: 0, maximum: 100, description: "Of jpeg and webp, percent" }),
  wholeWithin(0, 100),
)

export const FIELDS: ReadonlyMap<string, FieldCheck> = new Map<string, FieldCheck>([
  ["model", told("A name from GET /v1/models", modelField)],
  ["prompt", prompt],
  ["n", told("How many pictures", wholeWithin(1, GATEWAY_LIMITS.imagesMax))],
  ["size", size],
  [
    "quality",
    told("How much care it takes, in the words of the model", oneOf("auto", "standard", "hd", "low", "medium", "high")),
  ],
  ["response_format", told("How pictures come, where the model can be told", oneOf("url", "b64_json"))],
  ["style", oneOf("vivid", "natural")],
  ["background", oneOf("auto", "transparent", "opaque")],
  ["moderation", oneOf("auto", "low")],
  ["output_format", oneOf("png", "jpeg", "webp")],
  ["output_compression", compression],
  ["partial_images", told("Pictures on the way, in a stream", wholeWithin(0, 3))],
  ["stream", told("Whether pictures come as events", flag)],
  ["user", text],
])
