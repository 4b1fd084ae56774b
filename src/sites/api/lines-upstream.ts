// For tests only: an upstream that answers in lines of JSON over real HTTP, and remembers what it was asked.
import type { Line } from "./lines-provider.ts"

export class LinesUpstream {
  readonly journal: { path: string; key: string | null; body: Record<string, unknown> }[] = []
  /** What it says, as a stream; an answer in one piece is all of it at once. */
  readonly answer: Line[] = [
    { model: "llama", message: { thinking: "Hm." }, done: false },
    { model: "llama", message: { content: "Grüße " }, done: false },
    { model: "llama", message: { content: "🌍" }, done: false },
    { model: "llama", done: true, done_reason: "stop", prompt_eval_count: 50, eval_count: 9 },
  ]
  private readonly server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: (request) => this.respond(request) })
  readonly url = `http://127.0.0.1:${this.server.port}`
  stop = () => this.server.stop(true)

  private async respond(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (pathname === "/api/tags") return Response.json({ models: [{ name: "llama" }, { name: "broken" }] })
    const body = (await request.json()) as Record<string, unknown>
    this.journal.push({ path: pathname, key: request.headers.get("x-key"), body })
    if (body.model === "broken") return Response.json({ error: "no such model" }, { status: 400 })
    if (body.stream) return new Response(this.answer.map((line) => `${JSON.stringify(line)}\n`).join(""))
    return Response.json(this.whole())
  }

  private whole(): Line {
    const messages = this.answer.map(({ message }) => message ?? {})
    const message = {
      content: messages.map(({ content }) => content ?? "").join(""),
      thinking: messages.map(({ thinking }) => thinking ?? "").join(""),
      tool_calls: messages.flatMap(({ tool_calls }) => tool_calls ?? []),
    }
    return { ...this.answer.at(-1)!, message }
  }
}
