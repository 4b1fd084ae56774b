// Exactly as many calls as a limit allows, however many come at once and over however many keys: windows, quotas, weights, caps; and what
// never changes what is used: keys, plans, restarts, clocks (Kong #5311, Tyk #2209, #5971, #265).
import { afterAll, afterEach, beforeAll, expect, test } from "bun:test"
import { until } from "../../../test/eventually.ts"
import { DAY_MS, HOUR_MS, nano, UserId } from "../../app/index.ts"
import { type CallsKit, openCalls } from "./kit.testing.ts"
import { CALL_LIMITS } from "./limits.ts"

let kit: CallsKit
beforeAll(async () => {
  kit = await openCalls()
})
afterEach(() => kit.echo.got.splice(0))
afterAll(() => kit.close())

const N = 1_000
/** @returns how many calls each status had */
async function storm(
  keys: readonly string[],
  path = "/a",
  n = N,
  told = (_: number) => {},
): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {}
  await Promise.all(
    Array.from({ length: n }, async (_, at) => {
      const answer = await kit.call(keys[at % keys.length]!, path)
      await answer.text()
      const { status } = answer
      told(status)
      statuses[status] = (statuses[status] ?? 0) + 1
    }),
  )
  return statuses
}
const reached = () => kit.echo.got.length

for (const span of ["second", "minute", "hour"] as const)
  test(`1,000 calls at once, 37 allowed a ${span}: exactly 37 pass, over three keys; the next window starts anew`, async () => {
    const { keys } = await kit.subscribed({ plan: { rates: [{ endpointId: 0, span, requests: 37 }] }, keys: 3 })
    expect(await storm(keys)).toEqual({ 200: 37, 429: N - 37 })
    expect(reached()).toBe(37)
    kit.clock.advance({ second: 1_000, minute: 60_000, hour: HOUR_MS }[span])
    expect(await storm(keys, "/a", 100)).toEqual({ 200: 37, 429: 63 })
  })

for (const period of ["day", "week", "month", "year"] as const)
  test(`1,000 calls at once at a quota of 111 a ${period}: exactly 111 pass, and the counter says so`, async () => {
    const quotas = [{ period, anchor: "calendar" as const, units: 111 }]
    const { keys, subscription } = await kit.subscribed({ plan: { quotas }, keys: 4 })
    expect(await storm(keys)).toEqual({ 200: 111, 403: N - 111 })
    expect(reached()).toBe(111)
    expect(kit.quotaOf(subscription)).toMatchObject([{ period, limit: 111, used: 111 }])
  })

test("judged together, each for itself: refused and broken ones take nothing from their neighbours, and each is told its own count", async () => {
  const quota = (units: number) => ({ plan: { quotas: [{ period: "month", anchor: "calendar", units } as const] } })
  const [small, large, broken] = [
    await kit.subscribed(quota(10)),
    await kit.subscribed(quota(500)),
    await kit.subscribed(),
  ]
  kit.broken.add(broken.userId)
  const told: number[] = []
  const statuses = await Promise.all(
    Array.from({ length: 300 }, async (_, at) => {
      const answer = await kit.call([small, large, broken][at % 3]!.keys[0]!)
      await answer.text()
      if (at % 3 === 1) told.push(Number(answer.headers.get("x-quota-used")))
      return answer.status
    }),
  )
  kit.broken.clear()
  const countOf = (of: number, status: number) => statuses.filter((one, at) => at % 3 === of && one === status).length
  expect([countOf(0, 200), countOf(0, 403), countOf(1, 200), countOf(2, 500)]).toEqual([10, 90, 100, 100])
  expect(told.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, at) => at + 1))
  expect([small, large].map(({ subscription }) => kit.quotaOf(subscription)[0]!.used)).toEqual([10, 100])
  expect(reached()).toBe(110)
  expect(kit.calls.running()).toBe(0)
})

test("weights: 7 units a call of 100 let 14 pass, and the one that does not fit uses nothing", async () => {
  const quotas = [{ period: "month", anchor: "anniversary", units: 100 } as const]
  const { keys, subscription } = await kit.subscribed({
    plan: { quotas },
    endpoints: [{ path: "/a", weight: 7 }, { path: "/b" }],
  })
  expect(await storm(keys)).toEqual({ 200: 14, 403: N - 14 })
  expect(kit.quotaOf(subscription)[0]!.used).toBe(98)
  expect(await storm(keys, "/b", 10)).toEqual({ 200: 2, 403: 8 })
})

