// Changes of subscriptions on real books: of plan, by publishers, and the bills of overages.
import { describe, expect, test } from "bun:test"
import { DAY_MS, HOUR_MS, nano, PrincipalId } from "../../app/index.ts"
import { cents } from "../plans/testing.ts"
import { booksOfEach, codeOf, ref, START } from "./books.testing.ts"
import { ANN, BOB, PUB } from "./testing.ts"

const w = booksOfEach()

describe("changes of plan", () => {
  test("up: the difference for the rest, at once; twice is once; the renewal costs the new price", async () => {
    const basic = await w.k.plan(w.productId, "Basic", { priceNano: cents(1_000) })
    const plan = await w.pro(3_000)
    await w.k.grant(ANN, cents(10_000))
    const { subscription } = await w.k.subscribe(ANN, basic)
    w.k.clock.set(START + 14 * DAY_MS)
    const quote = w.k.subscriptions.quoteChange({ userId: ANN, subscription: subscription.publicId, planId: plan.id })
    expect(quote).toMatchObject({ kind: "upgrade", nowNano: cents(1_000), nextMs: subscription.periodEndMs })
    await Promise.all(Array.from({ length: 20 }, () => w.change(subscription.publicId, plan.id)))
    expect(w.k.has(ANN)).toBe(cents(8_000))
    expect(w.k.now(subscription.publicId)).toMatchObject({ planId: plan.id, periodEndMs: subscription.periodEndMs })
    await w.k.at(subscription.periodEndMs)
    expect(w.k.has(ANN)).toBe(cents(5_000))
    expect(w.k.resets).toEqual([])
  })

  test("up in the very moment of a renewal: first that, then the difference for the whole period", async () => {
    const basic = await w.k.plan(w.productId, "Basic", { priceNano: cents(1_000) })
    const plan = await w.pro(3_000, { resetsOnUpgrade: true })
    await w.k.grant(ANN, cents(10_000))
    const { subscription } = await w.k.subscribe(ANN, basic)
    w.k.clock.set(subscription.periodEndMs)
    await Promise.all([
      w.change(subscription.publicId, plan.id),
      w.k.subscriptions.renewDue(10),
      w.k.subscriptions.renewDue(10),
    ])
    expect(w.k.has(ANN)).toBe(cents(10_000 - 1_000 - 1_000 - 2_000))
    expect(w.k.resets).toEqual([subscription.id])
  })

  test("up, where credits are short or the price is another than shown, changes nothing", async () => {
    const basic = await w.k.plan(w.productId, "Basic", { priceNano: cents(1_000) })
    const plan = await w.pro(3_000)
    await w.k.grant(ANN, cents(2_000))
    const { subscription } = await w.k.subscribe(ANN, basic)
    expect(await codeOf(w.change(subscription.publicId, plan.id))).toBe("insufficient_credits")
    await w.k.grant(ANN, cents(5_000))
    const seen = { termsId: plan.terms.id, mostNano: (cents(2_000) - 1) as never }
    expect(await codeOf(w.change(subscription.publicId, plan.id, seen))).toBe("conflict")
    expect([w.k.now(subscription.publicId).planId, w.k.has(ANN)]).toEqual([basic.id, cents(6_000)])
  })

  test("down: with the next period, until it is taken back", async () => {
    const basic = await w.k.plan(w.productId, "Basic", { priceNano: cents(1_000) })
    const plan = await w.pro(3_000)
    await w.k.grant(ANN, cents(20_000))
    const { subscription } = await w.k.subscribe(ANN, plan)
    const id = subscription.publicId
    await w.change(id, basic.id)
    expect(w.k.now(id)).toMatchObject({ planId: plan.id, nextPlanId: basic.id })
    await w.change(id, plan.id)
    expect(w.k.now(id).nextPlanId).toBeNull()
    await w.change(id, basic.id)
    await w.k.at(subscription.periodEndMs)
    expect(w.k.now(id)).toMatchObject({ planId: basic.id, nextPlanId: null })
    expect(w.k.has(ANN)).toBe(cents(16_000))
  })

  test("to another cycle: a period begins, less what was unused", async () => {
    const plan = await w.pro(2_800)
    const year = await w.k.plan(w.productId, "Year", { priceNano: cents(30_000), cycle: "year" })
    await w.k.grant(ANN, cents(40_000))
    const { subscription } = await w.k.subscribe(ANN, plan)
    w.k.clock.set(START + 14 * DAY_MS)
    await w.change(subscription.publicId, year.id)
    expect(w.k.has(ANN)).toBe(cents(40_000 - 2_800 - 30_000 + 1_400))
    expect(w.k.now(subscription.publicId)).toMatchObject({
      anchorMs: START + 14 * DAY_MS,
      periodEndMs: Date.UTC(2027, 1, 14, 10, 30),
    })
  })

  test("cancelled: to the end of the period, and resumed before it", async () => {
    const plan = await w.pro(1_000)
    await w.k.grant(ANN, cents(5_000))
    const { subscription } = await w.k.subscribe(ANN, plan)
    const id = subscription.publicId
    await w.k.write((tx) => w.k.subscriptions.cancelIn(tx, ref(ANN, id)))
    expect([w.k.subscriptions.mine(ANN, id).access, w.k.subscriptions.mine(ANN, id).next]).toEqual([null, null])
    await w.k.write((tx) => w.k.subscriptions.resumeIn(tx, ref(ANN, id)))
    expect(w.k.subscriptions.mine(ANN, id).next).toMatchObject({ amountNano: cents(1_000) })
    await w.k.write((tx) => w.k.subscriptions.cancelIn(tx, ref(ANN, id)))
    await w.k.at(subscription.periodEndMs)
    expect(w.k.now(id).state).toBe("ended")
    expect(await codeOf(w.k.write((tx) => w.k.subscriptions.resumeIn(tx, ref(ANN, id))))).toBe("conflict")
    expect(w.k.has(ANN)).toBe(cents(4_000))
  })
})

