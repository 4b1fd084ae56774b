// Too few bought credits when somebody subscribes or changes up: the card is charged once where its person allows it, and what is refused is
// refused with the reason. Plain forms over HTTP, with a processor in this process.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits } from "../../src/app/index.ts"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import { publishWeather, type WeatherProduct } from "../../src/cli/demo/weather/product.ts"
import type { User } from "../../src/identity/index.ts"
import { openShop, type Shop } from "../billing/world.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, giveCredits, makeDeveloper, makeUser, ownerOf } from "../build.ts"

const HOME = "/marketplace/weather"
let shop: Shop
let made: WeatherProduct
beforeAll(async () => {
  shop = await openShop()
  const publisher = await makeDeveloper(shop.server.app, { name: "Linus" })
  made = await publishWeather(shop.server.app, CTX, { ownerId: publisher.id, upstreamUrl: "http://127.0.0.1:9/v1" })
})
afterAll(() => shop?.close())

const at = (agent: WebAgent, path: string) => agent.get(`${shop.server.url}${path}`)

/** Somebody with a card, and a rule that buys so many dollars at a time. */
async function somebody(rule: { amount: string; month: string } | null, card = "4242424242424242") {
  const user = await makeUser(shop.server.app)
  await giveCredits(shop.server.app, user, credits(500))
  const agent = await signedIn(shop.server, user.email)
  if (rule) {
    const onTheWay = await agent.submit(await at(agent, "/credits/cards"), "/credits/cards/new", {})
    const [, sessionId] = /\/pay\/(cs_\w+)/.exec(onTheWay.text)!
    shop.stripe.pay(sessionId!, { with: card })
    const back = await at(agent, `/credits/cards/saved?page=${sessionId}`)
    await agent.submit(back, "/credits/cards", { below: "100", ...rule })
  }
  return { user, agent }
}
const subscribe = async (agent: WebAgent, plan: string) => {
  const ask = await at(agent, `${HOME}/subscribe?plan=${made.plans[plan as keyof typeof made.plans]}`)
  return { ask, answer: await agent.submit(ask, `${HOME}/subscribe`, {}) }
}
const charges = (user: User) => shop.server.app.billing.ordersOf(user.id, 10).filter(({ kind }) => kind === "recharge")
const mine = (user: User) => shop.server.app.marketplace.subscriptions.ofUser(user.id)
const priceOf = (plan: "Pro" | "Business") =>
  shop.server.app.marketplace.plans.planByPublicId(made.plans[plan])!.terms.priceNano

test("the question says that the card is charged; one press charges it once and subscribes", async () => {
  const { user, agent } = await somebody({ amount: "60", month: "300" })
  const { ask, answer } = await subscribe(agent, "Pro")
  expect(plainText(ask.text)).toContain("auto-recharge buys $60.00 of credits first")
  expect(plainText(ask.text)).not.toContain("Bonus credits do not pay")
  expect(answer.text.includes('id="new-key"')).toBe(true)
  expect(charges(user).map(({ state }) => state)).toEqual(["paid"])
  expect(mine(user)).toHaveLength(1)
  expect(shop.server.app.ledger.paidSpendableOf(ownerOf(user), "live")).toBe((60_000_000_000 - priceOf("Pro")) as never)
  // Changing up goes the same way.
  const [one] = mine(user)
  const path = `/subscriptions/${one!.publicId}/plan`
  const question = await at(agent, `${path}?to=${made.plans.Business}`)
  expect(plainText(question.text)).toContain("auto-recharge buys $60.00 of credits first")
  const after = await agent.submit(question, path, {})
  expect(plainText(after.text)).toContain("Your plan is Business now")
  expect(charges(user).map(({ state }) => state)).toEqual(["paid", "paid"])
})

test("a form that is sent many times at once charges once and subscribes once", async () => {
  const { user, agent } = await somebody({ amount: "60", month: "300" })
  const ask = await at(agent, `${HOME}/subscribe?plan=${made.plans.Pro}`)
  await Promise.all(Array.from({ length: 8 }, () => agent.submit(ask, `${HOME}/subscribe`, {})))
  expect([charges(user).length, mine(user).length]).toEqual([1, 1])
})

test("refused clearly, and no card is charged: without a rule, and where it buys too little", async () => {
  for (const [rule, words] of [
    [null, "do not reach for it"],
    [{ amount: "5", month: "200" }, "Auto-recharge buys $5.00 at a time, which is too little"],
  ] as const) {
    const { user, agent } = await somebody(rule)
    const { ask, answer } = await subscribe(agent, "Pro")
    expect(plainText(ask.text)).toContain(words)
    expect(answer.status).toBe(402)
    expect([charges(user).length, mine(user).length]).toEqual([0, 0])
  }
})

test("past what may be bought in a month: the plan stays, and no card is charged", async () => {
  const { user, agent } = await somebody({ amount: "60", month: "60" })
  await subscribe(agent, "Pro")
  const path = `/subscriptions/${mine(user)[0]!.publicId}/plan`
  const question = await at(agent, `${path}?to=${made.plans.Business}`)
  expect(plainText(question.text)).toContain("do not reach for it")
  expect((await agent.submit(question, path, {})).status).toBe(402)
  expect([charges(user).length, mine(user)[0]!.plan.name]).toEqual([1, "Pro"])
})

test("a card that is declined: nothing is subscribed, and the page says so", async () => {
  const { user, agent } = await somebody({ amount: "60", month: "300" }, "4000000000000341")
  const { answer } = await subscribe(agent, "Pro")
  expect(plainText(answer.text)).toContain("Your card was not charged")
  expect(mine(user)).toHaveLength(0)
})
