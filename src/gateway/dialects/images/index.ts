// POST /v1/images/generations, as OpenAI documents it. Pictures are paid by size and quality, or by the tokens that they come to.
import { openaiBody } from "../../../http/index.ts"
import type { AnswerEvent, Frame } from "../../providers/index.ts"
import { sseComment, sseEvent } from "../../sse.ts"
import { bad, objectOf } from "../checks.ts"
import type { Framer } from "../dialect.ts"
import type { Parsed } from "../json.ts"
import { type PlainQuestion, plainDialect, readPlain } from "../plain.ts"
import type { FieldCheck } from "../reading.ts"
import { FIELDS } from "./fields.ts"
import { pictureTokensOf } from "./size.ts"

/** For the OpenAPI document. */
export const ImagesRequest = objectOf(Object.fromEntries(FIELDS), ["model", "prompt"], "OpenAI's pictures")

/** What OpenAI takes where nothing is said. */
const SIZE = "1024x1024"
const QUALITY = "standard"
const PART_TOKENS = 100

/** @throws AppError invalid_request naming the parameter */
export function checkImages(
  parsed: Parsed,
  known: ReadonlyMap<string, FieldCheck> = FIELDS,
  required: readonly string[] = [],
): PlainQuestion {
  const { plain, reading, fields } = readPlain(parsed, known, [...required, "model", "prompt"])
  const stream = plain.stream === true
  const parts = (plain.partial_images as number | null | undefined) ?? 0
  if (parts > 0 && !stream) throw bad("partial_images", "`partial_images` comes with `stream: true` alone.")
  const count = (plain.n as number | null | undefined) ?? 1
  const { size, quality } = plain
  return {
    use: "image",
    model: plain.model as string,
    stream,
    choices: count,
    maxTokens: pictureTokensOf(size, quality) + parts * PART_TOKENS,
    made: { unit: "image", as: `${size ?? SIZE}/${quality ?? QUALITY}`, count },
    thinking: null,
    size: reading.size,
    extras: reading.extras,
    fields,
  }
}

/** Bytes as they came; a document in place of a stream is told as its last event. */
export class ImageFramer implements Framer {
  /** @param what its events are called */
  constructor(private readonly what: "image_generation" | "image_edit") {}

  native({ raw }: Frame): string {
    return sseEvent(raw!.data, raw!.name)
  }
  events(events: readonly AnswerEvent[]): string {
    return events
      .map((event) => (event.type === "media" && !event.isPart ? completed(this.what, event.url) : ""))
      .join("")
  }
  end = (): string => ""
  keepAlive = (): string => sseComment("keep-alive")
  comment = sseComment
  broken = (error: Parameters<Framer["broken"]>[0]): string => sseEvent(JSON.stringify(openaiBody(error)), "error")
  failed = this.broken
}

const DATA_URL = /^data:image\/([a-z0-9.+-]{1,20});base64,/

function completed(what: string, url: string): string {
  const type = `${what}.completed`
  const head = DATA_URL.exec(url)
  const picture = head ? { b64_json: url.slice(head[0].length), output_format: head[1] } : { url }
  return sseEvent(JSON.stringify({ type, created_at: Math.floor(Date.now() / 1_000), ...picture }), type)
}

export const images = plainDialect({
  name: "images",
  endpoint: "images",
  scope: "image-generation",
  prompt: "prompt",
  params: { prompt: "prompt", most: () => "n" },
  lacks: "makes no pictures",
  check: checkImages,
  framer: () => new ImageFramer("image_generation"),
})
