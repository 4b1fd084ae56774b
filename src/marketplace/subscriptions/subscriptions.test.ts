// Subscriptions on real books: subscribing once, renewals once, dunning, changes of plan, blocking, and who may do what.
import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { AppError, DAY_MS, HOUR_MS, nano, PrincipalId, type UserId } from "../../app/index.ts"
import { cents } from "../plans/testing.ts"
import { ANN, BOB, openSubscriptions, PUB } from "./testing.ts"

type Kit = Awaited<ReturnType<typeof openSubscriptions>>
let k: Kit
let productId: number
beforeEach(async () => {
  k = await openSubscriptions()
  productId = await k.product("weather")
})
afterEach(async () => {
  const { checks } = k.ledger.verify()
  expect(checks.filter(({ violations }) => violations > 0)).toEqual([])
  await k.close()
})

const START = Date.UTC(2026, 0, 31, 10, 30)
const codeOf = async (act: Promise<unknown>): Promise<string> => {
  try {
    await act
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
  return "ok"
}
const bills = (publicId: string) =>
  k.store.read.all<{ kind: string; state: string; amount: number }>(
    `SELECT b.kind, b.state, b.amount_nano AS amount FROM market_bills b JOIN market_subscriptions s ON s.id = b.subscription_id
     WHERE s.public_id = ? ORDER BY b.id`,
    publicId,
  )
const invoices = () => k.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM invoices")!.n
const mailed = (kind: string) => k.mails.filter((mail) => mail.kind === kind).length
const pro = (price = 3_000, more = {}) => k.plan(productId, "Pro", { priceNano: cents(price), ...more })
const ref = (userId: UserId, subscription: string) => ({ userId, subscription })
const change = (publicId: string, planId: number, seen?: { termsId: number; mostNano: never }) =>
  k.write((tx) =>
    k.subscriptions.changePlanIn(tx, { userId: ANN, subscription: publicId, planId, ...(seen ? { seen } : {}) }),
  )

describe("subscribing", () => {
  test("pays the period from bought credits, with invoice, receipt and a key; the publisher earns it less the commission", async () => {
    const plan = await pro()
    await k.grant(ANN, cents(5_000))
    await k.grant(ANN, cents(9_000), false)
    const quote = k.subscriptions.quoteSubscribe({ userId: ANN, planId: plan.id })
    expect(quote).toMatchObject({
      kind: "subscribe",
      nowNano: cents(3_000),
      haveNano: cents(5_000),
      nextMs: Date.UTC(2026, 1, 28, 10, 30),
    })
    const { subscription, key } = await k.subscribe(ANN, plan)
    expect(subscription).toMatchObject({ state: "active", periodStartMs: START, periodEndMs: quote.nextMs })
    expect(key?.secret).toBe("api_live_1")
    expect([k.has(ANN), invoices(), mailed("market_paid")]).toEqual([cents(2_000), 1, 1])
    const { pendingNano } = k.ledger.earningsOf({ kind: "principal", id: PUB }, "live", { paidDays: 7, promoDays: 30 })
    expect(Number(pendingNano)).toBe(cents(2_700))
    expect(k.subscriptions.revenue({ ownerId: PUB, fromMs: 0, toMs: START + DAY_MS })).toEqual([
      {
        product: "weather",
        title: "The weather API",
        plan: "Pro",
        fromMs: Date.UTC(2026, 0, 1),
        payments: 1,
        grossNano: cents(3_000),
        refundedNano: cents(0),
        commissionNano: cents(300),
        netNano: cents(2_700),
      },
    ])
  })

  test("with gifts alone is refused and leaves nothing", async () => {
    const plan = await pro()
    await k.grant(ANN, cents(9_000), false)
    expect(await codeOf(k.subscribe(ANN, plan))).toBe("insufficient_credits")
    expect([k.subscriptions.ofUser(ANN).length, k.keys.length, invoices()]).toEqual([0, 0, 0])
  })

  test("of a form sent 50 times at once is one; of 50 tabs one gets through", async () => {
    const plan = await pro()
    await k.grant(ANN, cents(90_000))
    await k.grant(BOB, cents(90_000))
    const same = await Promise.all(Array.from({ length: 50 }, () => k.subscribe(ANN, plan, "one form")))
    expect(new Set(same.map(({ subscription }) => subscription.publicId)).size).toBe(1)
    expect(same.filter(({ key }) => key !== null)).toHaveLength(1)
    const tabs = await Promise.all(Array.from({ length: 50 }, (_, tab) => codeOf(k.subscribe(BOB, plan, `tab ${tab}`))))
    expect([tabs.filter((code) => code === "ok").length, tabs.filter((code) => code === "conflict").length]).toEqual([
      1, 49,
    ])
    expect([k.has(ANN), k.has(BOB), k.keys.length]).toEqual([cents(87_000), cents(87_000), 2])
  })

  test("has a trial once a person and product, and pays when it is over", async () => {
    const plan = await pro(3_000, { trialDays: 14 })
    await k.grant(ANN, cents(4_000))
    const { subscription } = await k.subscribe(ANN, plan)
    expect([subscription.state, subscription.periodEndMs, k.has(ANN)]).toEqual([
      "trialing",
      START + 14 * DAY_MS,
      cents(4_000),
    ])
    await k.at(START + 14 * DAY_MS)
    expect(k.now(subscription.publicId)).toMatchObject({ state: "active", periodEndMs: Date.UTC(2026, 2, 14, 10, 30) })
    expect(k.has(ANN)).toBe(cents(1_000))
    await k.write((tx) => k.subscriptions.cancelIn(tx, ref(ANN, subscription.publicId)))
    await k.at(Date.UTC(2026, 2, 14, 10, 30))
    expect(k.now(subscription.publicId).state).toBe("ended")
    expect(k.subscriptions.quoteSubscribe({ userId: ANN, planId: plan.id }).kind).toBe("subscribe")
  })

  test("to what is closed, hidden or changed meanwhile is refused", async () => {
    const plan = await k.plan(productId, "Free")
    await k.subscribe(BOB, plan)
    await k.write((tx) =>
      k.plans.changePlanIn(tx, { planId: plan.id, terms: { ...plan.terms, priceNano: cents(100) } }),
    )
    const seen = { userId: ANN, planId: plan.id, key: "seen", seenTermsId: plan.terms.id }
    expect(await codeOf(k.write((tx) => k.subscriptions.subscribeIn(tx, seen)))).toBe("conflict")
    await k.write((tx) => k.plans.changePlanIn(tx, { planId: plan.id, retired: true }))
    expect(await codeOf(k.subscribe(ANN, plan))).toBe("conflict")
    await k.write((tx) => k.plans.changePlanIn(tx, { planId: plan.id, retired: false }))
    await k.write((tx) => void tx.run("UPDATE market_products SET state = 'unpublished'"))
    expect(await codeOf(k.subscribe(ANN, plan))).toBe("conflict")
    k.suspended.add(ANN)
    expect(await codeOf(k.subscribe(ANN, plan))).toBe("account_suspended")
  })
})

describe("renewals", () => {
  test("follow the 31st, keep the terms of who subscribed, and are charged once whoever runs the job", async () => {
    const plan = await pro(1_000)
    await k.grant(ANN, cents(10_000))
    const { subscription } = await k.subscribe(ANN, plan)
    await k.write((tx) =>
      k.plans.changePlanIn(tx, { planId: plan.id, terms: { ...plan.terms, priceNano: cents(9_900) } }),
    )
    for (const [month, day] of [
      [1, 28],
      [2, 31],
      [3, 30],
    ] as const) {
      k.clock.set(Date.UTC(2026, month, day, 10, 30))
      await Promise.all(Array.from({ length: 5 }, () => k.subscriptions.renewDue(100)))
      expect(k.now(subscription.publicId).periodStartMs).toBe(Date.UTC(2026, month, day, 10, 30))
    }
    expect([k.has(ANN), invoices(), mailed("market_paid")]).toEqual([cents(6_000), 4, 4])
  })

  test("of a server that slept for months charge the period of now alone", async () => {
    const plan = await pro(1_000)
    await k.grant(ANN, cents(10_000))
    const { subscription } = await k.subscribe(ANN, plan)
    await k.at(Date.UTC(2026, 5, 15))
    expect(k.now(subscription.publicId)).toMatchObject({
      periodStartMs: Date.UTC(2026, 4, 31, 10, 30),
      state: "active",
    })
    expect(k.has(ANN)).toBe(cents(8_000))
  })

  test("of a product that the operator took away wait, and go on when it is back", async () => {
    const plan = await pro(1_000)
    await k.grant(ANN, cents(10_000))
    const { subscription } = await k.subscribe(ANN, plan)
    await k.write((tx) => void tx.run("UPDATE market_products SET state = 'suspended'"))
    await k.at(Date.UTC(2026, 1, 28, 10, 30))
    expect([k.now(subscription.publicId).state, k.has(ANN)]).toEqual(["active", cents(9_000)])
    await k.write((tx) => void tx.run("UPDATE market_products SET state = 'unpublished'"))
    await k.at(Date.UTC(2026, 2, 5))
    expect([k.now(subscription.publicId).state, k.has(ANN)]).toEqual(["active", cents(8_000)])
  })

  test("a write that dies half way charges nothing; the next run charges once", async () => {
    const plan = await pro(1_000)
    await k.grant(ANN, cents(10_000))
    await k.subscribe(ANN, plan)
    k.clock.set(Date.UTC(2026, 1, 28, 10, 30))
    await k.write(
      (tx) => void tx.run("CREATE TRIGGER broken BEFORE INSERT ON invoices BEGIN SELECT RAISE(ABORT, 'no'); END"),
    )
    expect(await k.subscriptions.renewDue(100)).toBe(false)
    expect([k.has(ANN), invoices()]).toEqual([cents(9_000), 1])
    await k.write((tx) => void tx.run("DROP TRIGGER broken"))
    await k.at(k.clock.now())
    await k.at(k.clock.now() + HOUR_MS)
    expect([k.has(ANN), invoices()]).toEqual([cents(8_000), 2])
  })
})

describe("dunning", () => {
  const END = Date.UTC(2026, 1, 28, 10, 30)
  const unpaid = async () => {
    const plan = await pro(1_000)
    await k.grant(ANN, cents(1_000))
    const { subscription } = await k.subscribe(ANN, plan)
    await k.at(END)
    return subscription.publicId
  }
  const access = (publicId: string) => k.subscriptions.mine(ANN, publicId).access

  test("asks the card, tells once, keeps calls through the grace, then refuses, and tells that once", async () => {
    const id = await unpaid()
    expect(k.now(id)).toMatchObject({ state: "past_due", graceEndMs: END + 3 * DAY_MS })
    expect([access(id), mailed("market_unpaid"), k.asked.length]).toEqual([null, 1, 1])
    for (let hour = 1; hour < 72; hour += 7) await k.at(END + hour * HOUR_MS)
    expect([access(id), mailed("market_unpaid")]).toEqual([null, 1])
    await k.at(END + 3 * DAY_MS)
    await k.at(END + 4 * DAY_MS)
    expect([access(id), mailed("market_unpaid")]).toEqual(["past_due", 2])
    expect(k.asked.length).toBeGreaterThan(8)
  })

  test("is over when it is paid: within the grace for the period that it was due for, after it from then on", async () => {
    const id = await unpaid()
    await k.grant(ANN, cents(1_000))
    await k.at(END + DAY_MS)
    expect(k.now(id)).toMatchObject({ state: "active", periodStartMs: END, pastDueMs: null })
    const next = Date.UTC(2026, 2, 31, 10, 30)
    await k.at(next)
    await k.at(next + 5 * DAY_MS)
    expect(access(id)).toBe("past_due")
    await k.grant(ANN, cents(1_500))
    const paid = await k.write((tx) => k.subscriptions.payNowIn(tx, ref(ANN, id)))
    expect([paid.outcome, k.now(id).periodStartMs, access(id)]).toEqual(["paid", next + 5 * DAY_MS, null])
    expect(bills(id).map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      "period paid",
      "period paid",
      "period paid",
    ])
    expect([k.has(ANN), invoices()]).toEqual([cents(500), 3])
  })

  test("while a card is being charged nobody is told of a failure", async () => {
    k.recharge.isOn = true
    const id = await unpaid()
    expect([mailed("market_unpaid"), access(id)]).toEqual([0, null])
    expect((await k.write((tx) => k.subscriptions.payNowIn(tx, ref(ANN, id)))).outcome).toBe("coming")
    await k.grant(ANN, cents(1_000))
    await k.at(END + 2 * 60_000)
    expect(k.now(id).state).toBe("active")
    expect(mailed("market_unpaid")).toBe(0)
  })

  test("ends after its days, with nothing left to pay; cancelling ends it at once", async () => {
    const id = await unpaid()
    await k.at(END + 30 * DAY_MS)
    expect(k.now(id)).toMatchObject({ state: "ended" })
    expect([bills(id).at(-1)?.state, mailed("market_became")]).toEqual(["void", 1])
    await k.grant(ANN, cents(5_000))
    await k.at(END + 60 * DAY_MS)
    expect(k.has(ANN)).toBe(cents(5_000))
  })

  test("cancelled while it is unpaid it is over", async () => {
    const id = await unpaid()
    const after = await k.write((tx) => k.subscriptions.cancelIn(tx, ref(ANN, id)))
    expect([after.state, bills(id).at(-1)?.state]).toEqual(["ended", "void"])
  })
})

