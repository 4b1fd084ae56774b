// What must never become credits: what the processor did not sign, or signed for somebody else, or what does not match the order. Each is
// refused or parked, said in the log, shown to admins where somebody has to look, and moves nothing.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Log } from "../../src/app/index.ts"
import type { Order } from "../../src/billing/index.ts"
import { type Charge, type PaymentIntent, type Session, type StripeEvent, signature } from "../fakes/stripe/index.ts"
import { CARD, PLUS } from "./flows/purchases.ts"
import { openShop, type Shop, WEBHOOK_SECRET } from "./world.ts"

const said: { event: string; fields: Record<string, unknown> }[] = []
const keep = (event: string, fields: Record<string, unknown> = {}) => void said.push({ event, fields })
const log: Log = { debug: () => {}, info: () => {}, warn: keep, error: keep }

let shop: Shop
let live: Shop
beforeAll(async () => {
  shop = await openShop({ log })
  live = await openShop({ log, secretKey: "sk_live_fake" })
})
afterAll(async () => {
  await shop?.close()
  await live?.close()
})

const secondsOf = ({ clock }: Shop) => Math.floor(clock.now() / 1_000)
let made = 0
/** An event as the processor would sign it, about this object. */
const about = (id: string | undefined, more: Partial<StripeEvent> & Record<string, unknown> = {}): string =>
  JSON.stringify({
    id: `evt_hand${++made}`,
    object: "event",
    api_version: "2026-08-26.dahlia",
    created: secondsOf(shop),
    livemode: false,
    type: "checkout.session.completed",
    data: { object: { id, object: "checkout.session" } },
    ...more,
  })
const send = (body: string, { to = shop, secret = WEBHOOK_SECRET, ageS = 0 } = {}) =>
  to.post(body, signature(body, secret, secondsOf(to) - ageS))

/** An order that is paid at the processor, of which nobody was told. @param bend what is not as it should be */
async function paid(of: Shop = shop, bend: (session: Session) => void = () => {}): Promise<Order> {
  of.stripe.webhooks.delivery = { drops: () => true }
  const order = await of.buy()
  of.stripe.pay(order.sessionId!, { with: CARD })
  of.stripe.webhooks.delivery = { retries: [] }
  bend(of.stripe.world.find<Session>("checkout.session", order.sessionId!))
  return order
}

interface Fate {
  /** What the processor is answered. */
  status: number
  /** The line of the log; null = nothing. */
  line: string | null
  state?: "parked" | "ignored"
  why?: string
}
const REFUSED: Fate = { status: 400, line: "billing.unsigned" }
const parked = (why: string): Fate => ({ status: 200, line: "billing.parked", state: "parked", why })
const IGNORED: Fate = { status: 200, line: null, state: "ignored" }

/** Nothing moves, somebody is told, and the page of checks is red where somebody has to look. */
async function meets(fate: Fate, deliver: () => Promise<Response>, of: Shop = shop): Promise<void> {
  const events = () => of.server.app.billing.events(null, 1_000).length
  const before = { balance: of.balance(), events: events() }
  said.splice(0)
  expect((await deliver()).status).toBe(fate.status)
  expect(of.balance() - before.balance).toBe(0)
  const lines = said.filter(({ event }) => event.startsWith("billing."))
  expect(lines.map(({ event }) => event)).toEqual(fate.line === null ? [] : [fate.line])
  expect(events() - before.events).toBe(fate.state ? 1 : 0)
  if (!fate.state) return
  const [newest] = of.server.app.billing.events(null, 1)
  expect(newest).toMatchObject({ state: fate.state, note: fate.why ? expect.stringContaining(fate.why) : null })
  if (fate.why) expect(String(lines[0]!.fields.why)).toContain(fate.why)
  const check = of.server.app.contributed.checks().find(({ label }) => label === "Payments")
  if (fate.state === "parked") expect(check).toMatchObject({ state: "bad" })
}

