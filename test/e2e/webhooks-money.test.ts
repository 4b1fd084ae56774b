// Events of money and limits, from the acts that cause them: credits, calls that are refused, low credits, payments, subscriptions, a day.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { Value } from "@sinclair/typebox/value"
import { credits, DAY_MS, nano, VirtualClock } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import { EVENTS, type EventType, type WebhookOwner } from "../../src/webhooks/index.ts"
import {
  addSandbox,
  CTX,
  chat,
  giveCredits,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"
import { openMarket } from "../market-world.ts"

interface Sent {
  to: string
  type: EventType
  data: Record<string, unknown>
}

let sent: Sent[] = []
let server: TestServer
let clock: VirtualClock
let person: User
let developer: User
let client: Client
let secret: string | null

beforeAll(async () => {
  clock = new VirtualClock(Date.now())
  server = await startTestServer({
    clock,
    safeFetch: async (to, { body = "{}" }) => {
      sent.push({ to: new URL(to).pathname.slice(1), ...(JSON.parse(body) as Omit<Sent, "to">) })
      return { status: 200, headers: new Headers(), bytes: new Uint8Array(), text: () => "" }
    },
  })
  const { app } = server
  await addSandbox(app)
  developer = await makeDeveloper(app, { name: "Dev" })
  person = await makeUser(app, { name: "Ann" })
  ;({ client, secret } = await makeClient(app, { ownerId: developer.id, name: "Poet" }))
  const add = (to: string, owner: WebhookOwner) =>
    app.webhooks.create(CTX, owner, { url: `https://example.com/${to}`, types: null })
  await add("ann", { userId: person.id, client: null })
  await add("dev", { userId: developer.id, client: null })
  await add("app", { userId: developer.id, client })
})
afterAll(() => server.close())

/** What was sent since the last time. */
async function arrived(): Promise<Sent[]> {
  await server.app.outbox.flush()
  const all = sent
  sent = []
  for (const { type, data } of all) expect([type, Value.Check(EVENTS[type].data, data)]).toEqual([type, true])
  return all.toSorted((a, b) => (a.to + a.type).localeCompare(b.to + b.type))
}
const told = async () => (await arrived()).map(({ to, type, data }) => [to, type, data])
const run = (job: string) => server.app.jobs.runNow(CTX, job)

test("credits that come are told with the balance; daily ones are no event", async () => {
  await giveCredits(server.app, person, credits(600))
  expect(await told()).toEqual([
    ["ann", "credits.added", { credits: "600", balance: "600", source: "bonus", expires: null }],
  ])
})

test("a hundred calls and their refusals are two events: the first refusal of a day and scope, to the app and the person", async () => {
  const { accessToken } = await mintTokens(server.app, { user: person, client, secret: secret!, dailyNano: 1 })
  await arrived()
  for (let call = 0; call < 20; call++) expect((await chat(server.url, accessToken)).status).toBe(429)
  await server.app.usage.flush()
  const [toPerson, toApp, ...more] = await arrived()
  expect(more).toEqual([])
  expect(toPerson).toMatchObject({
    to: "ann",
    type: "call.refused",
    data: { reason: "app_daily_limit_exceeded", app: client.publicId, key: null, scope: "llm" },
  })
  expect(toApp).toMatchObject({ to: "app", type: "limit.reached", data: { user: person.publicId, scope: "llm" } })
  await chat(server.url, accessToken)
  await server.app.usage.flush()
  expect(await arrived()).toEqual([])
})

test("credits that are low are told once, and again after they were not", async () => {
  const take = (amount: number) =>
    server.app.store.write(CTX, (tx) =>
      server.app.ledger.adjustIn(tx, {
        owner: { kind: "principal", id: person.id },
        mode: "live",
        amountNano: nano(-credits(amount)),
        key: `take:${amount}`,
      }),
    )
  await run("webhook-lows")
  // Who has none is told so.
  expect(await told()).toEqual([["dev", "balance.low", { balance: "0", below: "500" }]])
  await take(150)
  await run("webhook-lows")
  await run("webhook-lows")
  expect(await told()).toEqual([["ann", "balance.low", { balance: "450", below: "500" }]])
  await giveCredits(server.app, person, credits(100))
  await run("webhook-lows")
  await arrived()
  await take(149)
  await run("webhook-lows")
  expect((await arrived()).map(({ type }) => type)).toEqual(["balance.low"])
})

test("the end of a day is told once, with its sums; a day without a call is not", async () => {
  await server.app.store.write(CTX, (tx) => {
    const [consent] = server.app.oauth.consentsOf(person.id)
    const limits = { llm: credits(40) }
    server.app.oauth.updateLimitsIn(tx, { userId: person.id, consentPublicId: consent!.publicId, limits })
  })
  expect((await arrived()).map(({ to, type }) => [to, type])).toEqual([["app", "permission.changed"]])
  const { accessToken } = await mintTokens(server.app, {
    user: person,
    client,
    secret: secret!,
    dailyNano: credits(40),
  })
  const answer = await chat(server.url, accessToken)
  expect(answer.status).toBe(200)
  await answer.text()
  await arrived()
  clock.advance(DAY_MS)
  await run("webhook-days")
  await run("webhook-days")
  const [day, ...more] = await arrived()
  expect(more).toEqual([])
  expect(day).toMatchObject({ to: "app", type: "usage.day", data: { users: 1, calls: 1, refused: 21 } })
  expect(Number(day!.data.credits)).toBeGreaterThan(0)
  clock.advance(DAY_MS)
  await run("webhook-days")
  expect(await arrived()).toEqual([])
})

test("a subscription is told to whoever subscribed and to whoever publishes", async () => {
  const { app } = server
  const buyer = await makeUser(app, { name: "Buyer" })
  const market = await openMarket(server, { developer, person, buyer, word: "Weather" })
  const ref = { userId: person.id, subscription: market.subscription }
  await app.store.write(CTX, (tx) => void app.marketplace.subscriptions.cancelIn(tx, ref))
  const all = (await arrived()).filter(({ type }) => /^subscri/.test(type))
  const of = (to: string) => all.filter((one) => one.to === to).map(({ type, data }) => [type, data.change])
  expect(of("ann")).toEqual([
    ["subscription.changed", "started"],
    ["subscription.changed", "cancelled"],
  ])
  expect(of("dev").filter(([, change]) => change === "cancelled")).toEqual([["subscriber.changed", "cancelled"]])
  expect(all.find(({ to }) => to === "ann")?.data).toMatchObject({ subscription: market.subscription })
})

test("a payment is told when its money came", async () => {
  const { app } = server
  const asked = { reference: "r", way: "bank" as const, reverseCharge: false, paidMs: clock.now() }
  const billed = { buyerName: "Ann", buyerAddress: "Street 1", buyerTaxId: "" }
  const order = await app.store.write(CTX, (tx) =>
    app.billing.recordIn(tx, {
      userId: person.id,
      key: "paid",
      priceNano: nano(10_000_000_000),
      taxNano: nano(0),
      ...asked,
      ...billed,
    }),
  )
  const paid = (await arrived()).find(({ type }) => type === "payment.succeeded")
  expect(paid).toMatchObject({ to: "ann", data: { order: order.publicId, credits: "10000", amount: "10.00 USD" } })
})
