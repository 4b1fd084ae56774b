// The body of a call on its way to the publisher's server: counted as it passes, never kept. A sender that says more than it may, or
// nothing for long, ends the call.
import { AppError } from "../../../app/index.ts"
import { CALL_LIMITS as L } from "../limits.ts"
import type { Call } from "./call.ts"

/** A body of known small length in one piece, any other as a stream; null = none. */
export async function uploadOf(request: Request, declared: number | null, call: Call): Promise<Body> {
  const max = call.admitted.product.bodyBytesMax
  if (request.body === null || declared === 0) return null
  if (declared !== null && declared <= L.wholeBytesMax) {
    call.waitFor("sender")
    return await call.orStopped(request.bytes() as Promise<Uint8Array<ArrayBuffer>>)
  }
  return counted(request.body as ReadableStream<Uint8Array>, max, call)
}

type Body = Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null

function counted(source: ReadableStream<Uint8Array>, max: number, call: Call): ReadableStream<Uint8Array> {
  const reader = source.getReader()
  let bytes = 0
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        call.waitFor("sender")
        try {
          const { done, value } = await reader.read()
          if (done) {
            call.waitFor("server")
            return controller.close()
          }
          bytes += value.length
          if (bytes > max) {
            call.stop(new AppError("body_too_large", `This API takes bodies of up to ${max} bytes. Send less.`))
            return controller.error(undefined)
          }
          call.waitFor("server")
          controller.enqueue(value)
        } catch {
          call.stop(new AppError("invalid_request", "The body did not arrive whole. Send it again."))
          controller.error(undefined)
        }
      },
      cancel: () => void reader.cancel().catch(() => {}),
    },
    { highWaterMark: 0 },
  )
}
