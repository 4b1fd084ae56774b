// Reads forms with files (RFC 7578), whole and within limits, for routes that say so. What a sender says of a file, its name and its
// type, is dropped here: nobody downstream can believe it.
import { AppError, ensure, LIMITS } from "../app/index.ts"
import { readBody } from "./body.ts"
import type { Bytes } from "./bounded.ts"
import { Form } from "./forms.ts"
import { HEADER_CHARS_MAX, mediaType } from "./headers.ts"

/** RFC 2046 §5.1.1: at most 70 characters of these. */
const BOUNDARY =
  /^[^;]{1,100};(?:[^;]{0,200};)*? {0,8}boundary=(?:"([\w'()+,./:=?-]{1,70})"|([\w'()+.-]{1,70}))(?: *;|$)/i

export const isMultipart = (request: Request): boolean => mediaType(request) === "multipart/form-data"

/**
 * Reads a `multipart/form-data` body. A file without a byte was not chosen.
 * @throws AppError invalid_request, and those of readBody; body_too_large says it in words for people
 */
export async function readMultipart(request: Request): Promise<Form> {
  const type = request.headers.get("content-type") ?? ""
  const match = type.length > HEADER_CHARS_MAX ? null : BOUNDARY.exec(type)
  ensure(match, "invalid_request", "The form did not arrive whole. Go back and send it again.")
  const bytes = await readBody(request, { bytesMax: LIMITS.uploadBytesMax, deadlineMs: LIMITS.uploadMs }).catch(inWords)
  // Each part costs the parser some objects: a body of nothing but borders is refused before it is taken apart.
  ensure(
    !hasMore(bytes, `--${match[1] ?? match[2]}`, LIMITS.uploadPartsMax),
    "invalid_request",
    "The form has too many fields.",
  )
  return formOf(await parse(bytes, type))
}

function inWords(error: unknown): never {
  if (!(error instanceof AppError) || error.code !== "body_too_large") throw error
  const words = `That file is larger than ${Math.floor(LIMITS.uploadBytesMax / 1024 / 1024)} MB. Go back and choose a smaller one.`
  throw new AppError("body_too_large", words, error.extra)
}

function hasMore(bytes: Bytes, border: string, most: number): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = -border.length
  for (let found = 0; found <= most + 1; found++) {
    at = buffer.indexOf(border, at + border.length, "latin1")
    if (at < 0) return false
  }
  return true
}

async function parse(bytes: Bytes, type: string): Promise<FormData> {
  try {
    return await new Response(bytes, { headers: { "content-type": type } }).formData()
  } catch (error) {
    throw new AppError("invalid_request", "The form did not arrive whole. Go back and send it again.", {}, error)
  }
}

async function formOf(data: FormData): Promise<Form> {
  const params = new URLSearchParams()
  const files = new Map<string, Bytes>()
  let chars = 0
  for (const [name, value] of data as unknown as Iterable<[string, string | Blob]>) {
    if (typeof value === "string") {
      chars += name.length + value.length
      params.append(name, value)
    } else if (value.size > 0 && !files.has(name)) files.set(name, new Uint8Array(await value.arrayBuffer()))
  }
  ensure(chars <= LIMITS.formBytesMax, "body_too_large", "The form holds too much text. Send less.")
  return new Form(params, files)
}
