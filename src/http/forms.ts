// Reads urlencoded forms within limits. Every other content type, and every oversized body, is refused in plain words.
import { ensure, LIMITS } from "../app/index.ts"
import { readJson, readText } from "./body.ts"
import type { Bytes } from "./bounded.ts"
import { mediaType } from "./headers.ts"

/** A parsed form; names may repeat (checkboxes). */
export class Form {
  constructor(
    readonly params: URLSearchParams,
    private readonly files: ReadonlyMap<string, Bytes> = new Map(),
  ) {}
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
  /** What a file field sent; null when nothing was chosen. */
  file(name: string): Bytes | null {
    return this.files.get(name) ?? null
  }
}

/**
 * Reads an `application/x-www-form-urlencoded` body.
 * @throws AppError unsupported_media_type, invalid_request and those of readBody
 */
export async function readForm(request: Request, bytesMax: number = LIMITS.formBytesMax): Promise<Form> {
  ensure(
    mediaType(request) === "application/x-www-form-urlencoded",
    "unsupported_media_type",
    "Send this as application/x-www-form-urlencoded.",
  )
  const text = await readText(request, { bytesMax, deadlineMs: LIMITS.formMs })
  const params = new URLSearchParams(text)
  ensure(params.size <= LIMITS.formFieldsMax, "invalid_request", "The form has too many fields.")
  return new Form(params)
}

/**
 * Reads a JSON object.
 * @throws AppError unsupported_media_type, body_too_large or invalid_request
 */
export async function readJsonObject(request: Request): Promise<Record<string, unknown>> {
  ensure(mediaType(request) === "application/json", "unsupported_media_type", "Send this as application/json.")
  const body = await readJson(request, { bytesMax: LIMITS.formBytesMax, deadlineMs: LIMITS.formMs })
  ensure(
    typeof body === "object" && body !== null && !Array.isArray(body),
    "invalid_request",
    "Send a JSON object with a member for each field.",
  )
  return body as Record<string, unknown>
}
