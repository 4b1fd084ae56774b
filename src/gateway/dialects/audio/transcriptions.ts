// POST /v1/audio/transcriptions and /v1/audio/translations, as OpenAI documents them: a recording is written down. Paid by the second, or
// by the tokens of sound and text. The recording waits on disk, however large it is.
import { Type as t } from "@sinclair/typebox"
import { AppError } from "../../../app/index.ts"
import { isMultipart, type Spooled } from "../../../http/index.ts"
import { GATEWAY_LIMITS } from "../../limits.ts"
import { bad, documented, flag, objectOf, oneOf, text, texts, within } from "../checks.ts"
import { modelField, type PlainQuestion, plainDialect, readPlain } from "../plain.ts"
import { counted, type FieldCheck, told } from "../reading.ts"
import { fieldsOf, fileIn, readUpload } from "../upload.ts"
import { durationOf } from "./duration.ts"
import { SoundFramer } from "./speech.ts"

/** How they are answered; all but the first three are text. */
const FORMATS = ["json", "verbose_json", "diarized_json", "text", "srt", "vtt"] as const
const JSON_FORMATS = new Set<unknown>(FORMATS.slice(0, 3))

const file = documented(t.Unsafe({ type: "string", format: "binary", description: "The recording" }), (_, at) => {
  throw bad(at, `\`${at}\` must be a file.`)
})
const BOTH: [string, FieldCheck][] = [
  ["file", file],
  ["model", told("A name from GET /v1/models", modelField)],
  ["prompt", told("Words that stand in it, or what was said before it", counted(text))],
  ["response_format", told("How the text is written; json where nothing is said", oneOf(...FORMATS))],
  ["temperature", told("How freely words are chosen", within(0, 1))],
]
const TRANSLATIONS: ReadonlyMap<string, FieldCheck> = new Map(BOTH)
const TRANSCRIPTIONS: ReadonlyMap<string, FieldCheck> = new Map<string, FieldCheck>([
  ...BOTH,
  ["language", told("The language that is spoken, such as en", text)],
  ["stream", told("Whether the text comes as events", flag)],
  ["include", told("What the answer tells beside the text", texts)],
  ["timestamp_granularities", told("Whose times are told: word, segment", texts)],
  ["chunking_strategy", told("How long recordings are cut: auto, or an object as JSON", text)],
  ["known_speaker_names", told("Names of those who speak", texts)],
  ["known_speaker_references", told("Their voices, as data URLs", texts)],
])

/** For the OpenAPI document. */
export const TranscriptionsRequest = objectOf(Object.fromEntries(TRANSCRIPTIONS), ["file", "model"], "OpenAI's form")
export const TranslationsRequest = objectOf(Object.fromEntries(TRANSLATIONS), ["file", "model"], "OpenAI's form")

/** Tokens of a second: of sound, leaning high, and of what people say in it. */
const SOUND_TOKENS = 20
const TEXT_TOKENS = 6
const TEXT_TOKENS_LEAST = 200

async function check(upload: Spooled, known: ReadonlyMap<string, FieldCheck>): Promise<PlainQuestion> {
  const { plain, reading, fields } = readPlain(fieldsOf(upload, known), known, ["model"])
  const { likely, held, most } = await durationOf(fileIn(upload, "file"))
  reading.size.earlierAudio(held * SOUND_TOKENS)
  const format = plain.response_format ?? "json"
  return {
    use: "transcription",
    model: plain.model as string,
    stream: plain.stream === true,
    choices: 1,
    maxTokens: Math.min(held * TEXT_TOKENS + TEXT_TOKENS_LEAST, GATEWAY_LIMITS.holdOutputTokensMax),
    made: { unit: "second", as: "", count: held, likely, most },
    thinking: null,
    size: reading.size,
    extras: reading.extras,
    fields,
    upload,
    ...(JSON_FORMATS.has(format) ? {} : { answerType: "text/plain; charset=utf-8" }),
  }
}

const listening = (name: "transcriptions" | "translations", known: ReadonlyMap<string, FieldCheck>) => ({
  ...plainDialect({
    name,
    endpoint: name,
    scope: "speech",
    prompt: "file",
    lacks: "does not listen",
    check: () => {
      throw new Error("forms are read as such")
    },
    framer: () => new SoundFramer(),
  }),
  async check(request: Request, owner: string): Promise<PlainQuestion> {
    if (!isMultipart(request)) {
      throw new AppError("unsupported_media_type", "Send the recording as multipart/form-data, in the field `file`.")
    }
    const upload = await readUpload(request, owner)
    try {
      return await check(upload, known)
    } catch (error) {
      upload.discard()
      throw error
    }
  },
})
export const transcriptions = listening("transcriptions", TRANSCRIPTIONS)
export const translations = listening("translations", TRANSLATIONS)
