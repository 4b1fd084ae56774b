// Accounts and models of other prices that stand in for each other: what is held, and what is charged.
import { describe, expect, onTestFinished, test } from "bun:test"
import { credits, nano } from "../../app/index.ts"
import { testCtx } from "../../store/index.ts"
import { attempts, STREAM, second, setRouting, WORDS } from "./routing.testing.ts"
import {
  ASK,
  books,
  COST,
  chatAnswer,
  kit,
  last,
  MockUpstream,
  OUT_NANO,
  spent,
  start,
  token,
  USAGE,
  until,
} from "./testing.ts"

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
        // What one holds is not free again before all others held theirs, or were refused.
        await until(() => dear.journal.length + ended >= 8)
        return chatAnswer(body)
      }
      let ended = 0
      const calls = Array.from({ length: 8 }, () =>
        kit.post(held, { ...ASK, max_tokens: 500 }).finally(() => void ended++),
      )
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
