// How an admin connects the payment service: the key, the endpoint that the server makes itself, and an event that proves both.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { handlerOf } from "../../src/billing/handlers.ts"
import { createConnection } from "../../src/billing/index.ts"
import { EVENT_TYPES } from "../../src/billing/stripe/index.ts"
import { CTX } from "../build.ts"
import type { WebhookEndpoint } from "../fakes/stripe/index.ts"
import { openShop, SECRET_KEY, type Shop, WEBHOOK_SECRET } from "./world.ts"

let shop: Shop
beforeAll(async () => {
  shop = await openShop({ keys: "page" })
})
afterAll(() => shop.close())

const connection = () => shop.server.app.billing.connection
const endpoints = () => shop.stripe.world.all<WebhookEndpoint>("webhook_endpoint")
const refusal = async (asked: Promise<unknown>): Promise<string> =>
  await asked.then(
    () => "was not refused",
    (error) => `${error.code}: ${error.message}`,
  )
const secrets = () =>
  shop.server.app.store.read.all<{ name: string; sealed: string; hint: string }>("SELECT * FROM billing_secrets")

test("what is asked for is what some handler knows", () => {
  expect(EVENT_TYPES.filter((type) => handlerOf(type) === null)).toEqual([])
})

describe("in three steps", () => {
  test("without a key nothing is sold, and the steps say what is missing", async () => {
    expect([shop.server.app.billing.isOn, connection().state().key, connection().state().webhook]).toEqual([
      false,
      null,
      null,
    ])
    expect(await refusal(shop.buy())).toStartWith("conflict: Nothing is sold here yet")
    expect(await refusal(connection().connect(CTX))).toStartWith("conflict: There is no key")
  })

  test("a key is tried before it is kept; what is kept is sealed", async () => {
    expect(await refusal(connection().saveKey(CTX, "pk_test_1"))).toStartWith(
      "validation_failed: This is no secret key",
    )
    expect(await refusal(connection().saveKey(CTX, "sk_test_wrong"))).toContain("does not take this key")
    expect(await refusal(connection().saveKey(CTX, "sk_live_fake"))).toStartWith("validation_failed")
    expect(secrets()).toEqual([])
    shop.stripe.trouble({ status: 500, times: 9 })
    expect(await refusal(connection().saveKey(CTX, SECRET_KEY))).toStartWith("unavailable")
    shop.stripe.calm()
    await connection().saveKey(CTX, SECRET_KEY)
    expect(connection().state().key).toEqual({ from: "page", hint: "fake", isTest: true })
    expect(shop.server.app.billing.isOn).toBe(true)
    const kept = JSON.stringify([secrets(), shop.server.app.store.read.all("SELECT * FROM audit_log")])
    expect(kept).not.toContain(SECRET_KEY)
  })

  test("the server makes the endpoint itself, once, however many ask at once", async () => {
    await Promise.all([1, 2, 3].map(() => connection().connect(CTX)))
    expect(endpoints().map(({ url }) => url)).toEqual([`${shop.server.url}/webhooks/stripe`])
    expect(connection().state().webhook).toMatchObject({ from: "page", endpointId: endpoints()[0]!.id, fault: null })
  })

  test("a test event arrives, signed with the secret that was told once", async () => {
    expect(connection().state().probe).toBeNull()
    await connection().probe(CTX)
    await shop.stripe.webhooks.idle()
    const { probe } = connection().state()
    expect(probe!.arrivedMs).toBe(shop.clock.now())
    expect(shop.server.app.billing.events(null, 10)).toMatchObject([{ objectId: probe!.objectId, state: "ignored" }])
  })

  test("and so a purchase is credited by its webhook", async () => {
    const order = await shop.buy()
    shop.stripe.pay(order.sessionId!, { with: "4242424242424242" })
    await shop.stripe.webhooks.idle()
    expect(shop.order(order.publicId).state).toBe("paid")
  })
})

