// What billing relies on of its processor, by the same acts on the fake and, with a key of test mode, on Stripe itself (`bun run test:stripe`).
// Nothing here needs a person at a browser: pages are made and expired, money moves by saved test cards and test clocks.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import Stripe from "stripe"
import { DAY_MS, MINUTE_MS, randomSecret } from "../../src/app/index.ts"
import { createStripe, type Processor } from "../../src/billing/index.ts"
import { createFakeStripe } from "../fakes/stripe/index.ts"

setDefaultTimeout(180_000)
const REAL_KEY = process.env.STRIPE_TEST_KEY ?? ""
if (REAL_KEY !== "" && !/^(sk|rk)_test_/.test(REAL_KEY)) throw new Error("STRIPE_TEST_KEY is no key of test mode")
if (REAL_KEY === "")
  console.log("\n*** no STRIPE_TEST_KEY: Stripe's own test mode is SKIPPED; the same tests run against the fake. ***\n")

interface Subject {
  processor: Processor
  /** The official client, for what the other side does. */
  stripe: Stripe
  close(): unknown
}

const WEBHOOK_SECRET = "whsec_contract"

async function fake(): Promise<Subject> {
  const secretKey = "sk_test_contract"
  const listener = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: (request) => made.fetch(request) })
  const made = createFakeStripe({ now: Date.now, origin: `http://127.0.0.1:${listener.port}`, secretKey })
  const apiBase = `http://127.0.0.1:${listener.port}`
  const client = { host: "127.0.0.1", port: listener.port!, protocol: "http", telemetry: false } as const
  return {
    processor: await createStripe({ secretKey, webhookSecret: WEBHOOK_SECRET, apiBase }),
    stripe: new Stripe(secretKey, client),
    close: () => listener.stop(true),
  }
}
const real = async (): Promise<Subject> => ({
  processor: await createStripe({ secretKey: REAL_KEY, webhookSecret: WEBHOOK_SECRET, apiBase: null }),
  stripe: new Stripe(REAL_KEY, { telemetry: false }),
  close: () => {},
})

const HERE = "https://purser.example/credits"
const key = (): string => randomSecret(12)

