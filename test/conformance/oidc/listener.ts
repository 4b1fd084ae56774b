// The place of a client that hears of sign-outs (OpenID Connect Back-Channel Logout §2.5).
import { decodeJwt } from "jose"

const PATIENCE_MS = 10_000

export interface Listener {
  url: string
  /** The logout token about this person. @throws Error when none comes */
  next(sub: string): Promise<string>
  close(): void
}

export function listenForLogouts(): Listener {
  const heard = new Map<string, string>()
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const token = new URLSearchParams(await request.text()).get("logout_token")
      if (!token) return new Response(null, { status: 400 })
      heard.set(String(decodeJwt(token).sub), token)
      return new Response(null, { headers: { "cache-control": "no-store" } })
    },
  })
  return {
    url: `http://127.0.0.1:${server.port}/backchannel`,
    async next(sub) {
      for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += 50) {
        const token = heard.get(sub)
        if (token) return token
        await Bun.sleep(50)
      }
      throw new Error("no logout token came")
    },
    close: () => void server.stop(true),
  }
}
