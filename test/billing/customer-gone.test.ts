// Somebody whom the operator deleted at the processor can buy, subscribe and save a card all the same: as somebody new there.
import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test"
import { randomSecret } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { CTX, makeUser } from "../build.ts"
import type { Customer } from "../fakes/stripe/index.ts"
import { openShop, type Shop } from "./world.ts"

setDefaultTimeout(60_000)
const CARD = "4242424242424242"

let shop: Shop
let buyer: User
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop?.close())

const billing = () => shop.server.app.billing
const customers = () => shop.stripe.world.all<Customer>("customer").filter(({ email }) => email === buyer.email)
const order = () => billing().buy(CTX, { buyer, slug: "starter", key: randomSecret(9) })

beforeEach(async () => {
  buyer = await makeUser(shop.server.app)
  await order()
  const [known] = customers()
  shop.stripe.world.remove(known!)
  expect(customers()).toEqual([])
})

test("buys again, once for each order", async () => {
  const key = randomSecret(9)
  const [first, second] = [
    await billing().buy(CTX, { buyer, slug: "starter", key }),
    await billing().buy(CTX, { buyer, slug: "starter", key }),
  ]
  expect(second.sessionId).toBe(first.sessionId!)
  expect(customers()).toHaveLength(1)
  shop.stripe.pay(first.sessionId!, { with: CARD })
  expect((await billing().refresh(billing().order(buyer.id, first.publicId)!)).state).toBe("paid")
})

test("at once from many pages is one new customer", async () => {
  const orders = await Promise.all(Array.from({ length: 8 }, order))
  expect(orders.every(({ sessionId }) => sessionId !== null)).toBe(true)
  expect(customers()).toHaveLength(1)
})

test("subscribes", async () => {
  const wanted = { buyer, planCode: "starter", months: 1, choice: null, key: randomSecret(9) } as const
  const signup = await billing().plans.subscribe(CTX, wanted)
  shop.stripe.pay(signup.sessionId!, { with: CARD })
  await billing().plans.refreshSignup(signup)
  expect(billing().plans.ownOf(buyer.id)?.plan.code).toBe("starter")
})

test("saves a card", async () => {
  expect(await billing().recharges.beginCard(CTX, buyer, randomSecret(9))).toStartWith("http")
  expect(customers()).toHaveLength(1)
})
