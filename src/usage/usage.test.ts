// Calls through the ledger's own verbs, and what pages are told of them: by person, app and day, and one by one.
import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { ClientId, createIds, DAY_MS, dayOf, nano, silentLog, UpstreamId, UserId } from "../app/index.ts"
import { type CallEnd, createLedger, type Ledger, type Mode, principal } from "../ledger/index.ts"
import { openTestStore, type Reader, type Tx, testCtx } from "../store/index.ts"
import { lastCallAt, recentCalls } from "./calls.ts"
import { createUsage, type Route, readChargedCalls, type Usage } from "./index.ts"
import { summary } from "./summary.ts"

let env: Awaited<ReturnType<typeof openTestStore>>
let ledger: Ledger
let usage: Usage
beforeEach(async () => {
  env = await openTestStore()
  usage = createUsage({ store: env.store, log: silentLog })
  ledger = createLedger({ store: env.store, clock: env.clock, ids: createIds(env.clock), bootId: "boot_1" })
})
afterEach(async () => {
  await usage.stop()
  await env.close()
})

const ROUTE: Route = {
  endpoint: "chat",
  requested: "mock/mock-1",
  upstreamId: UpstreamId(1),
  model: "mock-1",
  prices: '{"v":1}',
}
const DONE: CallEnd = {
  status: 200,
  errorCode: null,
  end: "done",
  latencyMs: 12,
  firstTokenMs: null,
  inputTokens: 10,
  cachedTokens: 3,
  outputTokens: 5,
  reasoningTokens: 1,
  source: "reported",
}
const FAILED: Partial<CallEnd> = { status: 502, errorCode: "provider_error", end: "failed", source: "none" }
const GONE: Partial<CallEnd> = { status: 499, errorCode: "client_closed", end: "client_gone" }

interface Call {
  user?: number
  clientId?: number | null
  mode?: Mode
  scope?: string
  /** n$; a quarter of it is the developer's. */
  chargeNano?: number
  route?: Partial<Route>
  end?: Partial<CallEnd>
}

const write = <T>(body: (tx: Tx) => T): Promise<T> => env.store.write(testCtx, body as (tx: Tx) => never)

const fund = (user: number, mode: Mode = "live") =>
  write((tx) =>
    ledger.grantIn(tx, {
      owner: principal(UserId(user)),
      mode,
      type: "topup",
      bucket: "purchase",
      amountNano: nano(1_000_000_000),
      paid: true,
      key: `fund ${user} ${mode}`,
    }),
  )

let calls = 0
/** @returns `req_…` */
function callIn(
  tx: Tx,
  { user = 1, clientId = 7, mode = "live", scope = "llm", chargeNano = 100, ...more }: Call,
): string {
  const callId = `req_${String(++calls).padStart(26, "0")}`
  const client = clientId === null ? null : ClientId(clientId)
  const hold = ledger.holdIn(tx, {
    owner: principal(UserId(user)),
    mode,
    amountNano: nano(chargeNano),
    callId,
    scope,
    clientId: client,
    routeId: usage.routeIn(tx, { ...ROUTE, ...more.route }),
    leaseMs: 60_000,
    inputCostNano: nano(0),
  })
  const part = chargeNano / 4
  ledger.settleIn(tx, {
    hold,
    charge: {
      totalNano: nano(chargeNano),
      upstreamNano: nano(2 * part),
      developerNano: nano(part),
      platformNano: nano(part),
    },
    developer: principal(UserId(9)),
    call: { ...DONE, ...more.end },
  })
  if (client !== null && (more.end?.status ?? 200) < 400) usage.answeredIn(tx, client)
  return callId
}
const call = (input: Call = {}) => write((tx) => callIn(tx, input))