describe("changes of plan", () => {
  test("up: the difference for the rest, at once; twice is once; the renewal costs the new price", async () => {
    const basic = await k.plan(productId, "Basic", { priceNano: cents(1_000) })
    const plan = await pro(3_000)
    await k.grant(ANN, cents(10_000))
    const { subscription } = await k.subscribe(ANN, basic)
    k.clock.set(START + 14 * DAY_MS)
    const quote = k.subscriptions.quoteChange({ userId: ANN, subscription: subscription.publicId, planId: plan.id })
    expect(quote).toMatchObject({ kind: "upgrade", nowNano: cents(1_000), nextMs: subscription.periodEndMs })
    await Promise.all(Array.from({ length: 20 }, () => change(subscription.publicId, plan.id)))
    expect(k.has(ANN)).toBe(cents(8_000))
    expect(k.now(subscription.publicId)).toMatchObject({ planId: plan.id, periodEndMs: subscription.periodEndMs })
    await k.at(subscription.periodEndMs)
    expect(k.has(ANN)).toBe(cents(5_000))
    expect(k.resets).toEqual([])
  })

  test("up in the very moment of a renewal: first that, then the difference for the whole period", async () => {
    const basic = await k.plan(productId, "Basic", { priceNano: cents(1_000) })
    const plan = await pro(3_000, { resetsOnUpgrade: true })
    await k.grant(ANN, cents(10_000))
    const { subscription } = await k.subscribe(ANN, basic)
    k.clock.set(subscription.periodEndMs)
    await Promise.all([
      change(subscription.publicId, plan.id),
      k.subscriptions.renewDue(10),
      k.subscriptions.renewDue(10),
    ])
    expect(k.has(ANN)).toBe(cents(10_000 - 1_000 - 1_000 - 2_000))
    expect(k.resets).toEqual([subscription.id])
  })

  test("up, where credits are short or the price is another than shown, changes nothing", async () => {
    const basic = await k.plan(productId, "Basic", { priceNano: cents(1_000) })
    const plan = await pro(3_000)
    await k.grant(ANN, cents(2_000))
    const { subscription } = await k.subscribe(ANN, basic)
    expect(await codeOf(change(subscription.publicId, plan.id))).toBe("insufficient_credits")
    await k.grant(ANN, cents(5_000))
    const seen = { termsId: plan.terms.id, mostNano: (cents(2_000) - 1) as never }
    expect(await codeOf(change(subscription.publicId, plan.id, seen))).toBe("conflict")
    expect([k.now(subscription.publicId).planId, k.has(ANN)]).toEqual([basic.id, cents(6_000)])
  })

  test("down: with the next period, until it is taken back", async () => {
    const basic = await k.plan(productId, "Basic", { priceNano: cents(1_000) })
    const plan = await pro(3_000)
    await k.grant(ANN, cents(20_000))
    const { subscription } = await k.subscribe(ANN, plan)
    const id = subscription.publicId
    await change(id, basic.id)
    expect(k.now(id)).toMatchObject({ planId: plan.id, nextPlanId: basic.id })
    await change(id, plan.id)
    expect(k.now(id).nextPlanId).toBeNull()
    await change(id, basic.id)
    await k.at(subscription.periodEndMs)
    expect(k.now(id)).toMatchObject({ planId: basic.id, nextPlanId: null })
    expect(k.has(ANN)).toBe(cents(16_000))
  })

  test("to another cycle: a period begins, less what was unused", async () => {
    const plan = await pro(2_800)
    const year = await k.plan(productId, "Year", { priceNano: cents(30_000), cycle: "year" })
    await k.grant(ANN, cents(40_000))
    const { subscription } = await k.subscribe(ANN, plan)
    k.clock.set(START + 14 * DAY_MS)
    await change(subscription.publicId, year.id)
    expect(k.has(ANN)).toBe(cents(40_000 - 2_800 - 30_000 + 1_400))
    expect(k.now(subscription.publicId)).toMatchObject({
      anchorMs: START + 14 * DAY_MS,
      periodEndMs: Date.UTC(2027, 1, 14, 10, 30),
    })
  })

  test("cancelled: to the end of the period, and resumed before it", async () => {
    const plan = await pro(1_000)
    await k.grant(ANN, cents(5_000))
    const { subscription } = await k.subscribe(ANN, plan)
    const id = subscription.publicId
    await k.write((tx) => k.subscriptions.cancelIn(tx, ref(ANN, id)))
    expect([k.subscriptions.mine(ANN, id).access, k.subscriptions.mine(ANN, id).next]).toEqual([null, null])
    await k.write((tx) => k.subscriptions.resumeIn(tx, ref(ANN, id)))
    expect(k.subscriptions.mine(ANN, id).next).toMatchObject({ amountNano: cents(1_000) })
    await k.write((tx) => k.subscriptions.cancelIn(tx, ref(ANN, id)))
    await k.at(subscription.periodEndMs)
    expect(k.now(id).state).toBe("ended")
    expect(await codeOf(k.write((tx) => k.subscriptions.resumeIn(tx, ref(ANN, id))))).toBe("conflict")
    expect(k.has(ANN)).toBe(cents(4_000))
  })
})

