// Several accounts of one model, and models that stand in for each other: who is asked, what is charged, what is kept.
import { describe, expect, onTestFinished, test } from "bun:test"
import { credits, nano } from "../../app/index.ts"
import { testCtx } from "../../store/index.ts"
import {
  ASK,
  addUpstream,
  books,
  COST,
  chatAnswer,
  chunkOf,
  feed,
  kit,
  last,
  MockUpstream,
  OUT_NANO,
  spent,
  sse,
  start,
  streamText,
  token,
  USAGE,
  until,
} from "./testing.ts"

const WORDS = { index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }
const STREAM = { ...ASK, stream: true }
const busy = (headers: Record<string, string> = {}) => new Response("later", { status: 429, headers })
const attempts = () =>
  kit.store.read.all<{ name: string; outcome: string; status: number | null }>(
    `SELECT u.name AS name, a.outcome AS outcome, a.status AS status
     FROM call_attempts a JOIN upstreams u ON u.id = a.upstream_id ORDER BY a.id`,
  )

/** Another account of `mock-1`. */
async function second(name = "second", url?: string) {
  const upstream = new MockUpstream()
  onTestFinished(() => void upstream.stop())
  const { publicId } = await addUpstream(name, url ?? upstream.url)
  return { upstream, publicId }
}
const idOf = (name: string) => kit.gateway.upstreams().find((one) => one.name === name)!.publicId
const setRouting = (name: string, more: object) => {
  const { publicId, routing } = kit.gateway.upstreams().find((one) => one.name === name)!
  return kit.gateway.setRouting(testCtx, publicId, { ...routing, ...more })
}

describe("choosing", () => {
  test("calls are shared by weight, and a lower priority waits for a failure", async () => {
    let draw = 0
    await start({ random: () => (draw = (draw + 0.25) % 1) })
    const { upstream } = await second()
    await setRouting("mock", { weight: 3 })
    for (let at = 0; at < 16; at++) expect((await kit.post(token, ASK)).status).toBe(200)
    expect([kit.upstream.journal.length, upstream.journal.length]).toEqual([12, 4])
    await setRouting("second", { priority: 1 })
    for (let at = 0; at < 4; at++) await kit.post(token, ASK)
    expect([kit.upstream.journal.length, upstream.journal.length]).toEqual([16, 4])
    kit.upstream.answer = () => new Response("", { status: 500 })
    expect((await kit.post(token, ASK)).status).toBe(200)
    expect(upstream.journal).toHaveLength(5)
    books()
  })

  test("a draining account gets no new call, while one that runs ends and is charged", async () => {
    await start()
    const { upstream } = await second()
    let release = () => {}
    kit.upstream.answer = async (body) => {
      await new Promise<void>((done) => {
        release = done
      })
      return chatAnswer(body)
    }
    const running = kit.post(token, ASK)
    await until(() => kit.upstream.journal.length === 1)
    await setRouting("mock", { isDraining: true })
    expect(kit.gateway.health(idOf("mock"))).toMatchObject({ state: "draining", running: 1 })
    expect((await kit.post(token, ASK)).status).toBe(200)
    expect([kit.upstream.journal.length, upstream.journal.length]).toEqual([1, 1])
    release()
    expect((await running).status).toBe(200)
    expect(spent()).toBe(2 * COST)
    await until(() => kit.gateway.health(idOf("mock"))!.running === 0)
    await setRouting("second", { isDraining: true })
    const refused = await kit.post(token, ASK)
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "60"])
    books()
  })

  test("an account whose minute is full is passed over; when all are, the answer says when", async () => {
    await start()
    const { upstream } = await second()
    await setRouting("mock", { requestsPerMinute: 2 })
    await setRouting("second", { tokensPerMinute: 100 })
    for (let at = 0; at < 3; at++) expect((await kit.post(token, ASK)).status).toBe(200)
    expect([kit.upstream.journal.length, upstream.journal.length]).toEqual([2, 1])
    const refused = await kit.post(token, ASK)
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "60"])
    expect(await refused.json()).toMatchObject({ error: { code: "provider_overloaded" } })
    expect([kit.upstream.journal.length, upstream.journal.length]).toEqual([2, 1])
    kit.clock.advance(60_000)
    expect((await kit.post(token, ASK)).status).toBe(200)
    expect(spent()).toBe(4 * COST)
    books()
  })
})

