// Refused calls: all are counted, few are kept, and a flood of them costs few commits.
import { afterEach, beforeEach, expect, test } from "bun:test"
import { until } from "../../test/eventually.ts"
import { ClientId, DAY_MS, dayOf, LIMITS, silentLog, UserId } from "../app/index.ts"
import { openTestStore, type StoreFaults } from "../store/index.ts"
import { createUsage, type RefusedCall, type Usage, usagePart } from "./index.ts"

let env: Awaited<ReturnType<typeof openTestStore>>
let usage: Usage
let faults: StoreFaults
beforeEach(async () => {
  faults = {}
  env = await openTestStore({ faults })
  usage = createUsage({ store: env.store, log: silentLog })
})
afterEach(async () => {
  await usage.stop()
  await env.close()
})

let made = 0
const refused = (changes: Partial<RefusedCall> = {}): RefusedCall => ({
  publicId: `req_${String(++made).padStart(26, "0")}`,
  atMs: env.clock.now(),
  mode: "live",
  userId: UserId(1),
  clientId: ClientId(7),
  keyId: null,
  endpoint: "chat",
  scope: "llm",
  requested: "mock-1",
  model: "mock-1",
  stream: false,
  status: 402,
  errorCode: "insufficient_credits",
  latencyMs: 2,
  ...changes,
})
const note = (changes: Partial<RefusedCall> = {}, count = 1) => {
  for (let at = 0; at < count; at++) usage.recordRefused(refused(changes))
}
const rows = (): number => env.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM refused_calls")!.n
const counts = (): unknown[] =>
  env.store.read.all(
    "SELECT day, user_id, client_id, mode, model, error_code, calls FROM refused_days ORDER BY 1, 2, 3, 4, 5, 6",
  )
const KEPT = LIMITS.refusedRowsPerDay

test("are shown like calls, cost nothing, and say what was asked for", async () => {
  const call = refused({ requested: "no-such-model", model: "", errorCode: "model_not_found", status: 404 })
  usage.recordRefused(call)
  await usage.flush()
  expect(usage.byRequestId(UserId(1), ClientId(7), call.publicId)).toMatchObject({
    atMs: call.atMs,
    status: 404,
    model: "no-such-model",
    end: "refused",
    chargeNano: 0,
    transactionId: null,
  })
  expect(usage.byRequestId(UserId(2), ClientId(7), call.publicId)).toBeNull()
  expect(usage.summary(UserId(1), "live", env.clock.now()).today).toMatchObject({ calls: 1, refused: 1, errors: 0 })
  expect(usage.byClient(ClientId(7), env.clock.now())).toMatchObject({ calls: 1, refused: 1 })
  expect(usage.clientDays(ClientId(7), env.clock.now()).at(-1)).toMatchObject({ calls: 1, refused: 1, errors: 0 })
  expect(usage.lastCallAt(UserId(1), ClientId(7))).toBe(call.atMs)
  expect(usage.clientsOf(UserId(1)).map(Number)).toEqual([7])
  expect(usage.firstCallAt(ClientId(7))).toBeNull()
})

test("5,000 of them are exact counts, a hundred rows and a handful of commits", async () => {
  const before = env.store.stats.commits
  for (let round = 0; round < 50; round++) {
    note({}, 40)
    note({ errorCode: "app_daily_limit_exceeded", status: 429 }, 30)
    // Names that callers invent make no counts of their own.
    for (let at = 0; at < 30; at++)
      note({ requested: `invented-${made}`, model: "", errorCode: "model_not_found", status: 404 })
    await Bun.sleep(10)
  }
  await usage.flush()
  const day = dayOf(env.clock.now())
  const base = { day, user_id: 1, client_id: 7, mode: "live" }
  expect(counts()).toEqual([
    { ...base, model: "", error_code: "model_not_found", calls: 1_500 },
    { ...base, model: "mock-1", error_code: "app_daily_limit_exceeded", calls: 1_500 },
    { ...base, model: "mock-1", error_code: "insufficient_credits", calls: 2_000 },
  ])
  expect(rows()).toBe(KEPT)
  expect(env.store.stats.commits - before).toBeLessThanOrEqual(10)
  expect(usage.summary(UserId(1), "live", env.clock.now()).today).toMatchObject({ calls: 5_000, refused: 5_000 })
  const kept = env.store.read.get<{ first: string; last: string }>(
    "SELECT MIN(public_id) AS first, MAX(public_id) AS last FROM refused_calls",
  )!
  expect(Number(kept.last.slice(4)) - Number(kept.first.slice(4))).toBe(KEPT - 1)
})

