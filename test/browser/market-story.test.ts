// The whole of the marketplace, by its pages: an API is published from its document, subscribed to, called by curl and by the page into its
// quota, its rate and its cap; what went above is paid and billed, and its publisher sees the money.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import type { User } from "../../src/identity/index.ts"
import { openShop, type Shop } from "../billing/world.ts"
import { makeDeveloper, makeUser, PASSWORD } from "../build.ts"
import { describeBrowser, launch, openTab } from "./kit.ts"

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const HAS_CURL = Bun.which("curl") !== null

/** Tides of a port, and whatever else is asked. */
const startTides = () =>
  Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) =>
      Response.json({ port: decodeURIComponent(new URL(request.url).pathname.slice(7)), metres: 2.4 }),
  })

const documentOf = (server: string, version: string, more: object = {}) => ({
  openapi: "3.1.0",
  info: { title: "Tides", version, description: "When the water comes, and how high." },
  servers: [{ url: server }],
  paths: {
    "/tides/{port}": {
      get: {
        summary: "Tides of a port",
        parameters: [{ name: "port", in: "path", required: true, schema: { type: "string" } }],
        responses: { 200: { description: "Heights", content: { "application/json": { example: { metres: 2.4 } } } } },
      },
    },
    ...more,
  },
})
const fileOf = (document: object) => ({
  name: "tides.json",
  mimeType: "application/json",
  buffer: Buffer.from(JSON.stringify(document)),
})

