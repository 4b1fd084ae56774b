// Auto-recharge where tax is asked for: counted before the card is charged, on top of the price or within it, once, and on the invoice.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { credits, HOUR_MS, nano, randomSecret } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { CTX, giveCredits, makeUser, ownerOf } from "../build.ts"
import type { PaymentIntent, TaxCalculation } from "../fakes/stripe/index.ts"
import { openShop, type Shop } from "./world.ts"

setDefaultTimeout(60_000)
const VISA = "4242424242424242"
const TERMS = { belowNano: credits(2_000), amountNano: nano(10_000_000_000), monthNano: nano(25_000_000_000) }

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop?.close())

const app = () => shop.server.app
const recharges = () => app().billing.recharges
const taxed = (how: "off" | "exclusive" | "inclusive") =>
  app().settings.set(CTX, app().settings.byKey("invoices.stripe_tax")!.setting, { value: how })
const orders = (person: User) =>
  app()
    .billing.ordersOf(person.id, 50)
    .filter(({ kind }) => kind === "recharge")
const has = (person: User) => app().ledger.wallet(ownerOf(person), "live").balanceNano / 1e9
const mailsTo = (person: User) =>
  app()
    .mailer.mailbox.filter(({ to }) => to === person.email)
    .map(({ subject }) => subject)

async function quiet(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    await app().store.write(CTX, () => {})
    await Bun.sleep(1)
    await app().outbox.flush()
    await shop.stripe.webhooks.idle()
  }
}

/** With a card of there, the rule on, and 3,000 credits. */
async function somebody(country: string | null, terms: Partial<typeof TERMS> = {}): Promise<User> {
  const person = await makeUser(app())
  await giveCredits(app(), person, credits(3_000))
  const page = await recharges().beginCard(CTX, person, randomSecret(9))
  shop.stripe.pay(page.split("/").at(-1)!, { with: VISA, authenticated: true, ...(country ? { country } : {}) })
  await quiet()
  await recharges().turnOn(CTX, person.id, { ...TERMS, ...terms })
  return person
}

async function runsLow(person: User): Promise<void> {
  const input = { owner: ownerOf(person), mode: "live", balanceNano: credits(1_000), key: randomSecret(9) } as const
  await app().store.write(CTX, (tx) => void app().ledger.setBalanceIn(tx, input))
  await quiet()
}
const intents = (person: User) =>
  shop.stripe.world
    .all<PaymentIntent>("payment_intent")
    .filter(({ customer }) => customer !== null && shop.personOf(customer) === person.id)
const lines = (person: User) => {
  const { document, ...invoice } = app().billing.invoices.ofOrder(orders(person)[0]!)!
  return {
    ...invoice,
    address: document.buyer.address,
    lines: document.lines.map(({ amountNano }) => amountNano / 1e9),
  }
}

test("on top of the price: the card pays both, the credits are the price's, the invoice and the books say the tax", async () => {
  await taxed("exclusive")
  const person = await somebody("DE")
  const before = app().ledger.moneyIn("live", "tax_payable")
  await runsLow(person)
  expect(orders(person)).toMatchObject([{ state: "paid", priceNano: TERMS.amountNano, taxNano: 1_900_000_000 }])
  expect(intents(person).map(({ amount }) => amount)).toEqual([1_190])
  expect(has(person)).toBe(11)
  expect(lines(person)).toMatchObject({
    taxNano: 1_900_000_000, totalNano: 11_900_000_000, taxInclusive: false, reverseCharge: false, address: "DE", lines: [10],
  }) // biome-ignore format: one invoice
  expect(app().ledger.moneyIn("live", "tax_payable") - before).toBe(1_900_000_000)
  expect(mailsTo(person).some((subject) => subject.includes("$11.90"))).toBe(true)
  const paymentKey = `order:${orders(person)[0]!.publicId}`
  await app().billing.refunds.refund(CTX, { paymentKey, amountNano: null, reason: "All of it", key: randomSecret(9) })
  await quiet()
  expect([app().ledger.moneyIn("live", "tax_payable") - before, has(person)]).toEqual([0, 1])
})

