// A whole AI app without a backend bill: sign in with Purser, then chat with the visitor's own credits.
// This is the code a developer would copy. It needs two libraries: openid-client and openai.
import OpenAI from "openai"
import * as oidc from "openid-client"
import { page } from "./page.ts"

export interface ChatAppOptions {
  /** Where Purser runs, such as https://ai.example.com. */
  issuer: string
  /** Origin of the API, where it is not the issuer's. */
  apiUrl?: string
  clientId: string
  clientSecret: string
  port: number
  model: string
  /** A group of tools (MCP) that visitors may have: their model uses it where they say so. */
  tools?: string
}

interface Visitor {
  state: string
  verifier: string
  tokens?: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers
  /** ms since the epoch when the access token ends. */
  expiresMs: number
  name: string
}

export async function startChatApp(options: ChatAppOptions): Promise<{ url: string; stop(): void }> {
  const insecure = options.issuer.startsWith("http:") ? { execute: [oidc.allowInsecureRequests] } : {}
  const config = await oidc.discovery(
    new URL(options.issuer),
    options.clientId,
    options.clientSecret,
    undefined,
    insecure,
  )
  const visitors = new Map<string, Visitor>()

  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: options.port,
    idleTimeout: 120,
    routes: {
      "/": (request) => {
        const visitor = visitors.get(sessionOf(request))
        const name = visitor?.tokens ? visitor.name : null
        return new Response(page(name, options.issuer, options.tools), {
          headers: { "content-type": "text/html; charset=utf-8" },
        })
      },

      // 1. Send the visitor to Purser. PKCE and state tie the answer to this browser.
      "/login": async () => {
        const session = crypto.randomUUID()
        const visitor: Visitor = {
          state: oidc.randomState(),
          verifier: oidc.randomPKCECodeVerifier(),
          expiresMs: 0,
          name: "you",
        }
        visitors.set(session, visitor)
        const location = oidc.buildAuthorizationUrl(config, {
          redirect_uri: `${url}/callback`,
          scope: `openid profile offline_access llm${options.tools ? " mcp" : ""}`,
          state: visitor.state,
          code_challenge: await oidc.calculatePKCECodeChallenge(visitor.verifier),
          code_challenge_method: "S256",
        })
        return redirect(location.href, `session=${session}; HttpOnly; SameSite=Lax; Path=/`)
      },

      // 2. Purser sends the visitor back with a code; exchange it for tokens.
      "/callback": async (request) => {
        const visitor = visitors.get(sessionOf(request))
        if (!visitor) return redirect("/login")
        const here = new URL(request.url)
        if (here.searchParams.get("error") === "access_denied") return redirect("/")
        visitor.tokens = await oidc.authorizationCodeGrant(config, new URL(`${url}${here.pathname}${here.search}`), {
          pkceCodeVerifier: visitor.verifier,
          expectedState: visitor.state,
        })
        visitor.expiresMs = Date.now() + (visitor.tokens.expires_in ?? 3_600) * 1_000
        const claims = visitor.tokens.claims()
        const profile = await oidc.fetchUserInfo(config, visitor.tokens.access_token, claims!.sub)
        visitor.name = profile.name ?? "you"
        return redirect("/")
      },

      // What the visitor has left, for a badge or a friendly word before it runs out.
      "/credits": async (request) => {
        const visitor = visitors.get(sessionOf(request))
        if (!visitor?.tokens) return new Response("Sign in first.", { status: 401 })
        await refreshIfOld(config, visitor)
        return fetch(`${options.apiUrl ?? options.issuer}/v1/me`, {
          headers: { authorization: `Bearer ${visitor.tokens.access_token}` },
        })
      },

      // 3. Chat. The openai SDK talks to Purser with the visitor's token; the visitor's credits pay.
      "/chat": {
        POST: async (request) => {
          const visitor = visitors.get(sessionOf(request))
          if (!visitor?.tokens) return new Response("Sign in first.", { status: 401 })
          await refreshIfOld(config, visitor)
          const openai = new OpenAI({
            baseURL: `${options.apiUrl ?? options.issuer}/v1`,
            apiKey: visitor.tokens.access_token,
          })
          try {
            const messages = [{ role: "user" as const, content: await request.text() }]
            // Purser lets the model call the visitor's tools, within this one request; each call is charged to them.
            const isWithTools = options.tools && new URL(request.url).searchParams.has("tools")
            const tools = isWithTools ? { tools: [{ type: "mcp", group: options.tools }] as never } : {}
            const answer = await openai.chat.completions.create(
              { model: options.model, stream: true, messages, ...tools },
              { signal: request.signal },
            )
            return new Response(streamOf(wordsOf(answer)), { headers: { "content-type": "text/plain; charset=utf-8" } })
          } catch (error) {
            if (error instanceof OpenAI.APIError) return new Response(error.message, { status: error.status ?? 502 })
            throw error
          }
        },
      },
    },
  })
  const url = `http://127.0.0.1:${server.port}`
  return { url, stop: () => void server.stop(true) }
}

/** Access tokens live an hour; the refresh token brings the next one. */
async function refreshIfOld(config: oidc.Configuration, visitor: Visitor): Promise<void> {
  if (!visitor.tokens?.refresh_token || Date.now() < visitor.expiresMs - 60_000) return
  visitor.tokens = await oidc.refreshTokenGrant(config, visitor.tokens.refresh_token)
  visitor.expiresMs = Date.now() + (visitor.tokens.expires_in ?? 3_600) * 1_000
}

async function* wordsOf(answer: AsyncIterable<OpenAI.Chat.ChatCompletionChunk>): AsyncGenerator<string> {
  for await (const chunk of answer) yield chunk.choices[0]?.delta.content ?? ""
}

function streamOf(words: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await words.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    cancel: () => void words.return(undefined),
  })
}

const sessionOf = (request: Request): string => /session=([\w-]+)/.exec(request.headers.get("cookie") ?? "")?.[1] ?? ""

const redirect = (location: string, cookie?: string): Response =>
  new Response(null, { status: 303, headers: { location, ...(cookie ? { "set-cookie": cookie } : {}) } })
