// /credits/cards and what follows, by plain forms, as a browser without scripts sends them.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits, randomSecret } from "../../src/app/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, giveCredits, makeUser, ownerOf } from "../build.ts"
import { openShop, type Shop } from "./world.ts"

type Agent = Awaited<ReturnType<typeof signedIn>>
let shop: Shop
let agent: Agent
beforeAll(async () => {
  shop = await openShop()
  await giveCredits(shop.server.app, shop.person, credits(3_000))
  agent = await signedIn(shop.server, shop.person.email)
})
afterAll(() => shop?.close())

const at = (path: string) => agent.get(`${shop.server.url}${path}`)

/** Presses "Save a card", fills in the processor's page, and comes back. */
async function save(number: string) {
  shop.stripe.webhooks.delivery = { drops: () => true }
  const onTheWay = await agent.submit(await at("/credits/cards"), "/credits/cards/new", {})
  const [, sessionId] = /\/pay\/(cs_\w+)/.exec(onTheWay.text)!
  shop.stripe.pay(sessionId!, { with: number })
  shop.stripe.webhooks.delivery = { retries: [] }
  return await at(`/credits/cards/saved?page=${sessionId}`)
}

test("from nothing to a card and a rule; what is wrong is said in the form; off again", async () => {
  expect((await at("/credits")).text).toContain("Set it up")
  expect((await at("/credits/cards")).text).toContain("No card is saved")
  const back = await save("4242424242424242")
  expect(back.text).toContain("Visa ending in 4242")
  const wrong = await agent.submit(back, "/credits/cards", { below: "1", amount: "1", month: "0.50" })
  expect(wrong.status).toBe(422)
  for (const words of ["100 to 1,000,000 credits", "$5 to $1,000", "at least what is bought"])
    expect(wrong.text.toLowerCase()).toContain(words.toLowerCase())
  const on = await agent.submit(wrong, "/credits/cards", { below: "2000", amount: "10", month: "25" })
  expect(on.text).toContain("When you have less than 2,000 credits, your Visa ending in 4242 is charged $10.00")
  expect((await at("/credits")).text).toContain("At most $25.00 in a month")
  const off = await agent.submit(on, "/credits/cards/off", {})
  expect(off.text).toContain("Nothing more is charged")
  await agent.submit(off, "/credits/cards", { below: "2000", amount: "10", month: "25" })
})

test("a declined charge leads to a page where its person pays, and to the credits", async () => {
  await save("4000000000000341")
  const { store, ledger, billing, outbox } = shop.server.app
  const input = { owner: ownerOf(shop.person), mode: "live", balanceNano: credits(10), key: randomSecret(9) } as const
  await store.write(CTX, (tx) => void ledger.setBalanceIn(tx, input))
  for (let turn = 0; turn < 3; turn++) {
    await Bun.sleep(2)
    await outbox.flush()
  }
  const [order] = billing.ordersOf(shop.person.id, 1)
  const link = /https?:\S+\/credits\/orders\/ord_\w+/.exec(shop.server.app.mailer.mailbox[0]!.text)![0]
  expect(link).toEndWith(order!.publicId)
  const page = await agent.get(link)
  expect(page.text).toContain("Your card was declined")
  const onTheWay = await agent.submit(page, `/credits/orders/${order!.publicId}/payment`, {})
  const [, sessionId] = /\/pay\/(cs_\w+)/.exec(onTheWay.text)!
  shop.stripe.pay(sessionId!, { with: "5555555555554444" })
  await shop.stripe.webhooks.idle()
  expect((await agent.get(`${link}?paid`)).text).toContain("Your credits are here")
  expect(ledger.wallet(ownerOf(shop.person), "live").balanceNano).toBe(credits(10_010))
  const other = await signedIn(shop.server, (await makeUser(shop.server.app)).email)
  expect((await other.get(link)).status).toBe(404)
})

test("a card is removed after a question; the last one says that auto-recharge is off", async () => {
  const [second, first] = shop.server.app.billing.recharges.of(shop.person.id).cards
  const question = await at(`/credits/cards/${second!.publicId}/removal`)
  expect(question.text).not.toContain("auto-recharge is turned off")
  await agent.submit(question, `/credits/cards/${second!.publicId}/removal`, {})
  const last = await at(`/credits/cards/${first!.publicId}/removal`)
  expect(last.text).toContain("auto-recharge is turned off")
  const gone = await agent.submit(last, `/credits/cards/${first!.publicId}/removal`, {})
  expect(gone.text).toContain("It was the last one: auto-recharge is off")
  expect((await at("/credits")).text).toContain("because no card is left that can be charged")
})