describe("refused: it is not known to be the processor's", () => {
  const of = async () => about((await paid()).sessionId!)
  const at = () => secondsOf(shop)

  test("another secret", async () => await meets(REFUSED, async () => send(await of(), { secret: "whsec_other" })))
  test("no signature", async () => await meets(REFUSED, async () => shop.post(await of(), "")))
  test("a signature of nonsense", async () => await meets(REFUSED, async () => shop.post(await of(), "t=1,v1=zz,,=")))
  test("older than five minutes", async () => await meets(REFUSED, async () => send(await of(), { ageS: 301 })))
  test("a moment changed after signing", async () => {
    const body = await of()
    const sign = signature(body, WEBHOOK_SECRET, at() - 400).replace(/t=\d+/, `t=${at()}`)
    await meets(REFUSED, () => shop.post(body, sign))
  })
  test("an old scheme alone", async () => {
    const body = await of()
    await meets(REFUSED, () => shop.post(body, signature(body, WEBHOOK_SECRET, at()).replace("v1=", "v0=")))
  })
  test("a letter added after signing", async () => {
    const body = await of()
    await meets(REFUSED, () => shop.post(`${body} `, signature(body, WEBHOOK_SECRET, at())))
  })
  test("signed, and no JSON", async () => await meets(REFUSED, () => send("credits: 1000000")))
})

test("a secret that is being changed: one of two signatures is enough", async () => {
  const body = about((await paid()).sessionId!)
  const good = signature(body, WEBHOOK_SECRET, secondsOf(shop))
  const before = shop.balance()
  expect((await shop.post(body, good.replace("v1=", `v1=${"0".repeat(64)},v1=`))).status).toBe(200)
  expect(shop.balance() - before).toBe(PLUS)
})

describe("parked: somebody has to look", () => {
  const of = async (bend?: (session: Session) => void, more: Record<string, unknown> = {}) =>
    about((await paid(shop, bend)).sessionId!, more)

  test("an event of live mode, for a test key", async () =>
    await meets(parked("live mode"), async () => send(await of(undefined, { livemode: true }))))
  test("an event of test mode, for a live key", async () => {
    const order = await paid(live)
    await meets(parked("test mode"), () => send(about(order.sessionId!), { to: live }), live)
  })
  test("a page of test mode in an event that says it is live", async () => {
    const order = await paid(live)
    await meets(parked("test mode"), () => send(about(order.sessionId!, { livemode: true }), { to: live }), live)
  })
  test("another account's", async () =>
    await meets(parked("acct_other"), async () => send(await of(undefined, { account: "acct_other" }))))
  test("another currency", async () =>
    await meets(parked("not in usd"), async () =>
      send(
        await of((session) => {
          session.currency = "eur"
        }),
      ),
    ))
  for (const cents of [2_499, 2_501, 0, 250_000])
    test(`${cents} cents for what costs 2500`, async () =>
      await meets(parked(`and ${cents} were paid`), async () =>
        send(
          await of((session) => {
            session.amount_total = cents
          }),
        ),
      ))
  test("a page that names another order", async () => {
    const other = await paid()
    await meets(parked(other.publicId), async () =>
      send(
        await of((session) => {
          session.client_reference_id = other.publicId
        }),
      ),
    )
  })
  test("an order of another house", async () => {
    const order = await paid(live)
    const session = { ...live.stripe.world.find<Session>("checkout.session", order.sessionId!), id: "cs_of_elsewhere" }
    shop.stripe.world.add({ ...session, status: "complete", payment_status: "paid" })
    await meets(parked(`no order ${order.publicId}`), () => send(about("cs_of_elsewhere")))
  })
  test("a second page for an order that has one", async () => {
    const order = await paid()
    const session = shop.stripe.world.find<Session>("checkout.session", order.sessionId!)
    shop.stripe.world.add({ ...session, id: "cs_second" })
    await meets(parked(`${order.publicId} is paid on the page ${order.sessionId}`), () => send(about("cs_second")))
  })
})

