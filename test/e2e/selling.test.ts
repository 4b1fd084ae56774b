// What a publisher offers and what a person subscribes to, by the pages alone: plans, changes with the price before, billing, consumers, revenue.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { nano } from "../../src/app/index.ts"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { principal } from "../../src/ledger/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeDeveloper, makeUser, startTestServer, type TestServer } from "../build.ts"
import { addSelling, type SellingWorld } from "../selling-world.ts"

let server: TestServer
let person: User
let publisher: WebAgent
let consumer: WebAgent
let stranger: WebAgent
let selling: SellingWorld
const at = (path: string) => `${server.url}${path}`
const product = () => `/publisher/products/${selling.product}`

beforeAll(async () => {
  server = await startTestServer()
  const developer = await makeDeveloper(server.app)
  person = await makeUser(server.app, { name: "Mara" })
  selling = await addSelling(server, developer, person, "Free", "weather")
  publisher = await signedIn(server, developer.email)
  consumer = await signedIn(server, person.email)
  stranger = await signedIn(server, (await makeDeveloper(server.app, { name: "Eve" })).email)
}, 60_000)
afterAll(() => server?.close())

const bought = (dollars: number) =>
  server.app.store.write(CTX, (tx) =>
    server.app.ledger.grantIn(tx, {
      owner: principal(person.id),
      mode: "live",
      type: "topup",
      bucket: "purchase",
      amountNano: nano(dollars * 1_000_000_000),
      paid: true,
      key: `bought ${dollars}`,
    }),
  )
const planId = (name: string) => {
  const { plans, catalog } = server.app.marketplace
  return plans.plansOf(catalog.productBySlug("weather")!.id).find((plan) => plan.name === name)!.publicId
}

test("a publisher offers a plan; what is wrong comes back by field, with what was typed", async () => {
  const form = await publisher.get(at(`${product()}/plans/new`))
  const wrong = await publisher.submit(form, `${product()}/plans/new`, { name: "Pro", price: "29.999", rates: "often" })
  expect([wrong.status, wrong.text.includes("is no rule such as"), wrong.text.includes('value="Pro"')]).toEqual([
    422,
    true,
    true,
  ])
  const values = {
    name: "Pro",
    price: "29.99",
    month: "50,000",
    rates: "10 a second\n5 a second GET /weather",
    overage: "0.001",
  }
  const made = await publisher.submit(form, `${product()}/plans/new`, values)
  expect(new URL(made.url).pathname).toBe(`${product()}/plans`)
  expect(made.text).toContain("$29.99 a month")
})

test("a change of terms counts for later subscribers, and the page says so", async () => {
  const free = `${product()}/plans/${planId("Free")}`
  const page = await publisher.get(at(free))
  expect(page.text).toContain("1 subscriber has this plan")
  const saved = await publisher.submit(page, free, { month: "500" })
  expect([saved.status, saved.text.includes("Present subscribers keep theirs")]).toEqual([200, true])
  expect(saved.text).toContain("1 of them on earlier terms")
})

test("a person sees the price before they pay it, and pays it once", async () => {
  const path = `/subscriptions/${selling.subscription}`
  const ask = at(`${path}/plan?to=${planId("Pro")}`)
  const before = await consumer.get(ask)
  expect([before.text.includes("$29.99"), before.text.includes("Add credits")]).toEqual([true, true])
  const short = await consumer.submit(before, `${path}/plan`)
  expect(short.status).toBe(402)
  await bought(50)
  const asked = await consumer.get(ask)
  const paid = await consumer.submit(asked, `${path}/plan`)
  expect([new URL(paid.url).pathname, paid.text.includes("Your plan is Pro now.")]).toEqual([path, true])
  await consumer.submit(asked, `${path}/plan`)
  const spent = 50_000_000_000 - Number(server.app.ledger.paidSpendableOf(principal(person.id), "live"))
  expect(spent).toBeGreaterThan(29_000_000_000)
  expect(spent).toBeLessThanOrEqual(29_990_000_000)
  const billing = await consumer.get(at("/subscriptions/billing?state=paid"))
  const [invoice] = /INV-\d{4}-\d{3}/.exec(billing.text)!
  const paper = await consumer.get(at(`/credits/invoices/${invoice}`))
  expect([paper.status, paper.text.includes("change to Pro")]).toEqual([200, true])
})