describe("publishers", () => {
  test("block and unblock, end, move and reset; each is told; nobody is made to pay more", async () => {
    const basic = await w.k.plan(w.productId, "Basic", { priceNano: cents(1_000) })
    const plan = await w.pro(3_000)
    await w.k.grant(ANN, cents(9_000))
    const { subscription } = await w.k.subscribe(ANN, basic)
    const id = subscription.publicId
    const by = { ownerId: PUB, subscription: id }
    await w.k.write((tx) => w.k.subscriptions.banIn(tx, { ...by, reason: "Too many calls." }))
    expect(w.k.subscriptions.mine(ANN, id).access).toBe("banned")
    await w.k.write((tx) => w.k.subscriptions.unbanIn(tx, by))
    expect(w.k.subscriptions.mine(ANN, id).access).toBeNull()
    await w.k.write((tx) => w.k.subscriptions.moveIn(tx, { ...by, planId: plan.id }))
    expect([w.k.now(id).planId, w.k.now(id).nextPlanId, w.k.has(ANN)]).toEqual([plan.id, basic.id, cents(8_000)])
    await w.k.at(subscription.periodEndMs)
    expect([w.k.now(id).planId, w.k.has(ANN)]).toEqual([basic.id, cents(7_000)])
    await w.k.write((tx) => w.k.subscriptions.resetQuotaIn(tx, by))
    expect(w.k.resets).toEqual([subscription.id])
    await w.k.write((tx) => w.k.subscriptions.revokeIn(tx, { ...by, reason: "" }))
    expect([w.k.now(id).state, w.mailed("market_became")]).toEqual(["ended", 4])
  })

  test("whoever was moved goes back to the terms that they had, whatever the plan costs by then", async () => {
    const basic = await w.k.plan(w.productId, "Basic", { priceNano: cents(1_000) })
    const plan = await w.pro(3_000)
    await w.k.grant(ANN, cents(90_000))
    const { subscription } = await w.k.subscribe(ANN, basic)
    const id = subscription.publicId
    const terms = { ...basic.terms, priceNano: cents(50_000) }
    // Dearer for who comes later, before the move as well as after it.
    await w.k.write((tx) => w.k.plans.changePlanIn(tx, { planId: basic.id, terms }))
    const by = { ownerId: PUB, subscription: id }
    await w.k.write((tx) => w.k.subscriptions.moveIn(tx, { ...by, planId: plan.id }))
    expect(w.k.subscriptions.mine(ANN, id).next).toMatchObject({ amountNano: cents(1_000) })
    await w.k.at(subscription.periodEndMs)
    expect([w.k.now(id).planId, w.k.has(ANN)]).toEqual([basic.id, cents(88_000)])
    await w.k.at(w.k.now(id).periodEndMs)
    expect(w.k.has(ANN)).toBe(cents(87_000))
  })

  test("a plan that somebody moves to with their next period becomes no dearer until then, and may become cheaper", async () => {
    const basic = await w.k.plan(w.productId, "Basic", { priceNano: cents(1_000) })
    const plan = await w.pro(3_000)
    await w.k.grant(ANN, cents(90_000))
    const { subscription } = await w.k.subscribe(ANN, plan)
    await w.change(subscription.publicId, basic.id)
    const edit = (more: object) =>
      codeOf(w.k.write((tx) => w.k.plans.changePlanIn(tx, { planId: basic.id, terms: { ...basic.terms, ...more } })))
    const quotas = [{ period: "day", anchor: "calendar", units: 0 }] as const
    expect(await edit({ priceNano: cents(50_000) })).toBe("validation_failed")
    expect(await edit({ cycle: "week" })).toBe("validation_failed")
    expect(await edit({ overageNano: nano(1_000_000_000), quotas })).toBe("validation_failed")
    expect(await edit({ priceNano: cents(900) })).toBe("ok")
    await w.k.at(subscription.periodEndMs)
    expect([w.k.now(subscription.publicId).planId, w.k.has(ANN)]).toEqual([basic.id, cents(86_100)])
    expect(await edit({ priceNano: cents(50_000) })).toBe("ok")
  })

  test("whoever is blocked at the end of the period is out; what was unpaid ends when they are let back", async () => {
    const plan = await w.pro(1_000)
    await w.k.grant(ANN, cents(1_000))
    await w.k.grant(BOB, cents(1_000))
    const { subscription } = await w.k.subscribe(ANN, plan)
    const other = (await w.k.subscribe(BOB, plan)).subscription
    await w.k.write((tx) =>
      w.k.subscriptions.banIn(tx, { ownerId: PUB, subscription: subscription.publicId, reason: "" }),
    )
    await w.k.at(subscription.periodEndMs)
    expect([w.k.now(subscription.publicId).state, w.k.now(other.publicId).state]).toEqual(["ended", "past_due"])
    const by = { ownerId: PUB, subscription: other.publicId }
    await w.k.write((tx) => w.k.subscriptions.banIn(tx, { ...by, reason: "" }))
    await w.k.write((tx) => w.k.subscriptions.unbanIn(tx, by))
    expect(w.k.now(other.publicId).state).toBe("ended")
  })

  test("others are not there: no consumer sees another's, no publisher another's consumers", async () => {
    const plan = await w.k.plan(w.productId, "Free")
    const { subscription } = await w.k.subscribe(ANN, plan)
    const id = subscription.publicId
    const asBob = ref(BOB, id)
    const asOther = { ownerId: PrincipalId(8), subscription: id }
    const { subscriptions } = w.k
    const acts = [
      w.k.write((tx) => subscriptions.cancelIn(tx, asBob)),
      w.k.write((tx) => subscriptions.resumeIn(tx, asBob)),
      w.k.write((tx) => subscriptions.payNowIn(tx, asBob)),
      w.k.write((tx) => subscriptions.stepIn(tx, asBob)),
      w.k.write((tx) => subscriptions.changePlanIn(tx, { ...asBob, planId: plan.id })),
      w.k.write((tx) => subscriptions.banIn(tx, { ...asOther, reason: "" })),
      w.k.write((tx) => subscriptions.unbanIn(tx, asOther)),
      w.k.write((tx) => subscriptions.revokeIn(tx, { ...asOther, reason: "" })),
      w.k.write((tx) => subscriptions.moveIn(tx, { ...asOther, planId: plan.id })),
      w.k.write((tx) => subscriptions.resetQuotaIn(tx, asOther)),
      (async () => subscriptions.mine(BOB, id))(),
      (async () => subscriptions.billsOf(BOB, id))(),
      (async () => subscriptions.consumer(PrincipalId(8), id))(),
    ]
    expect(new Set(await Promise.all(acts.map(codeOf)))).toEqual(new Set(["not_found"]))
    expect(JSON.stringify(subscriptions.consumersOf(w.productId))).not.toContain("@")
    expect(subscriptions.revenue({ ownerId: PrincipalId(8), fromMs: 0, toMs: Number.MAX_SAFE_INTEGER })).toEqual([])
  })
})

