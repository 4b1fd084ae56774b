// A new server asks whose its key is while somebody buys already. Whatever the processor is asked for at that moment, what it makes is found
// afterwards by the name: a customer, a price and a portal without an account would be nobody's, and the plan that was paid for unknown.
import { afterEach, expect, setDefaultTimeout, test } from "bun:test"
import { CTX } from "../build.ts"
import { openShop, type Shop } from "./world.ts"

setDefaultTimeout(60_000)
let shop: Shop | null = null
afterEach(() => shop?.close())

const named = (shop: Shop) => shop.server.app.billing.connection.state().account!.id

/** The name is told while this is asked. */
async function namedDuring(method: string, path: string): Promise<Shop> {
  const asked = Promise.withResolvers<void>()
  const told = Promise.withResolvers<void>()
  shop = await openShop({
    async onTheWay(request, stripe) {
      const { pathname } = new URL(request.url)
      if (pathname === "/v1/account") {
        await asked.promise
        return await stripe.fetch(request)
      }
      const answer = await stripe.fetch(request)
      if (request.method === method && pathname === path) {
        asked.resolve()
        await told.promise
      }
      return answer
    },
  })
  expect(named(shop)).toBeNull()
  void asked.promise.then(async () => {
    while (named(shop!) === null) await Bun.sleep(1)
    told.resolve()
  })
  return shop
}

for (const path of ["/v1/customers", "/v1/products", "/v1/prices", "/v1/checkout/sessions"])
  test(`a plan is subscribed to, and the account is named during POST ${path}`, async () => {
    const { server, stripe, person } = await namedDuring("POST", path)
    const { plans } = server.app.billing
    const wanted = { buyer: person, planCode: "starter", months: 1, choice: null, key: "form" } as const
    const signup = await plans.subscribe(CTX, wanted)
    expect(named(shop!)).toBe("acct_fake")
    stripe.pay(signup.sessionId!, { with: "4242424242424242" })
    await plans.refreshSignup(signup)
    expect(plans.ownOf(person.id)?.plan.code).toBe("starter")
    const seen = await plans.preview(person.id, { planCode: "professional", months: 1 })
    expect(seen.kind).toBe("now")
    expect(await plans.portal(person)).toStartWith("http")
    const customers = server.app.store.read.all("SELECT account_id AS account FROM billing_customers")
    expect(customers).toEqual([{ account: "acct_fake" }])
  })
