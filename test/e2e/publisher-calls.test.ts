// What a publisher sees of the use of their APIs: figures, calls one by one, signs of abuse; without payment or addresses, and of their own alone.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { dayOf } from "../../src/app/index.ts"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { csrfOf, signedIn } from "../browser/house.ts"
import { CTX, makeDeveloper, makeUser, startTestServer, type TestServer } from "../build.ts"
import { addSelling, type SellingWorld } from "../selling-world.ts"

let server: TestServer
let person: User
let publisher: WebAgent
let other: WebAgent
let consumer: WebAgent
let selling: SellingWorld
let sign: number
let foreign: string
const at = (path: string) => `${server.url}${path}`
const page = (rest = "") => `/publisher/products/${selling.product}${rest}`
const post = async (agent: WebAgent, path: string, fields: [string, string][]) =>
  agent.post(at(path), [["csrf", await csrfOf(server, agent)], ...fields])

beforeAll(async () => {
  server = await startTestServer()
  const { app } = server
  const developer = await makeDeveloper(app, { name: "Ada" })
  const eve = await makeDeveloper(app, { name: "Eve" })
  person = await makeUser(app, { name: "Mara" })
  selling = await addSelling(server, developer, person, "Free", "weather")
  foreign = await app.store.write(CTX, (tx) => {
    app.marketplace.catalog.becomePublisherIn(tx, { ownerId: eve.id, slug: "eve-labs", name: "Eve Labs" })
    const upstreamUrl = "https://tides.example.com/v1"
    return app.marketplace.catalog.createProductIn(tx, { ownerId: eve.id, title: "Tides", slug: "tides", upstreamUrl })
      .publicId
  })
  await use()
  publisher = await signedIn(server, developer.email)
  other = await signedIn(server, eve.email)
  consumer = await signedIn(server, person.email)
}, 60_000)
afterAll(() => server?.close())

/** Sums of a day, 60 calls one by one, and a sign. */
async function use() {
  const { store, marketplace, clock } = server.app
  const product = marketplace.catalog.productBySlug("weather")!
  const [endpoint] = marketplace.catalog.endpointsOf(product.id)
  const { id: subscriptionId } = marketplace.subscriptions.byPublicId(selling.subscription)!
  // Upper bounds: half of the answers below 5 ms, the rest below 350.
  const latencies = Array.from({ length: 24 }, (_, index) => (index === 2 ? 700 : index === 11 ? 534 : 0)).join(" ")
  await store.write(CTX, (tx) => {
    tx.run(
      `INSERT INTO market_call_days (day, product_id, endpoint_id, subscription_id, calls, status_4xx, status_5xx, failed, refused_key, latencies)
       VALUES (?, ?, ?, -1, 1234, 56, 7, 2, 9, ?)`,
      dayOf(clock.now()),
      product.id,
      endpoint!.id,
      latencies,
    )
    for (let index = 1; index <= 60; index++)
      tx.run(
        `INSERT INTO market_calls (request_id, at_ms, product_id, subscription_id, key_id, endpoint_id, method, path, status, error_code,
           latency_ms, units, charged_nano, bytes_out) VALUES (?, ?, ?, ?, 1, ?, 'GET', '/weather', ?, NULL, 4, 1, 1234567890, 10)`,
        `req_seen_${String(index).padStart(2, "0")}`,
        clock.now(),
        product.id,
        subscriptionId,
        endpoint!.id,
        index === 1 ? 503 : 200,
      )
    sign = Number(
      tx.run(
        `INSERT INTO market_signals (rule, product_id, subscription_id, key_id, seen, usual, first_ms, last_ms)
         VALUES ('networks', ?, ?, 1, 41, 8, ?, ?)`,
        product.id,
        subscriptionId,
        clock.now(),
        clock.now(),
      ).lastInsertRowid,
    )
  })
}

test("the first page shows calls, failures, times, revenue and consumers, and what asks to be looked at", async () => {
  const { text } = await publisher.get(at("/publisher"))
  for (const seen of ["1,234", "350 ms", "5 ms", "Net revenue", "1 sign of unusual use.", `${page("/calls")}#signs`])
    expect([seen, text.includes(seen)]).toEqual([seen, true])
  // Failures on the way are failures of the server: 7 and 2.
  expect(text).toMatch(/<dt>5xx<\/dt><dd><[^>]*>9</)
  expect(text).not.toContain(person.email)
  const empty = await other.get(at("/publisher"))
  expect([empty.text.includes("No call yet"), empty.text.includes("1,234"), empty.text.includes("sign of")]).toEqual([
    true,
    false,
    false,
  ])
})

test("calls by endpoint and one by one, page by page, without payment and addresses", async () => {
  const first = await publisher.get(at(page("/calls")))
  expect([first.status, first.text.includes("GET /weather"), first.text.includes("Mara")]).toEqual([200, true, true])
  expect(first.text).toContain("9 more calls were refused")
  const listed = (html: string) => new Set(html.match(/req_seen_\d\d/g)).size
  const [, older] = /href="([^"]*before=\d+)"/.exec(first.text)!
  const second = await publisher.get(at(older!.replaceAll("&amp;", "&")))
  expect([listed(first.text), listed(second.text)]).toEqual([50, 10])
  expect([second.text.includes("req_seen_60"), second.text.includes("req_seen_01")]).toEqual([false, true])
  const failed = await publisher.get(at(page("/calls?only=errors")))
  expect([listed(failed.text), failed.text.includes("req_seen_01")]).toEqual([1, true])
  for (const { text } of [first, second, failed])
    expect([text.includes(person.email), text.includes("1.23"), text.includes("1,234,567")]).toEqual([
      false,
      false,
      false,
    ])
})

test("nobody else sees calls or closes signs, not even by an API of their own", async () => {
  for (const agent of [other, consumer]) {
    const seen = await agent.get(at(page("/calls")))
    expect([seen.status === 200 && seen.text.includes("req_seen"), seen.text.includes("1,234")]).toEqual([false, false])
  }
  expect((await other.get(at(page("/calls")))).status).toBe(404)
  expect((await post(other, page("/signs/closing"), [["sign", String(sign)]])).status).toBe(404)
  const own = await post(other, `/publisher/products/${foreign}/signs/closing`, [["sign", String(sign)]])
  expect(own.status).toBe(404)
  expect(server.app.marketplace.calls.signalById(sign)!.closedMs).toBeNull()
})

test("a publisher closes a sign once, and the audit log says who", async () => {
  const before = await publisher.get(at(page("/calls")))
  expect(before.text).toContain("used from 41 networks in an hour")
  await post(publisher, page("/signs/closing"), [["sign", String(sign)]])
  await post(publisher, page("/signs/closing"), [["sign", String(sign)]])
  expect(server.app.marketplace.calls.signalById(sign)!.closedMs).not.toBeNull()
  const acts = server.app.store.read.all("SELECT actor FROM audit_log WHERE action = 'product.sign_closed'")
  expect(acts).toHaveLength(1)
  expect((await publisher.get(at("/publisher"))).text).not.toContain("sign of unusual use")
  expect((await post(publisher, page("/signs/closing"), [["sign", "x"]])).status).toBe(404)
})
