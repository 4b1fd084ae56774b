// Credits for money: whatever is twice, late, lost or in another order, each order is credited once, or somebody is told.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { MINUTE_MS } from "../../src/app/index.ts"
import { type StripeEvent, signature } from "../fakes/stripe/index.ts"
import { openShop, type Shop, WEBHOOK_SECRET } from "./world.ts"

/** "Plus": $25, and $1.25 on top. */
const PLUS = 26_250_000_000
const CARD = "4242424242424242"

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop?.close())

/** What an act adds to the wallet. */
async function added(act: () => Promise<unknown>): Promise<number> {
  const before = shop.balance()
  await act()
  return shop.balance() - before
}
const settled = () => shop.stripe.webhooks.idle()
const booksHold = async () =>
  expect((await shop.server.app.verification.run({ actor: "cli", requestId: "r", reason: "t" })).ok).toBe(true)

test("an order leads to a page; paid there, it is credited by the webhook, in two lots, and once", async () => {
  const order = await shop.buy()
  expect(order).toMatchObject({ state: "open", priceNano: 25_000_000_000, payUrl: expect.stringContaining("/pay/cs_") })
  const got = await added(async () => {
    shop.stripe.pay(order.sessionId!, { with: CARD })
    await settled()
  })
  expect(got).toBe(PLUS)
  expect(shop.order(order.publicId)).toMatchObject({
    state: "paid",
    payUrl: null,
    chargeId: expect.stringMatching(/^ch_/),
  })
  const lots = shop.server.app.ledger.wallet({ kind: "principal", id: shop.person.id }, "live").lots
  expect(lots.map(({ bucket, remainingNano }) => [bucket, remainingNano as number]).toSorted()).toEqual([
    ["bonus", 1_250_000_000],
    ["purchase", 25_000_000_000],
  ])
  const [invoice] = shop.server.app.billing.invoices.list(shop.person.id, {}).rows
  expect(invoice).toMatchObject({
    number: "INV-2026-001",
    key: `order:${order.publicId}`,
    totalNano: 25_000_000_000,
    paidMs: expect.any(Number),
    document: { buyer: { email: shop.person.email }, lines: [{ text: "Plus: 25,000 credits" }, { amountNano: 0 }] },
  })
  await booksHold()
})

test("a second press of the button is the same order and page; another press after it is paid buys nothing", async () => {
  const [one, two] = [await shop.buy("starter", "form-1"), await shop.buy("starter", "form-1")]
  expect(two).toEqual(one)
  const both = await Promise.all(Array.from({ length: 5 }, () => shop.buy("starter", "form-2")))
  expect(new Set(both.map(({ publicId }) => publicId)).size).toBe(1)
  expect(new Set(both.map(({ sessionId }) => sessionId)).size).toBe(1)
  shop.stripe.pay(one.sessionId!, { with: CARD })
  await settled()
  expect((await shop.buy("starter", "form-1")).state).toBe("paid")
})

describe("events", () => {
  const permutations = <T>(all: readonly T[]): T[][] =>
    all.length < 2
      ? [[...all]]
      : all.flatMap((one, at) => permutations(all.toSpliced(at, 1)).map((rest) => [one, ...rest]))

  /** A purchase whose events nobody has sent yet. */
  async function unsent(): Promise<{ events: StripeEvent[]; sessionId: string; id: string }> {
    shop.stripe.webhooks.delivery = { drops: () => true }
    const order = await shop.buy()
    shop.stripe.webhooks.delivery = { holds: true, retries: [] }
    shop.stripe.pay(order.sessionId!, { with: CARD })
    shop.stripe.webhooks.delivery = { retries: [] }
    return { events: shop.stripe.webhooks.held.splice(0), sessionId: order.sessionId!, id: order.publicId }
  }

  test("in every order, each twice: one grant", async () => {
    const first = await unsent()
    const { length } = first.events
    expect(length).toBeGreaterThan(2)
    await shop.stripe.webhooks.flush(first.events)
    for (const order of permutations(Array.from({ length }, (_, at) => at))) {
      const { events } = await unsent()
      const sent = order.flatMap((at) => [events[at]!, events[at]!])
      expect([order, await added(() => shop.stripe.webhooks.flush(sent))]).toEqual([order, PLUS])
    }
    await booksHold()
  })

  test("each ten times, side by side, with the return page and the job among them: one grant", async () => {
    const { events, id } = await unsent()
    const { billing } = shop.server.app
    const got = await added(() =>
      Promise.all([
        ...Array.from({ length: 10 }, () => shop.stripe.webhooks.flush(events, { parallel: true })),
        ...Array.from({ length: 100 }, () => billing.refresh(shop.order(id))),
        billing.reconcile(),
      ]),
    )
    expect(got).toBe(PLUS)
  })

  test("none at all: the return page credits it; and where nobody returns, the job does", async () => {
    const { billing } = shop.server.app
    const returned = await unsent()
    expect(await added(() => billing.refresh(shop.order(returned.id)))).toBe(PLUS)
    const left = await unsent()
    expect(await added(() => billing.reconcile())).toBe(0)
    shop.clock.advance(6 * MINUTE_MS)
    expect(await added(() => billing.reconcile())).toBe(PLUS)
    expect(shop.order(left.id).state).toBe("paid")
  })

  test("of money that takes days: pending, then paid or failed; told twice, and the wrong way round", async () => {
    for (const isPaid of [true, false]) {
      const order = await shop.buy()
      const got = await added(async () => {
        shop.stripe.pay(order.sessionId!, { with: "bank" })
        await settled()
        expect(shop.order(order.publicId).state).toBe("pending")
        const intent = shop.order(order.publicId).paymentIntentId!
        shop.stripe.webhooks.delivery = { holds: true, retries: [] }
        shop.stripe.settle(intent, isPaid)
        shop.stripe.webhooks.delivery = { retries: [] }
        const events = shop.stripe.webhooks.held.splice(0).toReversed()
        await shop.stripe.webhooks.flush([...events, ...events])
      })
      expect([isPaid, got, shop.order(order.publicId).state]).toEqual([
        isPaid,
        isPaid ? PLUS : 0,
        isPaid ? "paid" : "failed",
      ])
    }
  })

  test("of a page that nobody paid on: expired, and nothing is credited", async () => {
    const order = await shop.buy()
    const got = await added(async () => {
      shop.clock.advance(24 * 60 * MINUTE_MS + 1_000)
      shop.stripe.tick()
      await settled()
    })
    expect([got, shop.order(order.publicId).state]).toEqual([0, "expired"])
  })
})

