// The processor's own pages, as this server has them made: cards, papers, and an end of the plan where what is paid ends. Other plans are
// chosen here alone, whatever the account's default allows.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { CTX, makeUser } from "../build.ts"
import type { PortalConfiguration, PortalSession, Subscription } from "../fakes/stripe/index.ts"
import { atProcessor, subscribed } from "./flows/plans.ts"
import { openShop, type Shop } from "./world.ts"

setDefaultTimeout(60_000)
let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop?.close())

const made = () =>
  shop.stripe.world.all<PortalConfiguration>("billing_portal.configuration").filter(({ is_default }) => !is_default)
const plans = () => shop.server.app.billing.plans
async function sent(url: string, form?: Record<string, string>): Promise<string> {
  const body = form ? { method: "POST", body: new URLSearchParams(form) } : {}
  return await (await shop.stripe.fetch(new Request(url, body))).text()
}
async function somebody(plan: string) {
  const person = await makeUser(shop.server.app)
  await subscribed(shop, person, plan)
  await shop.stripe.webhooks.idle()
  return person
}

test("the account's default would let people change plans and end them at once: what this forbids is there to be forbidden", async () => {
  const person = await somebody("starter")
  const { customer, id } = atProcessor(shop, person)
  const answer = await shop.stripe.fetch(
    new Request(`${shop.stripeOrigin}/v1/billing_portal/sessions`, {
      method: "POST",
      headers: { authorization: `Bearer ${shop.secretKey}` },
      body: new URLSearchParams({ customer }),
    }),
  )
  const { url } = (await answer.json()) as PortalSession
  expect(await sent(url)).toContain("Another plan")
  await sent(url, { subscription: id, cancel: "" })
  expect(atProcessor(shop, person).status).toBe("canceled")
})

test("ours has no other plans, and ends a plan where what is paid ends; it is made once, whoever comes first", async () => {
  const [person, other] = [await somebody("starter"), await somebody("professional")]
  const [url] = await Promise.all([plans().portal(person), plans().portal(other), plans().portal(person)])
  expect(made()).toMatchObject([
    {
      features: {
        subscription_update: { enabled: false },
        subscription_cancel: { enabled: true, mode: "at_period_end", proration_behavior: "none" },
        payment_method_update: { enabled: true },
      },
    },
  ])
  const page = await sent(url!)
  expect([page.includes("Another plan"), page.includes("Another card"), page.includes("cancel")]).toEqual([
    false,
    true,
    true,
  ])
  // Nor by hand.
  const before = atProcessor(shop, person)
  const dear = atProcessor(shop, other).items.data[0]!.price.id
  await sent(url!, { subscription: before.id, price: dear })
  expect(atProcessor(shop, person).items.data[0]!.price.id).toBe(before.items.data[0]!.price.id)
  await sent(url!, { subscription: before.id, cancel: "" })
  await shop.stripe.webhooks.idle()
  expect((atProcessor(shop, person) as Subscription).status).toBe("active")
  const own = plans().ownOf(person.id)!
  expect([own.plan.code, own.endsMs]).toEqual(["starter", own.periodEndMs])
  await sent(url!, { subscription: before.id, resume: "" })
  await shop.stripe.webhooks.idle()
  expect(plans().ownOf(person.id)!.endsMs).toBeNull()
})

test("one that somebody took out of use is made anew; a silent processor is said, and nothing is kept of it", async () => {
  const person = await somebody("starter")
  await plans().portal(person)
  const [first] = made()
  first!.active = false
  expect(await plans().portal(person)).toContain("/portal/")
  expect([made().length, made().at(-1)!.active]).toEqual([2, true])
  await plans().portal(person)
  expect(made().length).toBe(2)
  shop.stripe.trouble({ on: /portal/, status: 500, times: 9 })
  await expect(plans().portal(person)).rejects.toThrow("does not answer")
  shop.stripe.calm()
  expect(await plans().portal(person)).toContain("/portal/")
  void CTX
})
