// An admin sets payments up in a real browser: a key, the webhook, a test that turns green by itself; then somebody buys, and the money shows.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { CTX, makeUser } from "../build.ts"
import { createFakeStripe } from "../fakes/stripe/index.ts"
import { describeBrowser, launch, openTab, ownServer, pageProblems, signIn } from "./kit.ts"

let browser: Browser

describeBrowser("payments", () => {
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())

  test("are set up in three steps, and the first purchase stands in the figures and in the comparison", async () => {
    const origin = "http://localhost:9"
    const stripe = createFakeStripe({ now: Date.now, origin, secretKey: "sk_test_fake" })
    await using server = await ownServer({
      stripe: { secretKey: null, webhookSecret: null, apiBase: origin, fetch: stripe.fetch },
    })
    const { app } = server
    const grace = await makeUser(app, { isAdmin: true })
    const { page, problems } = await openTab(browser, server)
    await signIn(page, server, grace.email)
    await page.goto(`${server.url}/admin`)
    await page.getByRole("link", { name: "Set up payments" }).click()

    await page.getByLabel("Secret key").fill("sk_test_wrong")
    await page.getByLabel("Reason").fill("First evening")
    await page.getByRole("button", { name: "Save the key" }).click()
    await page.getByText("Stripe does not take this key").first().waitFor()
    await page.getByLabel("Secret key").fill("sk_test_fake")
    await page.getByRole("button", { name: "Save the key" }).click()
    await page.getByText("Key works", { exact: true }).waitFor()
    await page.getByRole("button", { name: "Make the webhook" }).click()
    await page.getByText("Made by this server").waitFor()
    await page.getByRole("button", { name: "Send a test event" }).click()
    await page.getByText("Webhook arrives", { exact: true }).waitFor({ timeout: 30_000 })
    expect(await pageProblems(page)).toEqual([])

    const ada = await makeUser(app)
    const order = await app.billing.buy(CTX, { buyer: ada, slug: "plus", key: "first" })
    stripe.pay(order.sessionId!, { with: "4242424242424242" })
    await stripe.webhooks.idle()
    await page.goto(`${server.url}/admin/billing/comparison`)
    await page.getByRole("button", { name: "Read the statement now" }).click()
    await page.getByText("Both say the same, object by object.").waitFor()
    await page.getByRole("link", { name: "Money" }).click()
    await page.getByRole("heading", { name: "Billing" }).waitFor()
    const stats = page.locator("dl.stats")
    await stats.getByText("$25.00").waitFor()
    await stats.getByText("$1.03").waitFor()
    expect(await pageProblems(page)).toEqual([])
    expect(problems).toEqual([])
  }, 120_000)
})