test("within the price: the card pays the price, and the invoice says what of it is tax", async () => {
  await taxed("inclusive")
  const person = await somebody("DE")
  await runsLow(person)
  expect(intents(person).map(({ amount }) => amount)).toEqual([1_000])
  expect(lines(person)).toMatchObject({ taxNano: 1_600_000_000, totalNano: 10_000_000_000, taxInclusive: true })
  expect(has(person)).toBe(11)
})

test("the answer is lost and the processor is down: it is counted once, and charged once for the same amount", async () => {
  await taxed("exclusive")
  const person = await somebody("DE")
  const count = () => shop.stripe.world.all<TaxCalculation>("tax.calculation").length
  const before = count()
  shop.stripe.trouble({ on: /POST .*calculations/, loseAnswer: true, times: 3 })
  await runsLow(person)
  shop.stripe.calm()
  shop.stripe.trouble({ on: /POST .*payment_intents/, loseAnswer: true, times: 3 })
  shop.clock.advance(HOUR_MS)
  await quiet()
  shop.stripe.calm()
  shop.clock.advance(HOUR_MS)
  await quiet()
  expect(orders(person)).toMatchObject([{ state: "paid", taxNano: 1_900_000_000 }])
  // The customer has no address: asked by them first, which makes nothing, then by the card's.
  expect([count() - before, intents(person).length]).toEqual([1, 1])
})

test("nobody knows where they are: nothing is charged, a mail leads to a page that asks, and after that it goes by itself", async () => {
  await taxed("exclusive")
  const person = await somebody(null)
  await runsLow(person)
  expect([orders(person).map(({ state }) => state), intents(person).length]).toEqual([["open"], 0])
  expect(mailsTo(person)).toContain("Your address is needed to buy credits")
  const order = await recharges().payNow(CTX, person, orders(person)[0]!.publicId)
  shop.stripe.pay(order.sessionId!, { with: VISA, country: "DE" })
  await quiet()
  expect(lines(person)).toMatchObject({ taxNano: 1_900_000_000, totalNano: 11_900_000_000 })
  shop.clock.advance(2 * HOUR_MS)
  await runsLow(person)
  expect(orders(person).map(({ state, taxNano }) => [state, taxNano as number])).toEqual([
    ["paid", 1_900_000_000],
    ["paid", 1_900_000_000],
  ])
})

test("a business owes its tax itself, and the invoice says so", async () => {
  await taxed("exclusive")
  const person = await somebody("DE")
  const order = await app().billing.buy(CTX, { buyer: person, slug: "starter", key: randomSecret(9) })
  shop.stripe.pay(order.sessionId!, { with: VISA, country: "DE", taxId: "DE123456789" })
  await quiet()
  await runsLow(person)
  expect(intents(person).at(-1)!.amount).toBe(1_000)
  expect(lines(person)).toMatchObject({ taxNano: 0, totalNano: 10_000_000_000, reverseCharge: true })
})

test("with its tax it would be more than its person allows in a month: nothing is charged, they are told once, and it rests", async () => {
  await taxed("exclusive")
  const person = await somebody("DE", { monthNano: nano(11_000_000_000) })
  await runsLow(person)
  await recharges().lookAt(person.id - 1, 1)
  await quiet()
  expect([orders(person).map(({ state }) => state), intents(person).length]).toEqual([["expired"], 0])
  expect(mailsTo(person).filter((subject) => subject.includes("reached its limit")).length).toBe(1)
})

test("where no tax is asked for nothing is counted; the books hold", async () => {
  await taxed("off")
  const person = await somebody("DE")
  await runsLow(person)
  expect(orders(person)).toMatchObject([{ state: "paid", taxNano: 0, paper: null }])
  expect(app().billing.events("parked", 10)).toEqual([])
  expect((await app().verification.run(CTX)).ok).toBe(true)
})
