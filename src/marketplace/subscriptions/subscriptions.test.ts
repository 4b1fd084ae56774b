// Subscriptions on real books: subscribing once, renewals once, and what happens when one cannot be paid.
import { describe, expect, test } from "bun:test"
import { DAY_MS, HOUR_MS } from "../../app/index.ts"
import { cents } from "../plans/testing.ts"
import { booksOfEach, codeOf, ref, START } from "./books.testing.ts"
import { ANN, BOB, PUB } from "./testing.ts"

const w = booksOfEach()

describe("subscribing", () => {
  test("pays the period from bought credits, with invoice, receipt and a key; the publisher earns it less the commission", async () => {
    const plan = await w.pro()
    await w.k.grant(ANN, cents(5_000))
    await w.k.grant(ANN, cents(9_000), false)
    const quote = w.k.subscriptions.quoteSubscribe({ userId: ANN, planId: plan.id })
    expect(quote).toMatchObject({
      kind: "subscribe",
      nowNano: cents(3_000),
      haveNano: cents(5_000),
      nextMs: Date.UTC(2026, 1, 28, 10, 30),
    })
    const { subscription, key } = await w.k.subscribe(ANN, plan)
    expect(subscription).toMatchObject({ state: "active", periodStartMs: START, periodEndMs: quote.nextMs })
    expect(key?.secret).toBe("api_live_1")
    expect([w.k.has(ANN), w.invoices(), w.mailed("market_paid")]).toEqual([cents(2_000), 1, 1])
    const { pendingNano } = w.k.ledger.earningsOf({ kind: "principal", id: PUB }, "live", {
      paidDays: 7,
      promoDays: 30,
    })
    expect(Number(pendingNano)).toBe(cents(2_700))
    expect(w.k.subscriptions.revenue({ ownerId: PUB, fromMs: 0, toMs: START + DAY_MS })).toEqual([
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
    const plan = await w.pro()
    await w.k.grant(ANN, cents(9_000), false)
    expect(await codeOf(w.k.subscribe(ANN, plan))).toBe("insufficient_credits")
    expect([w.k.subscriptions.ofUser(ANN).length, w.k.keys.length, w.invoices()]).toEqual([0, 0, 0])
  })

  test("of a form sent 50 times at once is one; of 50 tabs one gets through", async () => {
    const plan = await w.pro()
    await w.k.grant(ANN, cents(90_000))
    await w.k.grant(BOB, cents(90_000))
    const same = await Promise.all(Array.from({ length: 50 }, () => w.k.subscribe(ANN, plan, "one form")))
    expect(new Set(same.map(({ subscription }) => subscription.publicId)).size).toBe(1)
    expect(same.filter(({ key }) => key !== null)).toHaveLength(1)
    const tabs = await Promise.all(
      Array.from({ length: 50 }, (_, tab) => codeOf(w.k.subscribe(BOB, plan, `tab ${tab}`))),
    )
    expect([tabs.filter((code) => code === "ok").length, tabs.filter((code) => code === "conflict").length]).toEqual([
      1, 49,
    ])
    expect([w.k.has(ANN), w.k.has(BOB), w.k.keys.length]).toEqual([cents(87_000), cents(87_000), 2])
  })

  test("has a trial once a person and product, and pays when it is over", async () => {
    const plan = await w.pro(3_000, { trialDays: 14 })
    await w.k.grant(ANN, cents(4_000))
    const { subscription } = await w.k.subscribe(ANN, plan)
    expect([subscription.state, subscription.periodEndMs, w.k.has(ANN)]).toEqual([
      "trialing",
      START + 14 * DAY_MS,
      cents(4_000),
    ])
    await w.k.at(START + 14 * DAY_MS)
    expect(w.k.now(subscription.publicId)).toMatchObject({
      state: "active",
      periodEndMs: Date.UTC(2026, 2, 14, 10, 30),
    })
    expect(w.k.has(ANN)).toBe(cents(1_000))
    await w.k.write((tx) => w.k.subscriptions.cancelIn(tx, ref(ANN, subscription.publicId)))
    await w.k.at(Date.UTC(2026, 2, 14, 10, 30))
    expect(w.k.now(subscription.publicId).state).toBe("ended")
    expect(w.k.subscriptions.quoteSubscribe({ userId: ANN, planId: plan.id }).kind).toBe("subscribe")
  })

  test("to what is closed, hidden or changed meanwhile is refused", async () => {
    const plan = await w.k.plan(w.productId, "Free")
    await w.k.subscribe(BOB, plan)
    await w.k.write((tx) =>
      w.k.plans.changePlanIn(tx, { planId: plan.id, terms: { ...plan.terms, priceNano: cents(100) } }),
    )
    const seen = { userId: ANN, planId: plan.id, key: "seen", seenTermsId: plan.terms.id }
    expect(await codeOf(w.k.write((tx) => w.k.subscriptions.subscribeIn(tx, seen)))).toBe("conflict")
    await w.k.write((tx) => w.k.plans.changePlanIn(tx, { planId: plan.id, retired: true }))
    expect(await codeOf(w.k.subscribe(ANN, plan))).toBe("conflict")
    await w.k.write((tx) => w.k.plans.changePlanIn(tx, { planId: plan.id, retired: false }))
    await w.k.write((tx) => void tx.run("UPDATE market_products SET state = 'unpublished'"))
    expect(await codeOf(w.k.subscribe(ANN, plan))).toBe("conflict")
    w.k.suspended.add(ANN)
    expect(await codeOf(w.k.subscribe(ANN, plan))).toBe("account_suspended")
  })
})

describe("renewals", () => {
  test("follow the 31st, keep the terms of who subscribed, and are charged once whoever runs the job", async () => {
    const plan = await w.pro(1_000)
    await w.k.grant(ANN, cents(10_000))
    const { subscription } = await w.k.subscribe(ANN, plan)
    await w.k.write((tx) =>
      w.k.plans.changePlanIn(tx, { planId: plan.id, terms: { ...plan.terms, priceNano: cents(9_900) } }),
    )
    for (const [month, day] of [
      [1, 28],
      [2, 31],
      [3, 30],
    ] as const) {
      w.k.clock.set(Date.UTC(2026, month, day, 10, 30))
      await Promise.all(Array.from({ length: 5 }, () => w.k.subscriptions.renewDue(100)))
      expect(w.k.now(subscription.publicId).periodStartMs).toBe(Date.UTC(2026, month, day, 10, 30))
    }
    expect([w.k.has(ANN), w.invoices(), w.mailed("market_paid")]).toEqual([cents(6_000), 4, 4])
  })

  test("of a server that slept for months charge the period of now alone", async () => {
    const plan = await w.pro(1_000)
    await w.k.grant(ANN, cents(10_000))
    const { subscription } = await w.k.subscribe(ANN, plan)
    await w.k.at(Date.UTC(2026, 5, 15))
    expect(w.k.now(subscription.publicId)).toMatchObject({
      periodStartMs: Date.UTC(2026, 4, 31, 10, 30),
      state: "active",
    })
    expect(w.k.has(ANN)).toBe(cents(8_000))
  })

  test("of a product that the operator took away wait, and go on when it is back", async () => {
    const plan = await w.pro(1_000)
    await w.k.grant(ANN, cents(10_000))
    const { subscription } = await w.k.subscribe(ANN, plan)
    await w.k.write((tx) => void tx.run("UPDATE market_products SET state = 'suspended'"))
    await w.k.at(Date.UTC(2026, 1, 28, 10, 30))
    expect([w.k.now(subscription.publicId).state, w.k.has(ANN)]).toEqual(["active", cents(9_000)])
    await w.k.write((tx) => void tx.run("UPDATE market_products SET state = 'unpublished'"))
    await w.k.at(Date.UTC(2026, 2, 5))
    expect([w.k.now(subscription.publicId).state, w.k.has(ANN)]).toEqual(["active", cents(8_000)])
  })

  test("a write that dies half way charges nothing; the next run charges once", async () => {
    const plan = await w.pro(1_000)
    await w.k.grant(ANN, cents(10_000))
    await w.k.subscribe(ANN, plan)
    w.k.clock.set(Date.UTC(2026, 1, 28, 10, 30))
    await w.k.write(
      (tx) => void tx.run("CREATE TRIGGER broken BEFORE INSERT ON invoices BEGIN SELECT RAISE(ABORT, 'no'); END"),
    )
    await expect(w.k.subscriptions.renewDue(100)).rejects.toThrow("1 row of 1 failed")
    expect([w.k.has(ANN), w.invoices()]).toEqual([cents(9_000), 1])
    await w.k.write((tx) => void tx.run("DROP TRIGGER broken"))
    await w.k.at(w.k.clock.now())
    await w.k.at(w.k.clock.now() + HOUR_MS)
    expect([w.k.has(ANN), w.invoices()]).toEqual([cents(8_000), 2])
  })
})

describe("dunning", () => {
  const END = Date.UTC(2026, 1, 28, 10, 30)
  const unpaid = async () => {
    const plan = await w.pro(1_000)
    await w.k.grant(ANN, cents(1_000))
    const { subscription } = await w.k.subscribe(ANN, plan)
    await w.k.at(END)
    return subscription.publicId
  }
  const access = (publicId: string) => w.k.subscriptions.mine(ANN, publicId).access

  test("asks the card, tells once, keeps calls through the grace, then refuses, and tells that once", async () => {
    const id = await unpaid()
    expect(w.k.now(id)).toMatchObject({ state: "past_due", graceEndMs: END + 3 * DAY_MS })
    expect([access(id), w.mailed("market_unpaid"), w.k.asked.length]).toEqual([null, 1, 1])
    for (let hour = 1; hour < 72; hour += 7) await w.k.at(END + hour * HOUR_MS)
    expect([access(id), w.mailed("market_unpaid")]).toEqual([null, 1])
    await w.k.at(END + 3 * DAY_MS)
    await w.k.at(END + 4 * DAY_MS)
    expect([access(id), w.mailed("market_unpaid")]).toEqual(["past_due", 2])
    expect(w.k.asked.length).toBeGreaterThan(8)
  })

  test("is over when it is paid: within the grace for the period that it was due for, after it from then on", async () => {
    const id = await unpaid()
    await w.k.grant(ANN, cents(1_000))
    await w.k.at(END + DAY_MS)
    expect(w.k.now(id)).toMatchObject({ state: "active", periodStartMs: END, pastDueMs: null })
    const next = Date.UTC(2026, 2, 31, 10, 30)
    await w.k.at(next)
    await w.k.at(next + 5 * DAY_MS)
    expect(access(id)).toBe("past_due")
    await w.k.grant(ANN, cents(1_500))
    const paid = await w.k.write((tx) => w.k.subscriptions.payNowIn(tx, ref(ANN, id)))
    expect([paid.outcome, w.k.now(id).periodStartMs, access(id)]).toEqual(["paid", next + 5 * DAY_MS, null])
    expect(w.bills(id).map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      "period paid",
      "period paid",
      "period paid",
    ])
    expect([w.k.has(ANN), w.invoices()]).toEqual([cents(500), 3])
  })

  test("while a card is being charged nobody is told of a failure", async () => {
    w.k.recharge.isOn = true
    const id = await unpaid()
    expect([w.mailed("market_unpaid"), access(id)]).toEqual([0, null])
    expect((await w.k.write((tx) => w.k.subscriptions.payNowIn(tx, ref(ANN, id)))).outcome).toBe("coming")
    await w.k.grant(ANN, cents(1_000))
    await w.k.at(END + 2 * 60_000)
    expect(w.k.now(id).state).toBe("active")
    expect(w.mailed("market_unpaid")).toBe(0)
  })

  test("ends after its days, with nothing left to pay; cancelling ends it at once", async () => {
    const id = await unpaid()
    await w.k.at(END + 30 * DAY_MS)
    expect(w.k.now(id)).toMatchObject({ state: "ended" })
    expect([w.bills(id).at(-1)?.state, w.mailed("market_became")]).toEqual(["void", 1])
    await w.k.grant(ANN, cents(5_000))
    await w.k.at(END + 60 * DAY_MS)
    expect(w.k.has(ANN)).toBe(cents(5_000))
  })

  test("cancelled while it is unpaid it is over", async () => {
    const id = await unpaid()
    const after = await w.k.write((tx) => w.k.subscriptions.cancelIn(tx, ref(ANN, id)))
    expect([after.state, w.bills(id).at(-1)?.state]).toEqual(["ended", "void"])
  })
})
