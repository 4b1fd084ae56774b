// The fake, asked by the official client over HTTP: what Stripe's documentation says of each flow is what it does.
import { afterAll, beforeEach, describe, expect, test } from "bun:test"
import Stripe from "stripe"
import { createFakeStripe, type FakeStripe, type StripeEvent } from "./index.ts"

const KEY = "sk_test_fake"
const SECRET = "whsec_fake"
const DAY = 86_400_000
let nowMs = Date.UTC(2026, 0, 31, 12)
let fake: FakeStripe
let stripe: Stripe
const received: StripeEvent[] = []

const house = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch(request) {
    if (!new URL(request.url).pathname.startsWith("/hook")) return await fake.fetch(request)
    const body = await request.text()
    const event = await stripe.webhooks.constructEventAsync(
      body,
      request.headers.get("stripe-signature")!,
      SECRET,
      300,
      undefined,
      nowMs,
    )
    received.push(event as unknown as StripeEvent)
    return new Response("ok")
  },
})
afterAll(() => house.stop(true))

beforeEach(async () => {
  await fake?.webhooks.idle()
  nowMs = Date.UTC(2026, 0, 31, 12)
  received.length = 0
  const origin = `http://127.0.0.1:${house.port}`
  const taxOf = (cents: number, country: string | null) => (country === "DE" ? Math.round(cents * 0.19) : 0)
  fake = createFakeStripe({
    now: () => nowMs,
    origin,
    secretKey: KEY,
    webhook: { url: `${origin}/hook`, secret: SECRET },
    taxOf,
  })
  stripe = new Stripe(KEY, {
    host: "127.0.0.1",
    port: house.port!,
    protocol: "http",
    maxNetworkRetries: 0,
    timeout: 2_000,
  })
})

/** Deliveries are as old as what they tell: they arrive before time goes on. */
const goTo = async (ms: number): Promise<void> => {
  await fake.webhooks.idle()
  nowMs = ms
  fake.tick()
}
const types = async (): Promise<string[]> => {
  await fake.webhooks.idle()
  return received.splice(0).map(({ type }) => type)
}
const monthly = async (cents: number, name = "Pro") =>
  await stripe.prices.create({
    currency: "usd",
    unit_amount: cents,
    recurring: { interval: "month" },
    product_data: { name },
  })
const buy = async (more: Stripe.Checkout.SessionCreateParams = {}) =>
  await stripe.checkout.sessions.create({
    mode: "payment",
    line_items: [
      { price_data: { currency: "usd", unit_amount: 2_500, product_data: { name: "25,000 credits" } }, quantity: 1 },
    ],
    success_url: "https://shop.example/done?session={CHECKOUT_SESSION_ID}",
    client_reference_id: "ord_1",
    ...more,
  })
const subscribed = async (cents = 3_000, number = "4242424242424242") => {
  const price = await monthly(cents)
  const customer = await stripe.customers.create({ email: "ada@example.com" })
  const session = await stripe.checkout.sessions.create({
    mode: "subscription",
    customer: customer.id,
    line_items: [{ price: price.id, quantity: 1 }],
    success_url: "https://shop.example/done",
    subscription_data: { metadata: { plan: "pro" } },
  })
  expect(fake.pay(session.id, { with: number })).toEqual({ outcome: "complete" })
  const { subscription } = await stripe.checkout.sessions.retrieve(session.id)
  return { customer, price, subscription: await stripe.subscriptions.retrieve(subscription as string) }
}
const codeOf = async (asked: Promise<unknown>): Promise<string> =>
  await asked.then(
    () => "answered",
    (error: Stripe.errors.StripeError) => `${error.statusCode} ${error.code ?? error.type}`,
  )