test("several quotas and rates: the tightest counts, and a refused call takes nothing of any", async () => {
  const quotas = [
    { period: "day", anchor: "calendar", units: 50 },
    { period: "month", anchor: "calendar", units: 80 },
  ] as const
  const { keys, subscription } = await kit.subscribed({
    plan: { quotas: [...quotas], rates: [{ endpointId: 0, span: "minute", requests: 30 }] },
  })
  expect(await storm(keys, "/a", 200)).toEqual({ 200: 30, 429: 170 })
  kit.clock.advance(60_000)
  expect(await storm(keys, "/a", 200)).toEqual({ 200: 20, 403: 180 })
  expect(kit.quotaOf(subscription).map(({ used }) => used)).toEqual([50, 50])
  kit.clock.advance(DAY_MS)
  expect(await storm(keys, "/a", 200)).toEqual({ 200: 30, 403: 170 })
  expect(kit.quotaOf(subscription).map(({ used }) => used)).toEqual([30, 80])
})

test("calls at the same time: as many as there may be, and each end makes place for the next", async () => {
  const { keys, subscription } = await kit.subscribed({
    plan: { quotas: [{ period: "day", anchor: "calendar", units: 5_000 }] },
    keys: 2,
  })
  const most = CALL_LIMITS.concurrentPerSubscription
  const gate = Promise.withResolvers<void>()
  kit.echo.answer = async () => {
    await gate.promise
    return new Response("ok")
  }
  let refused = 0
  const running = storm(keys, "/a", N, (status) => void (status === 429 && refused++))
  await until(() => refused === N - most)
  gate.resolve()
  expect(await running).toEqual({ 200: most, 429: N - most })
  kit.echo.answer = () => new Response("ok")
  expect(kit.quotaOf(subscription)[0]!.used).toBe(most)
  expect(await storm(keys, "/a", 100)).toEqual({ 200: 100 })
})

test("an overage cap holds at once: as many calls above the quota as it pays for, each paid to the nano-dollar", async () => {
  const quotas = [{ period: "month", anchor: "calendar", units: 10 } as const]
  const { keys, subscription, userId, ownerId } = await kit.subscribed({
    plan: { quotas, overageNano: nano(1_000_003), overageCapNano: nano(25 * 1_000_003 + 5) },
    paidNano: 1_000_000_000,
  })
  expect(await storm(keys)).toEqual({ 200: 35, 403: N - 35 })
  await kit.settled()
  expect(kit.quotaOf(subscription)[0]!.used).toBe(35)
  expect(kit.spentBy(userId)).toBe(25 * 1_000_003)
  // 10 % of each call, rounded up: 100,001 of 1,000,003.
  expect(kit.earnedBy(ownerId)).toBe(25 * (1_000_003 - 100_001))
  expect(kit.overagesOf(subscription)).toEqual([{ units: 25, nano: 25 * 1_000_003, commissionNano: 25 * 100_001 }])
  kit.verifyBooks()
})

test("credits that were given pay no overage; of paid ones exactly as many calls as they cover", async () => {
  const quotas = [{ period: "month", anchor: "calendar", units: 0 } as const]
  const plan = { quotas, overageNano: nano(1_000_000) }
  const given = await kit.subscribed({ plan, promoNano: 500_000_000 })
  expect(await storm(given.keys, "/a", 20)).toEqual({ 402: 20 })
  const paid = await kit.subscribed({ plan, paidNano: 7_500_000, promoNano: 500_000_000 })
  expect(await storm(paid.keys, "/a", 200)).toEqual({ 200: 7, 402: 193 })
  await kit.settled()
  expect(kit.quotaOf(paid.subscription)[0]!.used).toBe(7)
  kit.verifyBooks()
})

test("keys come, go and change: what is used stays", async () => {
  const quotas = [{ period: "month", anchor: "calendar", units: 10 } as const]
  const { keys, subscription, userId } = await kit.subscribed({ plan: { quotas } })
  const { calls, write } = kit
  expect(await storm(keys, "/a", 6)).toEqual({ 200: 6 })
  const [first] = calls.keysOf(subscription)
  const ref = { userId: UserId(userId), keyPublicId: first!.publicId }
  const rotated = await write((tx) => calls.rotateKeyIn(tx, { ...ref, keepMs: 60_000 }))
  expect(await storm([rotated.secret, keys[0]!], "/a", 2)).toEqual({ 200: 2 })
  await write((tx) => calls.editKeyIn(tx, { ...ref, name: "Other", access: "read" }))
  await write((tx) => calls.revokeKeyIn(tx, ref))
  expect(await storm([rotated.secret, keys[0]!], "/a", 2)).toEqual({ 401: 2 })
  const made = await write((tx) =>
    calls.issueKeyIn(tx, { subscriptionId: subscription, userId: UserId(userId), name: "New" }),
  )
  expect(await storm([made.secret], "/a", 20)).toEqual({ 200: 2, 403: 18 })
  expect(kit.quotaOf(subscription)[0]!.used).toBe(10)
})