test("overages of a period are one invoice, when nothing runs in it any more, with lines that their counts explain", async () => {
  const plan = await w.pro(1_000, { overageNano: nano(500_000), overageCapNano: null })
  await w.k.grant(ANN, cents(10_000))
  const { subscription } = await w.k.subscribe(ANN, plan)
  await w.k.overage(subscription, 3, nano(500_000), nano(150_000))
  await w.k.overage(subscription, 4, nano(500_000), nano(200_000))
  expect(Number(w.k.subscriptions.unbilledOverages(PUB).grossNano)).toBe(3_500_000)
  await w.k.at(subscription.periodEndMs)
  expect(w.bills(subscription.publicId).map(({ kind }) => kind)).toEqual(["period", "period"])
  await w.k.at(subscription.periodEndMs + HOUR_MS)
  await w.k.at(subscription.periodEndMs + 2 * HOUR_MS)
  expect(w.bills(subscription.publicId).map(({ kind, amount }) => [kind, amount])).toEqual([
    ["period", cents(1_000)],
    ["period", cents(1_000)],
    ["overage", 3_500_000],
  ])
  const { document, total } = w.k.store.read.get<{ document: string; total: number }>(
    "SELECT document, total_nano AS total FROM invoices ORDER BY id DESC LIMIT 1",
  )!
  expect([total, (JSON.parse(document) as { lines: object[] }).lines]).toEqual([
    3_500_000,
    [
      {
        text: "The weather API: units beyond the plan",
        quantity: 7,
        unitNano: 500_000,
        amountNano: 3_500_000,
        fromMs: START,
        toMs: subscription.periodEndMs,
      },
    ],
  ])
  expect(w.k.has(ANN)).toBe(cents(8_000) - 3_500_000)
  expect(Number(w.k.subscriptions.unbilledOverages(PUB).grossNano)).toBe(0)
})

