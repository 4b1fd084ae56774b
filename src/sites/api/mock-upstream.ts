// The upstream behind tests of /v1: it speaks OpenAI's wire over real HTTP and remembers what it was asked.
import type { Server } from "bun"

/** Of `mock-1`. */
export const MOCK_PRICE = {
  provider: "openai",
  model: "mock-1",
  rates: { input: 1_000_000, output: 2_000_000 },
  made: {
    image: { "*": 1_000_000 },
    search: { "*": 1_000_000 },
    character: { "*": 1_000 },
    second: { "*": 1_000_000 },
  },
  limits: { contextWindow: 128_000, maxOutputTokens: 1_000 },
}

/** Requests an upstream got, and how it answers them. */
export class MockUpstream {
  readonly journal: Record<string, unknown>[] = []
  aborted = 0
  models = (): Response => Response.json({ data: [{ id: "mock-1" }, { id: "unpriced-1" }] })
  answer: (body: Record<string, unknown>, request: Request) => Response | Promise<Response> = (body) => chatAnswer(body)
  private readonly server: Server<undefined> = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    fetch: async (request) => {
      if (request.url.endsWith("/models")) return this.models()
      const isForm = request.headers.get("content-type")?.startsWith("multipart/") === true
      const body = isForm ? await formIn(request) : ((await request.json()) as Record<string, unknown>)
      this.journal.push(body)
      request.signal.addEventListener("abort", () => {
        this.aborted++
      })
      return this.answer(body, request)
    },
  })
  readonly url = `http://127.0.0.1:${this.server.port}/v1`
  stop = () => this.server.stop(true)
}

/** Fields, and of files their size; lists as lists. */
async function formIn(request: Request): Promise<Record<string, unknown>> {
  const body: Record<string, unknown> = {}
  for (const [name, value] of (await request.formData()) as unknown as Iterable<[string, string | File]>) {
    const said = typeof value === "string" ? value : { name: value.name, type: value.type, size: value.size }
    body[name] = name.endsWith("[]") ? [...((body[name] as unknown[] | undefined) ?? []), said] : said
  }
  return body
}

export const USAGE = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 }
export const TEXT = "Hello wörld 🌍 this is the answer"

export const chunkOf = (delta: object, more: object = {}, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: "mock-1", choices: [{ index: 0, delta, finish_reason: finish }], ...more })}\n\n`

export const usageChunk = (usage: object = USAGE): string =>
  `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: "mock-1", choices: [], usage })}\n\n`

/** The whole stream of one answer, as text. */
export const streamText = (withUsage: boolean, words = TEXT.match(/\s*\S+/g)!): string =>
  [
    chunkOf({ role: "assistant", content: "" }),
    ...words.map((content) => chunkOf({ content })),
    chunkOf({}, {}, "stop"),
    withUsage ? usageChunk() : "",
    "data: [DONE]\n\n",
  ].join("")

export const sse = (body: BodyInit): Response =>
  new Response(body, { headers: { "content-type": "text/event-stream" } })

export function chatAnswer(body: Record<string, unknown>): Response {
  const options = body.stream_options as { include_usage?: boolean } | undefined
  if (body.stream === true) return sse(streamText(options?.include_usage === true))
  return Response.json({
    id: "c1",
    object: "chat.completion",
    created: 1,
    model: "mock-1",
    choices: [{ index: 0, message: { role: "assistant", content: TEXT }, finish_reason: "stop" }],
    usage: USAGE,
  })
}

/** A stream fed by hand. */
export function feed(pieces: AsyncIterable<string | Uint8Array>): Response {
  const encoder = new TextEncoder()
  const iterator = pieces[Symbol.asyncIterator]()
  return sse(
    new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { done, value } = await iterator.next()
        if (done) controller.close()
        else controller.enqueue(typeof value === "string" ? encoder.encode(value) : value)
      },
      async cancel() {
        await iterator.return?.()
      },
    }),
  )
}
