// Published APIs on a host of their own, in a real browser: the page of an endpoint names that host and its Try-it goes there, the curl that
// stands on the page runs as it stands, and a page of somebody else's origin calls the API and is told what it may know.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import type { User } from "../../src/identity/index.ts"
import { Echo, type MadeProduct, productIn, subscribeIn } from "../../src/marketplace/calls/testing.ts"
import { marketParameters } from "../../src/marketplace/tables.ts"
import { insertRow } from "../../src/store/index.ts"
import { CTX, freePort, makeUser, startTestServer, type TestServer } from "../build.ts"
import { describeBrowser, fillLogin, launch, openTab } from "./kit.ts"

const HAS_CURL = Bun.which("curl") !== null

describeBrowser("the host of published APIs, in a browser", () => {
  let browser: Browser
  let server: TestServer
  let echo: Echo
  let elsewhere: ReturnType<typeof Bun.serve>
  let product: MadeProduct
  let subscriber: User
  let secret: string
  let base: string
  beforeAll(async () => {
    browser = await launch()
    echo = new Echo()
    elsewhere = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: () =>
        new Response("<!doctype html><title>Elsewhere</title>", { headers: { "content-type": "text/html" } }),
    })
    const port = freePort()
    const market = `http://api-market.localhost:${port}`
    const env = { PURSER_PRODUCT_NETWORKS: "127.0.0.1", PURSER_MARKET_URL: market }
    server = await startTestServer({ port, fourHosts: true, env })
    const owner = await makeUser(server.app)
    subscriber = await makeUser(server.app)
    const { store, keyring, marketplace } = server.app
    await store.write(CTX, (tx) => {
      product = productIn(tx, keyring, {
        ownerId: owner.id,
        upstreamUrl: `${echo.url}/base`,
        plans: [{ quotas: [{ period: "day", anchor: "calendar", units: 5 }] }],
        endpoints: [{ path: "/weather/{city}" }],
      })
      const of = { endpointId: product.endpointIds[0]!, type: "string", schema: null, position: 0 }
      insertRow(tx, marketParameters, { ...of, place: "path", name: "city", required: true, example: "berlin" })
      const subscriptionId = subscribeIn(tx, product, subscriber.id)
      secret = marketplace.calls.issueKeyIn(tx, { subscriptionId, userId: subscriber.id, name: "Site" }).secret
    })
    base = `${market}/${product.publisher}/${product.slug}`
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
    echo?.close()
    await elsewhere?.stop(true)
  })

  test("Try-it sends the call there, and its quota is that of programs", async () => {
    const { page, context, problems } = await openTab(browser, server)
    const endpoint = server.app.marketplace.catalog.endpointsOf(product.id)[0]!.publicId
    const path = `/marketplace/${product.slug}/docs/${endpoint}`
    await page.goto(`${server.app.config.hosts.auth}/login`)
    await fillLogin(page, subscriber.email)
    await page.waitForURL((url) => !url.pathname.startsWith("/login"))
    await page.goto(server.at(path))
    expect(await page.locator("main").textContent()).toContain(`${base}/weather/{city}`)
    await page.getByRole("textbox", { name: "city" }).fill("São Paulo")
    await page.getByRole("button", { name: "Send the call" }).click()
    await page.locator("#answer").getByText("200 OK").waitFor()
    expect(await page.locator("#answer").textContent()).toContain("/base/weather/S%C3%A3o%20Paulo")
    expect(echo.got.at(-1)!.url).toBe("/base/weather/S%C3%A3o%20Paulo")
    // Addressed to the server by its own name, not to the market's.
    expect(echo.got.at(-1)!.headers.host).toBe(new URL(echo.url).host)
    const curl = await page.locator("pre", { hasText: "curl" }).first().textContent()
    expect(curl).toContain(`${base}/weather/berlin`)
    if (HAS_CURL) {
      const said = await Bun.$`sh -c ${`${curl!.replaceAll("YOUR_KEY", secret)} -sS`}`.json()
      expect((said as { url: string }).url).toBe("/base/weather/berlin")
    }
    await server.app.marketplace.calls.flush()
    const { subscriptions, calls } = server.app.marketplace
    expect(calls.quotaOf(subscriptions.openOf(subscriber.id, product.id)!)[0]!.used).toBe(HAS_CURL ? 2 : 1)
    expect(problems).toEqual([])
    await context.close()
  })

  test("a page of another origin calls it with a key, and reads its limits; without one it reads why not", async () => {
    const { page, context } = await openTab(browser, server)
    await page.goto(`http://127.0.0.1:${elsewhere.port}/`)
    const call = (key: string) =>
      page.evaluate(
        async ([url, bearer]) => {
          const answer = await fetch(url!, { headers: { authorization: `Bearer ${bearer}` } })
          return { status: answer.status, left: answer.headers.get("x-quota-remaining"), body: await answer.json() }
        },
        [`${base}/weather/kiel`, key],
      )
    const answer = await call(secret)
    expect([answer.status, answer.body.url, Number(answer.left)]).toEqual([200, "/base/weather/kiel", HAS_CURL ? 2 : 3])
    const refused = await call(`${secret}x`)
    expect([refused.status, refused.body.code]).toEqual([401, "invalid_api_key"])
    await context.close()
  })
})
