// For tests of /v1 only: a real server over a real database with real tokens, in front of an upstream that speaks real HTTP.
import type { Server } from "bun"
import {
  AppError,
  createIds,
  createKeyring,
  credits,
  type Nano,
  randomSecret,
  sha256Hex,
  silentLog,
} from "../../app/index.ts"
import { createGateway, type Gateway, type Timeouts } from "../../gateway/index.ts"
import { type HttpServer, loadAssets, startServer } from "../../http/index.ts"
import { createLedger, type Ledger, type Mode } from "../../ledger/index.ts"
import { type Client, createOauth, type Oauth } from "../../oauth/index.ts"
import { createPricing, type Pricing } from "../../pricing/index.ts"
import { openTestStore, type Store, type Tx, testCtx } from "../../store/index.ts"
import { createUsage, type Usage } from "../../usage/index.ts"
import { apiSite } from "./index.ts"

export const CALLBACK = "https://app.example.com/callback"
const VERIFIER = sha256Hex("a verifier of 64 characters")
const CHALLENGE = new Bun.CryptoHasher("sha256").update(VERIFIER).digest("base64url")

/** What `mock-1` costs its caller: $1 and $2 a million tokens, doubled by the shares. n$ per token. */
export const IN_NANO = 2_000
export const OUT_NANO = 4_000

export class People {
  readonly suspended = new Set<number>()
  userById = (id: number) => ({
    id,
    publicId: `usr_${id}`,
    email: `p${id}@example.com`,
    emailVerified: true,
    name: `P ${id}`,
  })
  isSuspended = (id: number) => this.suspended.has(id)
  requireActiveIn = (_tx: Tx, id: number) => {
    if (this.suspended.has(id)) throw new AppError("account_suspended", "This account is suspended.")
    return { emailVerified: true }
  }
}

