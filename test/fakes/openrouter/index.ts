// OpenRouter's provisioning API as it speaks: keys of a management key, each with a secret that is told once.
import { nano } from "../../../src/app/index.ts"

interface Kept {
  hash: string
  name: string
  secret: string
  disabled: boolean
  limit: number | null
  usage: number
  created_at: string
}

const URL_OF = "https://openrouter.ai/api/v1"
const PAGE = 100

export class FakeOpenrouter {
  readonly keys: Kept[] = []
  /** Method and path of every request. */
  readonly journal: string[] = []
  /** In place of the next answers, one each; after: what is answered was done all the same. */
  readonly troubles: ("refused" | "lost")[] = []
  private made = 0

  constructor(readonly managementKey: string) {}

  secrets = (): string[] => this.keys.map(({ secret }) => secret)
  use(secret: string, dollars: number): void {
    const key = this.keys.find((one) => one.secret === secret)
    if (key) key.usage += dollars
  }

  /** Null: not a request of this API. */
  answer(url: string, init: { method: string; headers: Record<string, string>; body?: unknown }): Response | null {
    const { pathname, searchParams } = new URL(url)
    if (!url.startsWith(`${URL_OF}/keys`)) return null
    this.journal.push(`${init.method} ${pathname}`)
    if (init.headers.authorization !== `Bearer ${this.managementKey}`) return refused(401, "Invalid management key")
    const trouble = this.troubles.shift()
    if (trouble === "refused") return refused(500, "Internal Server Error")
    const answer = this.done(init, pathname.slice("/api/v1/keys".length).replace("/", ""), searchParams)
    if (trouble === "lost") throw Object.assign(new Error("reset"), { code: "ECONNRESET" })
    return answer
  }

  private done({ method, body }: { method: string; body?: unknown }, hash: string, query: URLSearchParams): Response {
    if (hash === "" && method === "POST") return this.create(JSON.parse(String(body)) as Record<string, unknown>)
    if (hash === "" && method === "GET") {
      const from = Number(query.get("offset") ?? 0)
      return Response.json({ data: this.keys.slice(from, from + PAGE).map(told) })
    }
    const at = this.keys.findIndex((one) => one.hash === hash)
    if (at === -1) return refused(404, "API key not found")
    if (method === "GET") return Response.json({ data: told(this.keys[at]!) })
    if (method === "PATCH") {
      const { limit } = JSON.parse(String(body)) as { limit: number | null }
      if (limit !== null && typeof limit !== "number") return refused(400, "Invalid request")
      Object.assign(this.keys[at]!, { limit })
      return Response.json({ data: told(this.keys[at]!) })
    }
    if (method !== "DELETE") return refused(405, "Method not allowed")
    this.keys.splice(at, 1)
    return Response.json({ deleted: true })
  }

  private create({ name, limit = null }: Record<string, unknown>): Response {
    if (typeof name !== "string" || name === "" || (limit !== null && typeof limit !== "number"))
      return refused(400, "Invalid request")
    const no = ++this.made
    const key: Kept = {
      hash: new Bun.CryptoHasher("sha256").update(`key ${no}`).digest("hex"),
      name,
      secret: `sk-or-v1-${new Bun.CryptoHasher("sha256").update(`secret ${no}`).digest("hex")}`,
      disabled: false,
      limit: limit as number | null,
      usage: nano(0),
      created_at: "2026-11-28T12:00:00.000Z",
    }
    this.keys.unshift(key)
    return Response.json({ data: told(key), key: key.secret }, { status: 201 })
  }
}

const told = ({ secret, ...key }: Kept) => ({
  ...key,
  label: `${secret.slice(0, 12)}...${secret.slice(-3)}`,
  limit_remaining: key.limit === null ? null : Math.max(0, key.limit - key.usage),
  limit_reset: null,
  include_byok_in_limit: false,
  usage_daily: key.usage,
  usage_weekly: key.usage,
  usage_monthly: key.usage,
  byok_usage: 0,
  updated_at: null,
})

const refused = (code: number, message: string) => Response.json({ error: { code, message } }, { status: code })
