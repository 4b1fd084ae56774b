// What the processor says of the money against what the books say, and the fees it kept.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { DAY_MS, nano } from "../../src/app/index.ts"
import { COMPARE, type Comparison } from "../../src/billing/index.ts"
import { STRIPE_TAX } from "../../src/billing/invoices/settings.ts"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser } from "../build.ts"
import type { Charge, FakeStripe } from "../fakes/stripe/index.ts"
import { book } from "../fakes/stripe/index.ts"
import { openShop, type Shop } from "./world.ts"

let shop: Shop
let boss: WebAgent
beforeAll(async () => {
  shop = await openShop()
  boss = await signedIn(shop.server, (await makeUser(shop.server.app, { isAdmin: true })).email)
})
afterAll(() => shop.close())

const statement = () => shop.server.app.billing.statement
const ledger = () => shop.server.app.ledger
const fees = () => -(ledger().moneyIn("live", "processor_fees") as number) / 10_000_000
const compared = (): Comparison => statement().compare(shop.clock.now() - 30 * DAY_MS, shop.clock.now() + DAY_MS)
const line = (comparison: Comparison, category: string) => comparison.lines.find((one) => one.category === category)!
const comparisonPage = async () => (await boss.get(`${shop.server.url}/admin/billing/comparison`)).text
const told = ({ differences }: Comparison) =>
  differences.map(({ kind, category, objectId, processorCents, booksCents }) => [
    kind,
    category,
    objectId,
    processorCents,
    booksCents,
  ])

async function bought(stripe: FakeStripe = shop.stripe): Promise<{ id: string; chargeId: string }> {
  const order = await shop.buy("plus")
  const paid = stripe.pay(order.sessionId!, { with: "4242424242424242" })
  await stripe.webhooks.idle()
  void paid
  const charge = stripe.world.all<Charge>("charge").at(-1)!
  return { id: order.publicId, chargeId: charge.id }
}

test("before anything is sold there is nothing to read, and both sides say 0", async () => {
  expect(await statement().read()).toBe(0)
  expect(compared().lines.every((one) => one.processorCents === 0 && one.booksCents === 0)).toBe(true)
  expect(compared().readThroughMs).toBe(shop.clock.now())
})

test("a purchase: both say the same, and its fee is booked once, however often and however many read at once", async () => {
  await bought()
  await Promise.all([statement().read(), statement().read(), statement().read()])
  await statement().read()
  // 2.9 % of $25 and 30 cents.
  expect(fees()).toBe(103)
  const comparison = compared()
  expect(told(comparison)).toEqual([])
  expect(line(comparison, "payments")).toMatchObject({ processorCents: 2_500, booksCents: 2_500, differenceCents: 0 })
  expect(line(comparison, "fees")).toMatchObject({ processorCents: -103, booksCents: -103, differenceCents: 0 })
})

test("by day: what came in and what it cost", () => {
  const [day] = statement().days(shop.clock.now() - DAY_MS, shop.clock.now() + DAY_MS)
  expect(day as unknown).toMatchObject({
    inNano: 25_000_000_000,
    feesNano: 1_030_000_000,
    refundsNano: 0,
    disputesNano: 0,
  })
})

test("a payment that nobody told of is a difference with its object, until it is credited", async () => {
  shop.stripe.webhooks.delivery = { drops: () => true }
  const { chargeId, id } = await bought()
  shop.stripe.webhooks.delivery = { retries: [] }
  shop.clock.advance(20 * 60_000)
  await statement().read()
  expect(told(compared())).toEqual([["not_in_books", "payments", chargeId, 2_500, 0]])
  const { person } = shop
  expect(compared().differences[0] as object).toMatchObject({ orderId: id, paymentId: id, userId: person.id })
  const page = await comparisonPage()
  for (const href of [
    `https://dashboard.stripe.com/test/payments/${chargeId}`,
    `/admin/orders/${id}`,
    `/admin/users/${person.publicId}`,
  ])
    expect(page).toContain(`href="${href}"`)
  await shop.server.app.billing.reconcile()
  expect(told(compared())).toEqual([])
})

test("one that is on its way for a few minutes is no difference yet", async () => {
  shop.stripe.webhooks.delivery = { drops: () => true }
  await bought()
  shop.stripe.webhooks.delivery = { retries: [] }
  await statement().read()
  expect(told(compared())).toEqual([])
  shop.clock.advance(20 * 60_000)
  await shop.server.app.billing.reconcile()
})

