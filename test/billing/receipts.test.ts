// Receipts as they arrive: what was paid, what it gave, the invoice behind the link; for each kind of payment one. How often, in whatever
// order of events and deaths, the flows and the kill tests say.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { credits, DAY_MS, nano, randomSecret } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { usd } from "../../src/plans/testing.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser } from "../build.ts"
import { BLANK } from "./coupon-kit.ts"
import { mailsSent } from "./flows/state.ts"
import { openShop, type Shop } from "./world.ts"

setDefaultTimeout(60_000)
const CARD = "4242424242424242"
let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop?.close())

const app = () => shop.server.app
async function settled(): Promise<void> {
  await shop.stripe.webhooks.idle()
  await app().outbox.flush()
  await mailsSent(shop)
}
/** The only receipt of somebody, as plain text. */
async function receiptOf(person: User): Promise<{ subject: string; text: string }> {
  await settled()
  const all = app().mailer.mailbox.filter(({ to, subject }) => to === person.email && !subject.includes("signed in"))
  expect(all.map(({ subject }) => subject).length).toBe(1)
  return all[0]!
}
/** The invoice that the letter leads to, as its reader sees it. */
async function behind(person: User, text: string): Promise<string> {
  const [, link] = /(http\S+\/credits\/invoices\/INV-\d+-\d+)/.exec(text) ?? []
  expect([text, link === undefined]).toEqual([text, false])
  const agent = await signedIn(shop.server, person.email)
  const page = await agent.get(link!)
  expect(page.status).toBe(200)
  return page.text
}

test("a package: what was paid, the gift on top and until when, the invoice", async () => {
  const person = await makeUser(app())
  await app().store.write(CTX, (tx) => app().billing.editPackageIn(tx, { slug: "plus", bonusDays: 365 }))
  const order = await app().billing.buy(CTX, { buyer: person, slug: "plus", key: "one" })
  shop.stripe.pay(order.sessionId!, { with: CARD })
  const { subject, text } = await receiptOf(person)
  expect(subject).toBe("Receipt: $25.00 for Plus")
  for (const words of [
    "You paid $25.00 for Plus. Thank you.",
    "26,250 credits are in your balance. Among them: 1,250 credits on top, good until 1 June 2027 (UTC).",
    "The payment service is in test mode: no money moved.",
  ])
    expect(text).toContain(words)
  expect(await behind(person, text)).toContain("$25.00")
  expect(text).not.toMatch(/undefined|null|NaN|\[object/)
})

test("with a coupon: what was paid, and what the coupon gave", async () => {
  const person = await makeUser(app())
  const fifth = { ...BLANK, kind: "percent" as const, percent: 20, amountNano: nano(0), creditDays: null }
  const { code } = await app().store.write(CTX, (tx) => app().billing.coupons.createIn(tx, fifth))
  const coupon = { code, ip: "203.0.113.9" }
  const order = await app().billing.buy(CTX, { buyer: person, slug: "standard", key: "one", coupon })
  shop.stripe.pay(order.sessionId!, { with: CARD })
  const { subject, text } = await receiptOf(person)
  expect(subject).toBe("Receipt: $8.00 for Standard")
  expect(text).toContain("10,000 credits are in your balance. Among them: 2,000 credits by your coupon.")
})

test("a plan, then another one in its middle: each period and what it gives", async () => {
  const person = await makeUser(app())
  const { plans } = app().billing
  const signup = await plans.subscribe(CTX, {
    buyer: person,
    planCode: "starter",
    months: 1,
    choice: null,
    key: randomSecret(9),
  })
  shop.stripe.pay(signup.sessionId!, { with: CARD })
  const { subject, text } = await receiptOf(person)
  expect(subject).toBe("Receipt: $30.00 for your plan Starter")
  expect(text).toContain("You paid $30.00 for your plan Starter. It is paid until 1 July 2026 (UTC).")
  expect(text).toContain("It gives you 30,000 credits.")
  expect(await behind(person, text)).toContain("$30.00")
  app().mailer.mailbox.splice(0)
  shop.clock.advance(15 * DAY_MS)
  const seen = await plans.preview(person.id, { planCode: "professional", months: 1 })
  await plans.change(CTX, { buyer: person, planCode: "professional", months: 1, key: "up", seen })
  const raised = await receiptOf(person)
  expect(raised.subject).toBe("Receipt: $10.00 for your plan Professional")
  expect(raised.text).toContain("You moved to Professional and paid $10.00. It is paid until 1 July 2026 (UTC).")
  expect(await behind(person, raised.text)).toContain("$10.00")
})

test("a payment written down by hand: when it has come, not when its invoice goes out", async () => {
  const person = await makeUser(app())
  const terms = {
    priceNano: usd(1_250),
    taxNano: usd(237.5),
    reverseCharge: false,
    way: "bank",
    reference: "",
  } as const
  const buyer = { buyerName: "", buyerAddress: "", buyerTaxId: "" }
  const input = { userId: person.id, key: "one", ...terms, paidMs: null, ...buyer }
  await app().store.write(CTX, (tx) => app().billing.recordIn(tx, input))
  await settled()
  expect(app().mailer.mailbox.filter(({ to }) => to === person.email)).toEqual([])
  const { number } = app().billing.invoices.list(person.id, {}).rows[0]!
  const receive = () =>
    app().store.write(CTX, (tx) => app().billing.receiveIn(tx, { invoice: number, paidMs: shop.clock.now() }))
  await receive()
  await expect(receive()).rejects.toThrow("does not wait")
  const { subject, text } = await receiptOf(person)
  expect(subject).toBe("Receipt: $1,487.50 for credits")
  expect(text).toContain("Your payment of $1,487.50 for credits has arrived, $237.50 of it tax. Thank you.")
  expect(text).toContain("1,250,000 credits are in your balance.")
  expect(text).not.toContain("test mode")
  expect(await behind(person, text)).toContain(number)
})

test("a recharge by a saved card, and a refund: both lead to the invoice", async () => {
  const person = await makeUser(app())
  const { recharges } = app().billing
  const sessionId = (await recharges.beginCard(CTX, person, randomSecret(9))).split("/").at(-1)!
  shop.stripe.pay(sessionId, { with: CARD })
  await recharges.saveCard(CTX, person.id, sessionId)
  await recharges.turnOn(CTX, person.id, { belowNano: credits(100), amountNano: usd(10), monthNano: usd(20) })
  await settled()
  const charged = await receiptOf(person)
  expect(charged.subject).toBe("Purser bought credits for $10.00")
  expect(charged.text).toContain("$10.00 from your Visa ending in 4242. The 10,000 credits are there.")
  expect(await behind(person, charged.text)).toContain("$10.00")
  app().mailer.mailbox.splice(0)
  const [order] = app().billing.ordersOf(person.id, 1)
  shop.stripe.refund(order!.chargeId!, 400)
  const back = await receiptOf(person)
  expect(back.subject).toBe("You get $4.00 back")
  expect(await behind(person, back.text)).toContain("CN-2026-")
})
