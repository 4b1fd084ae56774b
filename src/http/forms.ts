// Reads urlencoded forms within limits. Every other content type, and every oversized body, is refused in plain words.
import { AppError, ensure, LIMITS } from "../app/index.ts"

/** A parsed form; names may repeat (checkboxes). */
export class Form {
  constructor(readonly params: URLSearchParams) {}
  /** First value, trimmed; "" when absent. */
  get(name: string): string {
    return (this.params.get(name) ?? "").trim()
  }
  /** First value as it was sent; for passwords, where spaces count. */
  raw(name: string): string {
    return this.params.get(name) ?? ""
  }
  all(name: string): string[] {
    return this.params.getAll(name)
  }
  has(name: string): boolean {
    return this.params.has(name)
  }
}

/**
 * Reads a body up to a limit.
 * @throws AppError body_too_large without reading further
 */
export async function readBody(request: Request, bytesMax: number): Promise<Uint8Array> {
  const tooLarge = new AppError("body_too_large", `The body is larger than ${bytesMax} bytes. Send less.`)
  const declared = Number(request.headers.get("content-length") ?? 0)
  if (declared > bytesMax) throw tooLarge
  if (!request.body) return new Uint8Array()
  if (declared > 0) {
    const bytes = new Uint8Array(await request.arrayBuffer())
    if (bytes.length > bytesMax) throw tooLarge
    return bytes
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > bytesMax) throw tooLarge
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/**
 * Reads an `application/x-www-form-urlencoded` body.
 * @throws AppError unsupported_media_type, body_too_large or invalid_request
 */
export async function readForm(request: Request): Promise<Form> {
  const type = (request.headers.get("content-type") ?? "").split(";")[0]!.trim().toLowerCase()
  ensure(
    type === "application/x-www-form-urlencoded",
    "unsupported_media_type",
    "Send this as application/x-www-form-urlencoded.",
  )
  const bytes = await readBody(request, LIMITS.formBytesMax)
  let text: string
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch {
    throw new AppError("invalid_request", "The form is not valid UTF-8.")
  }
  const params = new URLSearchParams(text)
  ensure(params.size <= LIMITS.formFieldsMax, "invalid_request", "The form has too many fields.")
  return new Form(params)
}

/**
 * Reads a JSON object.
 * @throws AppError unsupported_media_type, body_too_large or invalid_request
 */
export async function readJsonObject(request: Request): Promise<Record<string, unknown>> {
  const type = (request.headers.get("content-type") ?? "").split(";")[0]!.trim().toLowerCase()
  ensure(type === "application/json", "unsupported_media_type", "Send this as application/json.")
  const bytes = await readBody(request, LIMITS.formBytesMax)
  let body: unknown
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))
  } catch {
    throw new AppError("invalid_request", "The body is not valid JSON.")
  }
  ensure(
    typeof body === "object" && body !== null && !Array.isArray(body),
    "invalid_request",
    "Send a JSON object with a member for each field.",
  )
  return body as Record<string, unknown>
}