describe("a purchase", () => {
  test("is paid on the page, told by signed webhooks, and leads back", async () => {
    const session = await buy()
    const form = await fetch(session.url!)
    expect([form.status, await form.text()]).toEqual([200, expect.stringContaining("<strong>$25.00</strong>")])
    const body = new URLSearchParams({ number: "4242424242424242", by: "card", country: "US" })
    const paid = await fetch(session.url!, { method: "POST", body, redirect: "manual" })
    expect(paid.headers.get("location")).toBe(`https://shop.example/done?session=${session.id}`)
    const after = await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent.latest_charge"] })
    const intent = after.payment_intent as Stripe.PaymentIntent
    expect(after).toMatchObject({
      status: "complete",
      payment_status: "paid",
      amount_total: 2_500,
      client_reference_id: "ord_1",
    })
    expect(intent).toMatchObject({ status: "succeeded", latest_charge: { paid: true, amount: 2_500 } })
    expect(await types()).toEqual([
      "product.created",
      "price.created",
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.succeeded",
      "checkout.session.completed",
    ])
    const [booked] = (await stripe.balanceTransactions.list({ type: "charge" })).data
    expect(booked).toMatchObject({ amount: 2_500, fee: 103, net: 2_397 })
  })

  test("a card that is refused can be followed by another; a bank that asks is answered", async () => {
    const session = await buy()
    expect(fake.pay(session.id, { with: "4000000000000002" })).toMatchObject({ outcome: "refused" })
    expect(fake.pay(session.id, { with: "4000002760003184" })).toEqual({ outcome: "asks" })
    expect(fake.pay(session.id, { with: "4000002760003184", authenticated: true })).toEqual({ outcome: "complete" })
    expect(await types()).toContain("payment_intent.payment_failed")
    expect((await stripe.paymentIntents.list()).data).toHaveLength(1)
  })

  test("by bank is complete and unpaid for days; then paid, or failed", async () => {
    for (const isPaid of [true, false]) {
      const session = await buy()
      fake.pay(session.id, { with: "bank" })
      const waiting = await stripe.checkout.sessions.retrieve(session.id)
      expect(waiting).toMatchObject({ status: "complete", payment_status: "unpaid" })
      fake.settle(waiting.payment_intent as string, isPaid)
      const { payment_status } = await stripe.checkout.sessions.retrieve(session.id)
      expect(payment_status).toBe(isPaid ? "paid" : "unpaid")
      expect(await types()).toContain(`checkout.session.async_payment_${isPaid ? "succeeded" : "failed"}`)
    }
  })

  test("nobody pays for expires after a day", async () => {
    const session = await buy()
    await goTo(nowMs + DAY - 1_000)
    expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe("open")
    await goTo(nowMs + 1_000)
    expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe("expired")
    expect(await types()).toContain("checkout.session.expired")
    expect((await fetch(`http://127.0.0.1:${house.port}/pay/${session.id}`)).status).toBe(410)
  })

  test("tax is added where it is due, a coupon taken off before it", async () => {
    const coupon = await stripe.coupons.create({ percent_off: 20, duration: "once" })
    const session = await buy({ automatic_tax: { enabled: true }, discounts: [{ coupon: coupon.id }] })
    expect(session).toMatchObject({ amount_subtotal: 2_500, amount_total: 2_000 })
    fake.pay(session.id, { with: "4242424242424242", country: "DE" })
    const after = await stripe.checkout.sessions.retrieve(session.id)
    expect([after.amount_total, after.total_details]).toEqual([
      2_380,
      expect.objectContaining({ amount_discount: 500, amount_tax: 380 }),
    ])
  })
})

