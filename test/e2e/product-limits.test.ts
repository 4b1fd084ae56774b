// What calls of APIs cost beside their plan counts against every limit on spending of whoever calls: the person's, the key's, a member's. Exact
// however many come at once, and given back where the publisher was never reached.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits, type Nano, nano, PrincipalId } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { principal } from "../../src/ledger/index.ts"
import { Echo, type MadeProduct, productIn, subscribeIn } from "../../src/marketplace/calls/testing.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../build.ts"

const UNIT = nano(1_000_000)
let server: TestServer
let echo: Echo
let product: MadeProduct
beforeAll(async () => {
  echo = new Echo()
  server = await startTestServer({ env: { PURSER_PRODUCT_NETWORKS: "127.0.0.1" } })
  const { store, keyring } = server.app
  const owner = await makeUser(server.app)
  product = await store.write(CTX, (tx) =>
    productIn(tx, keyring, {
      ownerId: owner.id,
      upstreamUrl: echo.url,
      plans: [{ quotas: [{ period: "day", anchor: "calendar", units: 2 }], overageNano: UNIT, overageCapNano: null }],
      endpoints: [{ path: "/a" }],
    }),
  )
}, 30_000)
afterAll(async () => {
  await server?.close()
  echo?.close()
})

const grant = (id: User["id"], amountNano: Nano) =>
  server.app.store.write(CTX, (tx) =>
    server.app.ledger.grantIn(tx, {
      owner: principal(PrincipalId(id)),
      mode: "live",
      type: "topup",
      bucket: "purchase",
      amountNano,
      paid: true,
      key: `test:${id}:${amountNano}`,
    }),
  )

/** Somebody with bought credits, subscribed, with keys of the product. */
async function subscriber(keys = 1) {
  const { app } = server
  const user = await makeUser(app)
  await grant(user.id, credits(50))
  const made = await app.store.write(CTX, (tx) => {
    const subscriptionId = subscribeIn(tx, product, user.id)
    return {
      subscriptionId,
      secrets: Array.from(
        { length: keys },
        (_, at) => app.marketplace.calls.issueKeyIn(tx, { subscriptionId, userId: user.id, name: `Key ${at}` }).secret,
      ),
    }
  })
  return { user, ...made }
}
async function call(secret: string): Promise<string> {
  const address = server.at(`/m/${product.publisher}/${product.slug}/a`)
  const answer = await fetch(address, { headers: { authorization: `Bearer ${secret}` } })
  return told(answer.status, await answer.text())
}
const told = (status: number, text: string): string => {
  if (status === 200) return "200"
  const said = JSON.parse(text) as Record<string, unknown>
  return `${status} ${said.code} ${said.limit} ${said.limit_of}`
}
async function settled(): Promise<void> {
  await server.app.marketplace.calls.drain(5_000)
  await server.app.store.write(CTX, () => {})
}
const spentBy = ({ id }: Pick<User, "id">): number =>
  server.app.store.read.get<{ n: number }>(
    "SELECT COALESCE(SUM(collected_nano), 0) AS n FROM v_charges WHERE caller_id = ?",
    id,
  )!.n
const counted = (answers: readonly string[]): Record<string, number> =>
  Object.fromEntries(Object.entries(Object.groupBy(answers, (one) => one)).map(([one, all]) => [one, all!.length]))

test("a person's limit a day: 60 calls at once over two keys, exactly as many are charged as it allows", async () => {
  const { app } = server
  const { user, secrets } = await subscriber(2)
  await app.limits.set(CTX, { level: "user", subject: String(user.id), kind: "spend_day", amount: UNIT * 10 })
  const answers = await Promise.all(Array.from({ length: 60 }, (_, at) => call(secrets[at % 2]!)))
  // Two of the plan, ten that are paid.
  expect(counted(answers)).toEqual({ "200": 12, "429 spend_limit_exceeded spend_day user": 48 })
  await settled()
  expect(spentBy(user)).toBe(UNIT * 10)
  expect(await call(secrets[0]!)).toBe("429 spend_limit_exceeded spend_day user")
  expect((await app.verification.run(CTX)).ok).toBe(true)
})

test("what never reached the publisher is free again for the limit, too", async () => {
  const { app } = server
  const { user, secrets } = await subscriber()
  await app.limits.set(CTX, { level: "user", subject: String(user.id), kind: "spend_day", amount: UNIT * 3 })
  for (let at = 0; at < 2; at++) expect(await call(secrets[0]!)).toBe("200")
  await app.store.write(CTX, (tx) =>
    tx.run("UPDATE market_products SET upstream_url = 'http://127.0.0.1:1' WHERE id = ?", product.id),
  )
  for (let at = 0; at < 5; at++) expect(await call(secrets[0]!)).toStartWith("502 upstream_error")
  await app.store.write(CTX, (tx) =>
    tx.run("UPDATE market_products SET upstream_url = ? WHERE id = ?", echo.url, product.id),
  )
  await settled()
  expect(spentBy(user)).toBe(0)
  const answers = await Promise.all(Array.from({ length: 9 }, () => call(secrets[0]!)))
  expect(counted(answers)).toEqual({ "200": 3, "429 spend_limit_exceeded spend_day user": 6 })
})

test("a key of the account with a limit pays above the plan as far as it goes, and its use says so", async () => {
  const { app } = server
  const { user } = await subscriber()
  const [capped, free] = await Promise.all(
    ["Capped", "Free"].map((name) => app.keys.create(CTX, { userId: user.id, name, scopes: ["mcp"] })),
  )
  const key = app.keys.of(user.id).find(({ name }) => name === "Capped")!
  const limits = { spend_day: nano(UNIT * 5) }
  await app.limits.setKeyLimits(CTX, { keyId: key.id, keyPublicId: key.publicId, limits })
  const tool = async (secret: string): Promise<string> => {
    const answer = await fetch(server.at(`/v1/mcp/products/${product.slug}/mcp`), {
      method: "POST",
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "get_a", arguments: {} } }),
      headers: {
        authorization: `Bearer ${secret}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
    })
    const body = (await answer.text()).replace(/^[^{]*/, "")
    const { result } = JSON.parse(body) as {
      result: { isError?: boolean; structuredContent: Record<string, unknown> }
    }
    return result.isError ? told(429, JSON.stringify(result.structuredContent)) : "200"
  }
  const answers = await Promise.all(Array.from({ length: 20 }, () => tool(capped!.secret)))
  expect(counted(answers)).toEqual({ "200": 7, "429 spend_limit_exceeded spend_day key": 13 })
  await settled()
  expect(spentBy(user)).toBe(UNIT * 5)
  expect(await tool(free!.secret)).toBe("200")
  await settled()
  expect(spentBy(user)).toBe(UNIT * 6)
  const [use] = app.limits.keyLimits({ keyId: key.id, payerId: PrincipalId(user.id) }).own
  expect([use?.used, use?.held]).toEqual([UNIT * 5, 0])
})
