// Who pays what where a person's own key, an app's pool, the app's limit of the day, the cache and test mode meet: each combination, for
// each kind of endpoint, against figures that are computed here from the list price alone.
import { afterEach, describe, expect, test } from "bun:test"
import { credits, UserId } from "../../app/index.ts"
import type { UpstreamFetch } from "../../gateway/index.ts"
import { testCtx } from "../../store/index.ts"
import { type App, books, chatAnswer, grantTestCredits, kit, last, rested, start, USAGE } from "./testing.ts"

const OWNER = { userId: UserId(1), userPublicId: "usr_1" }
const OPERATORS = "sk-operator-secret-key-0001"
const MINE = "sk-canary-mine-one-aaaaaaaaaaaa1111"
const LIST = { input: USAGE.prompt_tokens * 1_000, output: USAGE.completion_tokens * 2_000 }

/** `raw`: what the provider takes, n$. */
const ENDPOINTS = {
  chat: {
    path: "/chat/completions",
    body: {
      max_tokens: USAGE.completion_tokens,
      messages: [{ role: "user", content: "word ".repeat(USAGE.prompt_tokens) }],
    },
    raw: LIST.input + LIST.output,
  },
  streamed: {
    path: "/chat/completions",
    body: {
      stream: true,
      max_tokens: USAGE.completion_tokens,
      messages: [{ role: "user", content: "word ".repeat(USAGE.prompt_tokens) }],
    },
    raw: LIST.input + LIST.output,
  },
  images: { path: "/images/generations", body: { prompt: "a ship" }, raw: 1_000_000 },
  embeddings: { path: "/embeddings", body: { input: "word ".repeat(USAGE.prompt_tokens) }, raw: LIST.input },
} as const
type EndpointName = keyof typeof ENDPOINTS

const KEYS = ["no key", "a key", "a bad key", "a bad key, then credits"] as const
const POOLS = ["no pool", "a pool", "a pool with a nano-dollar"] as const
const CAPS = ["within its day", "beyond its day"] as const
type Case = { key: (typeof KEYS)[number]; pool: (typeof POOLS)[number]; cap: (typeof CAPS)[number] }

let asked: string[] = []
let isBad = false
const provider: UpstreamFetch = async (url, init) => {
  if (!url.startsWith("https://api.openai.com/v1/")) return fetch(url, init as RequestInit)
  const key = init.headers.authorization?.replace("Bearer ", "") ?? ""
  asked.push(key)
  if (key === MINE && isBad) return Response.json({ error: { message: "Incorrect API key" } }, { status: 401 })
  if (url.endsWith("/images/generations"))
    return Response.json({ created: 1, data: [{ b64_json: Buffer.from("a picture").toString("base64") }] })
  if (url.endsWith("/embeddings"))
    return Response.json({
      object: "list",
      model: "mock-1",
      data: [{ object: "embedding", index: 0, embedding: [0.5] }],
      usage: { prompt_tokens: USAGE.prompt_tokens, total_tokens: USAGE.prompt_tokens },
    })
  return chatAnswer(JSON.parse(String(init.body)) as Record<string, unknown>)
}

async function open(key: Case["key"]): Promise<void> {
  await start({ fetch: provider, balance: credits(10_000) })
  asked = []
  isBad = key.startsWith("a bad key")
  kit.keyTerms.byok = true
  await kit.gateway.addUpstream(testCtx, {
    kind: "openai-compatible",
    name: "theirs",
    baseUrl: "https://api.openai.com/v1",
    apiKey: OPERATORS,
    priceProvider: "openai",
    models: ["mock-1"],
  })
  if (key === "no key") return
  await kit.gateway.providerKeys.add(testCtx, { ...OWNER, provider: "openai", key: MINE })
  const useCredits = key === "a bad key, then credits"
  await kit.gateway.providerKeys.setUseCredits(testCtx, { ...OWNER, useCredits })
}