describe("a subscription", () => {
  test("renews at the end of each month, on the day it began or the month's last; an hour later it is paid", async () => {
    const { subscription } = await subscribed()
    const ends: string[] = []
    for (let month = 0; month < 4; month++) {
      const { items } = await stripe.subscriptions.retrieve(subscription.id)
      const end = items.data[0]!.current_period_end * 1_000
      ends.push(new Date(end).toISOString())
      await fake.webhooks.idle()
      received.length = 0
      await goTo(end)
      expect(await types()).toEqual(["customer.subscription.updated", "invoice.created"])
      await goTo(nowMs + 3_600_000)
      expect(await types()).toContain("invoice.paid")
    }
    expect(ends.map((one) => one.slice(0, 10))).toEqual(["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"])
    const { data } = await stripe.invoices.list({ subscription: subscription.id })
    expect(data.map(({ billing_reason, total, status }) => [billing_reason, total, status])).toEqual([
      ...Array.from({ length: 4 }, () => ["subscription_cycle", 3_000, "paid"]),
      ["subscription_create", 3_000, "paid"],
    ])
    expect(data[0]!.parent?.subscription_details?.metadata).toEqual({ plan: "pro" })
  })

  test("goes up at once for what the preview says", async () => {
    const { subscription, price } = await subscribed(3_100)
    const dearer = await monthly(6_200, "Max")
    await goTo(nowMs + 14 * DAY)
    const items = [{ id: subscription.items.data[0]!.id, price: dearer.id }]
    const at = Math.floor(nowMs / 1_000)
    const preview = await stripe.invoices.createPreview({
      subscription: subscription.id,
      subscription_details: { items, proration_behavior: "always_invoice", proration_date: at },
    })
    expect(preview.lines.data.map(({ amount }) => amount)).toEqual([-1_550, 3_100])
    expect((await stripe.subscriptions.retrieve(subscription.id)).items.data[0]!.price.id).toBe(price.id)
    const after = await stripe.subscriptions.update(subscription.id, {
      items,
      proration_behavior: "always_invoice",
      proration_date: at,
      payment_behavior: "error_if_incomplete",
      expand: ["latest_invoice"],
    })
    expect(after.latest_invoice).toMatchObject({
      billing_reason: "subscription_update",
      total: preview.total,
      status: "paid",
    })
    expect(after.items.data[0]!.price.id).toBe(dearer.id)
  })

  test("stays as it was when the dearer plan is not paid", async () => {
    const { subscription, price } = await subscribed(3_000, "4000000000000341")
    const dearer = await monthly(9_000, "Max")
    const items = [{ id: subscription.items.data[0]!.id, price: dearer.id }]
    const asked = stripe.subscriptions.update(subscription.id, {
      items,
      proration_behavior: "always_invoice",
      payment_behavior: "error_if_incomplete",
    })
    expect(await codeOf(asked)).toBe("402 card_declined")
    expect((await stripe.subscriptions.retrieve(subscription.id)).items.data[0]!.price.id).toBe(price.id)
  })

  test("goes down at the end of its period by a schedule, which then lets it go", async () => {
    const { subscription } = await subscribed(6_000)
    const cheaper = await monthly(2_000, "Basic")
    const made = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
    const [phase] = made.phases
    await stripe.subscriptionSchedules.update(made.id, {
      end_behavior: "release",
      phases: [
        {
          items: [{ price: phase!.items[0]!.price as string, quantity: 1 }],
          start_date: phase!.start_date,
          end_date: phase!.end_date,
        },
        { items: [{ price: cheaper.id, quantity: 1 }], duration: { interval: "month" }, proration_behavior: "none" },
      ],
    })
    await goTo(phase!.end_date * 1_000 + 3_600_000)
    const after = await stripe.subscriptions.retrieve(subscription.id, { expand: ["latest_invoice"] })
    expect([after.items.data[0]!.price.id, after.latest_invoice]).toEqual([
      cheaper.id,
      expect.objectContaining({ total: 2_000, status: "paid" }),
    ])
    await goTo(after.items.data[0]!.current_period_end * 1_000 + 3_600_000)
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({ schedule: null, status: "active" })
  })

  test("whose card fails is past due, tried again after 3, 5 and 7 days, then ended; a new card heals it", async () => {
    const healed = await subscribed(3_000, "4000000000000341")
    const lost = await subscribed(3_000, "4000000000000341")
    await goTo(healed.subscription.items.data[0]!.current_period_end * 1_000 + 3_600_000)
    expect((await stripe.subscriptions.retrieve(healed.subscription.id)).status).toBe("past_due")
    const method = await stripe.paymentMethods.attach("pm_card_visa", { customer: healed.customer.id })
    await stripe.subscriptions.update(healed.subscription.id, { default_payment_method: method.id })
    await goTo(nowMs + 3 * DAY)
    expect((await stripe.subscriptions.retrieve(healed.subscription.id)).status).toBe("active")
    expect((await stripe.subscriptions.retrieve(lost.subscription.id)).status).toBe("past_due")
    await goTo(nowMs + 4 * DAY)
    expect((await stripe.subscriptions.retrieve(lost.subscription.id)).status).toBe("canceled")
    const told = await types()
    expect(told.filter((one) => one === "invoice.payment_failed")).toHaveLength(5)
    expect(told).toContain("customer.subscription.deleted")
  })

  test("ends at the end of its period when it is asked to, and goes on when that is taken back", async () => {
    const { subscription } = await subscribed()
    await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
    await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false })
    const again = await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
    expect(again.cancel_at).toBe(again.items.data[0]!.current_period_end)
    await goTo(again.cancel_at! * 1_000)
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({ status: "canceled" })
    expect(await codeOf(stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false }))).toStartWith(
      "400",
    )
  })

  test("whose collection is paused: its periods go on, and their invoices are void; collected again, the next one is paid", async () => {
    const { subscription } = await subscribed()
    const end = subscription.items.data[0]!.current_period_end
    const paused = await stripe.subscriptions.update(subscription.id, { pause_collection: { behavior: "void" } })
    expect(paused).toMatchObject({ status: "active", pause_collection: { behavior: "void", resumes_at: null } })
    await goTo((end + 7_200) * 1_000)
    const list = async () =>
      (await stripe.invoices.list({ subscription: subscription.id })).data.map(({ status }) => status)
    expect(await list()).toEqual(["void", "paid"])
    const again = await stripe.subscriptions.update(subscription.id, { pause_collection: "" })
    expect(again.pause_collection).toBeNull()
    await goTo((again.items.data[0]!.current_period_end + 7_200) * 1_000)
    expect(await list()).toEqual(["paid", "void", "paid"])
  })

  test("lives by a test clock where its customer does", async () => {
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: Math.floor(nowMs / 1_000) })
    const customer = await stripe.customers.create({ test_clock: clock.id, payment_method: "pm_card_visa" })
    const [method] = (await stripe.customers.listPaymentMethods(customer.id)).data
    const price = await monthly(1_000)
    const made = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      default_payment_method: method!.id,
    })
    expect(made.status).toBe("active")
    await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: clock.frozen_time + 65 * 86_400 })
    expect((await stripe.invoices.list({ subscription: made.id, status: "paid" })).data).toHaveLength(3)
  })
})

