// Limits (KE-2) through the real gateway: exactly so many calls reach the upstream, whatever the kind, and everybody else is told the
// truth, in the words of the SDK they use.
import { describe, expect, onTestFinished, test } from "bun:test"
import Anthropic from "@anthropic-ai/sdk"
import OpenAI from "openai"
import { createIds, DAY_MS, MINUTE_MS, SECOND_MS, silentLog, UserId } from "../../app/index.ts"
import { createLedger } from "../../ledger/index.ts"
import type { LimitKind, Limits } from "../../limits/index.ts"
import { createLimits } from "../../limits/index.ts"
import { testCtx } from "../../store/index.ts"
import { ASK, books, COST, chatAnswer, kit, OUT_NANO, sse, start, streamText, token, USAGE, until } from "./testing.ts"

const CALLS = 1_000
const everybody = (kind: LimitKind, amount: number) =>
  kit.limits.set(testCtx, { level: "everybody", subject: "", kind, amount })
const asked = () => kit.upstream.journal.length
const problem = async (answer: Response) =>
  ((await answer.json()) as { error: { code: string; type: string; param: string | null; message: string } }).error
const refused = () => kit.store.read.get<{ n: number }>("SELECT SUM(calls) AS n FROM refused_days")?.n ?? 0

/** All at once; how many got which status. */
async function flood(calls: number, body: unknown = ASK, bearer = token): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {}
  await Promise.all(
    Array.from({ length: calls }, async () => {
      const answer = await kit.post(bearer, body)
      await answer.text()
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
    }),
  )
  return statuses
}

/** Answers wait until they are let go. */
function gate() {
  const open = Promise.withResolvers<void>()
  const seen = { running: 0, most: 0, letGo: open.resolve }
  kit.upstream.answer = async (body) => {
    seen.most = Math.max(seen.most, ++seen.running)
    await open.promise
    await Bun.sleep(1)
    seen.running--
    return chatAnswer(body)
  }
  onTestFinished(() => open.resolve())
  return seen
}

describe("1,000 calls at once at a limit of 25", () => {
  test.each(["requests_second", "requests_minute", "requests_hour", "requests_day"] as const)(
    "%s: exactly 25 are asked, all others are rows",
    async (kind) => {
      await start()
      await everybody(kind, 25)
      expect(await flood(CALLS)).toEqual({ 200: 25, 429: CALLS - 25 })
      expect(asked()).toBe(25)
      await kit.usage.stop()
      expect(refused()).toBe(CALLS - 25)
      kit.clock.advance(DAY_MS)
      expect(await flood(1, ASK, (await kit.key()).secret)).toEqual({ 200: 1 })
      books()
    },
    60_000,
  )

  test("calls at the same time: 25 run, the next come in when one ends", async () => {
    await start()
    await everybody("concurrent", 25)
    const upstream = gate()
    const all = flood(CALLS)
    await until(() => asked() === 25)
    const late = await kit.post(token, ASK)
    expect([late.status, late.headers.get("retry-after"), late.headers.get("x-should-retry")]).toEqual([
      429,
      "1",
      "true",
    ])
    upstream.letGo()
    const { 200: passed = 0, 429: turnedAway = 0 } = await all
    expect(passed + turnedAway).toBe(CALLS)
    expect(asked()).toBe(passed)
    expect(passed).toBeGreaterThanOrEqual(25)
    expect(await flood(25)).toEqual({ 200: 25 })
    expect(upstream.most).toBe(25)
    books()
  }, 60_000)

  test("tokens: what is reserved never passes the limit, and what was not used is free again", async () => {
    await start()
    const body = { ...ASK, max_tokens: 500 }
    await everybody("tokens_minute", 100_000)
    const ticketTokens = await reservedBy(body)
    await everybody("tokens_minute", ticketTokens * 25 + ticketTokens - 1)
    kit.clock.advance(MINUTE_MS)
    const before = asked()
    const upstream = gate()
    const all = flood(CALLS, body)
    await until(() => asked() - before === 25)
    await until(() => kit.usage !== null && refusedInMemory() >= CALLS - 25)
    upstream.letGo()
    expect(await all).toEqual({ 200: 25, 429: CALLS - 25 })
    // 25 answers of 120 tokens each were used of it.
    const last = await kit.post(token, body)
    const left = ticketTokens * 26 - 1 - 25 * USAGE.total_tokens - ticketTokens
    expect(last.headers.get("x-ratelimit-remaining-tokens")).toBe(String(left + ticketTokens - USAGE.total_tokens))
    books()
  }, 60_000)

  test("spend of a key: used and held are never above the limit, and every call that passes is paid", async () => {
    await start()
    const { secret, key } = await kit.key()
    const limit = 25 * COST * 40
    await kit.limits.setKeyLimits(testCtx, { keyId: key.id, keyPublicId: key.publicId, limits: { spend_day: limit } })
    let most = 0
    const stop = kit.store.committed(() => {
      const row = kit.store.read.get<{ n: number }>("SELECT MAX(used + held) AS n FROM limit_counts")
      most = Math.max(most, row?.n ?? 0)
    })
    const statuses = await flood(CALLS, ASK, secret)
    stop()
    const { used, held } = kit.store.read.get<{ used: number; held: number }>("SELECT used, held FROM limit_counts")!
    const paid = kit.store.read.get<{ n: number }>("SELECT SUM(collected_nano) AS n FROM v_charges")!.n
    expect([used, held]).toEqual([paid, 0])
    expect(most).toBeLessThanOrEqual(limit)
    expect(most).toBeGreaterThan(limit / 2)
    expect((statuses[200] ?? 0) + (statuses[429] ?? 0)).toBe(CALLS)
    expect(kit.limits.keyLimits({ keyId: key.id, payerId: UserId(1) }).own[0]).toMatchObject({
      kind: "spend_day",
      amount: limit,
      used: paid,
      held: 0,
    })
    books()
  }, 60_000)
})

