// Calls of published APIs, end to end over real HTTP: whose key, which plan, what is used, what passes and what does not.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { IssuedKey } from "../../src/marketplace/calls/index.ts"
import { Echo, type MadeProduct, productIn, SIGNING_SECRET, subscribeIn } from "../../src/marketplace/calls/testing.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../build.ts"

let server: TestServer
let echo: Echo
let product: MadeProduct
let key: IssuedKey
let owner: number
let subscriber: number

beforeAll(async () => {
  echo = new Echo()
  server = await startTestServer({ env: { PURSER_PRODUCT_NETWORKS: "127.0.0.1" } })
  owner = (await makeUser(server.app)).id
  subscriber = (await makeUser(server.app)).id
  product = await server.app.store.write(CTX, (tx) =>
    productIn(tx, server.app.keyring, { ownerId: owner, upstreamUrl: `${echo.url}/base` }),
  )
  key = await server.app.store.write(CTX, (tx) => {
    const subscriptionId = subscribeIn(tx, product, subscriber)
    return server.app.marketplace.calls.issueKeyIn(tx, { subscriptionId, userId: subscriber as never, name: "Site" })
  })
})
afterAll(async () => {
  await server.close()
  echo.close()
})

const call = (path: string, init: RequestInit = {}, secret = key.secret) =>
  fetch(server.at(`/m/${product.publisher}/${product.slug}${path}`), {
    redirect: "manual",
    ...init,
    headers: { authorization: `Bearer ${secret}`, ...init.headers },
  })

test("a call with a key reaches the publisher's server and its answer comes back", async () => {
  const answer = await call("/weather/berlin?days=2")
  expect(answer.status).toBe(200)
  const got = (await answer.json()) as { url: string; headers: Record<string, string> }
  expect(got.url).toBe("/base/weather/berlin?days=2")
  expect(got.headers.authorization).toBeUndefined()
  expect(got.headers["x-gateway-signature"]).toMatch(/^v1=[0-9a-f]{64}$/)
  expect(SIGNING_SECRET).not.toBe("")
})
