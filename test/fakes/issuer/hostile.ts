// An issuer made by hand that lies where a test says so: it answers whatever was asked for, with the word of whoever the test made up.
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose"

export interface Lies {
  /** Over the claims of a right ID token; undefined leaves one out. */
  claims?: Record<string, unknown>
  /** In place of the ID token. */
  idToken?: string
  alg?: "none"
  /** Signed by a key that it does not publish. */
  otherKey?: boolean
  /** Over the token endpoint's answer. */
  token?: { status?: number; body?: string; contentType?: string; waitMs?: number }
  userinfo?: Record<string, unknown>
  discovery?: { status?: number; body?: string; change?: Record<string, unknown>; waitMs?: number }
}

export interface HostileIssuer {
  issuer: string
  lies: Lies
  /** Requests that its token endpoint got. */
  codes: URLSearchParams[]
  requests: string[]
  /** The answer to an authorization request: the query of the callback. */
  answer(authorizationUrl: string, over?: Record<string, string | null>): URLSearchParams
  close(): void
}

const WHO = { sub: "ada-1", email: "ada@example.com", email_verified: true, name: "Ada Elsewhere" }

export async function startHostile(): Promise<HostileIssuer> {
  let issuer = ""
  const pair = await generateKeyPair("RS256", { extractable: true })
  const other = await generateKeyPair("RS256", { extractable: true })
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: "hostile", alg: "RS256", use: "sig" }
  const nonces = new Map<string, string>()
  const self: HostileIssuer = {
    get issuer() {
      return issuer
    },
    lies: {},
    codes: [],
    requests: [],
    answer(authorizationUrl, over = {}) {
      const asked = new URL(authorizationUrl).searchParams
      const code = `code-${nonces.size + 1}`
      nonces.set(code, asked.get("nonce") ?? "")
      const answer = new URLSearchParams({ code, state: asked.get("state") ?? "", iss: issuer })
      for (const [name, value] of Object.entries(over)) value === null ? answer.delete(name) : answer.set(name, value)
      return answer
    },
    close: () => void server.stop(true),
  }
  const idToken = async (nonce: string): Promise<string> => {
    const now = Math.floor(Date.now() / 1_000)
    const claims = { iss: issuer, aud: "purser-here", iat: now, exp: now + 300, nonce, ...WHO, ...self.lies.claims }
    const kept = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
    if (self.lies.idToken !== undefined) return self.lies.idToken
    if (self.lies.alg === "none") return new UnsecuredJWT(kept).encode()
    return new SignJWT(kept)
      .setProtectedHeader({ alg: "RS256", kid: "hostile" })
      .sign(self.lies.otherKey ? other.privateKey : pair.privateKey)
  }
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url)
      self.requests.push(pathname)
      if (pathname.endsWith("/openid-configuration")) {
        const { status = 200, body, change, waitMs = 0 } = self.lies.discovery ?? {}
        await Bun.sleep(waitMs)
        const document = {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/jwks`,
          userinfo_endpoint: `${issuer}/userinfo`,
          response_types_supported: ["code"],
          subject_types_supported: ["public"],
          id_token_signing_alg_values_supported: ["RS256", "none"],
          authorization_response_iss_parameter_supported: true,
          ...change,
        }
        return new Response(body ?? JSON.stringify(document), {
          status,
          headers: { "content-type": "application/json" },
        })
      }
      if (pathname === "/jwks") return Response.json({ keys: [jwk] })
      if (pathname === "/userinfo") return Response.json({ sub: WHO.sub, ...self.lies.userinfo })
      if (pathname !== "/token") return new Response("nothing here", { status: 404 })
      const sent = new URLSearchParams(await request.text())
      self.codes.push(sent)
      const { status = 200, body, contentType = "application/json", waitMs = 0 } = self.lies.token ?? {}
      await Bun.sleep(waitMs)
      const nonce = nonces.get(sent.get("code") ?? "")
      if (nonce === undefined && body === undefined) return Response.json({ error: "invalid_grant" }, { status: 400 })
      const right = { access_token: "at", token_type: "Bearer", expires_in: 60, id_token: await idToken(nonce ?? "") }
      return new Response(body ?? JSON.stringify(right), { status, headers: { "content-type": contentType } })
    },
  })
  issuer = `http://127.0.0.1:${server.port}`
  return self
}