test("down and out: planned, taken back, cancelled, kept", async () => {
  const path = `/subscriptions/${selling.subscription}`
  const down = await consumer.submit(await consumer.get(at(`${path}/plan?to=${planId("Free")}`)), `${path}/plan`)
  expect(down.text).toContain("Free begins with the next period.")
  const kept = await consumer.submit(await consumer.get(at(`${path}/plan?to=${planId("Pro")}`)), `${path}/plan`)
  expect(kept.text).toContain("Your plan is Pro now.")
  const out = await consumer.submit(await consumer.get(at(`${path}/cancellation`)), `${path}/cancellation`)
  expect(out.text).toContain("ends with its period")
  const back = await consumer.submit(out, `${path}/resumption`)
  expect(back.text).toContain("goes on.")
})

test("a publisher sees consumers without addresses, blocks and unblocks, moves, gives quota back", async () => {
  const list = await publisher.get(at(`${product()}/consumers`))
  expect([list.text.includes("Mara"), list.text.includes(person.email)]).toEqual([true, false])
  const path = `${product()}/consumers/${selling.subscription}`
  const blocked = await publisher.submit(await publisher.get(at(`${path}/block`)), `${path}/block`, {
    reason: "Too much.",
  })
  expect([blocked.text.includes("Too much."), blocked.text.includes(person.email)]).toEqual([true, false])
  expect((await consumer.get(at(`/subscriptions/${selling.subscription}`))).text).toContain("Its publisher blocked it")
  const open = await publisher.submit(blocked, `${path}/unblock`)
  const given = await publisher.submit(open, `${path}/quota`)
  expect(given.text).toContain("has used nothing of the present periods")
  // Units above its smaller quota would be charged; without a price they are refused instead.
  const dearer = await publisher.submit(given, `${path}/plan`, { plan: planId("Free") })
  expect([dearer.status, dearer.text.includes("would cost them more")]).toEqual([422, true])
  const free = `${product()}/plans/${planId("Free")}`
  const present = await publisher.get(at(free))
  await publisher.submit(present, free, { overage: "" })
  const moved = await publisher.submit(given, `${path}/plan`, { plan: planId("Free") })
  expect(moved.text).toContain("has the plan Free now")
})

test("revenue adds up, on the page and as a file", async () => {
  const page = await publisher.get(at("/publisher/revenue"))
  const file = await publisher.get(at("/publisher/revenue.csv"))
  const [head, row] = file.text
    .trim()
    .split("\r\n")
    .map((line) => line.split(","))
  expect(head).toEqual([
    "month",
    "product",
    "plan",
    "payments",
    "gross_usd",
    "refunded_usd",
    "commission_usd",
    "net_usd",
  ])
  const [gross, , commission, net] = row!.slice(4).map((text) => Math.round(Number(text) * 1e9))
  expect([row![1], row![2], gross! - commission!]).toEqual(["weather", "Pro", net!])
  expect(page.text).toContain("By month, API and plan")
})

test("a publisher gives a part of a payment back, and nobody else", async () => {
  const home = `${product()}/consumers/${selling.subscription}`
  const has = () => server.app.store.read.get<{ n: number }>("SELECT SUM(remaining_nano) AS n FROM lots")!.n
  const before = has()
  const [, path] = /href="([^"]*\/payments\/\d+\/refund)"/.exec((await publisher.get(at(home))).text)!
  for (const agent of [consumer, stranger]) expect((await agent.get(at(path!))).status).not.toBe(200)
  const wrong = await publisher.submit(await publisher.get(at(path!)), path!, { amount: "1000", reason: "Outage" })
  expect([wrong.status, wrong.text.includes("Give an amount above 0"), has()]).toEqual([422, true, before])
  const form = await publisher.get(at(path!))
  for (let twice = 0; twice < 2; twice++) {
    const done = await publisher.submit(form, path!, { amount: "0.25", reason: "Outage <b>" })
    expect(plainText(done.text)).toContain("Given back: $0.25")
  }
  expect(has() - before).toBe(250_000_000)
  const seen = await consumer.get(at("/subscriptions/billing"))
  const [, note] = /href="(\/credits\/invoices\/[^"]*\/notes\/CN-[^"]*)"/.exec(seen.text)!
  expect([plainText(seen.text).includes("Given back: $0.25"), (await consumer.get(at(note!))).status]).toEqual([
    true,
    200,
  ])
  expect(plainText((await publisher.get(at("/publisher/revenue"))).text)).toContain("Given back")
})