describe("sums", () => {
  test("days, clients, scopes and people stay apart", async () => {
    await fund(1)
    await fund(2)
    await call()
    await call({ clientId: 8, chargeNano: 300 })
    await call({ user: 2 })
    env.clock.advance(DAY_MS)
    await call({ chargeNano: 0, end: FAILED })
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
    expect(usage.summary(UserId(1), "test", env.clock.now()).month.calls).toBe(0)
    expect(summary.byClient.map((client) => client.clientId as number)).toEqual([8, 7])
    expect(summary.byScope).toHaveLength(1)
    const app = usage.byClient(ClientId(7), env.clock.now())
    expect(app).toMatchObject({ users: 2, calls: 3, errors: 1, developerNano: 50 })
  })

  /** What the figures must be: sums over the charges themselves. */
  const naive = (where: string, ...params: number[]) =>
    env.store.read.get<Record<string, number>>(
      `SELECT COUNT(*) AS calls, COALESCE(SUM(error_code IS NOT NULL AND end_reason <> 'client_gone'), 0) AS errors,
              0 AS refused, COALESCE(SUM(input_tokens), 0) AS inputTokens, COALESCE(SUM(output_tokens), 0) AS outputTokens,
              COALESCE(SUM(charge_nano), 0) AS chargeNano, COALESCE(SUM(collected_nano), 0) AS collectedNano
       FROM charges WHERE ${where}`,
      ...params,
    )!

  function compare(accountId: number, at: number): void {
    const [today, month] = [dayOf(at), dayOf(Date.UTC(new Date(at).getUTCFullYear(), new Date(at).getUTCMonth(), 1))]
    const summary = usage.summary(UserId(1), "live", at)
    const own = `account_id = ${accountId} AND at_ms >= ? * 86400000`
    expect(summary.today as unknown).toEqual(naive(own, today))
    expect(summary.month as unknown).toEqual(naive(own, month))
    const byClient = summary.byClient.map(({ clientId, ...sums }) => [clientId, sums])
    for (const [clientId, sums] of byClient) {
      expect(sums as unknown).toEqual(naive(`${own} AND client_id IS ${clientId ?? "NULL"}`, today - 29))
    }
    for (const { day, calls, collectedNano } of summary.days.slice(-6)) {
      const is = naive(`${own} AND at_ms < ? * 86400000`, day, day + 1)
      expect([day, calls, collectedNano as number]).toEqual([day, is.calls!, is.collectedNano!])
    }
    const app = "client_id = 7 AND at_ms >= ? * 86400000"
    const { users, developerNano, ...sums } = usage.byClient(ClientId(7), at)
    expect(sums as unknown).toEqual(naive(app, today - 29))
    const earned = usage.clientDays(ClientId(7), at).reduce((sum, day) => sum + day.developerNano, 0)
    expect({ users, developerNano: developerNano as number, earned }).toEqual(
      env.store.read.get(
        `SELECT COUNT(DISTINCT caller_id) AS users, SUM(earned_nano) AS developerNano, SUM(earned_nano) AS earned
         FROM charges WHERE client_id = 7`,
      )!,
    )
  }

  /** The whole house, as the views say and as the charges do. */
  function compareHouse(): void {
    const said = (columns: string, from: string) =>
      env.store.read.all(`SELECT ${columns} FROM ${from} GROUP BY 1, 2 ORDER BY 1, 2`)
    expect(
      said(
        `day, mode, SUM(calls) AS calls, SUM(errors) AS errors, COUNT(DISTINCT user_id) AS users,
         SUM(charge_nano) AS charge_nano, SUM(collected_nano) AS collected_nano, SUM(developer_nano) AS developer_nano`,
        "v_usage_parts",
      ),
    ).toEqual(
      said(
        `at_ms / 86400000 AS day, mode, COUNT(*) AS calls,
         SUM(error_code IS NOT NULL AND end_reason <> 'client_gone') AS errors, COUNT(DISTINCT caller_id) AS users,
         SUM(charge_nano) AS charge_nano, SUM(collected_nano) AS collected_nano, SUM(earned_nano) AS developer_nano`,
        "charges",
      ),
    )
    expect(said("model, mode, SUM(calls) AS calls", "v_usage_parts")).toEqual(
      said(
        "requested AS model, mode, COUNT(*) AS calls",
        "charges JOIN usage_routes ON usage_routes.id = charges.route_id",
      ),
    )
  }

  test("are exact after each of 1,100 calls, before, while and after charges are folded into days", async () => {
    // A month ends on the way.
    env.clock.advance(28 * DAY_MS)
    for (const user of [1, 2]) await fund(user)
    await fund(1, "test")
    const account = env.store.read.get<{ id: number }>(
      "SELECT id FROM accounts WHERE owner_id = 1 AND mode = 'live' AND kind = 'wallet'",
    )!.id
    const ends: Partial<CallEnd>[] = [{}, {}, FAILED, GONE]
    const through = () => env.store.read.get<{ through: number }>("SELECT through FROM charge_fold")!.through
    const folds = new Set<number>()
    for (let at = 0; at < 1_100; at++) {
      const chargeNano = 4 * (at % 11)
      await call({
        user: at % 5 === 0 ? 2 : 1,
        clientId: [7, 7, 8, null][at % 4]!,
        mode: at % 13 === 5 ? "live" : at % 10 === 1 ? "test" : "live",
        scope: at % 3 === 0 ? "embeddings" : "llm",
        chargeNano: at % 10 === 1 || ends[at % 4] === FAILED ? 0 : chargeNano,
        route: { requested: `model-${at % 3}` },
        end: ends[at % 4]!,
      })
      folds.add(through())
      compare(account, env.clock.now())
      if (at % 50 === 0 || at > 1_000) compareHouse()
      env.clock.advance(DAY_MS / 200)
    }
    expect(folds.size).toBe(2)
    expect(Math.max(...folds)).toBeGreaterThan(500)
  }, 60_000)
})

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

