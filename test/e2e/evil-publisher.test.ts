// A publisher who would take more from those who subscribed than they agreed to: an endpoint that gets dear under their programs, by its price, its
// units, its path or another one in its place; a plan that they are moved to. Over real pages and real calls.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits, nano, PrincipalId } from "../../src/app/index.ts"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { Echo, type MadeProduct, productIn } from "../../src/marketplace/calls/testing.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeDeveloper, makeUser, ownerOf, startTestServer, type TestServer } from "../build.ts"

const UNIT = nano(1_000_000)
let server: TestServer
let echo: Echo
beforeAll(async () => {
  echo = new Echo()
  server = await startTestServer({ env: { PURSER_PRODUCT_NETWORKS: "127.0.0.1" } })
}, 30_000)
afterAll(async () => {
  await server?.close()
  echo?.close()
})

interface World {
  publisher: WebAgent
  product: MadeProduct
  home: string
  consumer: User
  maker: User
  subscription: string
  has(): number
  /** What a call of their program comes to: its status, and what was taken for it. */
  call(path?: string): Promise<[number, number]>
}

const QUOTA = (units: number) => ({ period: "month", anchor: "calendar", units }) as const

async function world(): Promise<World> {
  const { app } = server
  const { store, keyring, ledger, marketplace } = app
  const [maker, consumer] = [await makeDeveloper(app), await makeUser(app)]
  const product = await store.write(CTX, (tx) =>
    productIn(tx, keyring, {
      ownerId: maker.id,
      upstreamUrl: echo.url,
      plans: [
        { quotas: [QUOTA(100)], overageNano: UNIT, overageCapNano: (UNIT * 50) as never },
        { quotas: [QUOTA(0)], overageNano: nano(1_000_000_000) },
        { quotas: [QUOTA(50)], overageNano: UNIT, overageCapNano: (UNIT * 50) as never },
        { quotas: [QUOTA(100)], overageNano: UNIT },
        { quotas: [QUOTA(200)], overageNano: UNIT, overageCapNano: (UNIT * 50) as never },
      ],
      endpoints: [{ path: "/weather/{city}" }, { path: "/free", weight: 0 }],
    }),
  )
  const terms = { mode: "live", type: "topup", bucket: "purchase", paid: true, key: `paid:${consumer.id}` } as const
  await store.write(CTX, (tx) =>
    ledger.grantIn(tx, { owner: ownerOf(consumer), amountNano: credits(50_000), ...terms }),
  )
  const { subscription, key } = await store.write(CTX, (tx) =>
    marketplace.subscriptions.subscribeIn(tx, { userId: consumer.id, planId: product.planIds[0]!, key: "first" }),
  )
  const has = () => ledger.wallet(ownerOf(consumer), "live").balanceNano as number
  return {
    publisher: await signedIn(server, maker.email),
    product,
    home: `/publisher/products/prd_${product.slug.split("-")[1]}`,
    maker,
    consumer,
    subscription: subscription.publicId,
    has,
    async call(path = "/weather/Oslo") {
      const before = has()
      const url = server.at(`/m/${product.publisher}/${product.slug}${path}`)
      const { status } = await fetch(url, { headers: { authorization: `Bearer ${key!.secret}` } })
      await marketplace.calls.drain(5_000)
      await store.write(CTX, () => {})
      return [status, before - has()]
    },
  }
}

const promised = "Of those who subscribed nobody agreed to more"

test("an endpoint becomes no dearer for those who subscribed: not by price, units, path, method, or one put in its place", async () => {
  const { publisher, product, home, call } = await world()
  const endpoint = (at: number) => `${home}/endpoints/epd_${product.slug.split("-")[1]}_${at}`
  const edit = async (at: number, values: Record<string, string>) =>
    publisher.submit(await publisher.get(server.at(endpoint(at))), endpoint(at), values)
  const list = `${home}/endpoints`
  const add = async (values: Record<string, string>) =>
    publisher.submit(await publisher.get(server.at(`${list}/new`)), list, { title: "New", ...values })
  expect(await call()).toEqual([200, 0])
  const refused: [string, () => ReturnType<typeof edit>, string][] = [
    ["price", () => edit(0, { price: "100" }), promised],
    ["units", () => edit(0, { weight: "1000000" }), promised],
    ["from nothing", () => edit(1, { weight: "1" }), promised],
    ["its path", () => edit(0, { path: "/elsewhere/{city}" }), "People who subscribed call it here"],
    ["its method", () => edit(0, { method: "POST" }), "People who subscribed call it here"],
    ["one beside it", () => add({ path: "/weather/Oslo", price: "100" }), promised],
    ["the same, in code", () => add({ path: "/weather/%4Fslo", price: "100" }), promised],
    ["half of it", () => add({ path: "/weather/{a}.json", price: "100" }), promised],
    ["for heads", () => add({ method: "HEAD", path: "/weather/{city}", price: "100" }), promised],
  ]
  for (const [what, act, words] of refused) {
    const { status, text } = await act()
    expect([what, status, plainText(text).includes(words)]).toEqual([what, 422, true])
    expect([what, ...(await call())]).toEqual([what, 200, 0])
  }
  // Taken away and put there again.
  const gone = `${endpoint(0)}/removal`
  await publisher.submit(await publisher.get(server.at(gone)), gone)
  expect((await call())[0]).toBe(404)
  expect(plainText((await add({ path: "/weather/{town}", price: "100" })).text)).toContain(promised)
  expect((await add({ path: "/weather/{town}" })).text).toContain("is there.")
  expect(await call()).toEqual([200, 0])
  // Where nobody called it may cost what it likes.
  expect((await add({ path: "/forecast/{city}", price: "0.01" })).text).toContain("is there.")
  expect(await call("/forecast/Oslo")).toEqual([200, 10_000_000])
})

test("what an endpoint costs is free to change while nobody else is subscribed, and may always become less", async () => {
  const { publisher, product, home, maker, subscription, call } = await world()
  const path = `${home}/endpoints/epd_${product.slug.split("-")[1]}_0`
  const edit = async (values: Record<string, string>) =>
    (await publisher.submit(await publisher.get(server.at(path)), path, values)).status
  await server.app.store.write(CTX, (tx) =>
    tx.run("UPDATE market_endpoints SET price_nano = 5000000, weight = 3 WHERE product_id = ?", product.id),
  )
  expect([await edit({ price: "0.004", weight: "2" }), await edit({ price: "0.005" })]).toEqual([200, 422])
  expect(await call()).toEqual([200, 4_000_000])
  const { marketplace, store } = server.app
  const by = { ownerId: PrincipalId(maker.id), subscription, reason: "Over" }
  await store.write(CTX, (tx) => marketplace.subscriptions.revokeIn(tx, by))
  expect(await edit({ price: "0.005", path: "/weather/at/{city}" })).toBe(200)
})

test("nobody is moved to a plan under which their calls cost more above the quota", async () => {
  const { publisher, product, home, subscription, call } = await world()
  const path = `${home}/consumers/${subscription}`
  const plan = (at: number) => `mpl_${product.slug.split("-")[1]}_${at}`
  const move = async (at: number) =>
    publisher.submit(await publisher.get(server.at(path)), `${path}/plan`, { plan: plan(at) })
  // Dearer units, fewer of them for nothing, and no end of it.
  for (const at of [1, 2, 3]) {
    expect([at, plainText((await move(at)).text).includes("would cost them more")]).toEqual([at, true])
    expect([at, ...(await call())]).toEqual([at, 200, 0])
  }
  expect((await move(4)).text).toContain("has the plan Plan 4 now")
  expect(await call()).toEqual([200, 0])
})