describe("money back", () => {
  const paidCharge = async (number = "4242424242424242") => {
    const session = await buy()
    fake.pay(session.id, { with: number })
    const { payment_intent } = await stripe.checkout.sessions.retrieve(session.id)
    return (await stripe.charges.list({ payment_intent: payment_intent as string })).data[0]!
  }

  test("refunds add up to the charge and no further; one that fails is owed again", async () => {
    const charge = await paidCharge()
    const part = await stripe.refunds.create({ charge: charge.id, amount: 1_000 })
    expect(await codeOf(stripe.refunds.create({ charge: charge.id, amount: 1_501 }))).toStartWith("400")
    await stripe.refunds.create({ charge: charge.id })
    expect(await stripe.charges.retrieve(charge.id)).toMatchObject({ amount_refunded: 2_500, refunded: true })
    expect(await codeOf(stripe.refunds.create({ charge: charge.id }))).toBe("400 charge_already_refunded")
    fake.failRefund(part.id)
    expect(await stripe.charges.retrieve(charge.id)).toMatchObject({ amount_refunded: 1_500, refunded: false })
    expect((await stripe.balance.retrieve()).available[0]!.amount).toBe(2_500 - 103 - 1_500)
    expect((await types()).filter((one) => one.includes("refund"))).toEqual([
      "refund.created",
      "charge.refunded",
      "refund.created",
      "charge.refunded",
      "refund.updated",
      "refund.failed",
      "charge.refund.updated",
    ])
  })

  test("a dispute takes the money and its fee; won, both come back", async () => {
    const charge = await paidCharge("4000000000000259")
    const [dispute] = (await stripe.disputes.list({ charge: charge.id })).data
    expect(dispute).toMatchObject({ amount: 2_500, status: "needs_response" })
    expect((await stripe.balance.retrieve()).available[0]!.amount).toBe(-103 - 1_500)
    expect(await codeOf(stripe.refunds.create({ charge: charge.id }))).toBe("400 charge_disputed")
    fake.closeDispute(dispute!.id, true)
    expect((await stripe.balance.retrieve()).available[0]!.amount).toBe(2_397)
    expect((await types()).filter((one) => one.includes("dispute"))).toEqual([
      "charge.dispute.created",
      "charge.dispute.funds_withdrawn",
      "charge.dispute.funds_reinstated",
      "charge.dispute.closed",
    ])
  })
})

describe("a saved card", () => {
  test("is saved on a page and charged later without its owner; their bank may ask for them", async () => {
    const customer = await stripe.customers.create({})
    const save = async (number: string) => {
      const session = await stripe.checkout.sessions.create({
        mode: "setup",
        currency: "usd",
        customer: customer.id,
        success_url: "https://shop.example/saved",
      })
      fake.pay(session.id, { with: number, authenticated: true })
      const { setup_intent } = await stripe.checkout.sessions.retrieve(session.id, { expand: ["setup_intent"] })
      return (setup_intent as Stripe.SetupIntent).payment_method as string
    }
    const charge = async (method: string) =>
      await stripe.paymentIntents.create({
        amount: 1_000,
        currency: "usd",
        customer: customer.id,
        payment_method: method,
        off_session: true,
        confirm: true,
      })
    expect((await charge(await save("4242424242424242"))).status).toBe("succeeded")
    expect(await codeOf(charge(await save("4000000000000341")))).toBe("402 card_declined")
    expect(await codeOf(charge(await save("4000002760003184")))).toBe("402 authentication_required")
    const kept = (await stripe.customers.listPaymentMethods(customer.id, { type: "card" })).data
    expect(kept.map(({ card }) => card!.last4)).toEqual(["3184", "0341", "4242"])
    await stripe.paymentMethods.detach(kept[0]!.id)
    expect((await stripe.customers.listPaymentMethods(customer.id)).data).toHaveLength(2)
  })
})