test("an end is an end", async () => {
  const path = `${product()}/consumers/${selling.subscription}`
  const ended = await publisher.submit(await publisher.get(at(`${path}/end`)), `${path}/end`, { reason: "Asked for." })
  expect(ended.text).toContain("is over.")
  expect((await consumer.get(at(`/subscriptions/${selling.subscription}`))).text).toContain("You can subscribe again")
})

test("an admin steps in where a consumer needs help: with a reason, in their own name", async () => {
  const { app } = server
  const boss = await makeUser(app, { name: "Boss", isAdmin: true })
  const admin = await signedIn(server, boss.email)
  const helped = await makeUser(app, { name: "Nora" })
  const { plans, catalog, subscriptions, calls } = app.marketplace
  const sold = catalog.productBySlug("weather")!
  const free = plans.plansOf(sold.id).find(({ name }) => name === "Free")!
  const { subscription } = await app.store.write(CTX, (tx) => {
    const made = subscriptions.subscribeIn(tx, { userId: helped.id, planId: free.id, key: "admin" })
    tx.run(
      "INSERT INTO market_quota_use (subscription_id, period, start_ms, end_ms, used) VALUES (?, 'month', ?, ?, 77)",
      made.subscription.id,
      tx.now - 1,
      tx.now + 1_000_000,
    )
    return made
  })
  const of = `/admin/products/${sold.publicId}`
  const one = `${of}/consumers/${subscription.publicId}`
  const list = await admin.get(at(`${of}/consumers`))
  expect([list.text.includes("Nora"), list.text.includes(one)]).toEqual([true, true])
  expect((await admin.get(at(of))).text).toContain(`href="${of}/consumers"`)
  expect(plainText((await admin.get(at(one))).text)).toContain("77 of")
  // Without a reason nothing happens.
  const refused = await admin.submit(await admin.get(at(`${one}/quota`)), `${one}/quota`, { reason: "" })
  expect([refused.status, calls.quotaOf(subscription)[0]!.used]).toEqual([422, 77])
  const reset = await admin.submit(await admin.get(at(`${one}/quota`)), `${one}/quota`, { reason: "Our own fault" })
  expect([reset.text.includes("has used nothing"), calls.quotaOf(subscription)[0]!.used]).toEqual([true, 0])
  const moved = await admin.submit(reset, `${one}/plan`, { plan: planId("Pro"), reason: "As promised" })
  expect(moved.text).toContain("has the plan Pro now.")
  const blocked = await admin.submit(await admin.get(at(`${one}/block`)), `${one}/block`, { reason: "A leaked key" })
  expect([blocked.text.includes("are refused"), subscriptions.byId(subscription.id)!.state]).toEqual([true, "banned"])
  await admin.submit(blocked, `${one}/unblock`, {})
  expect(subscriptions.byId(subscription.id)!.state).toBe("active")
  await admin.submit(await admin.get(at(`${one}/end`)), `${one}/end`, { reason: "Asked for it" })
  expect(subscriptions.byId(subscription.id)!.state).toBe("ended")
  const said = app.store.read.all<{ action: string; actor: string; reason: string }>(
    "SELECT action, actor, reason FROM audit_log WHERE subject = ? AND actor = ? ORDER BY id",
    subscription.publicId,
    `admin:${boss.publicId}`,
  )
  expect(said.map(({ action, reason }) => [action, reason])).toEqual([
    ["api.quota_reset", "Our own fault"],
    ["api.moved", "As promised"],
    ["api.banned", "A leaked key"],
    ["api.unbanned", "unblocked a consumer of an API"],
    ["api.ended", "Asked for it"],
  ])
  // Under another API, and for everybody else, it is not there.
  const other = await app.store.write(CTX, (tx) => {
    const { ownerId } = catalog.publisherById(sold.publisherId)!
    return catalog.createProductIn(tx, { ownerId, title: "Tides", slug: "tides", upstreamUrl: "https://t.example.com" })
  })
  const elsewhere = `/admin/products/${other.publicId}/consumers/${subscription.publicId}`
  expect((await admin.get(at(elsewhere))).status).toBe(404)
  for (const agent of [publisher, stranger]) expect((await agent.get(at(one))).status).toBe(404)
}, 60_000)
