// An event stream that answers one message, and that always answers it: the SDK waits for its whole time where a stream breaks, or ends
// without the answer. Then an error comes in its place, unless the server lets streams go on later (it gives its events ids).
import { SafeFetchError } from "../../http/index.ts"

/** Of JSON-RPC errors that we make ourselves; `data` says what the way met. */
export const BROKEN = -32_090

export function answering(response: Response, body: string | null, onBroken: (error: unknown) => void): Response {
  const id = body === null ? null : idOf(body)
  const reader = response.body!.getReader()
  const decoder = new TextDecoder()
  let tail = ""
  let goesOn = false
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (!done) {
          tail = `${tail.slice(-TAIL_CHARS)}${decoder.decode(value, { stream: true })}`
          goesOn ||= /(^|\n)id:/.test(tail)
          return controller.enqueue(value)
        }
        // An answer that came already makes this one nobody's.
        if (id !== null && !goesOn) controller.enqueue(errorEvent(id, "unreachable"))
        controller.close()
      } catch (error) {
        onBroken(error)
        if (id === null) return controller.error(error)
        controller.enqueue(errorEvent(id, error instanceof SafeFetchError ? error.reason : "unreachable"))
        controller.close()
      }
    },
    cancel: (reason) => reader.cancel(reason),
  })
  const { status, statusText, headers } = response
  return new Response(stream, { status, statusText, headers })
}

/** Enough of what came before to see a field that was cut in two. */
const TAIL_CHARS = 4

/** Of a single request; a notification waits for nothing. */
function idOf(body: string): string | number | null {
  const message = JSON.parse(body) as { id?: string | number; method?: string }
  return message.method !== undefined && message.id !== undefined ? message.id : null
}

function errorEvent(id: string | number, reason: SafeFetchError["reason"]): Uint8Array {
  const error = { code: BROKEN, message: "The connection broke.", data: { reason } }
  return new TextEncoder().encode(`\n\nevent: message\ndata: ${JSON.stringify({ jsonrpc: "2.0", id, error })}\n\n`)
}
