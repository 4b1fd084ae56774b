// A question with files as JSON with base64 inside, as Google and others want it: made while the line takes it, so that no file is in memory whole.
import type { SpooledFile } from "../../http/index.ts"
import type { EncodedForm } from "./provider.ts"

/** Read at once: a multiple of three, so that base64 of pieces is base64 of the whole. */
const PIECE_BYTES = 192 * 1024
const TYPE = /^image\/[a-z0-9.+-]{1,40}$/
/** Before the words of the question. */
const PARTS = '"parts":['

/** @param parts text, and files whose base64 stands between */
export function jsonWithFiles(parts: readonly (string | SpooledFile)[]): EncodedForm {
  return {
    contentType: "application/json",
    fields: [],
    files: parts.filter((part) => typeof part !== "string"),
    stream: () => streamOf(piecesOf(parts)),
  }
}

/** @param body a question with one list of parts, and its words last: pictures stand before them */
export function pieced(body: string, files: readonly SpooledFile[]): EncodedForm {
  const at = body.indexOf(PARTS) + PARTS.length
  const inside = files.flatMap((file) => [
    `{"inlineData":{"mimeType":"${TYPE.test(file.type) ? file.type : "image/png"}","data":"`,
    file,
    '"}},',
  ])
  return jsonWithFiles([body.slice(0, at), ...inside, body.slice(at)])
}

async function* piecesOf(parts: readonly (string | SpooledFile)[]): AsyncGenerator<string> {
  for (const part of parts) {
    if (typeof part === "string") yield part
    else
      for (let at = 0; at < part.size; at += PIECE_BYTES) {
        yield Buffer.from(await part.read(at, Math.min(PIECE_BYTES, part.size - at))).toString("base64")
      }
  }
}

function streamOf(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next()
        if (done) controller.close()
        else controller.enqueue(encoder.encode(value))
      },
      async cancel() {
        await pieces.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
}