test("what the account earns elsewhere is no business of these books: neither compared nor its fee booked", async () => {
  const before = fees()
  const { world } = shop.stripe
  const one = world.all<Charge>("charge")[0]!
  world.add<Charge>({ ...one, id: "ch_elsewhere", customer: null, payment_intent: null, metadata: {} })
  book(world, { type: "charge", amount: 9_900, fee: 317, currency: "usd", source: "ch_elsewhere" })
  await statement().read()
  expect([fees(), told(compared()), compared().foreignCents]).toEqual([before, [], 9_900])
})

test("what the processor bills the account itself is a fee of the house", async () => {
  const before = fees()
  book(shop.stripe.world, { type: "stripe_fee", amount: -200, currency: "usd", source: null, description: "Radar" })
  await statement().read()
  expect([fees() - before, told(compared())]).toEqual([200, []])
})

test("money that goes to the bank changes nothing of the books", async () => {
  book(shop.stripe.world, { type: "payout", amount: -5_000, currency: "usd", source: null })
  await statement().read()
  expect([told(compared()), compared().bankCents]).toEqual([[], 5_000])
})

test("an account in another currency: the payment is compared as it was paid, its fee is turned into dollars", async () => {
  const before = fees()
  const { chargeId } = await bought()
  const { world } = shop.stripe
  const one = world.all<{ id: string; object: "balance_transaction"; created: number }>("balance_transaction").at(-1)! as unknown as {
    source: string; amount: number; fee: number; net: number; currency: string
  } // biome-ignore format: one line
  expect(one.source).toBe(chargeId)
  // $25.00 became €20.00, of which €1.00 was kept: $1.25.
  Object.assign(one, { amount: 2_000, fee: 100, net: 1_900, currency: "eur" })
  await statement().read()
  expect([fees() - before, told(compared())]).toEqual([125, []])
})

test("a bill in another currency cannot be booked, and says so", async () => {
  book(shop.stripe.world, { type: "stripe_fee", amount: -300, currency: "eur", source: null, description: "Radar" })
  await statement().read()
  expect(told(compared()).map(([kind, category]) => [kind, category])).toEqual([["fee_not_booked", "fees"]])
})

test("credits that were granted without a payment are a difference of the other kind", async () => {
  const { app } = shop.server
  await app.store.write(CTX, (tx) =>
    app.ledger.grantIn(tx, {
      owner: { kind: "principal", id: shop.person.id },
      mode: "live",
      type: "topup",
      bucket: "purchase",
      amountNano: nano(10_000_000_000),
      paid: true,
      key: "stripe:in_made_up:il_1",
    }),
  )
  expect(told(compared()).filter(([, category]) => category !== "fees")).toEqual([])
  // The statement has to be newer than they are: before, nobody knows.
  shop.clock.advance(20 * 60_000)
  await statement().read()
  const found = told(compared()).filter(([, category]) => category !== "fees")
  expect(found).toEqual([["not_at_processor", "payments", null, 0, 1_000]])
  const [one] = compared().differences
  expect(one!.transactionIds.length).toBe(1)
  expect([one!.userId, one!.paymentId]).toEqual([shop.person.id, null])
  const wallet = `/admin/users/${shop.person.publicId}/wallet/transactions/${one!.transactionIds[0]}`
  expect(await comparisonPage()).toContain(`href="${wallet}"`)
  expect((await boss.get(shop.server.url + wallet)).status).toBe(200)
})

test("money that an admin wrote down is none of the processor's", async () => {
  const before = told(compared())
  const { app } = shop.server
  const order = await shop.buy("starter")
  await app.store.write(CTX, (tx) =>
    tx.run("UPDATE billing_orders SET kind = 'manual' WHERE public_id = ?", order.publicId),
  )
  await app.store.write(CTX, (tx) =>
    app.ledger.grantIn(tx, {
      owner: { kind: "principal", id: shop.person.id },
      mode: "live",
      type: "topup",
      bucket: "purchase",
      amountNano: nano(5_000_000_000),
      paid: true,
      key: `order:${order.publicId}`,
    }),
  )
  shop.clock.advance(20 * 60_000)
  await statement().read()
  expect(told(compared())).toEqual(before)
  const worker = await app.reads.ask<Comparison>(COMPARE, {
    fromMs: shop.clock.now() - 30 * DAY_MS,
    toMs: shop.clock.now() + DAY_MS,
    nowMs: shop.clock.now(),
  })
  expect(worker).toEqual(compared())
})