describe("requests", () => {
  test("are done once per key; the same key for something else is refused", async () => {
    const create = (email: string) => stripe.customers.create({ email }, { idempotencyKey: "key-1" })
    const [first, second] = [await create("ada@example.com"), await create("ada@example.com")]
    expect(second.id).toBe(first.id)
    expect(await codeOf(create("bob@example.com"))).toStartWith("400")
    expect((await stripe.customers.list()).data).toHaveLength(1)
  })

  test("whose answer is lost are done all the same, and answered to the same key", async () => {
    // The client itself asks once more when a connection breaks.
    fake.trouble({ on: /POST \/v1\/customers/, loseAnswer: true, times: 2 })
    expect(await codeOf(stripe.customers.create({}, { idempotencyKey: "key-2" }))).not.toBe("answered")
    await stripe.customers.create({}, { idempotencyKey: "key-2" })
    expect((await stripe.customers.list()).data).toHaveLength(1)
  })

  test("say nothing that is not known, all that must be, and who asks", async () => {
    const odd = { email: "a@example.com", nonsense: "1" } as Stripe.CustomerCreateParams
    expect(await codeOf(stripe.customers.create(odd))).toBe("400 parameter_unknown")
    expect(await codeOf(stripe.prices.create({ currency: "usd" } as Stripe.PriceCreateParams))).toBe(
      "400 parameter_missing",
    )
    expect(await codeOf(stripe.customers.retrieve("cus_none"))).toBe("404 resource_missing")
    const stranger = new Stripe("sk_test_other", {
      host: "127.0.0.1",
      port: house.port!,
      protocol: "http",
      maxNetworkRetries: 0,
    })
    expect(await codeOf(stranger.customers.list())).toStartWith("401")
  })

  test("for lists come in pages, newest first, and the client walks them", async () => {
    for (let index = 0; index < 25; index++) await stripe.customers.create({ name: `N${index}` })
    const names: (string | null | undefined)[] = []
    for await (const customer of stripe.customers.list({ limit: 10 })) names.push(customer.name)
    expect(names).toEqual(Array.from({ length: 25 }, (_, index) => `N${24 - index}`))
  })

  test("troubles that a test orders: down, throttled, slow, silent", async () => {
    for (const [status, code] of [
      [500, "500 StripeAPIError"],
      [429, "429 rate_limit"],
      [409, "409 lock_timeout"],
    ] as const) {
      fake.trouble({ status })
      expect(await codeOf(stripe.customers.list())).toBe(code)
    }
    fake.trouble({ hang: true })
    expect(await codeOf(stripe.customers.list({}, { timeout: 100 }))).not.toBe("answered")
    expect(await codeOf(stripe.customers.list())).toBe("answered")
  })
})

describe("webhooks", () => {
  test("twice, held, in any order, or never", async () => {
    fake.webhooks.delivery = { duplicates: 1 }
    await stripe.customers.create({})
    expect(await types()).toEqual(["customer.created", "customer.created"])
    fake.webhooks.delivery = { holds: true }
    await buy()
    expect(await types()).toEqual([])
    await fake.webhooks.flush(fake.webhooks.held.toReversed())
    expect(await types()).toEqual(["price.created", "product.created"])
    fake.webhooks.delivery = { drops: () => true }
    await stripe.customers.create({})
    expect(await types()).toEqual([])
    const [newest] = (await stripe.events.list({ type: "customer.created" })).data
    expect(await fake.webhooks.resend(newest!.id)).toBe(200)
    expect(await types()).toEqual(["customer.created"])
  })

  test("go to endpoints that are made through the API, signed with the secret that was told once", async () => {
    const url = `http://127.0.0.1:${house.port}/hook`
    const made = await stripe.webhookEndpoints.create({
      url,
      enabled_events: ["customer.created"],
      api_version: "2026-08-26.dahlia" as never,
    })
    expect(made.secret).toMatch(/^whsec_/)
    expect((await stripe.webhookEndpoints.retrieve(made.id)).secret).toBeUndefined()
  })
})
