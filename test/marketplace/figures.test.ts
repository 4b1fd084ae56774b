// What pages say of calls: a subscriber's days by what became of them, and what asks a publisher to look.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import type { IssuedKey } from "../../src/marketplace/calls/index.ts"
import { Echo, type MadeProduct, productIn, subscribeIn } from "../../src/marketplace/calls/testing.ts"
import { hitsOf, partsOf } from "../../src/sites/console/market/usage.ts"
import { CTX, makeDeveloper, makeUser, PASSWORD, startTestServer, type TestServer } from "../build.ts"

let server: TestServer
let echo: Echo
let product: MadeProduct
let owner: User
let owner2: User
let key: IssuedKey
let subscriptionId: number

beforeAll(async () => {
  echo = new Echo()
  server = await startTestServer({ env: { PURSER_PRODUCT_NETWORKS: "127.0.0.1" } })
  owner = await makeDeveloper(server.app, { name: "Linus" })
  owner2 = await makeDeveloper(server.app, { name: "Grace" })
  const subscriber = await makeUser(server.app)
  const { store, keyring, marketplace } = server.app
  await store.write(CTX, (tx) => {
    product = productIn(tx, keyring, {
      ownerId: owner.id,
      upstreamUrl: echo.url,
      endpoints: [{ path: "/a" }],
    })
    subscriptionId = subscribeIn(tx, product, subscriber.id)
    key = marketplace.calls.issueKeyIn(tx, { subscriptionId, userId: subscriber.id, name: "Site" })
  })
})
afterAll(async () => {
  await server.close()
  echo.close()
})

const call = async (path: string): Promise<number> => {
  const url = server.at(`/m/${product.publisher}/${product.slug}${path}`)
  return (await fetch(url, { headers: { authorization: `Bearer ${key.secret}` } })).status
}
async function pageOf({ email }: User, path: string): Promise<string> {
  const agent = new WebAgent((next) => server.isOwn(next.origin))
  const page = await agent.submit(await agent.get(server.at(path)), "/login", { email, password: PASSWORD })
  return page.text
}
const homeOf = () => pageOf(owner, "/publisher")
function ownProduct(of: User): { publicId: string } {
  const { catalog } = server.app.marketplace
  return catalog.productsOf(catalog.publisherOf(of.id)!.id)[0]!
}
const today = () => {
  const day = Math.floor(server.app.clock.now() / 86_400_000)
  return { fromDay: day, toDay: day }
}

test("a call that was refused takes nothing from those that passed", async () => {
  expect([await call("/a"), await call("/a"), await call("/b"), await call("/b"), await call("/b")]).toEqual([
    200, 200, 404, 404, 404,
  ])
  const before = echo.answer
  echo.answer = () => new Response("no", { status: 404 })
  expect(await call("/a")).toBe(404)
  echo.answer = before
  const { calls } = server.app.marketplace
  await calls.flush()
  expect(partsOf(calls.figuresOfSubscription(subscriptionId, today()).total)).toEqual({
    passed: 2,
    failed: 1,
    refused: 3,
  })
  expect(partsOf(undefined)).toEqual({ passed: 0, failed: 0, refused: 0 })
})

test("limits that were hit: one line for refusals of one kind in a row, and what was short", () => {
  const at = (atMs: number, errorCode: string) => ({ atMs, endpointId: 7, errorCode: errorCode as never })
  const rows = [
    at(9, "insufficient_credits"),
    at(8, "rate_limit_exceeded"),
    at(7, "rate_limit_exceeded"),
    at(6, "not_found"),
    at(5, "quota_exceeded"),
  ]
  expect(
    hitsOf(
      rows,
      () => "Tides",
      () => "2 a minute",
    ),
  ).toEqual([
    { atMs: 9, endpoint: "Tides", calls: 1, what: "Bought credits" },
    { atMs: 8, endpoint: "Tides", calls: 2, what: "Rate, 2 a minute" },
    { atMs: 5, endpoint: "Tides", calls: 1, what: "Quota" },
  ])
})

test("a day with many errors stands on its publisher's first page, and a few do not", async () => {
  const { calls } = server.app.marketplace
  const before = echo.answer
  echo.answer = () => new Response("no", { status: 500 })
  for (let at = 0; at < 15; at++) expect(await call("/a")).toBe(500)
  await calls.flush()
  expect(await homeOf()).not.toContain("of its calls of today failed")
  echo.answer = before
  for (let at = 0; at < 32; at++) expect(await call("/a")).toBe(200)
  await calls.flush()
  // 15 of 50.
  expect(await homeOf()).toContain("30 % of its calls of today failed.")
})

test("a published API leads its publisher to a first call, until there was one", async () => {
  const { store, keyring } = server.app
  const fresh = await store.write(CTX, (tx) => productIn(tx, keyring, { ownerId: owner2.id, upstreamUrl: echo.url }))
  const pathOf = (of: User) => `/publisher/products/${ownProduct(of).publicId}`
  const page = await pageOf(owner2, pathOf(owner2))
  expect(page).toContain("Subscribe and call it")
  expect(page).toContain(`href="/marketplace/${fresh.slug}"`)
  expect(await pageOf(owner, pathOf(owner))).not.toContain("Subscribe and call it")
})