/** Requests an upstream got, and how it answers them. */
export class MockUpstream {
  readonly journal: Record<string, unknown>[] = []
  aborted = 0
  answer: (body: Record<string, unknown>, request: Request) => Response | Promise<Response> = (body) => chatAnswer(body)
  private readonly server: Server<undefined> = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    fetch: async (request) => {
      if (request.url.endsWith("/models")) return Response.json({ data: [{ id: "mock-1" }, { id: "unpriced-1" }] })
      const body = (await request.json()) as Record<string, unknown>
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

export interface V1Kit {
  store: Store
  clock: { now(): number; advance(ms: number): void }
  ledger: Ledger
  oauth: Oauth
  usage: Usage
  pricing: Pricing
  gateway: Gateway
  people: People
  upstream: MockUpstream
  server: HttpServer
  write<T>(body: (tx: Tx) => T): Promise<T>
  /** A new app; its tokens through a real login with that daily limit. */
  app(options?: { mode?: Mode; ownerId?: number | null }): Promise<App>
  /** Balance of person 1, n$. */
  balance(userId?: number): Nano
  post(token: string, body: unknown, init?: RequestInit): Promise<Response>
  close(): Promise<void>
}
export interface App {
  client: Client
  token(userId?: number, options?: { scope?: string; dailyCredits?: number }): Promise<string>
}

export async function openV1(
  options: { timeouts?: Partial<Timeouts>; balance?: number; claim?: number; sandboxWordMs?: number } = {},
): Promise<V1Kit> {
  const { store, clock, close } = await openTestStore()
  const ids = createIds(clock)
  const keyring = createKeyring(Buffer.alloc(32, 7))
  const people = new People()
  const ledger = createLedger({ store, clock, ids, bootId: "boot_1" })
  const pricing = createPricing({ store, clock })
  const usage = createUsage({ store, ids, log: silentLog })
  const oauth = await createOauth({ store, clock, ids, keyring, identity: people, issuer: "https://id.example.com" })
  const upstream = new MockUpstream()
  const gateway = createGateway({
    ...{ store, clock, ids, keyring, log: silentLog, ledger, pricing, oauth, identity: people, usage },
    plans: { allocateDueIn: () => 0, claimTermsIn: () => ({ amountNano: options.claim ?? 0, freeBudgetNano: null }) },
    earnings: { promoCapIn: () => null },
    baseUrl: "https://id.example.com",
    timeouts: { tickMs: 20, ...options.timeouts },
    ...(options.sandboxWordMs === undefined ? {} : { sandboxWordMs: options.sandboxWordMs }),
  })
  const write = <T>(body: (tx: Tx) => T): Promise<T> => store.write(testCtx, body as (tx: Tx) => never)
  await pricing.setModelPrice(testCtx, {
    provider: "openai",
    model: "mock-1",
    rates: { input: 1_000_000, output: 2_000_000 },
    limits: { contextWindow: 128_000, maxOutputTokens: 1_000 },
  })
  await gateway.addUpstream(testCtx, { kind: "sandbox", name: "sandbox" })
  await gateway.addUpstream(testCtx, {
    kind: "openai-compatible",
    name: "mock",
    baseUrl: upstream.url,
    apiKey: "sk-upstream-secret-key",
    priceProvider: "openai",
    models: ["mock-1", "unpriced-1"],
  })
  const grant = options.balance ?? credits(1_000)
  if (grant > 0) {
    await write((tx) =>
      ledger.grantIn(tx, {
        ...{ owner: { kind: "principal", id: 1 }, mode: "live", type: "topup", bucket: "purchase" },
        ...{ amountNano: grant, paid: true, key: "start" },
      }),
    )
  }
  const server = startServer({
    host: "127.0.0.1",
    port: 0,
    sites: [apiSite(gateway, () => ({}))],
    assets: loadAssets(import.meta.dir),
    ids,
    log: silentLog,
    errorPage: (error) => new Response(error.code, { status: error.status }),
  })
  return {
    ...{ store, clock, ledger, oauth, usage, pricing, gateway, people, upstream, server, write },
    async app({ mode = "live", ownerId = 9 } = {}) {
      const { client, secret } = await write((tx) =>
        oauth.registerClientIn(tx, {
          ...{ ownerId, type: ownerId === null ? "first-party" : "confidential", name: "Chat", mode },
          redirectUris: [CALLBACK],
          scopes: ["profile", "email", "llm", "embeddings"],
        }),
      )
      return { client, token: (userId = 1, more = {}) => login(oauth, client, secret, userId, clock.now(), more) }
    },
    balance: (userId = 1) => ledger.wallet({ kind: "principal", id: userId }, "live").balanceNano,
    post: (token, body, init = {}) =>
      fetch(`${server.url}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: typeof body === "string" ? body : JSON.stringify(body),
        ...init,
      }),
    async close() {
      upstream.stop()
      await server.stop(0)
      await gateway.drain(2_000)
      gateway.close()
      await close()
    },
  }
}

async function login(
  oauth: Oauth,
  client: Client,
  secret: string | null,
  userId: number,
  nowMs: number,
  options: { scope?: string; dailyCredits?: number },
): Promise<string> {
  const scope = options.scope ?? "openid profile email llm"
  const session = { sessionId: 1, userId, authTimeMs: nowMs }
  const browserIds = [randomSecret()]
  const params = new URLSearchParams({
    client_id: client.publicId,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope,
    state: "s",
    code_challenge: CHALLENGE,
    code_challenge_method: "S256",
  })
  let outcome = await oauth.beginAuthorization({ params, session, browserIds, requestId: "req_1" })
  if (outcome.kind === "consent") {
    outcome = await oauth.decide({
      ...{
        interaction: outcome.interaction,
        session,
        browserIds,
        requestId: "req_2",
        approve: true,
        scopes: scope.split(" "),
      },
      limits: { llm: credits(options.dailyCredits ?? 1_000) },
    })
  }
  if (outcome.kind !== "redirect") throw new Error(`expected a redirect, got ${outcome.kind}`)
  const code = new URL(outcome.location).searchParams.get("code")!
  const token = await oauth.token({
    params: new URLSearchParams({
      ...{ grant_type: "authorization_code", code, code_verifier: VERIFIER, redirect_uri: CALLBACK },
      client_id: client.publicId,
      ...(secret ? { client_secret: secret } : {}),
    }),
    authorization: null,
    requestId: "req_3",
  })
  return token.access_token
}
