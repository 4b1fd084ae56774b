// What the matrix stands on: the gateway over real HTTP, and one server that plays every provider and remembers what it was asked.
import { credits, UserId } from "../../src/app/index.ts"
import { openV1, RESTLESS, type V1Kit, type V1Options } from "../../src/sites/api/v1-testing.ts"
import { testCtx } from "../../src/store/index.ts"
import { COLUMNS, type Column, playedProviders } from "./columns.ts"
import { type Json, list, type Said, type Seen, type Usage } from "./meaning.ts"
import type { Scenario } from "./scenarios.ts"
import { ROUTER_COST } from "./wires/chat.ts"

/** µ$ per Mtok, which is pico-dollars a token: no two divide evenly into nano-dollars. */
export const RATES = { input: 3_333_333, output: 15_000_007, cacheRead: 333_331 }

/** Credits that no run uses up. */
const RICH = 100_000

export interface Rig {
  kit: V1Kit
  token: string
  /** What is said to the next questions. */
  play: { said: Said; fails?: Scenario["fails"] }
  /** Another answer in place of that, for whoever wants bytes. */
  answer: ((column: Column, body: Json, isStream: boolean) => Response | null) | null
  readonly asked: { column: Column; body: Json; seen: Seen }[]
  /** Words of requests that no real server would take. */
  readonly wrong: string[]
  logged: { event: string; fields: Json }[]
  close(): Promise<void>
}

export async function openRig(options: V1Options = {}): Promise<Rig> {
  const rig = { asked: [], wrong: [], logged: [], answer: null } as unknown as Rig
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    fetch: (request) => respond(rig, request),
  })
  const url = `http://127.0.0.1:${server.port}`
  const keep = (event: string, fields: Json = {}) => void rig.logged.push({ event, fields })
  const log = { debug() {}, info() {}, warn: keep, error: keep }
  rig.kit = await openV1({ providers: playedProviders(), log, balance: credits(RICH), ...RESTLESS, ...options })
  for (const { name, kind, priceProvider, model, path } of COLUMNS) {
    const limits = { contextWindow: 200_000, maxOutputTokens: 16_000 }
    await rig.kit.pricing.setModelPrice(testCtx, { provider: priceProvider, model, rates: RATES, limits })
    const apiKey = kind === "vertex" ? await serviceAccount(`${url}/token`) : `sk-${name}-upstream`
    const upstream = { kind, name, baseUrl: `${url}${path}`, apiKey, priceProvider, models: [model] }
    await rig.kit.gateway.addUpstream(testCtx, upstream)
  }
  rig.token = await (await rig.kit.app()).token(1, { dailyCredits: RICH })
  rig.close = async () => {
    await rig.kit.close()
    await server.stop(true)
  }
  return rig
}

async function respond(rig: Rig, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (pathname === "/token")
    return Response.json({ access_token: "the-token", expires_in: 3_600, token_type: "Bearer" })
  const column = COLUMNS.find(({ path }) => pathname.startsWith(`${path}/`))
  if (!column) return new Response("no such place", { status: 404 })
  const body = (await request.json()) as Json
  const isStream = body.stream === true || pathname.includes(":streamGenerateContent")
  const own = rig.answer?.(column, body, isStream)
  if (own) return own
  try {
    rig.asked.push({ column, body, seen: column.played.seen(body) })
  } catch (error) {
    rig.wrong.push(`${column.name}: ${(error as Error).message}`)
    return Response.json({ error: { message: (error as Error).message } }, { status: 400 })
  }
  const { said, fails } = rig.play
  if (fails === "before") return column.played.overloaded()
  return isStream ? streamed(column.played.stream(said, fails === "middle")) : Response.json(column.played.whole(said))
}

export const streamed = (body: BodyInit): Response =>
  new Response(body, { headers: { "content-type": "text/event-stream" } })

/** Of Google Cloud. */
async function serviceAccount(token_uri: string): Promise<string> {
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    modulusLength: 2_048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: "SHA-256",
  }
  const { privateKey } = (await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair
  const bytes = Buffer.from(await crypto.subtle.exportKey("pkcs8", privateKey))
  const pem = bytes.toString("base64").replace(/.{64}/g, "$&\n")
  const private_key = `-----BEGIN PRIVATE KEY-----\n${pem}\n-----END PRIVATE KEY-----\n`
  return JSON.stringify({
    type: "service_account",
    client_email: "p@p.iam.gserviceaccount.com",
    private_key,
    token_uri,
  })
}

/** The last call, as its person sees it. */
export const lastCall = (rig: Rig) => rig.kit.usage.recent(UserId(1), 1)[0]!

/** What it costs at the provider, in pico-dollars. */
export const rawPico = ({ input, cached, output }: Usage): bigint =>
  BigInt(input - cached) * BigInt(RATES.input) +
  BigInt(cached) * BigInt(RATES.cacheRead) +
  BigInt(output) * BigInt(RATES.output)

/** What an app's caller pays: the raw price, as much again for developer and platform; rounded once, up. n$. */
export const priceOf = (pico: bigint): number => Number((2n * pico + 999n) / 1_000n)

export const goldenPrice = ({ costs }: Column, usage: Usage): number =>
  priceOf(costs ? BigInt(Math.round(ROUTER_COST * 1e12)) : rawPico(usage))

export const brokenBooks = ({ kit }: Rig): string[] =>
  list(kit.ledger.verify().checks.filter((check) => check.violations > 0)).map(({ name }) => String(name))