describe("an account that fails", () => {
  test("cools down as long as it says, in seconds and as a date, and comes back by one probe", async () => {
    for (const after of [() => "40", () => new Date(Date.now() + 40_500).toUTCString()]) {
      await start()
      kit.upstream.answer = () => busy({ "retry-after": after() })
      const first = await kit.post(token, ASK)
      const seconds = Number(first.headers.get("retry-after"))
      expect([first.status, seconds >= 39 && seconds <= 41]).toEqual([503, true])
      kit.clock.advance(10_000)
      const next = await kit.post(token, ASK)
      expect([next.status, Number(next.headers.get("retry-after"))]).toEqual([503, seconds - 10])
      expect(kit.upstream.journal).toHaveLength(1)
      expect(kit.gateway.health(idOf("mock"))!.models).toMatchObject([{ model: "mock-1", state: "open" }])
      kit.clock.advance((seconds - 10) * 1_000)
      kit.upstream.answer = (body) => chatAnswer(body)
      expect((await kit.post(token, ASK)).status).toBe(200)
      expect(kit.gateway.health(idOf("mock"))!.models).toMatchObject([{ state: "closed" }])
      books()
    }
  })

  test("of many calls at once after the pause exactly one is let through, and the others are told to wait a moment", async () => {
    await start()
    kit.upstream.answer = () => busy({ "retry-after": "20" })
    await kit.post(token, ASK)
    kit.clock.advance(20_000)
    kit.upstream.answer = async (body) => {
      await Bun.sleep(150)
      return chatAnswer(body)
    }
    const calls = await Promise.all(Array.from({ length: 12 }, () => kit.post(token, ASK)))
    expect(calls.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1)
    for (const refused of calls.filter(({ status }) => status !== 200)) {
      expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"])
    }
    expect(kit.upstream.journal).toHaveLength(2)
    const after = await Promise.all(Array.from({ length: 12 }, () => kit.post(token, ASK)))
    expect(after.every(({ status }) => status === 200)).toBe(true)
    expect(spent()).toBe(13 * COST)
    books()
  })

  test("all down: 503 with the soonest time, before and after a call finds out, and nothing is held", async () => {
    await start()
    const { upstream } = await second()
    kit.upstream.answer = () => busy({ "retry-after": "30" })
    upstream.answer = () => busy({ "retry-after": "90" })
    for (const expected of ["30", "30"]) {
      const refused = await kit.post(token, ASK)
      expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, expected])
    }
    expect([kit.upstream.journal.length, upstream.journal.length]).toEqual([1, 1])
    expect([spent(), kit.gateway.callsInFlight]).toEqual([0, 0])
    books()
  })

  test("one that refuses the key is out at once, told once, and back after a test", async () => {
    await start()
    const { upstream } = await second()
    kit.upstream.answer = () => Response.json({ error: { message: "no such key" } }, { status: 401 })
    for (let at = 0; at < 3; at++) expect((await kit.post(token, ASK)).status).toBe(200)
    expect([kit.upstream.journal.length, upstream.journal.length]).toEqual([1, 3])
    const alarms = () =>
      kit.store.read.all<{ subject: string }>("SELECT subject FROM audit_log WHERE action = 'upstream.key-refused'")
    await until(() => alarms().length > 0)
    expect(alarms()).toEqual([{ subject: idOf("mock") }])
    expect(kit.gateway.health(idOf("mock"))).toMatchObject({ state: "out", out: "key" })
    kit.upstream.answer = (body) => chatAnswer(body)
    await kit.gateway.testUpstream(testCtx, idOf("mock"))
    expect(kit.gateway.health(idOf("mock"))).toMatchObject({ state: "closed", out: null })
    await kit.post(token, ASK)
    expect(kit.upstream.journal).toHaveLength(2)
    books()
  })
})

