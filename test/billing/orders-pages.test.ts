// Refunds and disputes on pages, over real HTTP: an admin finds a payment, gives a part back, releases what is frozen; its person sees each.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser } from "../build.ts"
import { openShop, type Shop } from "./world.ts"

setDefaultTimeout(30_000)
let shop: Shop
let admin: WebAgent
let buyer: WebAgent
let person: User
let orderId: string
let chargeId: string
const at = (path: string) => `${shop.server.url}${path}`

beforeAll(async () => {
  shop = await openShop()
  const { app } = shop.server
  const grace = await makeUser(app, { isAdmin: true, name: "Grace Operator" })
  person = await makeUser(app, { name: `<b>"Ada"` })
  admin = await signedIn(shop.server, grace.email)
  buyer = await signedIn(shop.server, person.email)
  const order = await app.billing.buy(CTX, { buyer: person, slug: "plus", key: "pages" })
  shop.stripe.pay(order.sessionId!, { with: "4242424242424242" })
  await shop.stripe.webhooks.idle()
  orderId = order.publicId
  chargeId = app.billing.order(person.id, orderId)!.chargeId!
})
afterAll(() => shop?.close())

test("found by address, by id and by the processor's own ids; nobody else sees it", async () => {
  for (const q of [person.email, orderId, chargeId]) {
    const page = await admin.get(at(`/admin/orders?q=${encodeURIComponent(q)}`))
    expect([page.status, page.text.includes(`/admin/orders/${orderId}`), page.text.includes("<b>")]).toEqual([
      200,
      true,
      false,
    ])
  }
  for (const q of [
    "state=refunded",
    "state=disputed",
    "state=unpaid",
    "q=nobody@example.com",
    "q=ch_other",
    "before=1.ord_0",
  ])
    expect((await admin.get(at(`/admin/orders?${q}`))).text).not.toContain(`/admin/orders/${orderId}`)
  for (const path of ["/admin/orders", `/admin/orders/${orderId}`, `/admin/orders/${orderId}/refund`])
    expect((await buyer.get(at(path))).status).toBe(404)
  expect((await admin.get(at("/admin/orders/ord_none"))).status).toBe(404)
})

test("a part is given back, with a reason and within what is left; both see it", async () => {
  const path = `/admin/orders/${orderId}/refund`
  const form = await admin.get(at(path))
  for (const [values, words] of [
    [{ amount: "26", reason: "Too much" }, "more than is left"],
    [{ amount: "1.005", reason: "Half a cent" }, "whole cents"],
    [{ amount: "10", reason: "" }, "reason"],
  ] as const) {
    const refused = await admin.submit(form, path, values)
    expect([refused.status, refused.text.toLowerCase().includes(words)]).toEqual([422, true])
  }
  const done = await admin.submit(form, path, { amount: "10", reason: "Bought twice" })
  expect(done.text).toContain("The money goes back.")
  expect(done.text).toContain("Refunded $10.00")
  expect(done.text).toContain("Bought twice")
  // The same form once more is the same refund.
  await admin.submit(form, path, { amount: "10", reason: "Bought twice" })
  await shop.stripe.webhooks.idle()
  expect(shop.stripe.world.all("refund").length).toBe(1)
  expect((await admin.get(at("/admin/orders?state=refunded"))).text).toContain(orderId)
  const seen = await buyer.get(at(`/credits/orders/${orderId}`))
  expect([
    seen.text.includes("Refunded in part"),
    seen.text.includes("$10.00"),
    seen.text.includes("Bought twice"),
  ]).toEqual([true, true, false])
  expect((await buyer.get(at("/credits"))).text).toContain("Refunds and disputes")
})

test("what a bank asks about is frozen, and released by an admin", async () => {
  const spendable = () =>
    shop.server.app.ledger.wallet({ kind: "principal", id: person.id }, "live").spendableNano as number
  const before = spendable()
  shop.stripe.question(chargeId)
  await shop.stripe.webhooks.idle()
  expect(spendable()).toBe(0)
  expect((await buyer.get(at("/credits"))).text).toContain("are frozen until the bank has decided")
  expect((await buyer.get(at(`/credits/orders/${orderId}`))).text).toContain("A bank looks at this payment")
  const page = await admin.get(at(`/admin/orders/${orderId}`))
  const action = /action="([^"]*\/release)"/.exec(page.text)![1]!
  const done = await admin.submit(page, action)
  expect([done.text.includes("can be spent again"), spendable()]).toEqual([true, before])
})
