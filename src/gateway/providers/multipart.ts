// A form with files, as it is told to a provider: read from disk as the line takes it, so that no more than a piece is in memory.
import { randomBytes } from "node:crypto"
import type { SpooledFile } from "../../http/index.ts"
import type { EncodedForm, ModelRequest } from "./provider.ts"

/** Read at once. */
const PIECE_BYTES = 256 * 1024

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value))

/** Lists are repeated fields, as OpenAI's SDKs send them. */
export function encodeForm({ model, stream, question }: ModelRequest): EncodedForm {
  const own = { ...question.fields, model, ...(stream ? { stream: true } : {}) }
  const fields = Object.entries(own).flatMap(([name, value]): [string, string][] =>
    Array.isArray(value) ? value.map((one) => [`${name}[]`, textOf(one)]) : [[name, textOf(value)]],
  )
  const files = (question.conversation === null && question.files) || []
  const boundary = `purser-${randomBytes(18).toString("hex")}`
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    fields,
    files,
    stream: () => streamOf(piecesOf(boundary, fields, files)),
  }
}

async function* piecesOf(
  boundary: string,
  fields: EncodedForm["fields"],
  files: readonly SpooledFile[],
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  const head = (name: string, more: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"${more}\r\n\r\n`
  for (const [name, value] of fields) yield encoder.encode(`${head(name, "")}${value}\r\n`)
  for (const { name, filename, type, size, read } of files) {
    yield encoder.encode(head(name, `; filename="${quoted(filename)}"\r\ncontent-type: ${type}`))
    for (let at = 0; at < size; at += PIECE_BYTES) yield await read(at, PIECE_BYTES)
    yield encoder.encode("\r\n")
  }
  yield encoder.encode(`--${boundary}--\r\n`)
}

/** As browsers write it. */
const quoted = (text: string): string => text.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A")

const streamOf = (pieces: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      async cancel() {
        await pieces.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
