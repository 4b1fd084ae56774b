// Every route of the marketplace, and every id in it, walked by whoever it is not for: a rival who publishes an API of their own and is subscribed to
// the same one, the publisher on their consumer's pages, the consumer on the publisher's. And what publishers see of whoever pays.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import { csrfOf, signedIn } from "../browser/house.ts"
import { CTX, makeDeveloper, makeUser } from "../build.ts"
import { openRouteWorld, parameterOf, type RouteWorld } from "../routes.ts"

let world: RouteWorld
let rival: WebAgent
let publisher: WebAgent
let consumer: WebAgent
/** A second subscriber of the same API. */
let neighbour: WebAgent
/** Of the rival: an API with a plan, an endpoint and a consumer. */
let own: { product: string; plan: string; endpoint: string; consumer: string }

const TERMS = { cycle: "month", trialDays: 0, overageNano: null, overageCapNano: null, quotas: [], rates: [] } as const

beforeAll(async () => {
  world = await openRouteWorld()
  const { server, developer, person } = world
  const { app } = server
  const { catalog, plans, subscriptions, calls } = app.marketplace
  const eve = await makeDeveloper(app, { name: "Eve" })
  const other = await makeUser(app, { name: "Other" })
  const weather = catalog.productBySlug(world.market.product)!
  own = await app.store.write(CTX, (tx) => {
    catalog.becomePublisherIn(tx, { ownerId: eve.id, slug: "eve-labs", name: "Eve Labs" })
    const upstreamUrl = "http://127.0.0.1:9"
    const made = catalog.createProductIn(tx, { ownerId: eve.id, title: "Tides", slug: "tides", upstreamUrl })
    const mine = { ownerId: eve.id, productPublicId: made.publicId }
    const endpoint = catalog.saveEndpointIn(tx, { ...mine, method: "GET", path: "/tides", title: "Tides" })
    const plan = plans.createPlanIn(tx, {
      productId: made.id,
      name: "Free",
      terms: { ...TERMS, priceNano: 0 as never },
    })
    catalog.setStateIn(tx, { productPublicId: made.publicId, state: "published", reason: null })
    const { subscription } = subscriptions.subscribeIn(tx, { userId: other.id, planId: plan.id, key: "walk" })
    const free = plans.plansOf(weather.id)[0]!.id
    for (const { id: userId } of [eve, other])
      subscriptions.subscribeIn(tx, { userId, planId: free, key: `w${userId}` })
    return {
      product: made.publicId,
      plan: plan.publicId,
      endpoint: endpoint.publicId,
      consumer: subscription.publicId,
    }
  })
  await calls.flush()
  rival = await signedIn(server, eve.email)
  publisher = await signedIn(server, developer.email)
  consumer = await signedIn(server, person.email)
  neighbour = await signedIn(server, other.email)
}, 60_000)
afterAll(() => world?.server.close())

const routesOf = (method: string, start: RegExp): string[] =>
  world.server.routes
    .filter((route) => route.startsWith(`${method} `))
    .map((route) => route.slice(method.length + 1))
    .filter((pattern) => start.test(pattern))

/** The address, with some parameters that are the caller's own. */
const at = (pattern: string, mine: Record<string, string> = {}): string =>
  pattern.replace(/:(\w+)/g, (_, name: string) => mine[name] ?? parameterOf(world, name))

/** What hangs on a subscription, and on nobody else's. */
const CONSUMERS = /^\/(subscriptions\/:|marketplace\/:api\/(keys\/:|calls\/:|reviews\/:review\/removal))/
const PUBLISHERS = /^\/publisher\/(products\/:product|settings\/servers\/:server)/

/** Every row of the marketplace, and of the money in it. */
const rows = (): string => {
  const { read } = world.server.app.store
  const tables = read.all<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND (name LIKE 'market_%' OR name IN ('invoices', 'sales', 'credit_notes')) ORDER BY name",
  )
  expect(tables.length).toBeGreaterThan(25)
  return JSON.stringify(tables.map(({ name }) => [name, read.all(`SELECT * FROM "${name}"`)]))
}

const secrets = () => [
  world.person.email,
  world.market.subscription,
  world.market.productKey,
  world.market.call,
  world.market.sale,
]

interface Walk {
  who: WebAgent
  start: RegExp
  mine?: Record<string, string>
  /** Routes that have none of the other's ids. */
  without?: RegExp
}

/** Reads and sends all of it. @returns how many it were */
async function walk({ who, start, mine = {}, without = /^$/ }: Walk): Promise<number> {
  const csrf = await csrfOf(world.server, who)
  const before = rows()
  const [reads, forms] = ["GET", "POST"].map((method) =>
    routesOf(method, start).filter((pattern) => !without.test(pattern)),
  ) as [string[], string[]]
  for (const pattern of reads) {
    const answer = await who.get(`${world.server.url}${at(pattern, mine)}`)
    expect({ pattern, status: answer.status }).toEqual({ pattern, status: 404 })
    const tells = secrets().filter((secret) => answer.text.includes(secret) && !at(pattern, mine).includes(secret))
    expect({ pattern, tells }).toEqual({ pattern, tells: [] })
  }
  for (const pattern of forms) {
    const fields = ["title", "name", "reason", "text", "note"].map((name): [string, string] => [name, "x"])
    const answer = await who.post(`${world.server.url}${at(pattern, mine)}`, [["csrf", csrf], ...fields])
    expect({ pattern, status: answer.status }).toEqual({ pattern, status: 404 })
  }
  expect(rows()).toBe(before)
  return reads.length + forms.length
}