describeBrowser("the marketplace", () => {
  let browser: Browser
  let shop: Shop
  let tides: ReturnType<typeof startTides>
  let publisher: User
  let consumer: User
  let admin: User
  beforeAll(async () => {
    tides = startTides()
    browser = await launch()
    shop = await openShop({
      env: { PURSER_PRODUCT_NETWORKS: "127.0.0.1" },
      onTheWay: (request, stripe) => stripe.fetch(request),
    })
    publisher = await makeDeveloper(shop.server.app, { name: "Linus" })
    consumer = await makeUser(shop.server.app, { name: "Mara" })
    admin = await makeUser(shop.server.app, { name: "Boss", isAdmin: true })
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.close()
    await tides?.stop(true)
  })

  const signIn = async (page: Page, { email }: User, path: string) => {
    await page.goto(`${shop.server.url}${path}`)
    await page.fill("input[name=email]", email)
    await page.fill("input[name=password]", PASSWORD)
    await page.getByRole("button", { name: "Sign in", exact: true }).click()
    await page.waitForURL(`**${path}*`)
  }
  const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click()
  /** Where it does not, the page is shown. */
  const says = (page: Page, words: string) =>
    page
      .getByText(words)
      .first()
      .waitFor()
      .catch(async () => expect(await page.locator("main").textContent()).toContain(words))
  const flushed = () => shop.server.app.marketplace.calls.flush()

  /** As a program calls it: status, and what a refusal says. */
  async function call(
    key: string,
    path = "/tides/Kiel",
  ): Promise<{ status: number; code: string | null; limit?: string }> {
    const url = `${shop.server.url}/m/tide-people/tides${path}`
    const text = HAS_CURL
      ? await Bun.$`curl -sS -w ${"\n%{http_code}"} -H ${`Authorization: Bearer ${key}`} ${url}`.text()
      : await fetch(url, { headers: { authorization: `Bearer ${key}` } }).then(
          async (answer) => `${await answer.text()}\n${answer.status}`,
        )
    const at = text.lastIndexOf("\n")
    const body = JSON.parse(text.slice(0, at)) as { code?: string; limit?: string }
    const said = { status: Number(text.slice(at + 1)), code: body.code ?? null }
    return body.limit === undefined ? said : { ...said, limit: body.limit }
  }

  async function publish(page: Page): Promise<string> {
    await signIn(page, publisher, "/publisher")
    await page.fill("input[name=name]", "Tide people")
    await page.fill("input[name=slug]", "tide-people")
    await press(page, "Become a publisher")
    await says(page, "You are a publisher now")
    const server = `http://127.0.0.1:${tides.port}`
    await page.setInputFiles("input[name=file]", fileOf(documentOf(server, "1.0.0")))
    await page.locator("input[name=upstream_url]").first().fill(server)
    await press(page, "Import")
    await page.waitForURL(/\/publisher\/products\/prd_/)
    const path = new URL(page.url()).pathname
    // A later document, looked at before it counts.
    await page.goto(`${shop.server.url}${path}/import`)
    const more = { "/stations": { get: { summary: "All stations", responses: { 200: { description: "Names" } } } } }
    await page.setInputFiles("input[name=file]", fileOf(documentOf(server, "1.1.0", more)))
    await press(page, "Show what changes")
    await says(page, "/stations")
    await press(page, "Take it over")
    await says(page, "Taken over: 1 new")
    await addPlan(page, path, { name: "Free", price: "0", month: "2", rates: "60 a minute" })
    const above = { overage: "0.01", overage_cap: "0.02" }
    await addPlan(page, path, { name: "Pro", price: "4", month: "4", rates: "2 a minute\n3 an hour", ...above })
    await onlyWithPro(page, path)
    await page.goto(`${shop.server.url}${path}`)
    await press(page, "Publish Tides")
    await says(page, "It waits for somebody to look at it")
    await review(path)
    return path
  }

  /** The operator looks at what is new, and lets it in. */
  async function review(path: string): Promise<void> {
    const { page, context, problems } = await openTab(browser, shop.server)
    await signIn(page, admin, "/admin/products")
    await page.goto(`${shop.server.url}/admin/products/${path.split("/").at(-1)}`)
    await page.getByRole("link", { name: "Publish", exact: true }).click()
    const question = page.locator("dialog[open]")
    await question.locator("[name=reason]").fill("Looked at it")
    await question.getByRole("button", { name: "Publish", exact: true }).click()
    await says(page, "is published")
    expect(problems).toEqual([])
    await context.close()
  }

  async function addPlan(page: Page, path: string, fields: Record<string, string>): Promise<void> {
    await page.goto(`${shop.server.url}${path}/plans/new`)
    for (const [name, text] of Object.entries(fields)) await page.locator(`[name=${name}]`).fill(text)
    await press(page, "Offer this plan")
    await page.waitForURL(`**${path}/plans`)
  }

  /** One of its endpoints is not for everybody. */
  async function onlyWithPro(page: Page, path: string): Promise<void> {
    await page.goto(`${shop.server.url}${path}/endpoints`)
    await page.locator("main a", { hasText: "/stations" }).first().click()
    await page.getByLabel("Lowest plan that has it").selectOption({ label: "Pro" })
    await press(page, "Save endpoint")
    await says(page, "GET /stations is saved")
  }

  async function buyCredits(page: Page): Promise<void> {
    await signIn(page, consumer, "/credits")
    await press(page, "Buy Starter")
    await page.waitForURL(/\/pay\/cs_/)
    await page.selectOption("select[name=number]", "4242424242424242")
    shop.clock.advance(5_000)
    await press(page, "Pay")
    await page.getByRole("heading", { name: "Your credits are here" }).waitFor()
  }

  /** From the search to the first key. */
  async function subscribe(page: Page): Promise<string> {
    await page.goto(`${shop.server.url}/marketplace?q=water`)
    await page.getByRole("link", { name: "Tides" }).first().click()
    await page.getByRole("link", { name: "Subscribe to Free" }).first().click()
    await press(page, "Subscribe to Free")
    const key = page.locator("#new-key")
    await key.waitFor()
    return (await key.textContent())!.trim()
  }

  test("from a document to the publisher's money", async () => {
    const [maker, reader] = [await openTab(browser, shop.server), await openTab(browser, shop.server)]
    const path = await publish(maker.page)
    await buyCredits(reader.page)
    const key = await subscribe(reader.page)
    // One endpoint needs the larger plan, which uses nothing. Two calls are in this one, and the third is not.
    expect([await call(key, "/stations"), await call(key), await call(key), await call(key)]).toEqual([
      { status: 403, code: "plan_required" },
      { status: 200, code: null },
      { status: 200, code: null },
      { status: 403, code: "quota_exceeded" },
    ])
    // The same key on the larger plan; one call from the page, then the rates of a minute and of an hour, then what is paid by the call, then its cap.
    await reader.page.goto(`${shop.server.url}/marketplace/tides`)
    await reader.page.getByRole("link", { name: "Change to Pro" }).first().click()
    await press(reader.page, "Pay $4.00 and change")
    await says(reader.page, "Your plan is Pro now")
    shop.clock.advance(MINUTE_MS)
    await tryIt(reader.page)
    const passed = { status: 200, code: null }
    const tooFast = (limit: string) => ({ status: 429, code: "rate_limit_exceeded", limit })
    expect([await call(key), await call(key)]).toEqual([passed, tooFast("minute")])
    shop.clock.advance(MINUTE_MS)
    expect([await call(key), await call(key)]).toEqual([passed, tooFast("hour")])
    shop.clock.advance(HOUR_MS)
    // What was refused before is the other endpoint's now; its units are of the same pool.
    expect([await call(key, "/stations"), await call(key)]).toEqual([passed, { status: 403, code: "quota_exceeded" }])
    await flushed()
    await reader.page.goto(`${shop.server.url}/marketplace/tides/usage`)
    await says(reader.page, "6 of 4 units")
    await readsInvoices(reader.page)
    await seesMoney(maker.page, path)
    expect([...maker.problems, ...reader.problems]).toEqual([])
    await maker.context.close()
    await reader.context.close()
  }, 120_000)

  async function tryIt(page: Page): Promise<void> {
    await page.goto(`${shop.server.url}/marketplace/tides/docs`)
    await page.getByRole("link", { name: "Tides of a port" }).first().click()
    await page.locator("input[name=p-0]").fill("Kiel")
    await press(page, "Send the call")
    await says(page, "2.4")
  }

  /** The plan's at once; what its calls cost, once their period is over. */
  async function readsInvoices(page: Page): Promise<void> {
    const { marketplace } = shop.server.app
    const [own] = marketplace.subscriptions.ofUser(consumer.id)
    await page.goto(`${shop.server.url}/subscriptions/${own!.publicId}`)
    shop.clock.set(own!.periodEndMs + 11 * MINUTE_MS)
    while (await marketplace.subscriptions.renewDue(100));
    while (await marketplace.subscriptions.billOverages(100));
    await signIn(page, consumer, "/subscriptions/billing")
    await page.getByRole("link", { name: "INV-2026-002" }).first().waitFor()
    await page.getByRole("link", { name: "INV-2026-003" }).first().click()
    // Two units at a cent each, and what they come to.
    const line = page.getByRole("row").filter({ hasText: "Tides: units beyond the plan" })
    expect(await line.getByRole("cell").allInnerTexts()).toEqual(["2", "$0.01", "$0.02"])
  }

  async function seesMoney(page: Page, path: string): Promise<void> {
    await signIn(page, publisher, "/publisher/revenue")
    const rowOf = (month: string) => page.getByRole("row").filter({ hasText: month }).getByRole("cell").allInnerTexts()
    // Payments, gross, what was given back, what the platform keeps, net.
    // Columns of money have as many digits as the smallest figure beside them needs.
    expect((await rowOf("July 2026")).slice(-5)).toEqual(["1", "$0.0200", "$0.0000", "$0.0020", "$0.0180"])
    expect((await rowOf("June 2026")).slice(-5)).toEqual(["1", "$4.0000", "$0.0000", "$0.4000", "$3.6000"])
    await page.goto(`${shop.server.url}${path}/consumers`)
    await says(page, "Mara")
    expect(await page.locator("main").textContent()).not.toContain(consumer.email)
  }
})
