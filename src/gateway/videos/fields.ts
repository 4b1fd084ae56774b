// The allow-list of a request for a video: OpenAI's own fields, as a form or as JSON.
import { Type as t } from "@sinclair/typebox"
import { isMultipart, readJsonText, type Spooled, type SpooledFile } from "../../http/index.ts"
import { bad, documented, isObject, objectOf } from "../dialects/checks.ts"
import { parseJson } from "../dialects/json.ts"
import { modelField, type PlainQuestion, readPlain } from "../dialects/plain.ts"
import { type FieldCheck, field, type Reading, told } from "../dialects/reading.ts"
import { fieldsOf, fileIn, readUpload } from "../dialects/upload.ts"
import { VIDEO_LIMITS as L } from "./limits.ts"

const prompt = field(
  t.String({ minLength: 1, maxLength: L.promptCharsMax, description: "What is to be seen" }),
  (value, at, { size }) => {
    if (typeof value !== "string" || value.trim() === "") throw bad(at, `\`${at}\` must be text: what is to be seen.`)
    if (value.length > L.promptCharsMax) throw bad(at, `\`${at}\` may have at most ${L.promptCharsMax} characters.`)
    size.text(value)
  },
)

/** OpenAI has it as text. */
const secondsOf = (value: unknown): number =>
  typeof value === "string" && /^\d{1,3}$/.test(value) ? Number(value) : typeof value === "number" ? value : Number.NaN
const seconds = documented(
  t.Union([t.String({ pattern: "^\\d{1,3}$" }), t.Integer({ minimum: 1, maximum: L.secondsMax })], {
    description: "How long it is; which lengths there are is the model's",
    examples: ["4"],
  }),
  (value, at) => {
    const count = secondsOf(value)
    if (!Number.isInteger(count) || count < 1 || count > L.secondsMax)
      throw bad(at, `\`${at}\` must be a whole number of seconds, from 1 to ${L.secondsMax}.`)
  },
)

const SIZE = /^[1-9]\d{1,4}x[1-9]\d{1,4}$/
const SIZE_DEFAULT = "720x1280"
const size = documented(
  t.String({ pattern: SIZE.source, description: "Width by height in pixels", examples: ["1280x720"] }),
  (value, at) => {
    if (typeof value !== "string" || !SIZE.test(value)) throw bad(at, `\`${at}\` must be a size such as 1280x720.`)
  },
)

const COMMON: [string, FieldCheck][] = [
  ["model", told("A name from GET /v1/models", modelField)],
  ["prompt", prompt],
  ["seconds", seconds],
  ["size", size],
]
const REFERENCE = "input_reference"
const DATA_URL = /^data:(image\/[a-z0-9.+-]{1,40});base64,/i
const Picture = t.Object(
  { image_url: t.String({ description: "A data URL: `data:image/png;base64,…`" }) },
  { additionalProperties: false, description: "The picture that it begins with" },
)
const FORM: ReadonlyMap<string, FieldCheck> = new Map<string, FieldCheck>([
  ...COMMON,
  [
    REFERENCE,
    documented(
      t.Unsafe({ type: "string", format: "binary", description: "The picture that it begins with" }),
      (_, at) => {
        throw bad(at, `\`${at}\` must be a file.`)
      },
    ),
  ],
])
const JSON_FIELDS: ReadonlyMap<string, FieldCheck> = new Map<string, FieldCheck>([
  ...COMMON,
  [
    REFERENCE,
    documented(Picture, (value, at) => {
      const url = isObject(value) && Object.keys(value).length === 1 ? value.image_url : undefined
      if (typeof url !== "string" || !DATA_URL.test(url))
        throw bad(at, `\`${at}\` must be an object with \`image_url\`, a data URL such as data:image/png;base64,…`)
    }),
  ],
])
const REMIX: ReadonlyMap<string, FieldCheck> = new Map([["prompt", prompt]])

/** For the OpenAPI document. */
export const VideosForm = objectOf(Object.fromEntries(FORM), ["model", "prompt"], "OpenAI's form")
export const VideosRequest = objectOf(Object.fromEntries(JSON_FIELDS), ["model", "prompt"], "OpenAI's videos")
export const RemixRequest = objectOf(Object.fromEntries(REMIX), ["prompt"], "OpenAI's remix")

export interface VideoQuestion extends PlainQuestion {
  prompt: string
  seconds: number
  videoSize: string
}

interface Known {
  model: string
  prompt: string
  seconds: number
  size: string
}

/** @param fields as they are told to the provider, whole: what it would choose itself is said */
function question(
  { model, prompt: words, seconds: count, size: videoSize }: Known,
  { size, extras }: Reading,
  more: Readonly<Record<string, unknown>> = {},
): VideoQuestion {
  return {
    use: "video",
    model,
    stream: false,
    choices: 1,
    maxTokens: 0,
    made: { unit: "second", as: videoSize, count },
    thinking: null,
    size,
    extras,
    fields: { ...more, prompt: words, seconds: String(count), size: videoSize },
    prompt: words,
    seconds: count,
    videoSize,
  }
}

/** @throws AppError invalid_request naming the parameter */
export async function readVideo(request: Request, owner: string): Promise<VideoQuestion> {
  if (isMultipart(request)) {
    const upload = await readUpload(request, owner)
    try {
      const { plain, reading, fields } = readPlain(fieldsOf(upload, FORM), FORM, ["model", "prompt"])
      if (upload.files.length > 0) fileIn(upload, REFERENCE)
      return { ...asked(plain, reading, fields), upload }
    } catch (error) {
      upload.discard()
      throw error
    }
  }
  const parsed = parseJson(await readJsonText(request, { owner }))
  const { plain, reading, fields } = readPlain(parsed, JSON_FIELDS, ["model", "prompt"])
  const { [REFERENCE]: picture, ...rest } = fields
  const made = asked(plain, reading, rest)
  return picture ? { ...made, upload: inMemory((picture as { image_url: string }).image_url) } : made
}

function asked(
  plain: Readonly<Record<string, unknown>>,
  reading: Reading,
  fields: Readonly<Record<string, unknown>>,
): VideoQuestion {
  const count = secondsOf(plain.seconds ?? L.secondsDefault)
  const known = {
    model: plain.model as string,
    prompt: plain.prompt as string,
    seconds: count,
    size: (plain.size as string | null | undefined) ?? SIZE_DEFAULT,
  }
  return question(known, reading, fields)
}

/** A body of JSON is bounded, and so is what it holds. */
function inMemory(url: string): Spooled {
  const [head = "", type = ""] = DATA_URL.exec(url) ?? []
  const bytes = new Uint8Array(Buffer.from(url.slice(head.length), "base64"))
  if (bytes.length === 0) throw bad(REFERENCE, `\`${REFERENCE}\` must be a picture.`)
  const file: SpooledFile = {
    name: REFERENCE,
    filename: `picture.${type.slice("image/".length).replace(/\W.*/, "")}`,
    type: type.toLowerCase(),
    size: bytes.length,
    read: (at, length) => Promise.resolve(bytes.subarray(at, at + length)),
  }
  return { fields: [], files: [file], discard() {} }
}

/** As long and as large as the one before. @throws AppError invalid_request */
export async function readRemix(
  request: Request,
  owner: string,
  from: { model: string; seconds: number; size: string },
): Promise<VideoQuestion> {
  const parsed = parseJson(await readJsonText(request, { owner }))
  const { plain, reading } = readPlain(parsed, REMIX, ["prompt"])
  return question({ ...from, prompt: plain.prompt as string }, reading)
}