describe("ignored: noted, and done with", () => {
  test("an unknown kind", async () => await meets(IGNORED, () => send(about("x_1", { type: "something.new" }))))
  test("a page that was not made for an order", async () => {
    const session = shop.stripe.world.find<Session>("checkout.session", (await paid()).sessionId!)
    shop.stripe.world.add({ ...session, id: "cs_by_hand", client_reference_id: null })
    await meets(IGNORED, () => send(about("cs_by_hand")))
  })
  test("an event about nothing", async () =>
    await meets(IGNORED, () => send(about(undefined, { type: "balance.available", data: { object: {} } }))))
})

test("what it is about is nowhere: it is asked to come again, and nothing is noted", async () => {
  said.splice(0)
  const answer = await send(about("cs_nowhere"))
  expect([answer.status, said.map(({ event }) => event)]).toEqual([503, ["billing.not_asked", "request.failed"]])
})

test("an expired order that was paid after all is credited: the money is there", async () => {
  const order = await shop.buy()
  const { world } = shop.stripe
  const session = world.find<Session>("checkout.session", order.sessionId!)
  Object.assign(session, { status: "expired" })
  await send(about(session.id))
  expect(shop.order(order.publicId).state).toBe("expired")
  Object.assign(session, { status: "open" })
  const before = shop.balance()
  shop.stripe.pay(session.id, { with: CARD })
  await shop.stripe.webhooks.idle()
  expect([shop.order(order.publicId).state, shop.balance() - before]).toEqual(["paid", PLUS])
})

test("paid on two pages: what goes back of the second payment takes no credits, what goes back of the first does", async () => {
  const { world } = shop.stripe
  const find = (id: string | null) => world.find<Session>("checkout.session", id!)
  const [order, again] = [await shop.buy(), await shop.buy()]
  Object.assign(find(again.sessionId), { client_reference_id: order.publicId })
  const before = shop.balance()
  const charges: string[] = []
  for (const { sessionId } of [order, again]) {
    shop.stripe.pay(sessionId!, { with: CARD })
    await shop.stripe.webhooks.idle()
    const intent = world.find<PaymentIntent>("payment_intent", find(sessionId).payment_intent as string)
    world.find<Charge>("charge", intent.latest_charge!).metadata.order = order.publicId
    charges.push(intent.latest_charge!)
  }
  const { billing } = shop.server.app
  expect(billing.events("parked", 1)[0]?.objectId).toBe(again.sessionId!)
  shop.stripe.refund(charges[1]!)
  await shop.stripe.webhooks.idle()
  expect(shop.balance() - before).toBe(PLUS)
  expect(billing.refunds.story(`order:${order.publicId}`)).toMatchObject({ refunds: [], leftNano: 25_000_000_000 })
  expect(billing.events("ignored", 1)[0]?.note).toContain("brought no credits")
  shop.stripe.refund(charges[0]!)
  await shop.stripe.webhooks.idle()
  expect(shop.balance() - before).toBe(0)
})

test("100 returns at once of one page: one grant", async () => {
  const order = await paid()
  const before = shop.balance()
  const { billing, store } = shop.server.app
  const states = await Promise.all(Array.from({ length: 100 }, () => billing.refresh(order)))
  expect(new Set(states.map(({ state }) => state))).toEqual(new Set(["paid"]))
  expect(shop.balance() - before).toBe(PLUS)
  const grants = store.read.get<{ n: number }>(
    "SELECT COUNT(*) AS n FROM lots WHERE key LIKE ?",
    `order:${order.publicId}%`,
  )
  expect(grants).toEqual({ n: 2 })
})

test("after all of it the books hold", async () => {
  const report = await shop.server.app.verification.run({ actor: "cli", requestId: "r", reason: "t" })
  expect(report.ok).toBe(true)
})
