// The upstream: answers at once, whole or as a stream of `EVENTS` words. What it costs is the same for floors and Purser.
import { say } from "../measure.ts"
import { answerWords } from "./control.ts"

export const MODEL = "bench-1"
/** Served in Anthropic's words. */
export const CLAUDE = "bench-claude"
export const EVENTS = 50
export const USAGE = { prompt_tokens: 20, completion_tokens: EVENTS, total_tokens: 20 + EVENTS }

const JSON_HEADERS = { headers: { "content-type": "application/json" } }
const STREAM_HEADERS = { headers: { "content-type": "text/event-stream" } }

export async function mock(): Promise<void> {
  const answer = wholeAnswer()
  const message = wholeMessage()
  const events = allEvents()
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const body = await request.text()
      if (request.url.endsWith("/messages")) return new Response(message, JSON_HEADERS)
      if (!body.includes('"stream":true')) return new Response(answer, JSON_HEADERS)
      let at = 0
      const stream = new ReadableStream<Uint8Array>({
        pull(controller) {
          controller.enqueue(events[at++])
          if (at === events.length) controller.close()
        },
      })
      return new Response(stream, STREAM_HEADERS)
    },
  })
  say({ port: server.port })
  await answerWords()
}

const wholeAnswer = (): string =>
  JSON.stringify({
    id: "c1",
    object: "chat.completion",
    created: 1,
    model: MODEL,
    choices: [{ index: 0, message: { role: "assistant", content: "x".repeat(500) }, finish_reason: "stop" }],
    usage: USAGE,
  })

/** The same in Anthropic's words. */
const wholeMessage = (): string =>
  JSON.stringify({
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: CLAUDE,
    content: [{ type: "text", text: "x".repeat(500) }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: USAGE.prompt_tokens, output_tokens: USAGE.completion_tokens },
  })

function allEvents(): Uint8Array[] {
  const head = { id: "c1", object: "chat.completion.chunk", created: 1, model: MODEL }
  const encoder = new TextEncoder()
  const event = (more: object) => encoder.encode(`data: ${JSON.stringify({ ...head, ...more })}\n\n`)
  const word = () => event({ choices: [{ index: 0, delta: { content: " word" }, finish_reason: null }] })
  return [
    ...Array.from({ length: EVENTS }, word),
    event({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }),
    event({ choices: [], usage: USAGE }),
    encoder.encode("data: [DONE]\n\n"),
  ]
}
