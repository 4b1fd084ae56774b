// A question with pictures as Google wants it, JSON with base64 inside: made while the line takes it, so that no picture is in memory whole.
import type { SpooledFile } from "../../../http/index.ts"
import type { EncodedForm } from "../provider.ts"

/** Read at once: a multiple of three, so that base64 of pieces is base64 of the whole. */
const PIECE_BYTES = 192 * 1024
const TYPE = /^image\/[a-z0-9.+-]{1,40}$/
/** Before the words of the question. */
const PARTS = '"parts":['

/** @param body a question with one list of parts, and its words last */
export function pieced(body: string, files: readonly SpooledFile[]): EncodedForm {
  const at = body.indexOf(PARTS) + PARTS.length
  return {
    contentType: "application/json",
    fields: [],
    files,
    stream: () => streamOf(piecesOf(body.slice(0, at), files, body.slice(at))),
  }
}

async function* piecesOf(head: string, files: readonly SpooledFile[], tail: string): AsyncGenerator<string> {
  yield head
  for (const { type, size, read } of files) {
    const mimeType = TYPE.test(type) ? type : "image/png"
    yield `{"inlineData":{"mimeType":"${mimeType}","data":"`
    for (let at = 0; at < size; at += PIECE_BYTES) {
      yield Buffer.from(await read(at, Math.min(PIECE_BYTES, size - at))).toString("base64")
    }
    yield '"}},'
  }
  yield tail
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
