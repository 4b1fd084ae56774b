// Requests: who asks, which route, what it says, once per idempotency key; and faults that tests order.
import { createHash } from "node:crypto"
import { Fault, invalid } from "./fault.ts"
import { decodeForm } from "./form.ts"
import { expanded } from "./lists.ts"
import type { Shape } from "./shape.ts"
import type { World } from "./world.ts"

export interface Route {
  method: "GET" | "POST" | "DELETE"
  /** `/v1/customers/:id` */
  path: string
  shape: Shape<unknown>
  answer(sent: never, params: Record<string, string>): object
}

/** Keeps the kinds of a route's parameters together. */
export const route = <T>(
  method: Route["method"],
  path: string,
  shape: Shape<T>,
  answer: (sent: T, params: Record<string, string>) => object,
): Route => ({ method, path, shape, answer: answer as Route["answer"] })

/** What goes wrong next. */
export interface Trouble {
  /** Of requests whose "METHOD path" this matches; all by default. */
  on?: RegExp
  /** How often; once by default. */
  times?: number
  /** Answered in place of what was asked. */
  status?: number
  /** It is done, and the answer lost on the way. */
  loseAnswer?: boolean
  /** Nothing is ever answered. */
  hang?: boolean
  delayMs?: number
}

interface Kept {
  fingerprint: string
  status: number
  body: string
}

export class Http {
  readonly troubles: (Trouble & { times: number })[] = []
  /** What was asked, for tests: "POST /v1/refunds". */
  readonly asked: { request: string; key: string | null }[] = []
  private readonly kept = new Map<string, Kept>()
  private readonly running = new Set<string>()
  private count = 0

  constructor(
    private readonly world: World,
    private readonly routes: readonly Route[],
    private readonly secretKey: string,
  ) {}

  async answer(request: Request): Promise<Response> {
    const id = `req_${String(++this.count).padStart(14, "0")}`
    const url = new URL(request.url)
    const text = await request.text()
    const key = request.headers.get("idempotency-key")
    this.asked.push({ request: `${request.method} ${url.pathname}`, key })
    const trouble = this.troubleFor(`${request.method} ${url.pathname}`)
    if (trouble?.delayMs) await Bun.sleep(trouble.delayMs)
    if (trouble?.hang) await new Promise(() => {})
    if (trouble?.status) return answerOf(troubleOf(trouble.status), id)
    const answer = await this.once(request, url, text, key, id)
    if (trouble?.loseAnswer) return lost()
    return answer
  }

  /** As after a day: what was asked before is asked anew. */
  forgetKeys(): void {
    this.kept.clear()
  }

  private troubleFor(asked: string): Trouble | undefined {
    const at = this.troubles.findIndex(({ on }) => !on || on.test(asked))
    const found = this.troubles[at]
    if (found && --found.times <= 0) this.troubles.splice(at, 1)
    return found
  }

  private async once(request: Request, url: URL, text: string, key: string | null, id: string): Promise<Response> {
    const sent = `${request.method} ${url.pathname}${url.search} ${text}`
    const fingerprint = createHash("sha256").update(sent).digest("hex")
    const kept = key && request.method === "POST" ? this.kept.get(key) : undefined
    if (kept && kept.fingerprint !== fingerprint)
      return answerOf(
        new Fault(
          400,
          "idempotency_error",
          `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
        ),
        id,
      )
    if (kept)
      return new Response(kept.body, {
        status: kept.status,
        headers: { "content-type": "application/json", "request-id": id, "idempotent-replayed": "true" },
      })
    if (key && this.running.has(key))
      return answerOf(
        new Fault(409, "idempotency_error", "There is currently another in-progress request using this key.", {
          code: "idempotency_key_in_use",
        }),
        id,
      )
    if (key) this.running.add(key)
    try {
      const { answer, begun } = await this.run(request, url, text, key, id)
      // A request that was refused before it began may be sent again under its key.
      if (key && request.method === "POST" && begun)
        this.kept.set(key, { fingerprint, status: answer.status, body: await answer.clone().text() })
      return answer
    } finally {
      if (key) this.running.delete(key)
    }
  }

  private async run(request: Request, url: URL, text: string, key: string | null, id: string) {
    const begin = { is: false }
    this.world.cause = { id, idempotency_key: key }
    try {
      const body = this.ask(request, url, text, begin)
      return { answer: Response.json(body, { headers: { "request-id": id } }), begun: true }
    } catch (error) {
      if (error instanceof Fault) return { answer: answerOf(error, id), begun: begin.is }
      console.error(error)
      return { answer: answerOf(new Fault(500, "api_error", String(error)), id), begun: true }
    } finally {
      this.world.cause = null
    }
  }

  private ask(request: Request, url: URL, text: string, begin: { is: boolean }): object {
    this.requireKey(request)
    const { route, params } = this.routeOf(request.method, url.pathname)
    const isForm = request.method === "POST"
    const sent = decodeForm(isForm ? new URLSearchParams(text) : url.searchParams)
    const read = route.shape.read(sent, "") as { expand?: string[] }
    begin.is = true
    return expanded(this.world, route.answer(read as never, params), read.expand ?? [])
  }

  private requireKey(request: Request): void {
    const said = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1]
    if (said === this.secretKey) return
    const shown = said ? `${said.slice(0, 8)}****${said.slice(-4)}` : ""
    throw new Fault(401, "invalid_request_error", `Invalid API Key provided: ${shown}`)
  }

  private routeOf(method: string, path: string): { route: Route; params: Record<string, string> } {
    for (const route of this.routes) {
      if (route.method !== method) continue
      const pattern = new RegExp(`^${route.path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`)
      const found = pattern.exec(path)
      if (found) return { route, params: { ...found.groups } }
    }
    throw new Fault(404, "invalid_request_error", `Unrecognized request URL (${method}: ${path}).`)
  }
}

const troubleOf = (status: number): Fault =>
  status === 429
    ? new Fault(429, "rate_limit_error", "Request rate limit exceeded.", { code: "rate_limit" })
    : status === 409
      ? new Fault(
          409,
          "invalid_request_error",
          "This object cannot be accessed right now because another API request is accessing it.",
          { code: "lock_timeout" },
        )
      : new Fault(status, status >= 500 ? "api_error" : "invalid_request_error", "This was ordered by a test.")

/** The connection breaks in the middle. */
const lost = (): Response =>
  new Response(new ReadableStream({ start: (stream) => stream.error(new Error("the answer is lost")) }))

const answerOf = (fault: Fault, id: string): Response =>
  Response.json(fault.body(id), {
    status: fault.status,
    headers: { "request-id": id, "stripe-should-retry": String(fault.status === 409 || fault.status >= 500) },
  })

export { invalid }