const send = (endpoint: EndpointName, token: string, more: { cache?: string; model?: string } = {}) => {
  const { path, body } = ENDPOINTS[endpoint]
  return fetch(`${kit.server.url}/v1${path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "x-credits-cache": more.cache ?? "off",
    },
    body: JSON.stringify({ ...body, model: more.model ?? "theirs/mock-1" }),
  })
}

interface Bill {
  status: number
  asked: string[]
  /** n$ from the person, and from the pool. */
  person: number
  pool: number
  upstream: number
  developer: number
}

/** What must come of it, by the words of SPEC alone. */
function expected({ key, pool, cap }: Case, raw: number): Bill {
  const nothing = { asked: [], person: 0, pool: 0, upstream: 0, developer: 0 }
  const byOwn = key !== "no key"
  const mayFallBack = key === "a bad key, then credits"
  const byOperator = !byOwn || mayFallBack
  // The developer's share is half of the raw cost, the platform's another half; a pool pays no share, an own key nothing but it.
  const poolPays = pool === "a pool" || (pool === "a pool with a nano-dollar" && !byOperator)
  const needsOwnCredits = !poolPays
  // The key is asked by what the pool has left, though nothing is left for what would come after it.
  if (pool === "a pool with a nano-dollar" && mayFallBack && cap === "beyond its day")
    return { ...nothing, asked: [MINE], status: 403 }
  if (needsOwnCredits && cap === "beyond its day") return { ...nothing, status: 429 }
  if (key === "a bad key") return { ...nothing, asked: [MINE], status: 403 }
  const who = byOwn ? (mayFallBack ? [MINE, OPERATORS] : [MINE]) : [OPERATORS]
  if (!byOperator)
    return poolPays
      ? { ...nothing, status: 200, asked: who }
      : { ...nothing, status: 200, asked: who, person: raw / 2, developer: raw / 2 }
  return poolPays
    ? { ...nothing, status: 200, asked: who, pool: (raw * 3) / 2, upstream: raw }
    : { status: 200, asked: who, person: raw * 2, pool: 0, upstream: raw, developer: raw / 2 }
}

/** The same question again, where the answer is kept: a tenth, nobody is asked, the provider gets nothing. */
function expectedHit(first: Bill, { pool, cap }: Case): Bill {
  if (first.status !== 200) return first
  const tenth = (first.person + first.pool) / 10
  const poolPays = pool === "a pool" && tenth > 0
  if (!poolPays && tenth > 0 && cap === "beyond its day")
    return { ...first, status: 429, asked: [], person: 0, pool: 0, upstream: 0, developer: 0 }
  return {
    status: 200,
    asked: [],
    person: poolPays ? 0 : tenth,
    pool: poolPays ? tenth : 0,
    upstream: 0,
    developer: poolPays ? 0 : first.developer / 10,
  }
}

async function appFor({ pool, cap }: Case): Promise<{ app: App; token: string; used: () => number }> {
  const app = await kit.app()
  const fund = pool === "a pool" ? credits(1_000) : 1
  const pools = pool === "no pool" ? null : await kit.pool(app, { amountNano: fund, capNano: credits(1_000) })
  const scope = "openid llm embeddings image-generation"
  const token = await app.token(1, { scope, dailyCredits: cap === "beyond its day" ? 0 : 1_000 })
  return { app, token, used: () => pools?.().usedNano ?? 0 }
}

async function billOf(call: () => Promise<Response>, used: () => number): Promise<Bill> {
  const [person, pool, calls] = [kit.balance(), used(), last()?.publicId]
  asked = []
  const answer = await call()
  await answer.text()
  await rested()
  const charge = last()?.publicId === calls ? null : last()
  return {
    status: answer.status,
    asked: [...asked],
    person: person - kit.balance(),
    pool: used() - pool,
    upstream: charge?.upstreamNano ?? 0,
    developer: charge?.developerNano ?? 0,
  }
}

afterEach(() => books())

for (const endpoint of Object.keys(ENDPOINTS) as EndpointName[]) {
  describe(endpoint, () => {
    for (const key of KEYS) {
      test(`with ${key}: whatever pool, day and cache there are`, async () => {
        await open(key)
        const { raw } = ENDPOINTS[endpoint]
        for (const pool of POOLS)
          for (const cap of CAPS) {
            const one = { key, pool, cap }
            const { token, used } = await appFor(one)
            const first = expected(one, raw)
            const bill = await billOf(() => send(endpoint, token, { cache: "60" }), used)
            expect([one, bill]).toEqual([one, first])
            const again = await billOf(() => send(endpoint, token, { cache: "60" }), used)
            expect([one, "again", again]).toEqual([one, "again", expectedHit(first, one)])
            // Asked past the cache it is the first call once more.
            const past = await billOf(() => send(endpoint, token), used)
            expect([one, "past the cache", past]).toEqual([one, "past the cache", first])
          }
        // Test mode is the sandbox's and test credits': no key of anybody's, no pool of money, no live credits.
        await grantTestCredits()
        const trial = await kit.app({ mode: "test" })
        const token = await trial.token(1, { scope: "openid llm embeddings image-generation" })
        const live = await billOf(
          () => send(endpoint, token),
          () => 0,
        )
        expect(live).toMatchObject({ status: 404, asked: [], person: 0 })
        const sandbox = await billOf(
          () => send(endpoint, token, { model: "sandbox", cache: "60" }),
          () => 0,
        )
        expect(sandbox).toMatchObject({ status: 200, asked: [], person: 0 })
        expect(last()).toMatchObject({ mode: "test" })
      }, 120_000)
    }

    test("a cached answer is its asker's alone, and a key that comes or goes is another question", async () => {
      await open("no key")
      const { raw } = ENDPOINTS[endpoint]
      const scope = "openid llm embeddings image-generation"
      const [one, two] = [await kit.app(), await kit.app()]
      const mine = await one.token(1, { scope })
      await kit.write((tx) =>
        kit.ledger.grantIn(tx, {
          owner: { kind: "principal", id: 2 as never },
          mode: "live",
          type: "topup",
          bucket: "purchase",
          amountNano: credits(100),
          paid: true,
          key: "two",
        }),
      )
      const ask = (token: string) => send(endpoint, token, { cache: "60" })
      const none = () => 0
      const full = { status: 200, asked: [OPERATORS] }
      expect(await billOf(() => ask(mine), none)).toMatchObject({ ...full, person: raw * 2 })
      expect(await billOf(() => ask(mine), none)).toMatchObject({ status: 200, asked: [], person: raw / 5 })
      for (const token of [await one.token(2, { scope }), await two.token(1, { scope })]) {
        expect(await billOf(() => ask(token), none)).toMatchObject(full)
      }
      expect(await billOf(async () => ask((await kit.key()).secret), none)).toMatchObject(full)
      const key = await kit.gateway.providerKeys.add(testCtx, { ...OWNER, provider: "openai", key: MINE })
      expect(await billOf(() => ask(mine), none)).toMatchObject({ asked: [MINE], person: raw / 2, upstream: 0 })
      expect(await billOf(() => ask(mine), none)).toMatchObject({ asked: [], person: raw / 20, upstream: 0 })
      await kit.gateway.providerKeys.remove(testCtx, { ...OWNER, keyId: key.publicId })
      // The answer of the time before is still theirs.
      expect(await billOf(() => ask(mine), none)).toMatchObject({ asked: [], person: raw / 5 })
    }, 120_000)
  })
}

test("a name of the house sells pictures, too: at its own price, paid one by one upstream", async () => {
  await open("no key")
  await kit.gateway.setHouseModel(testCtx, null, {
    name: "brush",
    model: "theirs/mock-1",
    input1kNano: 0 as never,
    output1kNano: 0 as never,
    feeNano: 4_000_000 as never,
    active: true,
  })
  const token = await (await kit.app()).token(1, { scope: "openid llm embeddings image-generation" })
  const bill = await billOf(
    () => send("images", token, { model: "brush" }),
    () => 0,
  )
  expect(bill).toEqual({
    status: 200,
    asked: [OPERATORS],
    person: 4_000_000,
    pool: 0,
    upstream: 1_000_000,
    developer: 500_000,
  })
})
