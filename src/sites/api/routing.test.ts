// Several accounts of one model: who is asked, and what becomes of one that fails.
import { describe, expect, test } from "bun:test"
import { testCtx } from "../../store/index.ts"
import { busy, idOf, second, setRouting } from "./routing.testing.ts"
import { ASK, books, COST, chatAnswer, kit, spent, start, token, until } from "./testing.ts"

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
    const gate = Promise.withResolvers<void>()
    kit.upstream.answer = async (body) => {
      await gate.promise
      return chatAnswer(body)
    }
    let refused = 0
    const asked = Array.from({ length: 12 }, async () => {
      const answer = await kit.post(token, ASK)
      if (answer.status !== 200) refused++
      return answer
    })
    // The one that was let through is not answered before all others were.
    await until(() => kit.upstream.journal.length - 1 + refused === 12)
    gate.resolve()
    const calls = await Promise.all(asked)
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
