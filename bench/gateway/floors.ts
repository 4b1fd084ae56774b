// The two floors. Bare: a `Bun.serve` → `fetch` proxy, the least that stands between caller and upstream. Durable: the same, plus the
// least rows that keep the promises: hold durable before the upstream is asked, settle durable before the answer (durable-books.ts).
// Neither knows who calls, prices anything or refuses anybody.
import { say } from "../measure.ts"
import { answerWords, markOf } from "./control.ts"
import { type Call, openDurableBooks, type Tokens } from "./durable-books.ts"

const REQUEST_HEADERS = { "content-type": "application/json", authorization: "Bearer key" }

const ask = (upstream: string, body: string) =>
  fetch(`${upstream}/chat/completions`, { method: "POST", headers: REQUEST_HEADERS, body })

export async function bareFloor(upstream: string): Promise<void> {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const response = await ask(upstream, await request.text())
      return new Response(response.body, { headers: { "content-type": response.headers.get("content-type")! } })
    },
  })
  say({ port: server.port })
  await answerWords()
}

export async function durableFloor(upstream: string, users: number, path: string): Promise<void> {
  const books = openDurableBooks(path, users)
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const body = await request.text()
      const { model, stream } = JSON.parse(body) as { model: string; stream?: boolean }
      const call = await books.hold(model)
      const response = await ask(upstream, body)
      if (stream)
        return new Response(
          relay(response.body!, (tokens) => books.settle(call, tokens)),
          streamHeaders(call),
        )
      const answer = await response.text()
      const charge = await books.settle(call, (JSON.parse(answer) as { usage: Tokens }).usage)
      const headers = { "content-type": "application/json", "x-request-id": call.publicId }
      return new Response(answer, { headers: { ...headers, "x-credits-charged": String(charge) } })
    },
  })
  say({ port: server.port })
  await answerWords({ mark: () => markOf(books.stats) })
}

const streamHeaders = (call: Call) => ({
  headers: { "content-type": "text/event-stream", "x-request-id": call.publicId },
})

const DONE = Buffer.from("data: [DONE]")

/** Events pass as they come; the piece with `[DONE]` waits for the settle. */
function relay(
  source: ReadableStream<Uint8Array>,
  settle: (tokens: Tokens) => Promise<unknown>,
): ReadableStream<Uint8Array> {
  const reader = source.getReader()
  // Usage comes in the event before `[DONE]`: in the same piece, or in the one before.
  let before: Uint8Array = new Uint8Array()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read()
      if (done) return controller.close()
      const isLast = Buffer.from(value.buffer, value.byteOffset, value.byteLength).includes(DONE)
      if (isLast) await settle(usageIn(Buffer.concat([before, value]).toString()))
      else before = value
      controller.enqueue(value)
    },
    cancel: (reason) => reader.cancel(reason),
  })
}

function usageIn(events: string): Tokens {
  const found = /"usage":(\{[^}]*\})/.exec(events)
  if (!found) throw new Error("the stream ended without usage")
  return JSON.parse(found[1]!) as Tokens
}
