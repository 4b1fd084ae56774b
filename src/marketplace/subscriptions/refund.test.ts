// What is given back of a bill: once a key, never more than was paid, to the credits that paid, from who had it, with its paper and its mail.
import { afterEach, beforeEach, expect, test } from "bun:test"
import { AppError, DAY_MS, HOUR_MS, type Nano, nano, type UserId } from "../../app/index.ts"
import { principal } from "../../ledger/index.ts"
import { cents } from "../plans/testing.ts"
import { ANN, BOB, openSubscriptions, PUB } from "./testing.ts"

const MATURITY = { paidDays: 7, promoDays: 30 }
let k: Awaited<ReturnType<typeof openSubscriptions>>
let productId: number
beforeEach(async () => {
  k = await openSubscriptions()
  productId = await k.product("weather")
})
afterEach(() => k.close())

async function paid(price = 3_000) {
  const plan = await k.plan(productId, "Pro", { priceNano: cents(price), overageNano: nano(333_333) })
  await k.grant(ANN, cents(10_000))
  const { subscription } = await k.subscribe(ANN, plan)
  return subscription
}
const bills = (id: string, who: UserId = ANN) => k.subscriptions.billsOf(who, id)
const refund = (id: string, key: string, amountNano: Nano | null = null, by: "publisher" | "admin" = "publisher") =>
  k.write((tx) =>
    k.subscriptions.refundBillIn(tx, { bill: bills(id)[0]!, by, key, reason: "Did not work", amountNano }),
  )
const refused = async (act: Promise<unknown>): Promise<AppError> => {
  const error = await act.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof AppError) return error
  throw error ?? new Error("it went through")
}
const earned = () => k.ledger.earningsOf(principal(PUB), "live", MATURITY)
const notes = () =>
  k.store.read.all<{ number: string; amount: number }>(
    "SELECT number, amount_nano AS amount FROM credit_notes ORDER BY id",
  )
const mailed = () =>
  k.mails.filter(({ kind }) => kind === "market_refunded").map(({ to, data }) => [to, data.earnedNano])
const healthy = () => expect(k.ledger.verify().checks.filter(({ violations }) => violations > 0)).toEqual([])

test("a period, in parts and then all of it", async () => {
  const { publicId } = await paid()
  const first = await refund(publicId, "a", cents(1_000))
  expect(first).toMatchObject({ amountNano: cents(1_000), commissionNano: cents(100), earnedNano: cents(900) })
  expect([k.has(ANN), earned().pendingNano]).toEqual([cents(8_000), cents(1_800)])
  expect(await refund(publicId, "a", cents(1_000))).toEqual(first)
  expect((await refused(refund(publicId, "a", cents(999)))).code).toBe("conflict")
  const tooMuch = await refused(refund(publicId, "b", cents(2_001)))
  expect([tooMuch.code, Object.keys(tooMuch.extra.formErrors!)]).toEqual(["validation_failed", ["amountNano"]])
  expect(await refund(publicId, "c")).toMatchObject({ amountNano: cents(2_000) })
  expect((await refused(refund(publicId, "d"))).code).toBe("conflict")
  expect([k.has(ANN), Number(earned().pendingNano), notes().map(({ amount }) => amount)]).toEqual([
    cents(10_000),
    0,
    [cents(1_000), cents(2_000)],
  ])
  expect(bills(publicId)[0]).toMatchObject({
    leftNano: 0,
    refunds: [{ amountNano: cents(1_000) }, { amountNano: cents(2_000) }],
  })
  expect(mailed()).toEqual([
    ["p1@example.com", null],
    ["p1@example.com", null],
  ])
  expect(k.now(publicId).state).toBe("active")
  healthy()
})

test("of fifty at once with keys of their own no more than was paid", async () => {
  const { publicId } = await paid()
  const all = await Promise.allSettled(Array.from({ length: 50 }, (_, n) => refund(publicId, `k${n}`, cents(1_000))))
  expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(3)
  expect(k.has(ANN)).toBe(cents(10_000))
  healthy()
})