test("an overage that cannot be billed keeps nobody else's waiting, and the job says which", async () => {
  const plan = await w.pro(1_000, { overageNano: nano(500_000), overageCapNano: null })
  const made: string[] = []
  for (const id of [ANN, BOB]) {
    await w.k.grant(id, cents(10_000))
    const { subscription } = await w.k.subscribe(id, plan)
    await w.k.overage(subscription, 3, nano(500_000), nano(150_000))
    made.push(subscription.publicId)
  }
  const [stuck, other] = made as [string, string]
  const { id, periodEndMs } = w.k.now(stuck)
  await w.k.write((tx) => {
    tx.run(
      `CREATE TRIGGER stuck BEFORE INSERT ON market_bills WHEN NEW.kind = 'overage' AND NEW.subscription_id = ${id} BEGIN SELECT RAISE(ABORT, 'stuck'); END`,
    )
  })
  await w.k.at(periodEndMs)
  await expect(w.k.at(periodEndMs + HOUR_MS)).rejects.toThrow(`1 row of 2 failed, ${id} first: SQLiteError: stuck`)
  const overages = (publicId: string) => w.bills(publicId).filter(({ kind }) => kind === "overage").length
  expect([overages(stuck), overages(other)]).toEqual([0, 1])
  await w.k.write((tx) => void tx.run("DROP TRIGGER stuck"))
  await w.k.at(periodEndMs + 2 * HOUR_MS)
  expect([overages(stuck), overages(other)]).toEqual([1, 1])
})