describe("fallback", () => {
  for (const stream of [false, true]) {
    const kind = stream ? "a stream" : "a whole answer"
    test(`${kind} is answered by the next account, charged once, and what was tried is kept`, async () => {
      await start()
      await second()
      for (const [at, failing] of [
        () => new Response("", { status: 529 }),
        () => busy(),
        () => new Response("", { status: 500 }),
        () => sse(`${chunkOf({ role: "assistant", content: "" })}data: {"error":{"message":"overloaded"}}\n\n`),
      ].entries()) {
        kit.clock.advance(60_000)
        kit.upstream.answer = failing
        const answer = await kit.post(token, { ...ASK, stream })
        const text = await answer.text()
        expect([at, answer.status, text.includes("overloaded")]).toEqual([at, 200, false])
        await until(() => kit.gateway.callsInFlight === 0)
        expect(spent()).toBe((at + 1) * COST)
        const tried = attempts().slice(-2)
        expect(tried.map(({ name }) => name)).toEqual(["mock", "second"])
        expect(tried[1]).toMatchObject({ outcome: "answered", status: null })
        const id = answer.headers.get("x-request-id")!
        const request = await fetch(`${kit.server.url}/v1/requests/${id}`, {
          headers: { authorization: `Bearer ${token}` },
        })
        expect(await request.json()).toMatchObject({ attempts: 2 })
      }
      // The last one reads as broken where no stream was asked for.
      const first = attempts().filter(({ name }) => name === "mock")
      expect(first.map(({ outcome }) => outcome)).toEqual(["busy", "rate", "failed", "broken"])
      expect(first.map(({ status }) => status)).toEqual([529, 429, 500, null])
      books()
    })
  }

  const never = () => new Promise<Response>(() => {})
  const silences: [name: string, answer: () => Response | Promise<Response>][] = [
    ["no head", never],
    ["a head and nothing more", () => sse(new ReadableStream({ pull: () => new Promise(() => {}) }))],
  ]
  for (const [name, silent] of silences) {
    test(`a stream of which nothing comes (${name}) is answered by the next account, under one hold and one charge`, async () => {
      await start({ timeouts: { headMs: 400, gapMs: 400, totalMs: 5_000 } })
      const { upstream } = await second()
      kit.upstream.answer = silent
      const answer = await kit.post(token, STREAM)
      expect([answer.status, (await answer.text()).includes("[DONE]")]).toEqual([200, true])
      expect([kit.upstream.journal.length, upstream.journal.length]).toEqual([1, 1])
      await until(() => kit.gateway.callsInFlight === 0)
      expect([spent(), last().end]).toEqual([COST, "done"])
      expect(attempts()).toMatchObject([
        { name: "mock", outcome: "timeout" },
        { name: "second", outcome: "answered" },
      ])
      await until(() => kit.upstream.aborted === 1)
      books()
    })
  }

  test("comments are signs of life: whoever thinks long is waited for, and nobody else is asked", async () => {
    await start({ timeouts: { headMs: 900, gapMs: 900, totalMs: 10_000 } })
    const { upstream } = await second()
    kit.upstream.answer = () =>
      feed(
        (async function* () {
          for (let n = 0; n < 20; n++) {
            yield ": OPENROUTER PROCESSING\n\n"
            await Bun.sleep(60)
          }
          yield streamText(true)
        })(),
      )
    const text = await (await kit.post(token, STREAM)).text()
    expect([text.includes("[DONE]"), kit.upstream.journal.length, upstream.journal.length]).toEqual([true, 1, 0])
    expect([spent(), last().end]).toEqual([COST, "done"])
  })

  test("silence everywhere is one timeout, within the time of the call, for nothing", async () => {
    await start({ timeouts: { headMs: 400, gapMs: 400, totalMs: 1_000 } })
    const others = [await second("two"), await second("three"), await second("four")]
    for (const upstream of [kit.upstream, ...others.map((other) => other.upstream)]) upstream.answer = never
    const answer = await kit.post(token, STREAM)
    expect([answer.status, ((await answer.json()) as { error: { code: string } }).error.code]).toEqual([
      504,
      "provider_timeout",
    ])
    expect(others.at(-1)!.upstream.journal).toHaveLength(0)
    await until(() => kit.gateway.callsInFlight === 0)
    expect([spent(), last().end]).toEqual([0, "timeout"])
    books()
  })

  test("a client that left while the first was silent is asked for nowhere else", async () => {
    await start({ timeouts: { headMs: 400, gapMs: 400, totalMs: 5_000 } })
    const { upstream } = await second()
    kit.upstream.answer = never
    const leaving = new AbortController()
    const lost = kit
      .post(token, STREAM, {
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        signal: leaving.signal,
      })
      .catch(() => null)
    await until(() => kit.upstream.journal.length === 1)
    leaving.abort()
    await lost
    await until(() => kit.gateway.callsInFlight === 0)
    expect([upstream.journal.length, last().end]).toEqual([0, "client_gone"])
  })

  test("a stream's head leaves once, whoever speaks first", async () => {
    await start()
    const { upstream } = await second()
    kit.upstream.answer = () =>
      sse(`${chunkOf({ role: "assistant", content: "" })}data: {"error":{"message":"no"}}\n\n`)
    const text = await (await kit.post(token, STREAM)).text()
    expect(text.match(/"role":"assistant"/g)).toHaveLength(1)
    expect(upstream.journal).toHaveLength(1)
  })

  test("after the first word nobody else is asked", async () => {
    await start()
    const { upstream } = await second()
    kit.upstream.answer = () => sse(`${chunkOf({ content: "one" })}data: {"error":{"message":"no"}}\n\n`)
    const text = await (await kit.post(token, STREAM)).text()
    expect(text).toContain('"finish_reason":"error"')
    expect([kit.upstream.journal.length, upstream.journal.length]).toEqual([1, 0])
    await until(() => kit.gateway.callsInFlight === 0)
    expect(attempts()).toMatchObject([{ name: "mock", outcome: "broken" }])
    books()
  })

  test("what the caller asked for wrongly is not asked elsewhere", async () => {
    await start()
    const { upstream } = await second()
    kit.upstream.answer = () => Response.json({ error: { message: "bad tool" } }, { status: 400 })
    expect((await kit.post(token, ASK)).status).toBe(400)
    expect(upstream.journal).toHaveLength(0)
  })

  test("so many are asked for one call, and not more", async () => {
    await start()
    const all = [kit.upstream]
    for (let at = 0; at < 5; at++) all.push((await second(`more-${at}`)).upstream)
    for (const upstream of all) upstream.answer = () => new Response("", { status: 500 })
    expect((await kit.post(token, ASK)).status).toBe(502)
    expect(all.map(({ journal }) => journal.length)).toEqual([1, 1, 1, 1, 0, 0])
    expect(spent()).toBe(0)
    books()
  })

  test("a call that the first account answered leaves no rows, and is one attempt", async () => {
    await start()
    const answer = await kit.post(token, ASK)
    expect(attempts()).toEqual([])
    const id = answer.headers.get("x-request-id")!
    const request = await fetch(`${kit.server.url}/v1/requests/${id}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(await request.json()).toMatchObject({ attempts: 1 })
  })
})

/** The same model at another account whose price list says ten times as much, or a tenth. */
async function priced(name: string, factor: number) {
  await kit.pricing.setModelPrice(testCtx, {
    provider: "deepseek",
    model: "mock-1",
    rates: { input: 1_000_000 * factor, output: 2_000_000 * factor },
    limits: { contextWindow: 128_000, maxOutputTokens: 1_000 },
  })
  const upstream = new MockUpstream()
  onTestFinished(() => void upstream.stop())
  const account = { kind: "openai-compatible", name, baseUrl: upstream.url, apiKey: "k", models: ["mock-1"] }
  await kit.gateway.addUpstream(testCtx, { ...account, priceProvider: "deepseek" })
  await setRouting(name, { priority: 1 })
  return upstream
}
const down = () => new Response("", { status: 500 })
/** What `ASK` may cost at most at the first account. */
const heldFor = async (body: object = ASK): Promise<number> => {
  const answer = await kit.post(token, { ...body, stream: true })
  const held = Number(answer.headers.get("x-credits-held")) * 1_000_000
  await answer.text()
  await until(() => kit.gateway.callsInFlight === 0)
  return held
}

describe("a dearer account", () => {
  test("is asked after the hold was raised, and the charge is the price of who answered", async () => {
    await start()
    const dear = await priced("dear", 10)
    const held = await heldFor()
    const before = spent()
    kit.upstream.answer = down
    const answer = await kit.post(token, STREAM)
    expect(Number(answer.headers.get("x-credits-held")) * 1_000_000).toBeGreaterThan(held * 9)
    await answer.text()
    await until(() => kit.gateway.callsInFlight === 0)
    expect([dear.journal.length, spent() - before]).toEqual([1, 10 * COST])
    expect(kit.ledger.wallet({ kind: "principal", id: 1 as never }, "live").heldNano).toBe(nano(0))
    books()
  })

  test("that nobody can pay is passed over for the next, or the first error stands", async () => {
    await start({ balance: 3_000_000 })
    const body = { ...ASK, max_tokens: 500 }
    const dear = await priced("dear", 10)
    kit.upstream.answer = down
    expect((await kit.post(token, body)).status).toBe(502)
    expect(dear.journal).toHaveLength(0)
    expect(attempts().map(({ name, outcome }) => [name, outcome])).toEqual([
      ["mock", "failed"],
      ["dear", "unaffordable"],
    ])
    const { upstream } = await second()
    await setRouting("second", { priority: 2 })
    expect((await kit.post(token, body)).status).toBe(200)
    expect([dear.journal.length, upstream.journal.length]).toEqual([0, 1])
    expect(last().chargeNano).toBe(nano(COST))
    books()
  })

  test("answers shorter, where the caller named no length and the balance allows no more", async () => {
    await start({ balance: 9_000_000 })
    const dear = await priced("dear", 10)
    kit.upstream.answer = down
    expect((await kit.post(token, ASK)).status).toBe(200)
    const [asked] = dear.journal as { max_tokens: number }[]
    expect(asked!.max_tokens).toBeLessThan(1_000)
    expect(asked!.max_tokens).toBeGreaterThan(127)
    expect(asked!.max_tokens * 10 * OUT_NANO).toBeLessThan(9_000_000)
    books()
  })

  test("first in line and too dear at the start: the cheaper one holds and answers", async () => {
    await start({ balance: 3_000_000 })
    const dear = await priced("dear", 10)
    await setRouting("dear", { priority: 0 })
    await setRouting("mock", { priority: 1 })
    expect((await kit.post(token, { ...ASK, max_tokens: 500 })).status).toBe(200)
    expect([dear.journal.length, kit.upstream.journal.length]).toEqual([0, 1])
    books()
  })

  test("raises of many calls at once never overdraw, nor pass the day's limit of the app", async () => {
    for (const limit of ["balance", "daily"] as const) {
      // Enough for all at the first account's price, and for three at the dear one's.
      const dearest = 10 * (500 * OUT_NANO + 100_000)
      await start(limit === "balance" ? { balance: 3 * dearest } : {})
      const held = limit === "balance" ? token : await (await kit.app()).token(1, { dailyCredits: (3 * dearest) / 1e6 })
      const dear = await priced("dear", 10)
      let waiting: (() => void)[] = []
      kit.upstream.answer = async () => {
        await new Promise<void>((go) => void waiting.push(go))
        return down()
      }
      let worstNano = Number.POSITIVE_INFINITY
      dear.answer = async (body) => {
        worstNano = Math.min(worstNano, kit.balance())
        await Bun.sleep(30)
        return chatAnswer(body)
      }
      const calls = Array.from({ length: 8 }, () => kit.post(held, { ...ASK, max_tokens: 500 }))
      await until(() => waiting.length === 8)
      const all = waiting
      waiting = []
      for (const go of all) go()
      const statuses = (await Promise.all(calls)).map(({ status }) => status)
      const answered = statuses.filter((status) => status === 200).length
      expect(statuses.filter((status) => status !== 200 && status !== 502)).toEqual([])
      expect([limit, answered >= 1 && answered < 8]).toEqual([limit, true])
      expect(dear.journal).toHaveLength(answered)
      expect(worstNano).toBeGreaterThanOrEqual(0)
      const balanceNano = limit === "balance" ? 3 * dearest : credits(1_000)
      expect(balanceNano - kit.balance()).toBe(nano(answered * 10 * COST))
      books()
    }
  })

  test("a person who is suspended between two attempts is not asked for", async () => {
    await start()
    const dear = await priced("dear", 10)
    kit.upstream.answer = () => {
      kit.people.suspended.add(1)
      return down()
    }
    expect((await kit.post(token, ASK)).status).toBe(403)
    expect([dear.journal.length, spent()]).toEqual([0, 0])
    books()
  })
})

describe("a capability", () => {
  test("goes on to its next model, which is dearer: held, answered and charged as that one", async () => {
    await start()
    await kit.pricing.setModelPrice(testCtx, {
      provider: "openai",
      model: "mock-2",
      rates: { input: 3_000_000, output: 6_000_000 },
      limits: { contextWindow: 128_000, maxOutputTokens: 1_000 },
    })
    const upstream = new MockUpstream()
    onTestFinished(() => void upstream.stop())
    const account = { kind: "openai-compatible", name: "other", baseUrl: upstream.url, apiKey: "k", models: ["mock-2"] }
    await kit.gateway.addUpstream(testCtx, { ...account, priceProvider: "openai" })
    upstream.answer = () => Response.json({ choices: [WORDS], model: "mock-2", usage: USAGE })
    kit.upstream.answer = down
    const answer = await kit.post(token, { ...ASK, model: "capability:cheap" })
    expect([answer.status, kit.upstream.journal.length, upstream.journal.length]).toEqual([200, 1, 1])
    expect(upstream.journal[0]).toMatchObject({ model: "mock-2" })
    expect(last()).toMatchObject({ chargeNano: 3 * COST, upstreamModel: "mock-2" })
    books()
  })
})