test("no consumer, and not the publisher either, reads or changes another's subscription, keys, calls or review", async () => {
  for (const who of [rival, neighbour, publisher]) expect(await walk({ who, start: CONSUMERS })).toBeGreaterThan(14)
  // They are there for whose they are.
  for (const pattern of routesOf("GET", CONSUMERS)) {
    const { status } = await consumer.get(`${world.server.url}${at(pattern)}`)
    expect({ pattern, status }).toEqual({ pattern, status: 200 })
  }
})

test("no publisher and no consumer is on a publisher's pages but its own", async () => {
  for (const who of [rival, consumer, neighbour]) expect(await walk({ who, start: PUBLISHERS })).toBeGreaterThan(60)
})

test("nothing of another's API is reached through one's own", async () => {
  // All that names something within an API, or a server.
  const without = /^\/publisher\/products\/:product(\/[^:]*)?$/
  const mine = { product: own.product }
  expect(await walk({ who: rival, start: PUBLISHERS, mine, without })).toBeGreaterThan(25)
  // A consumer of one's own, and the payment of another's.
  const paid = /:consumer\/payments/
  expect(await walk({ who: rival, start: paid, mine: { ...mine, consumer: own.consumer } })).toBe(2)
})

test("nor is another's plan, endpoint, contact, review or sign by a form of one's own", async () => {
  const { url } = world.server
  const csrf = await csrfOf(world.server, rival)
  const { tier, endpoint, review, sign } = world.market
  const page = `/publisher/products/${own.product}`
  const contact = world.server.app.store.read.get<{ id: string }>("SELECT public_id AS id FROM market_contacts")!.id
  const made = { method: "GET", path: "/more", title: "More", weight: "1", price: "0" }
  type Form = [path: string, fields: Record<string, string>, control?: Record<string, string>]
  const forms: Form[] = [
    [`${page}/consumers/${own.consumer}/plan`, { plan: tier }, { plan: own.plan }],
    [`${page}/endpoints`, { ...made, path: "/other", min_plan: tier }, { ...made, path: "/other", min_plan: own.plan }],
    [`${page}/endpoints/order`, { endpoint, by: "up" }, { endpoint: own.endpoint, by: "up" }],
    [`${page}/support/contacts/removal`, { contact }],
    [`${page}/reviews/answers`, { review, text: "x" }],
    [`${page}/signs/closing`, { sign }],
    ["/marketplace/tides/subscribe", { plan: tier }],
  ]
  const send = async (path: string, fields: Record<string, string>) =>
    (await rival.post(`${url}${path}`, [["csrf", csrf], ...Object.entries(fields)])).status
  for (const [path, fields, control] of forms) {
    const before = rows()
    const status = await send(path, fields)
    expect([path, status, [404, 422].includes(status)]).toEqual([path, status, true])
    expect(rows()).toBe(before)
    // With one's own it goes.
    if (control) expect([path, await send(path, control)]).toEqual([path, 200])
  }
})

test("publishers read nothing of how their consumers pay, and nothing of other publishers", async () => {
  const { person, developer, cardId, orderId, paymentId, lotId, transactionId, invoice } = world
  const wallet = [person.email, cardId, orderId, paymentId, lotId, transactionId, invoice, "•••• 4242"]
  const pages = routesOf("GET", /^\/publisher/)
  for (const pattern of pages) {
    const mine = await publisher.get(`${world.server.url}${at(pattern)}`)
    expect({ pattern, status: mine.status }).toEqual({ pattern, status: 200 })
    const tells = [...wallet, own.product, own.consumer].filter((one) => mine.text.includes(one))
    expect({ pattern, tells }).toEqual({ pattern, tells: [] })
  }
  const plain = pages.filter((pattern) => !pattern.includes(":"))
  expect(plain.length).toBeGreaterThan(5)
  for (const pattern of plain) {
    const { text } = await rival.get(`${world.server.url}${pattern}`)
    const tells = [...secrets(), world.market.productId, developer.email].filter((one) => text.includes(one))
    expect({ pattern, tells }).toEqual({ pattern, tells: [] })
  }
})

test("a consumer's lists hold nobody else's", async () => {
  for (const pattern of [
    "/subscriptions",
    "/subscriptions/billing",
    ...routesOf("GET", /^\/marketplace\/:api\/(keys|calls|usage|billing|support|reviews)$/),
  ]) {
    for (const who of [rival, neighbour]) {
      const { text, status } = await who.get(`${world.server.url}${at(pattern)}`)
      const tells = secrets().filter((one) => text.includes(one))
      expect({ pattern, status, tells }).toEqual({ pattern, status: 200, tells: [] })
    }
  }
})