for (const open of REAL_KEY === "" ? [fake] : [fake, real])
  describe(open === fake ? "the fake" : "Stripe in test mode", () => {
    let of: Subject
    let customerId = ""
    beforeAll(async () => {
      of = await open()
      customerId = await of.processor.createCustomer({ userId: "usr_contract", email: "contract@example.com" }, key())
    })
    afterAll(() => of?.close())

    const page = (orderId: string, cents: number, idempotencyKey: string) =>
      of.processor.createCheckout(
        { orderId, customerId, name: "Plus: credits", cents, returnUrl: HERE, cancelUrl: HERE },
        idempotencyKey,
      )

    test("an act with the same key is the same act; with other parameters it is refused", async () => {
      const [one, two] = [key(), key()]
      const first = await page("ord_1", 2_500, one)
      expect(await page("ord_1", 2_500, one)).toMatchObject({ id: first.id })
      expect((await page("ord_1", 2_500, two)).id).not.toBe(first.id)
      await expect(page("ord_1", 2_501, one)).rejects.toMatchObject({ kind: "invalid" })
    })

    test("a page to pay on says its order and amount, and can be expired once", async () => {
      const made = await page("ord_2", 2_500, key())
      const said = { orderId: "ord_2", mode: "payment", netCents: 2_500, taxCents: 0, currency: "usd", isLive: false }
      expect(made).toMatchObject({ ...said, status: "open", payment: "unpaid", customerId })
      expect(await of.processor.session(made.id)).toMatchObject({ ...said, status: "open" })
      expect(made.url).toStartWith("http")
      expect(await of.processor.expireSession(made.id)).toMatchObject({ id: made.id, status: "expired" })
      await expect(of.processor.expireSession(made.id)).rejects.toMatchObject({ kind: "invalid" })
    })

    test("what is not there is gone", async () => {
      await expect(of.processor.session("cs_test_nothing")).rejects.toMatchObject({ kind: "gone" })
    })

    test("a webhook is proven by its signature and its age", async () => {
      const event = { id: "evt_1", object: "event", type: "invoice.paid", created: 1, livemode: false }
      const payload = JSON.stringify({ ...event, data: { object: { id: "in_1" } } })
      const nowMs = Date.now()
      const timestamp = Math.floor(nowMs / 1_000)
      const sign = (secret: string) => of.stripe.webhooks.generateTestHeaderStringAsync({ payload, secret, timestamp })
      const good = await sign(WEBHOOK_SECRET)
      expect(await of.processor.readEvent(payload, good, nowMs)).toMatchObject({ id: "evt_1", objectId: "in_1" })
      await expect(of.processor.readEvent(payload, good, nowMs + 6 * MINUTE_MS)).rejects.toMatchObject({
        kind: "invalid",
      })
      const bad = await sign("whsec_other")
      await expect(of.processor.readEvent(payload, bad, nowMs)).rejects.toMatchObject({ kind: "invalid" })
    })

    test("money that was paid goes back in parts, and never more of it", async () => {
      const { stripe, processor } = of
      const method = await stripe.paymentMethods.attach("pm_card_visa", { customer: customerId })
      const intent = await stripe.paymentIntents.create({
        amount: 2_500,
        currency: "usd",
        customer: customerId,
        payment_method: method.id,
        off_session: true,
        confirm: true,
      })
      expect(intent.status).toBe("succeeded")
      const refund = (cents: number, idempotencyKey = key()) =>
        processor.createRefund({ paymentIntentId: intent.id, cents, ownId: `rfd_${cents}` }, idempotencyKey)
      const once = key()
      const first = await refund(1_000, once)
      expect(await refund(1_000, once)).toMatchObject({ id: first.id, cents: 1_000 })
      expect(first.state).toBeOneOf(["succeeded", "pending"])
      await expect(refund(1_501)).rejects.toMatchObject({ kind: "invalid" })
      await refund(1_500)
      const all = await processor.refundsOf({ paymentIntentId: intent.id })
      expect(all.map(({ cents }) => cents).toSorted()).toEqual([1_000, 1_500])
    })

    test("a plan: renewed by time, dearer at once for what is left, cheaper later, ended at the end of its period", async () => {
      const { stripe, processor } = of
      const start = Math.floor(Date.now() / 1_000)
      const clock = await stripe.testHelpers.testClocks.create({ frozen_time: start })
      const customer = await stripe.customers.create({ test_clock: clock.id, email: "clock@example.com" })
      const method = await stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id })
      const productId = await processor.createProduct({ name: "Contract", code: "contract" }, key())
      const price = (cents: number) => processor.createPrice({ productId, cents, months: 1, code: "contract" }, key())
      const [cheap, dear] = [await price(3_000), await price(5_000)]
      const made = await stripe.subscriptions.create({
        customer: customer.id,
        items: [{ price: cheap }],
        default_payment_method: method.id,
      })
      const first = await processor.subscription(made.id)
      expect(first).toMatchObject({ status: "active", priceId: cheap, endsMs: null, nextPriceId: null })
      const invoices = async () =>
        (await processor.planInvoices(made.id))
          .filter(({ status }) => status === "paid")
          .map(({ paidCents }) => paidCents)
      expect(await invoices()).toEqual([3_000])

      // Ten days of it are over: two thirds, or so, of each price.
      const at = first.periodStartMs / 1_000 + 10 * 86_400
      await advance(of, clock.id, at)
      const length = first.periodEndMs / 1_000 - first.periodStartMs / 1_000
      const rest = (cents: number) => Math.round((cents * (length - 10 * 86_400)) / length)
      const { itemId } = first
      const change = { subscriptionId: made.id, itemId, priceId: dear, atSeconds: at }
      const seen = await processor.previewChange(change)
      expect(seen.dueCents).toBe(rest(5_000) - rest(3_000))
      expect(await processor.changeSubscription(change, key())).toMatchObject({ priceId: dear, status: "active" })
      expect(await invoices()).toEqual([seen.dueCents, 3_000])

      const { periodStartMs, periodEndMs } = await processor.subscription(made.id)
      expect([periodStartMs, periodEndMs]).toEqual([first.periodStartMs, first.periodEndMs])
      const now = { priceId: dear, startMs: periodStartMs, endMs: periodEndMs }
      const next = { priceId: cheap, months: 1 } as const
      await processor.scheduleChange({ subscriptionId: made.id, scheduleId: null, now, next }, key())
      expect(await processor.subscription(made.id)).toMatchObject({ priceId: dear, nextPriceId: cheap })
      await advance(of, clock.id, (periodEndMs + 2 * 60 * MINUTE_MS) / 1_000)
      const renewed = await processor.subscription(made.id)
      expect(renewed).toMatchObject({ priceId: cheap, status: "active", periodStartMs: periodEndMs })
      expect(await invoices()).toEqual([3_000, seen.dueCents, 3_000])

      if (renewed.scheduleId !== null) await processor.releaseSchedule(renewed.scheduleId, key())
      const ending = await processor.endSubscription({ subscriptionId: made.id, isEnding: true }, key())
      expect(ending.endsMs).toBe(renewed.periodEndMs)
      await advance(of, clock.id, (renewed.periodEndMs + DAY_MS) / 1_000)
      expect(await processor.subscription(made.id)).toMatchObject({ status: "ended", endsMs: renewed.periodEndMs })
      await stripe.testHelpers.testClocks.del(clock.id)
    })
  })

/** Resolves once the clock's time is there and what it brings is done. */
async function advance({ stripe }: Subject, clock: string, seconds: number): Promise<void> {
  await stripe.testHelpers.testClocks.advance(clock, { frozen_time: Math.ceil(seconds) })
  for (;;) {
    const { status } = await stripe.testHelpers.testClocks.retrieve(clock)
    if (status === "ready") return
    await Bun.sleep(1_000)
  }
}
