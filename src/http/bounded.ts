// Reads a stream of bytes that somebody else writes: never more than a limit of decoded bytes, never longer than a deadline.
// For bodies of requests and for answers of foreign servers alike (decompression bombs, CWE-409).

export type Bytes = Uint8Array<ArrayBuffer>
type ByteStream = ReadableStream<Uint8Array>

/** Why a stream was not read to its end. */
export class BodyReadError extends Error {
  override name = "BodyReadError"
  constructor(
    readonly why: "too_large" | "too_slow" | "broken",
    /** The sender said all of it and listens now. */
    readonly isOver: boolean,
    cause?: unknown,
  ) {
    super(`body ${why}`, { cause })
  }
}

export interface ReadOptions {
  /** Milliseconds for the whole of it. */
  deadlineMs?: number
  /** Told of every piece before it is kept; what it throws ends the reading. */
  onBytes?: (count: number) => void
  /** Bytes above the limit that are taken off the line all the same, unkept: clients say everything before they listen. */
  dropMax?: number
}

/**
 * The whole stream; what is above the limit is neither kept nor waited for.
 * @throws BodyReadError
 */
export async function readBounded(
  stream: ByteStream | null,
  bytesMax: number,
  options: ReadOptions = {},
): Promise<Bytes> {
  if (!stream) return new Uint8Array()
  const { deadlineMs, onBytes, dropMax = 0 } = options
  const pieces: Uint8Array[] = []
  let size = 0
  const isWhole = await eachPiece(stream, deadlineMs, (piece) => {
    size += piece.length
    if (size > bytesMax) {
      pieces.length = 0
      return size <= bytesMax + dropMax
    }
    onBytes?.(piece.length)
    pieces.push(piece)
    return true
  })
  if (size > bytesMax) throw new BodyReadError("too_large", isWhole)
  if (!isWhole) throw new BodyReadError("too_slow", false)
  return pieces.length === 1 ? (pieces[0] as Bytes) : Buffer.concat(pieces)
}

/**
 * The body of an answer that was asked for with `decompress: false`, decoded here as it is read: the platform inflates a piece
 * of a bomb to its whole size before anybody can count it, even after the reading was given up.
 * @throws BodyReadError for codings that nobody asked for
 */
export function decodedStream(response: Response): ByteStream | null {
  const coding = (response.headers.get("content-encoding") ?? "").trim().toLowerCase()
  if (!response.body || coding === "" || coding === "identity") return response.body
  const format = FORMATS[coding]
  if (!format) throw new BodyReadError("broken", false, `content-encoding ${coding}`)
  return response.body.pipeThrough(new DecompressionStream(format as "gzip"))
}

/** The whole of such a body. One that says its length and is not coded is left to the platform: it hands over no more than that. @throws BodyReadError */
export async function readDecoded(response: Response, bytesMax: number, options?: ReadOptions): Promise<Bytes> {
  if (!options && isPlainWithin(response, bytesMax)) return new Uint8Array(await response.arrayBuffer())
  return await readBounded(decodedStream(response), bytesMax, options)
}

function isPlainWithin({ headers }: Response, bytesMax: number): boolean {
  const length = headers.get("content-length")
  return length !== null && Number(length) <= bytesMax && headers.get("content-encoding") === null
}

/** Names of the Compression Streams standard, with the two that the platform has beside it. */
const FORMATS: Record<string, string> = {
  gzip: "gzip",
  "x-gzip": "gzip",
  deflate: "deflate",
  br: "brotli",
  zstd: "zstd",
}

/**
 * Hands over the pieces until the end, the deadline, or the first that is not wanted.
 * @returns whether the end was reached
 */
async function eachPiece(
  stream: ByteStream,
  deadlineMs: number | undefined,
  wants: (piece: Uint8Array) => boolean,
): Promise<boolean> {
  const reader = stream.getReader()
  let isLate = false
  // A cancelled reader hands out its end.
  const cancel = () => void reader.cancel().catch(() => {})
  const giveUp = () => {
    isLate = true
    cancel()
  }
  const timer = deadlineMs === undefined ? null : setTimeout(giveUp, deadlineMs)
  const next = () =>
    reader.read().catch((error: unknown) => {
      throw new BodyReadError("broken", false, error)
    })
  try {
    for (let read = await next(); !read.done; read = await next()) {
      if (wants(read.value)) continue
      cancel()
      return false
    }
    return !isLate
  } catch (error) {
    cancel()
    if (isLate) return false
    throw error
  } finally {
    if (timer) clearTimeout(timer)
  }
}
