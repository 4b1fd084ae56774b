// For tests of /v1/messages only: the official SDK as the caller, and a server that plays Anthropic's own.
import { onTestFinished } from "bun:test"
import Anthropic from "@anthropic-ai/sdk"
import { testCtx } from "../../store/index.ts"
import { kit, sse, type V1Options } from "./testing.ts"
import { startLogged } from "./upstream-testing.ts"

type Json = Record<string, unknown>

export const CLAUDE = "claude-sonnet-4-6"
/** What it costs an app's caller: $3 and $15 a million tokens, doubled by the shares. n$ a token. */
export const CLAUDE_IN = 6_000
export const CLAUDE_OUT = 30_000
const KEY = "sk-ant-upstream-secret"

export class FakeAnthropic {
  aborted = 0
  readonly journal: { path: string; headers: Headers; body: Json }[] = []
  answer: (body: Json) => Response | Promise<Response> = () => Response.json({}, { status: 500 })
  count: (body: Json) => Response = () => Response.json({ input_tokens: 14 })
  private readonly server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    fetch: async (request) => {
      const { pathname } = new URL(request.url)
      if (request.headers.get("x-api-key") !== KEY)
        return refused(401, "authentication_error", `invalid x-api-key ${KEY}`)
      if (pathname === "/v1/models") return Response.json({ data: [{ type: "model", id: CLAUDE }], has_more: false })
      const body = (await request.json()) as Json
      this.journal.push({ path: pathname, headers: request.headers, body })
      request.signal.addEventListener("abort", () => void this.aborted++)
      return pathname === "/v1/messages/count_tokens" ? this.count(body) : this.answer(body)
    },
  })
  readonly url = `http://127.0.0.1:${this.server.port}`
  stop = () => this.server.stop(true)
}

export const refused = (
  status: number,
  type: string,
  message: string,
  headers: Record<string, string> = {},
): Response => Response.json({ type: "error", error: { type, message }, request_id: "req_theirs" }, { status, headers })

/** Answers a question as it was asked: in a stream, or whole. */
export const either = (stream: string, whole: Json | null) => (body: Json) =>
  body.stream === true ? sse(stream) : Response.json(whole)

/** A server of its own of the test, as an upstream of the name. */
export async function addClaude(name = "claude", models: string[] = [CLAUDE], apiKey = KEY) {
  const server = new FakeAnthropic()
  onTestFinished(() => void server.stop())
  const upstream = await kit.gateway.addUpstream(testCtx, {
    kind: "anthropic",
    name,
    baseUrl: server.url,
    apiKey,
    priceProvider: "anthropic",
    models,
  })
  return { server, upstream }
}

export async function startClaude(options: V1Options = {}) {
  await startLogged(options)
  return (await addClaude()).server
}

export const sdk = (apiKey: string) => new Anthropic({ apiKey, baseURL: kit.server.url, maxRetries: 0 })

export const post = (key: string, body: unknown, path = "/v1/messages", headers: Record<string, string> = {}) =>
  fetch(`${kit.server.url}${path}`, {
    method: "POST",
    headers: { "x-api-key": key, "content-type": "application/json", "anthropic-version": "2023-06-01", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  })

/** What only the SDK adds, and what it never sends. */
export function plain(message: object): Json {
  const { parsed_output: _, ...rest } = JSON.parse(JSON.stringify(message)) as Json
  return rest
}
