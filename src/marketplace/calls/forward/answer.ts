// The answer on its way back, byte for byte: read only as fast as the client reads us, counted, and ended like the publisher's server
// ended it. What breaks off there breaks off here, so that nobody takes a part for the whole.
import { CALL_LIMITS as L } from "../limits.ts"
import { type Call, CLIENT_GONE } from "./call.ts"
import { fromUpstream } from "./headers.ts"

export interface Head {
  status: number
  upstreamMs: number
}

const BODILESS: ReadonlySet<number> = new Set([204, 205, 304])

/** @param said what we say ourselves. @throws what the platform throws while a small answer is read */
export async function answerOf(
  call: Call,
  response: Response,
  head: Head,
  said: Record<string, string>,
): Promise<Response> {
  const headers = fromUpstream(response.headers)
  for (const name in said) headers.set(name, said[name]!)
  const { status } = head
  const length = response.headers.get("content-length")
  if (call.asked.method === "HEAD" || BODILESS.has(status) || response.body === null) {
    // What it would have been long (RFC 9110 §8.6).
    if (length !== null && /^\d{1,15}$/.test(length) && status !== 204) headers.set("content-length", length)
    void response.body?.cancel().catch(() => {})
    call.end({ ...done(head), bytesOut: 0 })
    return new Response(null, { status, headers })
  }
  if (length !== null && Number(length) <= L.wholeBytesMax) {
    const bytes = await call.orStopped(response.arrayBuffer())
    call.end({ ...done(head), bytesOut: bytes.byteLength })
    return new Response(bytes, { status, headers })
  }
  return new Response(relayed(call, response.body as ReadableStream<Uint8Array>, head), { status, headers })
}

const done = ({ status, upstreamMs }: Head) =>
  ({ status, upstreamMs, reached: true, error: null, end: "done" }) as const

function relayed(call: Call, source: ReadableStream<Uint8Array>, head: Head): ReadableStream<Uint8Array> {
  const reader = source.getReader()
  let bytesOut = 0
  const broken = () => {
    const error = call.stopped
    const end = error === CLIENT_GONE ? "client_gone" : error?.code === "upstream_timeout" ? "timeout" : "failed"
    call.end({ ...done(head), bytesOut, error, end })
    void reader.cancel().catch(() => {})
  }
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        call.waitFor("server")
        try {
          // Stopping aborts the request, which ends the read.
          const { done: isOver, value } = await reader.read()
          if (call.stopped) throw call.stopped
          if (isOver) {
            call.end({ ...done(head), bytesOut })
            return controller.close()
          }
          bytesOut += value.length
          if (bytesOut > L.answerBytesMax) throw new Error("an answer without end")
          call.waitFor("reader")
          controller.enqueue(value)
        } catch {
          broken()
          call.controller.abort()
          // Without a reason the platform cuts the line and prints nothing.
          controller.error(undefined)
        }
      },
      cancel() {
        call.stop(CLIENT_GONE)
        broken()
      },
    },
    { highWaterMark: 0 },
  )
}
