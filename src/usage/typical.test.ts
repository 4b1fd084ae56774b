// The usual cost of a call: the app's own median, and silence where it would tell of somebody.
import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { ClientId, createIds, DAY_MS, nano, silentLog, UserId } from "../app/index.ts"
import { createLedger, type Ledger, principal } from "../ledger/index.ts"
import { openTestStore, type Reader, type Tx, testCtx } from "../store/index.ts"
import { createUsage, type Usage } from "./index.ts"
import { medianOfPeople, typicalCharge } from "./typical.ts"

type Params = Parameters<Reader["get"]>[1][]

describe("the median of people", () => {
  const of = (count: number, value: number) => Array<number>(count).fill(value)
  test("is the middle of all their calls, in two figures", () => {
    expect(medianOfPeople([[1_900_000, 1_900_000, 2_100_000, 2_100_000], of(3, 1_000_000), of(4, 16_900_000)])).toBe(
      nano(2_100_000),
    )
    expect(medianOfPeople([of(4, 1_234_567), of(4, 1_234_567), of(4, 1_234_567)])).toBe(nano(1_200_000))
    expect(medianOfPeople([of(4, 10), of(4, 10), [20, 20, 20, 20], [20, 20, 20, 20]])).toBe(nano(15))
  })
  test("says nothing about two people, however often they call, nor about few calls", () => {
    expect(medianOfPeople([])).toBeNull()
    expect(medianOfPeople([of(100, 5), of(100, 5)])).toBeNull()
    expect(medianOfPeople([of(100, 5), of(100, 5), []])).toBeNull()
    expect(medianOfPeople([of(3, 5), of(3, 5), of(3, 5)])).toBeNull()
  })
  test("one person among few never counts for more than the others together", () => {
    expect(medianOfPeople([of(100, 9_000_000), of(1, 5), of(1, 5)])).toBeNull()
    expect(medianOfPeople([of(100, 9_000_000), of(5, 100), of(5, 100)])).toBeLessThan(9_000_000)
  })
})

describe("an app's typical charge", () => {
  let env: Awaited<ReturnType<typeof openTestStore>>
  let ledger: Ledger
  let usage: Usage
  beforeEach(async () => {
    env = await openTestStore()
    usage = createUsage({ store: env.store, log: silentLog })
    ledger = createLedger({ store: env.store, clock: env.clock, ids: createIds(env.clock), bootId: "boot_1" })
    for (const user of [1, 2, 3]) await fund(user)
  })
  afterEach(async () => {
    await usage.stop()
    await env.close()
  })
  const write = <T>(body: (tx: Tx) => T): Promise<T> => env.store.write(testCtx, body as (tx: Tx) => never)
  const fund = (user: number) =>
    write((tx) =>
      ledger.grantIn(tx, {
        owner: principal(UserId(user)),
        mode: "live",
        type: "topup",
        bucket: "purchase",
        amountNano: nano(1_000_000_000),
        paid: true,
        key: `fund ${user}`,
      }),
    )
  let calls = 0
  const call = (user: number, chargeNano: number, more: { scope?: string; clientId?: number; failed?: boolean } = {}) =>
    write((tx) => {
      const hold = ledger.holdIn(tx, {
        owner: principal(UserId(user)),
        mode: "live",
        amountNano: nano(chargeNano),
        callId: `req_${String(++calls).padStart(26, "0")}`,
        scope: more.scope ?? "llm",
        clientId: ClientId(more.clientId ?? 7),
        routeId: usage.routeIn(tx, { endpoint: "chat", requested: "m", upstreamId: null, model: "m", prices: null }),
        leaseMs: 60_000,
        inputCostNano: nano(0),
      })
      ledger.settleIn(tx, {
        hold,
        charge: {
          totalNano: nano(chargeNano),
          upstreamNano: nano(chargeNano),
          developerNano: nano(0),
          platformNano: nano(0),
        },
        developer: null,
        call: {
          status: more.failed ? 502 : 200,
          errorCode: more.failed ? "provider_error" : null,
          end: more.failed ? "failed" : "done",
          latencyMs: 1,
          firstTokenMs: null,
          inputTokens: 1,
          cachedTokens: 0,
          outputTokens: 1,
          reasoningTokens: 0,
          source: "reported",
        },
      })
    })
  const typical = (scope = "llm", clientId = 7) => usage.typicalCharge(ClientId(clientId), scope, env.clock.now())

  test("comes from three people and ten calls on, for this app and scope alone", async () => {
    for (let i = 0; i < 12; i++) await call((i % 2) + 1, 1_000_000)
    expect(typical()).toBeNull()
    await call(3, 1_000_000)
    expect(typical()).toBe(nano(1_000_000))
    expect(typical("embeddings")).toBeNull()
    expect(typical("llm", 8)).toBeNull()
    for (let i = 0; i < 12; i++) await call((i % 3) + 1, 7_000_000, { scope: "embeddings" })
    for (let i = 0; i < 12; i++) await call((i % 3) + 1, 9_000_000, { clientId: 8 })
    for (let i = 0; i < 12; i++) await call((i % 3) + 1, 3, { failed: true })
    expect([typical(), typical("embeddings"), typical("llm", 8)]).toEqual([
      nano(1_000_000),
      nano(7_000_000),
      nano(9_000_000),
    ])
  })

  test("is the same from folded days, and forgets an app that nobody calls", async () => {
    for (let i = 0; i < 12; i++) await call((i % 3) + 1, 2_000_000)
    // Other apps' calls push these out of what is not folded yet.
    const through = () => env.store.read.get<{ through: number }>("SELECT through FROM charge_fold")!.through
    for (let i = 0; i < 1_100; i++) await call(1, 5, { clientId: 8 })
    expect(through()).toBeGreaterThan(20)
    expect(typical()).toBe(nano(2_000_000))
    env.clock.advance(31 * DAY_MS)
    expect(typical()).toBeNull()
  })

  test("reads ranges of indexes and what is not folded yet, nothing else", async () => {
    for (let i = 0; i < 12; i++) await call((i % 3) + 1, 2_000_000)
    const { read } = env.store
    const seen = new Map<string, number>()
    const spy: Reader = {
      get: <R>(sql: string, ...params: Params) => read.get<R>(sql, ...params),
      all: <R>(sql: string, ...params: Params) => {
        seen.set(sql, params.length)
        return read.all<R>(sql, ...params)
      },
    }
    typicalCharge(spy, ClientId(7), "llm", env.clock.now())
    const steps = [...seen].flatMap(([sql, params]) =>
      read.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...Array(params).fill(0)).map((row) => row.detail),
    )
    expect(seen.size).toBe(2)
    expect(steps.filter((step) => /SCAN (c|d|charges|charge_days)\b/.test(step))).toEqual([])
    expect(steps.join("; ")).toContain("COVERING INDEX charge_days_of_client (client_id=? AND day>?)")
    expect(steps.join("; ")).toContain("INTEGER PRIMARY KEY (rowid>?)")
    expect(steps.join("; ")).toContain("charges_of_app (account_id=? AND client_id=? AND <expr>=?)")
  })
})