describe("publishers", () => {
  test("block and unblock, end, move and reset; each is told; nobody is made to pay more", async () => {
    const basic = await k.plan(productId, "Basic", { priceNano: cents(1_000) })
    const plan = await pro(3_000)
    await k.grant(ANN, cents(9_000))
    const { subscription } = await k.subscribe(ANN, basic)
    const id = subscription.publicId
    const by = { ownerId: PUB, subscription: id }
    await k.write((tx) => k.subscriptions.banIn(tx, { ...by, reason: "Too many calls." }))
    expect(k.subscriptions.mine(ANN, id).access).toBe("banned")
    await k.write((tx) => k.subscriptions.unbanIn(tx, by))
    expect(k.subscriptions.mine(ANN, id).access).toBeNull()
    await k.write((tx) => k.subscriptions.moveIn(tx, { ...by, planId: plan.id }))
    expect([k.now(id).planId, k.now(id).nextPlanId, k.has(ANN)]).toEqual([plan.id, basic.id, cents(8_000)])
    await k.at(subscription.periodEndMs)
    expect([k.now(id).planId, k.has(ANN)]).toEqual([basic.id, cents(7_000)])
    await k.write((tx) => k.subscriptions.resetQuotaIn(tx, by))
    expect(k.resets).toEqual([subscription.id])
    await k.write((tx) => k.subscriptions.revokeIn(tx, { ...by, reason: "" }))
    expect([k.now(id).state, mailed("market_became")]).toEqual(["ended", 4])
  })

  test("whoever is blocked at the end of the period is out; what was unpaid ends when they are let back", async () => {
    const plan = await pro(1_000)
    await k.grant(ANN, cents(1_000))
    await k.grant(BOB, cents(1_000))
    const { subscription } = await k.subscribe(ANN, plan)
    const other = (await k.subscribe(BOB, plan)).subscription
    await k.write((tx) => k.subscriptions.banIn(tx, { ownerId: PUB, subscription: subscription.publicId, reason: "" }))
    await k.at(subscription.periodEndMs)
    expect([k.now(subscription.publicId).state, k.now(other.publicId).state]).toEqual(["ended", "past_due"])
    const by = { ownerId: PUB, subscription: other.publicId }
    await k.write((tx) => k.subscriptions.banIn(tx, { ...by, reason: "" }))
    await k.write((tx) => k.subscriptions.unbanIn(tx, by))
    expect(k.now(other.publicId).state).toBe("ended")
  })

  test("others are not there: no consumer sees another's, no publisher another's consumers", async () => {
    const plan = await k.plan(productId, "Free")
    const { subscription } = await k.subscribe(ANN, plan)
    const id = subscription.publicId
    const asBob = ref(BOB, id)
    const asOther = { ownerId: PrincipalId(8), subscription: id }
    const { subscriptions } = k
    const acts = [
      k.write((tx) => subscriptions.cancelIn(tx, asBob)),
      k.write((tx) => subscriptions.resumeIn(tx, asBob)),
      k.write((tx) => subscriptions.payNowIn(tx, asBob)),
      k.write((tx) => subscriptions.stepIn(tx, asBob)),
      k.write((tx) => subscriptions.changePlanIn(tx, { ...asBob, planId: plan.id })),
      k.write((tx) => subscriptions.banIn(tx, { ...asOther, reason: "" })),
      k.write((tx) => subscriptions.unbanIn(tx, asOther)),
      k.write((tx) => subscriptions.revokeIn(tx, { ...asOther, reason: "" })),
      k.write((tx) => subscriptions.moveIn(tx, { ...asOther, planId: plan.id })),
      k.write((tx) => subscriptions.resetQuotaIn(tx, asOther)),
      (async () => subscriptions.mine(BOB, id))(),
      (async () => subscriptions.billsOf(BOB, id))(),
      (async () => subscriptions.consumer(PrincipalId(8), id))(),
    ]
    expect(new Set(await Promise.all(acts.map(codeOf)))).toEqual(new Set(["not_found"]))
    expect(JSON.stringify(subscriptions.consumersOf(productId))).not.toContain("@")
    expect(subscriptions.revenue({ ownerId: PrincipalId(8), fromMs: 0, toMs: Number.MAX_SAFE_INTEGER })).toEqual([])
  })
})

