// Whoever confirms a change of their plan has seen its price, or is asked again.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { DAY_MS, nano } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser } from "../build.ts"
import type { Charge } from "../fakes/stripe/index.ts"
import { subscribed } from "./flows/plans.ts"
import { openShop, type Shop } from "./world.ts"

setDefaultTimeout(60_000)
const usd = (dollars: number) => Math.round(dollars * 100) * 10_000_000

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop?.close())

const app = () => shop.server.app
const settled = () => shop.stripe.webhooks.idle()
const planOf = ({ id }: User) => app().plans.planOf(id).code
async function somebody(plan: string): Promise<User> {
  const person = await makeUser(app())
  await subscribed(shop, person, plan)
  await settled()
  return person
}
/** Of a month of thirty: the first of them is June. */
async function fifteenDays(): Promise<void> {
  shop.clock.advance(15 * DAY_MS)
  shop.stripe.tick()
  await settled()
}

test("on its page: what is refused shows the price of now, and the next press pays that", async () => {
  const person = await somebody("starter")
  await fifteenDays()
  const agent = await signedIn(shop.server, person.email)
  const page = await agent.get(`${shop.server.url}/credits/plans/change?to=professional&by=month`)
  expect(page.text).toContain("Pay $10.00 and move up")
  await app().plans.updatePlan(CTX, { code: "professional", priceNano: nano(usd(70)) })
  const refused = await agent.submit(page, "/credits/plans/change", {})
  expect(refused.text).toContain("It costs another amount now than was shown")
  expect(refused.text).toContain("Pay $20.00 and move up")
  const done = await agent.submit(refused, "/credits/plans/change", {})
  expect(done.text).toContain("You are on Professional now. $20.00 were charged.")
  await settled()
  // Named by what was bought, not by what is given back of the plan before.
  const papers = (await agent.get(`${shop.server.url}/credits/invoices`)).text
  expect(papers).toContain("Remaining time on Professional")
  expect(papers).not.toContain("Unused time on Starter")
  await app().plans.updatePlan(CTX, { code: "professional", priceNano: nano(usd(50)) })
  await settled()
})

test("whoever confirms has seen the price: none seen, another one, another plan, another person, long ago are asked again", async () => {
  const [person, other] = [await somebody("starter"), await somebody("starter")]
  await fifteenDays()
  const { plans } = app().billing
  const dearer = { planCode: "professional", months: 1 } as const
  const input = { ...dearer, buyer: person, key: "seen" }
  const { seal } = await plans.preview(person.id, dearer)
  const charges = () => shop.stripe.world.all<Charge>("charge").length
  const before = charges()
  const refused = async (seen: Parameters<typeof plans.change>[1]["seen"], words: string) =>
    await expect(plans.change(CTX, { ...input, seen })).rejects.toThrow(words)
  await refused(null, "Look at what it costs")
  await refused({ seal: "" }, "Look at what it costs")
  await refused({ seal: `${seal.slice(0, -1)}${seal.endsWith("0") ? "1" : "0"}` }, "Look at what it costs")
  await refused(await plans.preview(other.id, dearer), "Look at what it costs")
  await refused(await plans.preview(person.id, { planCode: "starter", months: 1 }), "Something else would happen")
  // Its price rises between the page and the button: for what it costs at the end of a period, too.
  const later = await plans.preview(person.id, { planCode: "basic", months: 1 })
  await app().plans.updatePlan(CTX, { code: "professional", priceNano: nano(usd(60)) })
  await app().plans.updatePlan(CTX, { code: "basic", priceNano: nano(usd(11)) })
  await refused({ seal }, "another amount")
  await expect(
    plans.change(CTX, { buyer: person, planCode: "basic", months: 1, key: "b", seen: later }),
  ).rejects.toThrow("Something else would happen")
  await app().plans.updatePlan(CTX, { code: "professional", priceNano: nano(usd(50)) })
  await app().plans.updatePlan(CTX, { code: "basic", priceNano: nano(usd(9.99)) })
  const again = await plans.preview(person.id, dearer)
  shop.clock.advance(31 * 60_000)
  await refused(again, "shown a while ago")
  expect([charges() - before, planOf(person)]).toEqual([0, "starter"])
  await plans.change(CTX, { ...input, seen: await plans.preview(person.id, dearer) })
  expect([charges() - before, planOf(person)]).toEqual([1, "professional"])
  await settled()
})