test("they are written by themselves, soon", async () => {
  note()
  expect(rows()).toBe(0)
  await until(() => rows() === 1)
})

test("rows are bounded by person and UTC day; both modes of a day are one", async () => {
  note({}, KEPT - 10)
  await usage.flush()
  note({ mode: "test", clientId: ClientId(8) }, 50)
  note({ userId: UserId(2) }, 3)
  await usage.flush()
  expect(rows()).toBe(KEPT + 3)
  env.clock.advance(DAY_MS)
  note({ mode: "test" }, 2)
  note({}, KEPT + 5)
  await usage.flush()
  expect(rows()).toBe(2 * KEPT + 3)
  const day = dayOf(env.clock.now())
  const of = (mode: "live" | "test") => usage.summary(UserId(1), mode, env.clock.now())
  expect(
    of("live")
      .days.slice(-2)
      .map(({ calls }) => calls),
  ).toEqual([KEPT - 10, KEPT + 5])
  expect(
    of("test")
      .days.slice(-2)
      .map(({ calls }) => calls),
  ).toEqual([50, 2])
  const house = `SELECT day, mode, SUM(refused) AS refused, COUNT(DISTINCT user_id) AS users FROM v_usage_parts
    GROUP BY day, mode ORDER BY day, mode`
  expect(env.store.read.all<unknown>(house)).toEqual([
    { day: day - 1, mode: "live", refused: KEPT - 10 + 3, users: 2 },
    { day: day - 1, mode: "test", refused: 50, users: 1 },
    { day, mode: "live", refused: KEPT + 5, users: 1 },
    { day, mode: "test", refused: 2, users: 1 },
  ])
})

test("people of a flood are written in slices", async () => {
  for (let user = 1; user <= 2_000; user++) note({ userId: UserId(user), mode: user % 2 ? "live" : "test" }, 2)
  const before = env.store.stats.mutations
  await usage.flush()
  expect(rows()).toBe(4_000)
  expect(env.store.stats.mutations - before).toBeGreaterThan(3)
  expect(env.store.read.get<unknown>("SELECT SUM(calls) AS calls, COUNT(*) AS days FROM refused_days")).toEqual({
    calls: 4_000,
    days: 2_000,
  })
})

test("what could not be written is kept and written later, with what came meanwhile", async () => {
  faults.beforeCommit = () => {
    throw new Error("disk full")
  }
  note({}, 70)
  await usage.flush()
  note({}, 70)
  await usage.flush()
  expect(counts()).toEqual([])
  delete faults.beforeCommit
  note({ errorCode: "overloaded", status: 503 })
  await usage.flush()
  expect(counts().map((row) => (row as { calls: number }).calls)).toEqual([140, 1])
  expect(rows()).toBe(KEPT)
})

test("a stop loses nothing that can be written", async () => {
  note({}, 7)
  await usage.stop()
  expect(rows()).toBe(7)
})

test("are forgotten one by one after the days an operator set; their numbers stay", async () => {
  note({}, 3)
  await usage.flush()
  env.clock.advance(5 * DAY_MS)
  note({}, 2)
  await usage.flush()
  const settings = { get: () => 5 as never }
  // What the other job works with is not asked for.
  const works = { usage, store: env.store, settings } as unknown as Parameters<NonNullable<typeof usagePart.run>>[0]
  const job = usagePart.run!(works).jobs!.find(({ name }) => name === "forget-refused-calls")
  const slice = { rows: 2, signal: new AbortController().signal }
  expect(await job!.run(slice)).toBe(false)
  expect(rows()).toBe(5)
  env.clock.advance(1)
  expect(await job!.run(slice)).toBe(true)
  expect(await job!.run(slice)).toBe(false)
  expect([rows(), counts().length]).toEqual([2, 2])
})