describe("money that goes back", () => {
  const agreed = async () => {
    shop.clock.advance(20 * 60_000)
    await shop.stripe.webhooks.idle()
    await statement().read()
    return told(compared()).filter(([kind]) => kind !== "fee_not_booked" && kind !== "not_at_processor")
  }

  test("refunds in parts, whatever was spent: both say the same", async () => {
    const before = line(compared(), "refunds")
    const { chargeId } = await bought()
    shop.stripe.refund(chargeId, 333)
    expect(await agreed()).toEqual([])
    shop.stripe.refund(chargeId)
    expect(await agreed()).toEqual([])
    expect(before.booksCents - line(compared(), "refunds").booksCents).toBe(2_500)
  })

  test("a refund that fails later comes back on both sides", async () => {
    const { chargeId } = await bought()
    const { id } = shop.stripe.refund(chargeId)
    expect(await agreed()).toEqual([])
    shop.stripe.failRefund(id)
    expect(await agreed()).toEqual([])
  })

  test("a dispute: taken, then won; taken, then lost; the clearing account is at 0 again", async () => {
    const stands = () => ledger().moneyIn("live", "disputes") as number
    for (const isWon of [true, false]) {
      const { chargeId } = await bought()
      const { id } = shop.stripe.dispute(chargeId)
      expect(await agreed()).toEqual([])
      expect(stands()).toBe(25_000_000_000)
      shop.stripe.closeDispute(id, isWon)
      expect(await agreed()).toEqual([])
      expect(stands()).toBe(0)
    }
  })

  test("tax, on top and within: owed to the state, and no more with a refund", async () => {
    const owed = () => ledger().moneyIn("live", "tax_payable") as number
    for (const [how, country, taxNano] of [
      ["exclusive", "DE", 4_750_000_000],
      ["inclusive", "DE", 3_990_000_000],
    ] as const) {
      await shop.server.app.settings.set(CTX, STRIPE_TAX, { value: how })
      const order = await shop.buy("plus")
      shop.stripe.pay(order.sessionId!, { with: "4242424242424242", country, name: "Ada" })
      expect([how, await agreed(), owed()]).toEqual([how, [], taxNano])
      shop.stripe.refund(shop.stripe.world.all<Charge>("charge").at(-1)!.id)
      expect([how, await agreed(), owed()]).toEqual([how, [], 0])
    }
    await shop.server.app.settings.set(CTX, STRIPE_TAX, { value: "off" })
  })

  test("a payment by hand and its refund by hand: the processor knows neither, and neither is missed", async () => {
    const { app } = shop.server
    const order = await app.store.write(CTX, (tx) =>
      app.billing.recordIn(tx, {
        userId: shop.person.id,
        key: "by hand",
        priceNano: nano(40_000_000_000),
        taxNano: nano(7_600_000_000),
        reverseCharge: false,
        way: "bank",
        reference: "",
        paidMs: shop.clock.now(),
        buyerName: "",
        buyerAddress: "",
        buyerTaxId: "",
      }),
    )
    expect(await agreed()).toEqual([])
    const paymentKey = `order:${order.publicId}`
    await app.billing.refunds.refund(CTX, { paymentKey, amountNano: null, reason: "Back", key: "back by hand" })
    expect(await agreed()).toEqual([])
    expect(told(compared()).filter(([kind]) => kind === "not_at_processor").length).toBe(1)
  })

  test("a plan costs more than its credits: the rest is revenue, and goes back with a refund", async () => {
    const { plans } = shop.server.app.billing
    const revenue = () =>
      shop.server.app.store.read.get<{ n: number }>("SELECT balance_nano AS n FROM accounts WHERE id = 1")!.n
    const input = { buyer: shop.person, planCode: "pro", months: 1, choice: null, key: "plan" } as const
    const signup = await plans.subscribe(CTX, input)
    shop.stripe.pay(signup.sessionId!, { with: "4242424242424242" })
    expect(await agreed()).toEqual([])
    const charge = shop.stripe.world.all<Charge>("charge").at(-1)!
    const earned = revenue()
    shop.stripe.refund(charge.id)
    expect(await agreed()).toEqual([])
    expect([earned > 0, revenue()]).toEqual([true, 0])
  })
})

test("many pages, a processor that fails in the middle, and another try: each line once", async () => {
  const before = fees()
  for (let i = 0; i < 250; i++)
    book(shop.stripe.world, {
      type: "stripe_fee",
      amount: -1,
      currency: "usd",
      source: null,
      description: "one of many",
    })
  shop.stripe.trouble({ on: /balance_transactions/, status: 500, times: 1 })
  shop.stripe.trouble({ on: /balance_transactions/, status: 500, times: 9 })
  await expect(statement().read()).rejects.toThrow()
  shop.stripe.calm()
  await statement().read()
  await statement().read()
  expect(fees() - before).toBe(250)
})

test("the books are whole", () => {
  const broken = shop.server.app.ledger.verify().checks.filter(({ violations }) => violations > 0)
  expect(broken).toEqual([])
})