test("an admin's is told to the publisher, and stands in the month of the refund in their revenue", async () => {
  const { publicId } = await paid()
  k.clock.advance(2 * DAY_MS)
  await refund(publicId, "a", cents(1_000), "admin")
  expect(mailed()).toEqual([
    ["p1@example.com", null],
    ["p9@example.com", cents(900)],
  ])
  const rows = k.subscriptions.revenue({ ownerId: PUB, fromMs: 0, toMs: k.clock.now() + 1 })
  expect(
    rows.map((row) => [
      new Date(row.fromMs).getUTCMonth(),
      row.payments,
      row.grossNano,
      row.refundedNano,
      row.commissionNano,
      row.netNano,
    ]),
  ).toEqual([
    [1, 0, 0, cents(1_000), -cents(100), -cents(900)],
    [0, 1, cents(3_000), 0, cents(300), cents(2_700)],
  ] as never)
})

test("what the publisher was paid already comes off what they earn next", async () => {
  const { publicId } = await paid()
  k.clock.advance(8 * DAY_MS)
  await k.ledger.matureDue(MATURITY)
  const input = {
    owner: principal(PUB),
    mode: "live",
    amountNano: cents(2_700),
    minimumNano: nano(1),
    key: "pay",
  } as const
  const { id } = await k.write((tx) => k.ledger.requestPayoutIn(tx, input))
  await k.write((tx) => k.ledger.completePayoutIn(tx, id))
  await refund(publicId, "a")
  expect([k.has(ANN), Number(earned().payableNano)]).toEqual([cents(10_000), -cents(2_700)])
  healthy()
})

test("overages, newest calls first, and not those of another period or person", async () => {
  const subscription = await paid()
  const { publicId } = subscription
  for (const units of [1, 2, 3]) await k.overage(k.now(publicId), units, nano(333_333), nano(33_334 * units))
  const before = k.has(ANN)
  await k.at(subscription.periodEndMs + HOUR_MS)
  await k.overage(k.now(publicId), 5, nano(333_333), nano(166_667))
  const bill = bills(publicId).find(({ kind }) => kind === "overage")!
  expect([bill.amountNano, bill.leftNano]).toEqual([nano(6 * 333_333), nano(6 * 333_333)])
  const give = (key: string, amountNano: Nano | null) =>
    k.write((tx) => k.subscriptions.refundBillIn(tx, { bill, by: "publisher", key, reason: "Outage", amountNano }))
  const has = k.has(ANN)
  const one = await give("a", nano(4 * 333_333))
  expect(one.commissionNano + one.earnedNano).toBe(4 * 333_333)
  const back = k.store.read
    .all<{ id: string; nano: number }>(
      "SELECT json_extract(request, '$.transactionId') AS id, amount_nano AS nano FROM corrections",
    )
    .map(({ nano }) => nano)
  expect(back.toSorted((a, b) => a - b)).toEqual([333_333, 3 * 333_333])
  await give("b", null)
  expect(k.has(ANN)).toBe(has + 6 * 333_333)
  expect(before).toBeLessThan(cents(10_000))
  expect((await refused(give("c", null))).code).toBe("conflict")
  healthy()
})

test("nobody else's, nothing that is not paid, and nothing that cost nothing", async () => {
  const { publicId } = await paid()
  const { id } = bills(publicId)[0]!
  expect(k.subscriptions.billOfConsumer(PUB, publicId, id).id).toBe(id)
  for (const look of [
    () => k.subscriptions.billOfConsumer(BOB, publicId, id),
    () => k.subscriptions.billOfConsumer(PUB, publicId, id + 1),
    () => k.subscriptions.billOfConsumer(PUB, "msb_none", id),
    () => k.subscriptions.billOfInvoice("INV-2026-999"),
  ])
    expect(look).toThrow("no such")
  const free = await k.plan(await k.product("free"), "Free", { priceNano: cents(0) })
  const { subscription } = await k.subscribe(BOB, free)
  const bill = bills(subscription.publicId, BOB)[0]
  if (bill) {
    const act = k.write((tx) =>
      k.subscriptions.refundBillIn(tx, { bill, by: "admin", key: "f", reason: "x", amountNano: null }),
    )
    expect((await refused(act)).code).toBe("conflict")
  }
})