describe("what happens to an endpoint", () => {
  test("its address, its events or its being off are set right by the job; its secret stays", async () => {
    const [one] = endpoints()
    one!.url = "https://before.example.com/webhooks/stripe"
    one!.enabled_events = ["checkout.session.completed"]
    one!.status = "disabled"
    await connection().keep()
    expect(one).toMatchObject({ url: `${shop.server.url}/webhooks/stripe`, status: "enabled" })
    expect(one!.enabled_events).toContain("charge.dispute.created")
    await connection().probe(CTX)
    await shop.stripe.webhooks.idle()
    expect(connection().state().probe!.arrivedMs).not.toBeNull()
  })

  test("the server moved: another base URL is told by the job", async () => {
    const { store, keyring, log } = shop.server.app
    const given = { secretKey: null, webhookSecret: null, apiBase: null, fetch: (r: Request) => shop.stripe.fetch(r) }
    const moved = await createConnection({ store, keyring, log, baseUrl: "https://new.example.com", given })
    await moved.keep()
    expect(endpoints().map(({ url }) => url)).toEqual(["https://new.example.com/webhooks/stripe"])
    await connection().keep()
    expect(endpoints()[0]!.url).toBe(`${shop.server.url}/webhooks/stripe`)
  })

  test("one that was deleted there is said, and made anew on request", async () => {
    shop.stripe.world.remove(endpoints()[0]!)
    await connection().keep()
    expect(connection().state().webhook!.fault).toStartWith("Stripe does not know it")
    await connection().connect(CTX)
    expect([endpoints().length, connection().state().webhook!.fault]).toEqual([1, null])
  })

  test("one whose secret was lost on the way is replaced; one that somebody made by hand is left alone", async () => {
    const { store } = shop.server.app
    await store.write(CTX, (tx) => {
      tx.run("UPDATE billing_connection SET endpoint_id = NULL, endpoint_url = NULL")
    })
    const lost = endpoints()[0]!.id
    await connection().connect(CTX)
    expect(endpoints().map(({ id }) => id === lost)).toEqual([false])
    await store.write(CTX, (tx) => {
      tx.run("UPDATE billing_connection SET endpoint_id = NULL, endpoint_url = NULL")
    })
    endpoints()[0]!.metadata = {}
    expect(await refusal(connection().connect(CTX))).toContain("by hand")
    expect(endpoints().length).toBe(1)
  })
})

describe("a parked event", () => {
  async function parked() {
    const order = await shop.buy("starter")
    shop.stripe.webhooks.delivery = { holds: true, retries: [] }
    shop.stripe.pay(order.sessionId!, { with: "4242424242424242" })
    const event = shop.stripe.webhooks.held.find(({ type }) => type === "checkout.session.completed")!
    // It costs more than was paid, until somebody sets that right.
    const price = (nano: number) =>
      shop.server.app.store.write(CTX, (tx) =>
        tx.run("UPDATE billing_orders SET price_nano = ? WHERE public_id = ?", nano, order.publicId),
      )
    await price(6_000_000_000)
    await shop.stripe.webhooks.flush()
    shop.stripe.webhooks.delivery = { retries: [] }
    return { event, order, price }
  }

  test("says why; replayed after its cause is gone it is applied, once, and no alarm is left", async () => {
    const { billing } = shop.server.app
    const { event, order, price } = await parked()
    expect(billing.event(event.id)).toMatchObject({ state: "parked", note: expect.stringContaining("600 cents") })
    expect(billing.countParked()).toBeGreaterThan(0)
    expect((await billing.replay(CTX, event.id)).state).toBe("parked")
    await price(5_000_000_000)
    const before = shop.balance()
    await Promise.all([billing.replay(CTX, event.id), billing.replay(CTX, event.id)])
    expect([billing.event(event.id)!.state, shop.order(order.publicId).state]).toEqual(["applied", "paid"])
    expect(shop.balance() - before).toBe(5_000_000_000)
  })

  test("that was settled by hand is set aside, once; nothing is credited", async () => {
    const { billing, store } = shop.server.app
    const { event } = await parked()
    const before = [shop.balance(), billing.countParked()] as const
    await store.write(CTX, (tx) => billing.setAsideIn(tx, event.id))
    expect([shop.balance(), billing.countParked()]).toEqual([before[0], before[1] - 1])
    expect(await refusal(store.write(CTX, (tx) => billing.setAsideIn(tx, event.id)))).toStartWith("conflict")
    expect(await refusal(billing.replay(CTX, "evt_none"))).toStartWith("not_found")
  })
})

test("the environment goes first, and cannot be changed on the page", async () => {
  const { store, keyring, log } = shop.server.app
  const given = {
    secretKey: "sk_test_env1",
    webhookSecret: WEBHOOK_SECRET,
    apiBase: null,
    fetch: (r: Request) => shop.stripe.fetch(r),
  }
  const other = await createConnection({ store, keyring, log, baseUrl: shop.server.url, given })
  expect(other.state()).toMatchObject({ key: { from: "environment", hint: "env1" }, webhook: { from: "environment" } })
  expect(await refusal(other.saveKey(CTX, SECRET_KEY))).toContain("PURSER_STRIPE_SECRET_KEY")
  expect(await refusal(other.removeKey(CTX))).toContain("PURSER_STRIPE_SECRET_KEY")
  expect(await refusal(other.connect(CTX))).toContain("PURSER_STRIPE_WEBHOOK_SECRET")
})

test("a new master key seals them anew, and they still open", async () => {
  const { vault, store, keyring, log } = shop.server.app
  const before = secrets().map(({ sealed }) => sealed)
  await vault.rotate(CTX)
  await vault.reseal(CTX)
  expect(secrets().filter(({ sealed }) => before.includes(sealed))).toEqual([])
  const given = { secretKey: null, webhookSecret: null, apiBase: null }
  const opened = await createConnection({ store, keyring, log, baseUrl: shop.server.url, given })
  expect(opened.state().key).toMatchObject({ from: "page", isTest: true })
})

test("without its key nothing is sold any more", async () => {
  await connection().removeKey(CTX)
  expect([shop.server.app.billing.isOn, connection().state().key]).toEqual([false, null])
})