describe("charged calls of an app", () => {
  test("are walked by keyset in both directions, and what cost nothing is passed over", async () => {
    await fund(1)
    const ids: string[] = []
    await write((tx) => {
      for (let at = 0; at < 20; at++) {
        callIn(tx, { clientId: 8 })
        callIn(tx, { chargeNano: 0, end: FAILED })
        ids.unshift(callIn(tx, {}))
      }
    })
    const query = { userId: UserId(1), clientId: ClientId(7), mode: "live", limit: 8 } as const
    const ask = (more: object) => usage.chargedCalls({ ...query, ...more }).map((id) => `req_${id.slice(4)}`)
    expect(ask({})).toEqual(ids.slice(0, 8))
    expect(ask({ beforeId: ids[7] })).toEqual(ids.slice(8, 16))
    expect(ask({ beforeId: ids[15] })).toEqual(ids.slice(16))
    expect(ask({ afterId: ids[10] })).toEqual(ids.slice(2, 10).reverse())
    expect(ask({ mode: "test" })).toEqual([])
    expect(ask({ fromMs: env.clock.now() + 1 })).toEqual([])
    expect(ask({ toMs: env.clock.now() })).toEqual([])
    expect(usage.chargedCalls({ ...query, userId: UserId(2) })).toEqual([])
  })

  test("are found at once, however many others cost nothing", async () => {
    await fund(1)
    const paid = await call()
    await write((tx) => {
      for (let at = 0; at < 4_100; at++) callIn(tx, { chargeNano: 0, end: FAILED })
    })
    const query = { userId: UserId(1), clientId: ClientId(7), mode: "live", limit: 8 } as const
    expect(usage.chargedCalls(query)).toEqual([`txn_${paid.slice(4)}`])
    const failedLast = usage.recent(UserId(1), 4)
    expect(failedLast.map(({ collectedNano }) => collectedNano)).toEqual([0, 0, 0, 0])
    expect(usage.lastCallAt(UserId(1), ClientId(7))).toBe(env.clock.now())
  })

  test("like all else of one person, are ranges of an app's calls: collected, or not", async () => {
    await fund(1)
    await call()
    const seen = new Map<string, number>()
    const { read } = env.store
    const spy: Reader = {
      get: <R>(sql: string, ...params: Parameters<Reader["get"]>[1][]) => {
        seen.set(sql, params.length)
        return read.get<R>(sql, ...params)
      },
      all: <R>(sql: string, ...params: Parameters<Reader["get"]>[1][]) => {
        seen.set(sql, params.length)
        return read.all<R>(sql, ...params)
      },
    }
    const query = { userId: UserId(1), clientId: ClientId(7), mode: "live", limit: 8, fromMs: 1 } as const
    readChargedCalls(spy, query)
    readChargedCalls(spy, { ...query, afterId: "req_x" })
    recentCalls(spy, UserId(1), 8)
    lastCallAt(spy, UserId(1), ClientId(7))
    summary(spy, UserId(1), "live", env.clock.now())
    const filtered = [...seen].filter(([sql]) => sql.includes("WHERE"))
    const steps = filtered.flatMap(([sql, params]) =>
      read.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...Array(params).fill(0)).map((row) => row.detail),
    )
    expect(steps.filter((step) => /SCAN (c|charges)\b/.test(step))).toEqual([])
    const ranges = steps.filter((step) => step.includes("charges_of_app"))
    const NEXT_APP = /COVERING INDEX charges_of_app \(account_id=\?( AND client_id>\?)?\)$/
    const RANGE = /INDEX charges_of_app \(account_id=\? AND client_id=\? AND <expr>=\?( AND rowid[<>]\?)*\)$/
    expect(ranges.filter((step) => !NEXT_APP.test(step) && !RANGE.test(step))).toEqual([])
    expect(ranges.filter((step) => RANGE.test(step)).length).toBeGreaterThan(5)
  })
})
