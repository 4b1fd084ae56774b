import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { ClientId, createIds, DAY_MS, dayOf, silentLog, UpstreamId, UserId } from "../app/index.ts"
import { openTestStore, testCtx } from "../store/index.ts"
import { createUsage, type Usage, type UsageRow } from "./index.ts"

let env: Awaited<ReturnType<typeof openTestStore>>
let usage: Usage
beforeEach(async () => {
  env = await openTestStore()
  usage = createUsage({ store: env.store, ids: createIds(env.clock), log: silentLog })
})
afterEach(() => env.close())

const row = (changes: Partial<UsageRow> = {}): UsageRow => ({
  publicId: `req_${Math.random()}`,
  atMs: env.clock.now(),
  mode: "live",
  userId: UserId(1),
  clientId: ClientId(7),
  developerId: null,
  kind: "chat",
  scope: "llm",
  model: "sandbox",
  upstreamId: UpstreamId(1),
  upstreamModel: "sandbox",
  stream: false,
  status: 200,
  errorCode: null,
  end: "done",
  latencyMs: 12,
  firstTokenMs: null,
  inputTokens: 10,
  cachedTokens: 0,
  outputTokens: 5,
  reasoningTokens: 0,
  source: "reported",
  prices: null,
  chargeNano: 100,
  upstreamNano: 50,
  developerNano: 25,
  platformNano: 25,
  collectedNano: 100,
  uncollectedNano: 0,
  transactionId: "txn_1",
  ...changes,
})
const record = (changes: Partial<UsageRow> = {}) => env.store.write(testCtx, (tx) => usage.recordIn(tx, row(changes)))

describe("recordIn", () => {
  test("adds a row and its day; days, clients and people stay apart", async () => {
    await record()
    await record({
      clientId: ClientId(8),
      chargeNano: 300,
      upstreamNano: 300,
      developerNano: 0,
      platformNano: 0,
      collectedNano: 300,
    })
    await record({ userId: UserId(2) })
    env.clock.advance(DAY_MS)
    await record({ status: 502, errorCode: "provider_error", end: "failed", source: "none", ...zero })
    const summary = usage.summary(UserId(1), "live", env.clock.now())
    expect(summary.today).toMatchObject({ calls: 1, errors: 1, refused: 0, chargeNano: 0 })
    expect(summary.month).toMatchObject({ calls: 3, chargeNano: 400, inputTokens: 30, outputTokens: 15 })
    expect(summary.days).toHaveLength(30)
    expect(summary.days.at(-2)).toEqual({
      day: dayOf(env.clock.now()) - 1,
      calls: 2,
      collectedNano: summary.month.collectedNano,
    })
    expect(usage.summary(UserId(1), "live", env.clock.now(), 1).days).toHaveLength(1)
    expect(summary.byClient.map((client) => client.clientId)).toEqual([8, 7])
    expect(summary.byScope).toHaveLength(1)
    expect(usage.byClient(ClientId(7), env.clock.now())).toMatchObject({
      users: 2,
      calls: 3,
      errors: 1,
      developerNano: 50,
    })
  })

  test("a charge that is not the sum of its parts is refused and leaves nothing behind", async () => {
    await expect(record({ platformNano: 26 })).rejects.toThrow()
    await expect(record({ collectedNano: 99 })).rejects.toThrow()
    expect(usage.recent(UserId(1), 10)).toEqual([])
    expect(usage.summary(UserId(1), "live", env.clock.now()).month.calls).toBe(0)
  })
})

const zero = {
  chargeNano: 0,
  upstreamNano: 0,
  developerNano: 0,
  platformNano: 0,
  collectedNano: 0,
  transactionId: null,
}

test("refused calls are rows with charge 0", async () => {
  const { publicId, mode, userId, clientId, developerId, kind, scope, model, stream, latencyMs } = row()
  const base = { publicId, mode, userId, clientId, developerId, kind, scope, model, stream, latencyMs }
  usage.recordRefused({ ...base, status: 402, errorCode: "insufficient_credits" })
  await env.store.write(testCtx, () => 0)
  expect(usage.byRequestId(UserId(1), ClientId(7), publicId)).toMatchObject({
    status: 402,
    chargeNano: 0,
    end: "refused",
  })
  expect(usage.summary(UserId(1), "live", env.clock.now()).today).toMatchObject({ calls: 1, refused: 1, errors: 0 })
  expect(usage.firstCallAt(ClientId(7))).toBeNull()
})

test("calls at the same prices share one row of them", async () => {
  const prices = JSON.stringify({ v: 1, rate: "5" })
  for (const publicId of ["req_a", "req_b"]) await record({ publicId, prices })
  await record({ publicId: "req_c", prices: JSON.stringify({ v: 1, rate: "6" }) })
  expect(usage.byRequestId(UserId(1), ClientId(7), "req_b")!.prices).toBe(prices)
  expect(usage.byRequestId(UserId(1), ClientId(7), "req_c")!.prices).toBe('{"v":1,"rate":"6"}')
  expect(env.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM usage_prices")!.n).toBe(2)
  // A mutation that is undone must not leave its row's id behind in memory.
  const undone = env.store.write(testCtx, (tx) => {
    usage.recordIn(tx, row({ prices: '{"v":2}' }))
    throw new Error("undone")
  })
  await expect(undone).rejects.toThrow("undone")
  await record({ publicId: "req_d", prices: '{"v":2}' })
  expect(usage.byRequestId(UserId(1), ClientId(7), "req_d")!.prices).toBe('{"v":2}')
})

test("a call is shown to its own person and client only", async () => {
  await record({ publicId: "req_a" })
  expect(usage.byRequestId(UserId(1), ClientId(7), "req_a")).not.toBeNull()
  expect(usage.byRequestId(UserId(2), ClientId(7), "req_a")).toBeNull()
  expect(usage.byRequestId(UserId(1), ClientId(8), "req_a")).toBeNull()
  expect(usage.firstCallAt(ClientId(7))).toBe(env.clock.now())
})
