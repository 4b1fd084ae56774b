// Reads the body of a JSON request, once, up to a limit.
import { AppError, LIMITS } from "../../app/index.ts"

/**
 * @throws AppError body_too_large, unsupported_media_type
 */
export async function readText(request: Request, bytesMax: number = LIMITS.apiBodyBytesMax): Promise<string> {
  const declared = request.headers.get("content-length")
  if (declared !== null && Number(declared) > bytesMax) throw tooLarge(bytesMax)
  const type = request.headers.get("content-type")
  if (type !== null && type !== "application/json" && !/^application\/json\s*(;|$)/i.test(type)) {
    throw new AppError("unsupported_media_type", "Send the body as application/json.")
  }
  const text = declared === null && request.body ? await readCapped(request.body, bytesMax) : await request.text()
  if (text.length > bytesMax) throw tooLarge(bytesMax)
  return text
}

async function readCapped(body: ReadableStream<Uint8Array>, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > bytesMax) throw tooLarge(bytesMax)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString("utf8")
}

const tooLarge = (bytesMax: number): AppError =>
  new AppError("body_too_large", `The body is larger than ${bytesMax} bytes. Send less, or smaller images.`)
