// The one way a request's body is read: after the sender is known where one can be, within bytes, time and the server's budget.
// Refusals are our own words in the dialect of the endpoint, and the line is left so that the sender can read them.
import { AppError, LIMITS, sha256Hex } from "../app/index.ts"
import type { BodyBudget, Seat } from "./body-budget.ts"
import { BodyReadError, type Bytes, readBounded } from "./bounded.ts"
import { contextOf } from "./context.ts"
import { mediaType } from "./headers.ts"

export interface BodyOptions {
  bytesMax: number
  /** For the whole body, from now. */
  deadlineMs: number
  /** Whose budget it counts against: a person where one is known; default: the sender's address. */
  owner?: string
}

/** Bodies whose hash somebody wants, in place of the text: most are never hashed. */
const digests = new WeakMap<Request, { hash: string | null }>()

/** SHA-256, hex, of a body that is about to be read. @returns to be asked once it was */
export function digestOf(request: Request): () => string {
  const digest = digests.get(request) ?? { hash: null }
  digests.set(request, digest)
  return () => digest.hash ?? sha256Hex("")
}

/** The hash of a body that is read in pieces; null: nobody wants it. */
export function digestsOf(request: Request): { update(piece: Uint8Array): void; end(): void } | null {
  const digest = digests.get(request)
  if (!digest) return null
  const hasher = new Bun.CryptoHasher("sha256")
  return {
    update: (piece) => void hasher.update(piece),
    end() {
      digest.hash = hasher.digest("hex")
    },
  }
}

/** A body's part of a budget of its own. The listener's clock is put off: whoever reads has one. */
export function openSeat(request: Request, owner: string, budget: BodyBudget): Seat {
  checkCoding(request)
  contextOf(request).server?.timeout(request, 0)
  return budget.open(owner)
}

function noted(request: Request, bytes: Bytes): Bytes {
  const digest = digests.get(request)
  if (digest) digest.hash = new Bun.CryptoHasher("sha256").update(bytes).digest("hex")
  return bytes
}

/** Up to here a body of known length is read in one piece: half the cost of a stream, and most calls are as small. */
const SMALL_BYTES = 64 * 1024
/** So little takes no longer on any line; well before the listener's own end of a silent request. */
const SMALL_MS = 20_000

/**
 * Reads a body.
 * @throws AppError unsupported_media_type, body_too_large, body_timeout, invalid_request, rate_limit_exceeded, overloaded
 */
export async function readBody(request: Request, options: BodyOptions): Promise<Bytes> {
  const declared = request.headers.get("content-length")
  if (declared === null && !request.body) return new Uint8Array()
  checkCoding(request)
  const context = contextOf(request)
  context.seat?.release()
  const seat = context.bodies?.open(options.owner ?? `ip:${context.ip}`) ?? null
  context.seat = seat
  try {
    if (declared !== null && Number(declared) <= Math.min(SMALL_BYTES, options.bytesMax)) {
      seat?.add(Number(declared))
      return noted(request, await readSmall(request, Math.min(SMALL_MS, options.deadlineMs)))
    }
    // Our deadline comes before the listener's, which has no words and cuts the line.
    context.server?.timeout(request, Math.ceil(options.deadlineMs / 1_000) + 10)
    const bytes = await readBounded(request.body, options.bytesMax, {
      deadlineMs: options.deadlineMs,
      onBytes: (count) => seat?.add(count),
      dropMax: LIMITS.bodyDropBytesMax,
    })
    return noted(request, bytes)
  } catch (error) {
    throw refusal(error, options)
  } finally {
    seat?.arrived()
  }
}

/** Content coding: limits count the bytes that arrive, so what would swell when unpacked is not taken (RFC 9110 §8.4). */
function checkCoding(request: Request): void {
  const coding = request.headers.get("content-encoding")?.trim().toLowerCase() ?? ""
  if (coding === "" || coding === "identity") return
  throw new AppError("unsupported_media_type", "Send the body uncompressed, without Content-Encoding.", {
    headers: { "accept-encoding": "identity" },
  })
}

/** A body whose length is known to be small: the listener reads no more than was declared. */
async function readSmall(request: Request, deadlineMs: number): Promise<Bytes> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new BodyReadError("too_slow", false)), deadlineMs)
  try {
    return await Promise.race([request.bytes(), late.promise])
  } catch (error) {
    throw error instanceof BodyReadError ? error : new BodyReadError("broken", false, error)
  } finally {
    clearTimeout(timer)
  }
}

/** Reads text. @throws AppError those of readBody, invalid_request for broken UTF-8 */
export async function readText(request: Request, options: BodyOptions): Promise<string> {
  const bytes = await readBody(request, options)
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch {
    throw new AppError("invalid_request", "The body is not valid UTF-8.")
  }
}

/**
 * Reads the text of a JSON body; a body without a content type is taken for JSON.
 * @throws AppError those of readText, unsupported_media_type
 */
export async function readJsonText(request: Request, options: Partial<BodyOptions>): Promise<string> {
  const type = mediaType(request)
  if (type !== null && type !== "application/json")
    throw new AppError("unsupported_media_type", "Send the body as application/json.")
  return readText(request, { bytesMax: LIMITS.apiBodyBytesMax, deadlineMs: LIMITS.apiBodyMs, ...options })
}

/** Reads a JSON body. @throws AppError those of readJsonText, invalid_request */
export async function readJson(request: Request, options: Partial<BodyOptions>): Promise<unknown> {
  const text = await readJsonText(request, options)
  if (text === "") throw new AppError("invalid_request", "The body is empty. Send a JSON object.")
  try {
    return JSON.parse(text)
  } catch {
    throw new AppError("invalid_request", "The body is not valid JSON. Check quotes, commas and brackets.")
  }
}

function refusal(error: unknown, { bytesMax }: BodyOptions): unknown {
  if (!(error instanceof BodyReadError)) return error
  // A line with half a body on it carries no second request.
  const headers: Record<string, string> = error.isOver ? {} : { connection: "close" }
  switch (error.why) {
    case "too_large":
      return new AppError("body_too_large", `The body is larger than ${bytesMax} bytes. Send less.`, { headers })
    case "too_slow":
      return new AppError("body_timeout", "The body took too long to arrive. Send it again, or send less.", { headers })
    case "broken":
      return new AppError("invalid_request", "The body did not arrive whole. Send it again.", { headers }, error.cause)
  }
}