describe("what is not ours is refused or parked, and nothing is credited", () => {
  const parked = () => shop.server.app.billing.events("parked", 100).map(({ note }) => note)
  const eventOf = (object: object, more: object = {}) =>
    JSON.stringify({
      id: `evt_by_hand_${Math.random()}`,
      object: "event",
      type: "checkout.session.completed",
      created: Math.floor(shop.clock.now() / 1_000),
      livemode: false,
      data: { object },
      ...more,
    })
  const send = (body: string, secret = WEBHOOK_SECRET, ageS = 0) =>
    shop.post(body, signature(body, secret, Math.floor(shop.clock.now() / 1_000) - ageS))

  test("a wrong signature, none, an old one, a changed body", async () => {
    const order = await shop.buy()
    shop.stripe.webhooks.delivery = { drops: () => true }
    shop.stripe.pay(order.sessionId!, { with: CARD })
    shop.stripe.webhooks.delivery = { retries: [] }
    const body = eventOf({ id: order.sessionId })
    const got = await added(async () => {
      for (const answer of [
        await send(body, "whsec_other"),
        await shop.post(body, ""),
        await send(body, WEBHOOK_SECRET, 301),
      ])
        expect(answer.status).toBe(400)
      const good = signature(body, WEBHOOK_SECRET, Math.floor(shop.clock.now() / 1_000))
      expect((await shop.post(`${body} `, good)).status).toBe(400)
    })
    expect([got, shop.order(order.publicId).state]).toEqual([0, "open"])
    expect(await added(() => send(body, WEBHOOK_SECRET, 299))).toBe(PLUS)
  })

  test("an event of live mode with a test key, of another account, of an order that is not there", async () => {
    const order = await shop.buy()
    shop.stripe.webhooks.delivery = { drops: () => true }
    shop.stripe.pay(order.sessionId!, { with: CARD })
    shop.stripe.webhooks.delivery = { retries: [] }
    const before = parked().length
    const got = await added(async () => {
      expect((await send(eventOf({ id: order.sessionId }, { livemode: true }))).status).toBe(200)
      expect((await send(eventOf({ id: order.sessionId }, { account: "acct_other" }))).status).toBe(200)
    })
    expect([got, parked().length - before]).toEqual([0, 2])
    expect(parked().slice(0, 2)).toEqual([expect.stringContaining("acct_other"), expect.stringContaining("live mode")])
  })

  test("an unknown kind is noted and done with", async () => {
    expect((await send(eventOf({ id: "x_1" }, { type: "something.new" }))).status).toBe(200)
    expect(shop.server.app.billing.events("ignored", 1)[0]).toMatchObject({ type: "something.new", objectId: "x_1" })
  })

  test("another amount than the order's", async () => {
    const order = await shop.buy()
    const session = shop.stripe.world.find<{
      id: string
      object: "checkout.session"
      created: number
      amount_total: number
    }>("checkout.session", order.sessionId!)
    const got = await added(async () => {
      shop.stripe.webhooks.delivery = { holds: true, retries: [] }
      shop.stripe.pay(order.sessionId!, { with: CARD })
      session.amount_total = 2_499
      shop.stripe.webhooks.delivery = { retries: [] }
      await shop.stripe.webhooks.flush()
    })
    expect([got, parked()[0]]).toEqual([0, expect.stringContaining("costs 2500 cents, and 2499 were paid")])
    const [line] = shop.server.app.contributed.checks().filter(({ label }) => label === "Payments")
    expect(line).toMatchObject({ state: "bad" })
  })
})

describe("a processor in trouble", () => {
  test("down when somebody wants to buy: they are told, and the same press works later, with one page", async () => {
    shop.stripe.trouble({ on: /checkout/, status: 500, times: 3 })
    await expect(shop.buy("starter", "form-3")).rejects.toThrow("does not answer")
    const order = await shop.buy("starter", "form-3")
    expect(order.payUrl).not.toBeNull()
  })

  test("the answer of a page is lost: the same press finds that page", async () => {
    const count = () => shop.stripe.world.all("checkout.session").length
    const before = count()
    shop.stripe.trouble({ on: /POST .*checkout/, loseAnswer: true, times: 9 })
    await expect(shop.buy("starter", "form-4")).rejects.toThrow("does not answer")
    shop.stripe.calm()
    await shop.buy("starter", "form-4")
    expect(count() - before).toBe(1)
  })

  test("down when a webhook comes: it is asked to send again, and the second one credits", async () => {
    const order = await shop.buy()
    const got = await added(async () => {
      shop.stripe.trouble({ on: /GET .*sessions/, status: 500, times: 3 })
      shop.stripe.webhooks.delivery = { retries: [1] }
      shop.stripe.pay(order.sessionId!, { with: CARD })
      await settled()
    })
    expect(got).toBe(PLUS)
    expect(shop.stripe.webhooks.answers.filter(({ status }) => status === 503).length).toBeGreaterThan(0)
  })
})