test("another plan in the middle of a period: what is left is its limit without what was used, never below nothing", async () => {
  for (const period of ["day", "week", "month", "year"] as const) {
    const of = (units: number, anchor: "calendar" | "anniversary") => ({ quotas: [{ period, anchor, units }] })
    const { keys, subscription } = await kit.subscribed({ plan: of(20, "calendar") })
    expect(await storm(keys, "/a", 12)).toEqual({ 200: 12 })
    await kit.changeTerms(subscription, of(15, "anniversary"))
    expect([period, await storm(keys, "/a", 10)]).toEqual([period, { 200: 3, 403: 7 }])
    await kit.changeTerms(subscription, of(5, "calendar"))
    expect([period, await storm(keys, "/a", 3)]).toEqual([period, { 403: 3 }])
    expect(kit.quotaOf(subscription)[0]).toMatchObject({ limit: 5, used: 15 })
    // From a plan with another period: it was counted there, too.
    const other = period === "day" ? "month" : "day"
    await kit.changeTerms(subscription, { quotas: [{ period: other, anchor: "calendar", units: 16 }] })
    expect([period, await storm(keys, "/a", 5)]).toEqual([period, { 200: 1, 403: 4 }])
  }
})

test("a clock that jumps grants nothing it did not before", async () => {
  const quotas = [{ period: "day", anchor: "calendar", units: 5 } as const]
  const rates = [{ endpointId: 0, span: "hour", requests: 4 } as const]
  const { keys, subscription } = await kit.subscribed({ plan: { quotas, rates } })
  expect(await storm(keys, "/a", 10)).toEqual({ 200: 4, 429: 6 })
  kit.clock.advance(-2 * HOUR_MS)
  expect(await storm(keys, "/a", 10)).toEqual({ 429: 10 })
  kit.clock.advance(-3 * DAY_MS)
  expect(await storm(keys, "/a", 10)).toEqual({ 429: 10 })
  kit.clock.advance(3 * DAY_MS + 3 * HOUR_MS)
  expect(await storm(keys, "/a", 10)).toEqual({ 200: 1, 403: 9 })
  expect(kit.quotaOf(subscription)[0]!.used).toBe(5)
})

test("a restart in the middle changes nothing: quotas and windows of an hour go on", async () => {
  const quotas = [{ period: "month", anchor: "calendar", units: 100 } as const]
  const rates = [{ endpointId: 0, span: "hour", requests: 60 } as const]
  const { keys, subscription } = await kit.subscribed({ plan: { quotas, rates } })
  expect(await storm(keys, "/a", 40)).toEqual({ 200: 40 })
  kit.restart()
  expect(await storm(keys, "/a", 100)).toEqual({ 200: 20, 429: 80 })
  kit.clock.advance(HOUR_MS)
  kit.restart()
  expect(await storm(keys, "/a", 100)).toEqual({ 200: 40, 403: 60 })
  expect(kit.quotaOf(subscription)[0]!.used).toBe(100)
})

test("a manual reset starts every period anew, and what is given back later is not given twice", async () => {
  const quotas = [{ period: "month", anchor: "calendar", units: 3 } as const]
  const { keys, subscription } = await kit.subscribed({ plan: { quotas } })
  expect(await storm(keys, "/a", 5)).toEqual({ 200: 3, 403: 2 })
  await kit.write((tx) => kit.calls.resetQuotaIn(tx, subscription))
  expect(kit.quotaOf(subscription)[0]!.used).toBe(0)
  expect(await storm(keys, "/a", 5)).toEqual({ 200: 3, 403: 2 })
})

test("whoever is never reached costs nothing: units and credits are back before the answer", async () => {
  const quotas = [{ period: "month", anchor: "calendar", units: 2 } as const]
  const plan = { quotas, overageNano: nano(1_000_000) }
  const { keys, subscription, userId } = await kit.subscribed({
    plan,
    paidNano: 50_000_000,
    upstreamUrl: "http://127.0.0.1:1",
  })
  const statuses = await storm(keys, "/a", 6)
  expect(statuses).toEqual({ 502: 6 })
  expect(kit.quotaOf(subscription)[0]!.used).toBe(0)
  await kit.settled()
  expect(kit.spentBy(userId)).toBe(0)
  expect(kit.overagesOf(subscription)).toEqual([{ units: 0, nano: 0, commissionNano: 0 }])
  kit.verifyBooks()
})
