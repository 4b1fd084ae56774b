// From the console to a page of the processor and back, with scripts and without: buying, saving a card, and what a declined charge leads to.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import { credits } from "../../src/app/index.ts"
import { openShop, type Shop } from "../billing/world.ts"
import { giveCredits, makeUser, PASSWORD } from "../build.ts"
import { describeBrowser, launch, openTab } from "./kit.ts"

describeBrowser("paying", () => {
  let browser: Browser
  let shop: Shop
  beforeAll(async () => {
    browser = await launch()
    shop = await openShop({ onTheWay: (request, stripe) => stripe.fetch(request) })
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.close()
  })

  const payWith = async (page: Page, number: string, button: string) => {
    await page.waitForURL(/\/pay\/cs_/)
    await page.selectOption("select[name=number]", number)
    // Whoever comes back is told at once, though the order was asked about a moment ago.
    shop.clock.advance(5_000)
    await page.getByRole("button", { name: button, exact: true }).click()
  }

  for (const javaScriptEnabled of [true, false])
    test(`goes there and comes back, ${javaScriptEnabled ? "with" : "without"} scripts`, async () => {
      const { url, app } = shop.server
      const person = await makeUser(app)
      await giveCredits(app, person, credits(3_000))
      const { page, context, problems } = await openTab(browser, shop.server, { javaScriptEnabled })
      await page.goto(`${url}/credits`)
      await page.fill("input[name=email]", person.email)
      await page.fill("input[name=password]", PASSWORD)
      await page.getByRole("button", { name: "Sign in", exact: true }).click()
      await page.getByRole("button", { name: "Buy Starter" }).click()
      await payWith(page, "4242424242424242", "Pay")
      await page.getByRole("heading", { name: "Your credits are here" }).waitFor()
      await page.goto(`${url}/credits/cards`)
      await page.getByRole("button", { name: "Save a card" }).click()
      await payWith(page, "4000000000000341", "Save")
      await page.getByText("Visa ending in 0341").first().waitFor()
      // Below what is there: it is charged at once, and declined.
      await page.fill("input[name=below]", "9000")
      await page.getByRole("button", { name: "Turn on auto-recharge" }).click()
      await page.getByText("Auto-recharge is on").first().waitFor()
      const order = () => app.billing.ordersOf(person.id, 1)[0]!
      while (order().state !== "failed") await Bun.sleep(10)
      await page.goto(`${url}/credits/orders/${order().publicId}`)
      await page.getByRole("button", { name: "Pay $10.00" }).click()
      await payWith(page, "4242424242424242", "Pay")
      await page.getByRole("heading", { name: "Your credits are here" }).waitFor()
      expect(problems).toEqual([])
      await context.close()
    })
})
