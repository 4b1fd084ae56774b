// Calls one by one: for their own person and app, with what they were asked of and what kinds they are.
import { describe, expect, test } from "bun:test"
import { ClientId, UpstreamId, UserId } from "../app/index.ts"
import { call, callIn, env, FAILED, fund, openEach, ROUTE, usage, write } from "./testing.ts"

openEach()

describe("one call", () => {
  test("is a charge with its route and prices, for its own person and client only", async () => {
    await fund(1)
    const id = await call()
    const found = usage.byRequestId(UserId(1), ClientId(7), id)
    expect(found).toEqual({
      publicId: id,
      atMs: env.clock.now(),
      mode: "live",
      callerId: UserId(1),
      clientId: ClientId(7),
      keyId: null,
      developerId: UserId(9),
      endpoint: "chat",
      scope: "llm",
      model: "mock/mock-1",
      upstreamId: UpstreamId(1),
      upstreamModel: "mock-1",
      stream: false,
      status: 200,
      errorCode: null,
      end: "done",
      latencyMs: 12,
      firstTokenMs: null,
      inputTokens: 10,
      cachedTokens: 3,
      outputTokens: 5,
      reasoningTokens: 1,
      units: null,
      source: "reported",
      prices: '{"v":1}',
      chargeNano: 100,
      upstreamNano: 50,
      developerNano: 25,
      platformNano: 25,
      collectedNano: 100,
      uncollectedNano: 0,
      transactionId: `txn_${id.slice(4)}`,
    })
    expect(usage.byRequestId(UserId(2), ClientId(7), id)).toBeNull()
    expect(usage.byRequestId(UserId(1), ClientId(8), id)).toBeNull()
    expect(usage.byRequestIds([id, id, "req_none"])).toEqual(new Map([[id, found!]]))
    const free = await call({ chargeNano: 0, end: FAILED })
    expect(usage.byRequestId(UserId(1), ClientId(7), free)).toMatchObject({ transactionId: null, end: "failed" })
    expect(usage.recent(UserId(1), 9).map((one) => one.publicId)).toEqual([free, id])
    expect(usage.recent(UserId(2), 9)).toEqual([])
  })

  test("is still shown when what it was has been cleared", async () => {
    await fund(1)
    const id = await call({ clientId: null })
    await write((tx) => tx.run("UPDATE charges SET route_id = NULL WHERE call_id = ?", id))
    expect(usage.recent(UserId(1), 1)[0]).toMatchObject({
      publicId: id,
      clientId: null,
      model: "",
      prices: null,
      chargeNano: 100,
    })
  })

  test("says when a person and an app were last, and first, here", async () => {
    await fund(1)
    expect(usage.lastCallAt(UserId(1), ClientId(7))).toBeNull()
    await call({ chargeNano: 0, end: FAILED })
    expect(usage.firstCallAt(ClientId(7))).toBeNull()
    const first = env.clock.now()
    await call()
    env.clock.advance(5_000)
    await call({ clientId: 3 })
    await call()
    expect(usage.firstCallAt(ClientId(7))).toBe(first)
    expect(usage.lastCallAt(UserId(1), ClientId(7))).toBe(first + 5_000)
    expect(usage.clientsOf(UserId(1)).map(Number)).toEqual([3, 7])
  })
})

describe("kinds of calls", () => {
  test("calls of one kind share a row, and their prices another", async () => {
    await fund(1)
    for (let at = 0; at < 2; at++) await call()
    await call({ route: { prices: '{"v":2}' } })
    await call({ route: { requested: "mock-1" } })
    const counts = "SELECT (SELECT COUNT(*) FROM usage_routes) AS routes, (SELECT COUNT(*) FROM usage_prices) AS prices"
    expect(env.store.read.get<unknown>(counts)).toEqual({ routes: 3, prices: 2 })
    const [route] = [
      ...usage.routes([env.store.read.get<{ id: never }>("SELECT MIN(id) AS id FROM usage_routes")!.id]).values(),
    ]
    expect(route).toEqual(ROUTE)
  })

  test("what an undone mutation made is not remembered", async () => {
    await fund(1)
    const route = { requested: "new", prices: '{"v":3}' }
    const undone = write((tx) => {
      callIn(tx, { route, clientId: 12 })
      throw new Error("undone")
    })
    await expect(undone).rejects.toThrow("undone")
    expect(usage.firstCallAt(ClientId(12))).toBeNull()
    const id = await call({ route, clientId: 12 })
    expect(usage.byRequestId(UserId(1), ClientId(12), id)).toMatchObject({ model: "new", prices: '{"v":3}' })
    expect(usage.firstCallAt(ClientId(12))).toBe(env.clock.now())
  })
})