test("overages of a period are one invoice, when nothing runs in it any more, with lines that their counts explain", async () => {
  const plan = await pro(1_000, { overageNano: nano(500_000), overageCapNano: null })
  await k.grant(ANN, cents(10_000))
  const { subscription } = await k.subscribe(ANN, plan)
  await k.overage(subscription, 3, nano(500_000), nano(150_000))
  await k.overage(subscription, 4, nano(500_000), nano(200_000))
  expect(Number(k.subscriptions.unbilledOverages(PUB).grossNano)).toBe(3_500_000)
  await k.at(subscription.periodEndMs)
  expect(bills(subscription.publicId).map(({ kind }) => kind)).toEqual(["period", "period"])
  await k.at(subscription.periodEndMs + HOUR_MS)
  await k.at(subscription.periodEndMs + 2 * HOUR_MS)
  expect(bills(subscription.publicId).map(({ kind, amount }) => [kind, amount])).toEqual([
    ["period", cents(1_000)],
    ["period", cents(1_000)],
    ["overage", 3_500_000],
  ])
  const { document, total } = k.store.read.get<{ document: string; total: number }>(
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
  expect(k.has(ANN)).toBe(cents(8_000) - 3_500_000)
  expect(Number(k.subscriptions.unbilledOverages(PUB).grossNano)).toBe(0)
})
