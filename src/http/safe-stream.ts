// safe-fetch for answers that are read as they come (event streams, JSON-RPC over HTTP): the same judgement of every address, and the
// same pinned connection, with an answer that is bounded in bytes and in silence instead of being read whole.
import { asSafeFetchError, createOpener, type SafeFetchDeps, SafeFetchError } from "./safe-fetch.ts"

export interface SafeStreamRequest {
  method?: "GET" | "POST" | "DELETE"
  headers?: Record<string, string>
  body?: string
  /** Bytes of the answer. What is packed is refused: nobody asked for it. */
  bytesMax: number
  /** Until its head is there. */
  headMs: number
  signal?: AbortSignal
}

/** @throws SafeFetchError; so does reading the body of what it answers */
export type SafeStream = (url: string, request: SafeStreamRequest) => Promise<Response>

const METHODS = new Set(["GET", "POST", "DELETE"])

export function createSafeStream(deps: SafeFetchDeps = {}): SafeStream {
  const open = createOpener(deps)
  return async (url, { method = "GET", headMs, bytesMax, signal: given, ...request }) => {
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), headMs)
    const signal = AbortSignal.any([late.signal, ...(given ? [given] : [])])
    try {
      if (!METHODS.has(method)) throw new SafeFetchError("bad_url", method)
      const response = await open(url, { ...request, method, signal, encoding: "identity" })
      if (response.headers.has("content-encoding")) throw new SafeFetchError("broken", "packed although nobody asked")
      const { status, statusText, headers } = response
      const isEmpty = response.body === null || status === 204 || status === 304
      return new Response(isEmpty ? null : bounded(response.body!, bytesMax), { status, statusText, headers })
    } catch (error) {
      throw asSafeFetchError(error, signal)
    } finally {
      clearTimeout(timer)
    }
  }
}

function bounded(body: ReadableStream<Uint8Array>, bytesMax: number): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  let bytes = 0
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (done) return controller.close()
        bytes += value.byteLength
        if (bytes > bytesMax) {
          void reader.cancel().catch(() => {})
          throw new SafeFetchError("too_large")
        }
        controller.enqueue(value)
      } catch (error) {
        controller.error(error instanceof SafeFetchError ? error : new SafeFetchError("unreachable", error))
      }
    },
    cancel: (reason) => reader.cancel(reason),
  })
}