/** Tokens that a call reserves, as its headers say while it runs. */
async function reservedBy(body: object): Promise<number> {
  const text = sseBody()
  kit.upstream.answer = () => text.response
  const answer = await kit.post(token, { ...body, stream: true })
  const left = Number(answer.headers.get("x-ratelimit-remaining-tokens"))
  await answer.body?.cancel()
  return 100_000 - left
}
const sseBody = () => ({ response: sse(streamText(true)) })
const refusedInMemory = (): number => [...kit.limits.hitsToday().values()].reduce((sum, one) => sum + one, 0)

describe("what a refused caller is told", () => {
  test("rate: 429 with the wait, the limit and how it stands, and nothing was asked", async () => {
    await start()
    await everybody("requests_minute", 1)
    await flood(1)
    const answer = await kit.post(token, ASK)
    const seconds = Number(answer.headers.get("retry-after"))
    expect(await problem(answer)).toMatchObject({
      code: "rate_limit_exceeded",
      type: "rate_limit_error",
      message: `Your account may have 1 request a minute. Try again in ${seconds} seconds.`,
      limit: "requests_minute",
      limit_of: "user",
    } as never)
    expect(answer.headers.get("x-should-retry")).toBe("true")
    expect(answer.headers.get("ratelimit-policy")).toBe('"user-requests-minute";q=1;w=60')
    expect(answer.headers.get("ratelimit")).toBe(`"user-requests-minute";r=0;t=${seconds}`)
    const exposed = answer.headers.get("access-control-expose-headers")!
    for (const name of ["ratelimit", "ratelimit-policy", "retry-after", "x-ratelimit-remaining-requests"])
      expect(exposed.split(", ")).toContain(name)
    expect(asked()).toBe(1)
    // The truth: one millisecond before is too early.
    kit.clock.advance(seconds * SECOND_MS)
    expect((await kit.post(token, ASK)).status).toBe(200)
  })

  test("until tomorrow: SDKs are told not to try by themselves", async () => {
    await start()
    await everybody("requests_day", 1)
    await flood(1)
    const answer = await kit.post(token, ASK)
    expect(answer.headers.get("x-should-retry")).toBe("false")
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(60)
  })

  test("tokens of one request: 400 by the caller's own name for it, in each dialect", async () => {
    await start()
    await everybody("tokens_request", 200)
    const paths = [
      ["chat/completions", { ...ASK, max_tokens: 500 }, "max_tokens"],
      ["chat/completions", { ...ASK, max_completion_tokens: 500 }, "max_completion_tokens"],
      ["responses", { model: "mock-1", input: "hi", max_output_tokens: 500 }, "max_output_tokens"],
      ["chat/completions", { model: "mock-1", messages: [{ role: "user", content: "word ".repeat(400) }] }, "messages"],
    ] as const
    for (const [path, body, param] of paths) {
      const answer = await fetch(`${kit.server.url}/v1/${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      })
      expect([answer.status, (await problem(answer)).param]).toEqual([400, param])
    }
    expect(asked()).toBe(0)
    // Nobody named a length: the upstream is told a shorter one.
    expect((await kit.post(token, { ...ASK, max_tokens: undefined })).status).toBe(200)
    expect(kit.upstream.journal[0]!.max_tokens ?? kit.upstream.journal[0]!.max_completion_tokens).toBeLessThan(200)
  })

  test("spend: 429 insufficient_quota until the window ends; free models still answer", async () => {
    await start()
    const { secret, key } = await kit.key()
    const limits = { spend_month: 1 }
    await kit.limits.setKeyLimits(testCtx, { keyId: key.id, keyPublicId: key.publicId, limits })
    const answer = await kit.post(secret, ASK)
    expect([answer.status, answer.headers.get("x-should-retry")]).toEqual([429, "false"])
    expect(await problem(answer)).toMatchObject({ code: "spend_limit_exceeded", type: "insufficient_quota" })
    expect(asked()).toBe(0)
    await kit.pricing.setModelPrice(testCtx, {
      provider: "openai",
      model: "unpriced-1",
      rates: { input: 0, output: 0 },
    })
    expect((await kit.post(secret, { ...ASK, model: "unpriced-1" })).status).toBe(200)
    expect((await kit.post(token, ASK)).status).toBe(200)
  })
})

test("a spend limit that leaves less than the worst case shortens the answer before it refuses", async () => {
  await start()
  const { secret, key } = await kit.key()
  const set = (nano: number) =>
    kit.limits.setKeyLimits(testCtx, { keyId: key.id, keyPublicId: key.publicId, limits: { spend_day: nano } })
  const maximum = () => {
    const { max_tokens, max_completion_tokens } = kit.upstream.journal.at(-1)!
    return (max_tokens ?? max_completion_tokens) as number
  }
  await set(10 ** 12)
  expect((await kit.post(secret, ASK)).status).toBe(200)
  const whole = maximum()
  const spentNano = kit.limits.keyLimits({ keyId: key.id, payerId: UserId(1) }).own[0]!.used
  await set(spentNano + Math.round(whole * 0.6 * OUT_NANO * 0.55))
  expect((await kit.post(secret, ASK)).status).toBe(200)
  expect(maximum()).toBeLessThan(whole)
  const { used, amount } = kit.limits.keyLimits({ keyId: key.id, payerId: UserId(1) }).own[0]!
  expect(used).toBeLessThanOrEqual(amount)
  // Whoever names a length gets that length or nothing.
  expect((await kit.post(secret, { ...ASK, max_tokens: whole })).status).toBe(429)
  books()
})

describe("what is given back", () => {
  test("calls that fail, are refused for another reason, or whose client leaves free their place", async () => {
    await start()
    await everybody("concurrent", 1)
    await everybody("tokens_minute", 100_000)
    const left = async () =>
      Number((await kit.post(token, { ...ASK, max_tokens: 10 })).headers.get("x-ratelimit-remaining-tokens"))
    const first = await left()
    kit.upstream.answer = () => new Response("{}", { status: 500 })
    expect((await kit.post(token, ASK)).status).toBeGreaterThanOrEqual(500)
    expect((await kit.post(token, { ...ASK, model: "nothing" })).status).toBe(404)
    expect((await kit.post(token, { ...ASK, model: "unpriced-1" })).status).toBe(503)
    kit.upstream.answer = (body) => chatAnswer(body)
    const controller = new AbortController()
    const stream = await kit.post(
      token,
      { ...ASK, stream: true },
      {
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        signal: controller.signal,
      },
    )
    await stream.body!.getReader().read()
    controller.abort()
    await until(() => kit.gateway.callsInFlight === 0)
    const second = await left()
    // Two answers that were used, and the start of one: no reservation is left behind.
    expect(first - second).toBeLessThan(4 * USAGE.total_tokens)
    books()
  }, 30_000)

  test("a restart forgets no hour, no day and no spend", async () => {
    await start()
    const { secret, key } = await kit.key()
    await everybody("requests_day", 3)
    await kit.limits.setKeyLimits(testCtx, {
      keyId: key.id,
      keyPublicId: key.publicId,
      limits: { spend_total: 10 ** 9 },
    })
    expect(await flood(3, ASK, secret)).toEqual({ 200: 3 })
    const again = createLimits({ store: kit.store, clock: kit.clock, ids: createIds(kit.clock), log: silentLog })
    expect(again.keyLimits({ keyId: key.id, payerId: UserId(1) }).own[0]!.used).toBe(
      kit.store.read.get<{ n: number }>("SELECT SUM(collected_nano) AS n FROM v_charges")!.n,
    )
    expect(await flood(1, ASK, secret)).toEqual({ 429: 1 })
  })
})

test("after a crash: what calls held of a spend limit is what recovery charged for them", async () => {
  await start({ timeouts: { totalMs: 2_000 } })
  const { secret, key } = await kit.key()
  const limits = { spend_day: 10 ** 9 }
  await kit.limits.setKeyLimits(testCtx, { keyId: key.id, keyPublicId: key.publicId, limits })
  expect(await flood(2, ASK, secret)).toEqual({ 200: 2 })
  kit.upstream.answer = () => new Promise<Response>(() => {})
  const lost = [1, 2, 3].map(() => kit.post(secret, ASK).catch(() => null))
  onTestFinished(() => void lost)
  await until(() => asked() === 5)
  const own = (of: Limits) => of.keyLimits({ keyId: key.id, payerId: UserId(1) }).own[0]!
  const { used: before, held } = own(kit.limits)
  expect(held).toBeGreaterThan(0)
  // The next process, with a second crash between its steps.
  const { store, clock } = kit
  const ids = createIds(clock)
  const next = createLimits({ store, clock, ids, log: silentLog })
  await next.noteDead()
  await createLedger({ store, clock, ids, bootId: "boot_2" }).recoverHolds()
  await next.noteDead()
  expect(await next.recover()).toBe(3)
  const paid = store.read.get<{ n: number }>("SELECT SUM(collected_nano) AS n FROM v_charges")!.n
  expect(own(next)).toMatchObject({ used: paid, held: 0 })
  expect(paid).toBeGreaterThan(before)
}, 30_000)

describe("clients that we did not write", () => {
  test("openai: waits as long as it is told and gets its answer; is not kept waiting until tomorrow", async () => {
    await start()
    await everybody("concurrent", 1)
    const upstream = gate()
    const client = new OpenAI({ apiKey: token, baseURL: `${kit.server.url}/v1`, maxRetries: 2 })
    const ask = () => client.chat.completions.create({ model: "mock-1", messages: [{ role: "user", content: "hi" }] })
    const first = ask()
    await until(() => asked() === 1)
    const second = ask()
    await until(() => refusedInMemory() >= 1)
    const sinceMs = performance.now()
    upstream.letGo()
    await Promise.all([first, second])
    expect(performance.now() - sinceMs).toBeGreaterThan(500)
    await everybody("requests_day", 0)
    const before = refusedInMemory()
    const error = await ask().catch((thrown) => thrown)
    expect(error).toBeInstanceOf(OpenAI.RateLimitError)
    expect(error.code).toBe("rate_limit_exceeded")
    expect(refusedInMemory() - before).toBe(1)
  }, 30_000)

  test("anthropic: reads its own headers", async () => {
    await start()
    await everybody("requests_minute", 5)
    await everybody("tokens_minute", 50_000)
    const client = new Anthropic({ authToken: token, apiKey: null, baseURL: kit.server.url, maxRetries: 0 })
    const ask = () =>
      client.messages
        .create({ model: "mock-1", max_tokens: 50, messages: [{ role: "user", content: "hi" }] })
        .withResponse()
    const { response } = await ask()
    expect(response.headers.get("anthropic-ratelimit-requests-remaining")).toBe("4")
    expect(response.headers.get("anthropic-ratelimit-requests-reset")).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(Number(response.headers.get("anthropic-ratelimit-tokens-remaining"))).toBeLessThan(50_000)
    await everybody("requests_minute", 1)
    const error = await ask().catch((thrown) => thrown)
    expect(error).toBeInstanceOf(Anthropic.RateLimitError)
    expect(error.headers.get("anthropic-ratelimit-requests-remaining")).toBe("0")
  })
})
