// Pictures of Google, from the fields of OpenAI's request: Imagen has predict, Gemini's own models generateContent. No stream: what is
// done comes as one event.
import { pictureTokensOf } from "../../dialects/images/size.ts"
import { cannot } from "../conversation.ts"
import { brokenAnswer, failure } from "../failure.ts"
import { pieced } from "../pieced.ts"
import type { AnswerEvent, EncodedForm, Frame, ModelRequest, UsageReport, Wire } from "../provider.ts"
import { refusal } from "./refusal.ts"
import { picturesRead, readUsage } from "./usage.ts"

type Json = Record<string, unknown>
const object = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {}
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(object) : [])

const isImagen = (model: string): boolean => /imagen/i.test(model)
export const imageMethodFor = (model: string): string => (isImagen(model) ? "predict" : "generateContent")

export const imagesWire = (endpoint: Wire["endpoint"]): Wire => ({
  name: "images",
  endpoint,
  encode,
  cannot: () => null,
  decodeStream: (sink) => ({
    // It was not asked for a stream.
    push: () =>
      sink.frame({ events: [{ type: "error", message: "a stream that nobody asked for" }], raw: null, model: null }),
    end() {},
  }),
  decodeWhole,
  refusal,
})

/** Pictures that are changed are told beside the words; Imagen takes none. */
export const editsWire = (endpoint: Wire["endpoint"]): Wire => ({
  ...imagesWire(endpoint),
  name: "image-edits",
  encode: encodeEdit,
})

function encodeEdit(request: ModelRequest): EncodedForm {
  const { model, question } = request
  const files = (question.conversation === null && question.files) || []
  if (isImagen(model)) throw cannot("image", "This model makes pictures from words alone")
  if (files.some(({ name }) => name === "mask")) throw cannot("mask", "`mask` cannot be told to this model")
  if (question.fields?.input_fidelity === "high") throw cannot("input_fidelity", "This model has one fidelity")
  return pieced(encode(request), files)
}

/** Shapes that both APIs know, by OpenAI's sizes. */
const SHAPES: readonly (readonly [width: number, height: number, name: string])[] = [
  [1, 1, "1:1"],
  [2, 3, "2:3"],
  [3, 2, "3:2"],
  [3, 4, "3:4"],
  [4, 3, "4:3"],
  [9, 16, "9:16"],
  [16, 9, "16:9"],
  // DALL·E's, nearly.
  [4, 7, "9:16"],
  [7, 4, "16:9"],
]

function shapeOf(size: unknown): string | undefined {
  if (typeof size !== "string" || size === "auto") return undefined
  const [width, height] = size.split("x").map(Number) as [number, number]
  const found = SHAPES.find(([w, h]) => width * h === height * w)
  if (!found) throw cannot("size", "This model makes pictures of other shapes: 1:1, 2:3, 3:2, 3:4, 4:3, 9:16 or 16:9")
  return found[2]
}

const FORMATS: Readonly<Record<string, string>> = { png: "image/png", jpeg: "image/jpeg" }
/** What nobody there can be told. */
const UNSAID = ["style", "background", "moderation", "output_compression", "partial_images"] as const

function encode({ model, question }: ModelRequest): string {
  const fields = question.fields ?? {}
  const { prompt, n = 1, size, quality, response_format, output_format } = fields
  for (const name of UNSAID) {
    if (fields[name] !== undefined && fields[name] !== "auto")
      throw cannot(name, `\`${name}\` cannot be told to this model`)
  }
  if (quality !== undefined && quality !== "auto" && quality !== "standard") {
    throw cannot("quality", "This model has one quality")
  }
  if (response_format === "url") throw cannot("response_format", "This model sends pictures as base64 alone")
  const mimeType = typeof output_format === "string" ? FORMATS[output_format] : undefined
  if (output_format !== undefined && !mimeType) throw cannot("output_format", "This model makes png and jpeg")
  const aspectRatio = shapeOf(size)
  if (isImagen(model)) {
    const outputOptions = mimeType ? { outputOptions: { mimeType } } : {}
    const parameters = { sampleCount: n, ...(aspectRatio ? { aspectRatio } : {}), ...outputOptions }
    return JSON.stringify({ instances: [{ prompt }], parameters })
  }
  if (n !== 1) throw cannot("n", "This model makes one picture a call")
  if (mimeType === "image/jpeg") throw cannot("output_format", "This model makes png")
  return JSON.stringify({
    contents: [{ role: "user", parts: [{ text: prompt }] }],
    generationConfig: { responseModalities: ["IMAGE"], ...(aspectRatio ? { imageConfig: { aspectRatio } } : {}) },
  })
}

interface Picture {
  data: string
  type: string
}

function decodeWhole(text: string, translated = false): Frame {
  const json = object(JSON.parse(text))
  const pictures = json.predictions === undefined ? fromContent(json) : fromPredictions(json)
  if (pictures.length === 0) throw nothingMade(json)
  const tokens = pictureTokensOf(undefined, "medium")
  const events: AnswerEvent[] = pictures.map(({ data, type }, choice) => ({
    type: "media",
    choice,
    media: "image",
    tokens,
    url: translated ? `data:${type};base64,${data}` : "",
  }))
  const report = picturesRead(readUsage(json.usageMetadata), json.usageMetadata)
  if (report)
    events.push({ type: "usage", report: report.output ? { ...report, output: inPictures(report.output) } : report })
  events.push({ type: "finish", choice: 0, reason: "stop" })
  const told = {
    created: Math.floor(Date.now() / 1_000),
    data: pictures.map(({ data }) => ({ b64_json: data })),
    ...(report?.input && report.output ? { usage: usageJson(report) } : {}),
  }
  const model = typeof json.modelVersion === "string" ? json.modelVersion : null
  return { events, raw: { name: "", data: JSON.stringify(told), json: told }, model }
}

/** Where nobody says what the answer was, it was pictures. */
const inPictures = (output: NonNullable<UsageReport["output"]>): NonNullable<UsageReport["output"]> => ({
  ...output,
  outputImageTokens: output.outputImageTokens ?? output.outputTokens - output.reasoningTokens,
})

function usageJson({ input, output }: UsageReport): Json {
  const [input_tokens, output_tokens] = [input!.inputTokens, output!.outputTokens]
  const input_tokens_details = { text_tokens: input_tokens, image_tokens: 0 }
  return { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens, input_tokens_details }
}

const fromPredictions = ({ predictions }: Json): Picture[] =>
  list(predictions).flatMap(({ bytesBase64Encoded, mimeType }) =>
    typeof bytesBase64Encoded === "string" ? [{ data: bytesBase64Encoded, type: String(mimeType ?? "image/png") }] : [],
  )

const fromContent = ({ candidates }: Json): Picture[] =>
  list(candidates)
    .flatMap(({ content }) => list(object(content).parts))
    .flatMap(({ inlineData }) => {
      const { data, mimeType } = object(inlineData)
      return typeof data === "string" ? [{ data, type: String(mimeType ?? "image/png") }] : []
    })

/** All of them were filtered, which is free there; or it is no answer at all. */
function nothingMade(json: Json): Error {
  const isAnswer =
    Array.isArray(json.predictions) || Array.isArray(json.candidates) || json.promptFeedback !== undefined
  if (!isAnswer) return brokenAnswer("no picture")
  const words = "The AI provider made no picture of this: its filters did not let one through. Change the prompt."
  return failure("provider_rejected", words, false, { keys: Object.keys(json) }, { fields: { code: "content_filter" } })
}
