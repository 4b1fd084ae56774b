// POST /v1/audio/speech, as OpenAI documents it: a text is spoken. Paid by the character, or by the tokens of text and sound.
import { Type as t } from "@sinclair/typebox"
import { openaiBody } from "../../../http/index.ts"
import { GATEWAY_LIMITS } from "../../limits.ts"
import type { AnswerEvent, Frame } from "../../providers/index.ts"
import { sseComment, sseEvent } from "../../sse.ts"
import { bad, documented, isObject, objectOf, oneOf, within } from "../checks.ts"
import type { Framer } from "../dialect.ts"
import type { Parsed } from "../json.ts"
import { modelField, type PlainQuestion, plainDialect, readPlain } from "../plain.ts"
import { type FieldCheck, field, told } from "../reading.ts"

const words = (description: string) =>
  field(t.String({ minLength: 1, maxLength: GATEWAY_LIMITS.speechCharsMax, description }), (value, at, { size }) => {
    if (typeof value !== "string" || value === "") throw bad(at, `\`${at}\` must be text.`)
    if (value.length > GATEWAY_LIMITS.speechCharsMax) {
      throw bad(at, `\`${at}\` may have at most ${GATEWAY_LIMITS.speechCharsMax} characters.`)
    }
    size.text(value)
  })

const VOICE_CHARS_MAX = 128
const isName = (value: unknown): boolean => typeof value === "string" && value !== "" && value.length <= VOICE_CHARS_MAX
const NAME = t.String({ minLength: 1, maxLength: VOICE_CHARS_MAX })
const voice = documented(
  t.Union([NAME, t.Object({ id: NAME }, { additionalProperties: false })], { description: "Who speaks" }),
  (value, at) => {
    const isVoice = isName(value) || (isObject(value) && isName(value.id) && Object.keys(value).length === 1)
    if (!isVoice) throw bad(at, `\`${at}\` must be the name of a voice.`)
  },
)

const TYPES: Readonly<Record<string, string>> = {
  mp3: "audio/mpeg",
  opus: "audio/ogg",
  aac: "audio/aac",
  flac: "audio/flac",
  wav: "audio/wav",
  pcm: "audio/pcm",
}

const FIELDS: ReadonlyMap<string, FieldCheck> = new Map<string, FieldCheck>([
  ["model", told("A name from GET /v1/models", modelField)],
  ["input", words("What is said")],
  ["voice", voice],
  ["instructions", words("How it is said, where the model lets you choose")],
  ["response_format", told("How sound is written; mp3 where nothing is said", oneOf(...Object.keys(TYPES)))],
  ["speed", told("1 is as people speak", within(0.25, 4))],
  [
    "stream_format",
    told("Whether sound comes as it is, or as events with its tokens at the end", oneOf("audio", "sse")),
  ],
])

/** For the OpenAPI document. */
export const SpeechRequest = objectOf(Object.fromEntries(FIELDS), ["model", "input", "voice"], "OpenAI's speech")

/** A byte of text is 1.3 tokens of sound in Latin letters (877 tokens of text, 4,096 letters, 268 s), and is held as more. */
const TOKENS_PER_BYTE = 2
const TOKENS_LEAST = 100

/** @throws AppError invalid_request naming the parameter */
function checkSpeech(parsed: Parsed): PlainQuestion {
  const { plain, reading, fields } = readPlain(parsed, FIELDS, ["model", "input", "voice"])
  const { input, response_format } = plain as { input: string; response_format?: string | null }
  reading.size.hasAudio = true
  return {
    use: "speech",
    model: plain.model as string,
    stream: plain.stream_format === "sse",
    choices: 1,
    maxTokens: Buffer.byteLength(input) * TOKENS_PER_BYTE + TOKENS_LEAST,
    made: { unit: "character", as: "", count: charsOf(input) },
    thinking: null,
    size: reading.size,
    extras: reading.extras,
    fields,
    fileType: TYPES[response_format ?? "mp3"]!,
  }
}

/** As people count them: two halves of one are one. */
function charsOf(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}

/** Events as they came; a document in place of a stream is told as its last event. */
export class SoundFramer implements Framer {
  private text = ""

  native({ raw }: Frame): string {
    return sseEvent(raw!.data, raw!.name)
  }
  events(events: readonly AnswerEvent[]): string {
    for (const event of events) if (event.type === "text") this.text += event.text
    if (!events.some(({ type }) => type === "finish")) return ""
    return sseEvent(JSON.stringify({ type: "transcript.text.done", text: this.text }))
  }
  end = (): string => ""
  keepAlive = (): string => sseComment("keep-alive")
  comment = sseComment
  broken = (error: Parameters<Framer["broken"]>[0]): string => sseEvent(JSON.stringify(openaiBody(error)), "error")
  failed = this.broken
}

export const speech = plainDialect({
  name: "speech",
  endpoint: "speech",
  scope: "speech",
  prompt: "input",
  lacks: "does not speak",
  check: checkSpeech,
  framer: () => new SoundFramer(),
})
