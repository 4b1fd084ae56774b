// A plan by hand, in a browser: chosen, paid on the processor's page, moved up with the price shown before, moved down and taken back, ended.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { openShop } from "../billing/world.ts"
import { makeUser } from "../build.ts"
import { describeBrowser, launch, openTab, signIn } from "./kit.ts"

let browser: Browser

describeBrowser("a plan that is paid for", () => {
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())

  for (const javaScriptEnabled of [true, false])
    test(`from the list to its end, ${javaScriptEnabled ? "with" : "without"} scripts`, async () => {
      const shop = await openShop()
      const { stripe, server } = shop
      const pay = Bun.serve({ port: Number(new URL(stripe.world.options.origin).port), fetch: stripe.fetch })
      try {
        await server.app.plans.updatePlan(
          { actor: "cli", requestId: "r", reason: "t" },
          { code: "professional", yearlyNano: 500_000_000_000 },
        )
        const ada = await makeUser(server.app, { name: "Ada Reader" })
        const { page, context, problems } = await openTab(browser, server, { javaScriptEnabled })
        await signIn(page, server, ada.email, "/credits/plans")
        await page.getByRole("heading", { name: "Your plan: Free" }).waitFor()
        await page.getByRole("link", { name: "Choose Starter" }).click()
        await page.getByRole("heading", { name: "Subscribe to Starter" }).waitFor()
        await page.getByRole("button", { name: "Continue to payment" }).click()

        await page.getByRole("button", { name: "Pay", exact: true }).click()
        await page.getByRole("heading", { name: "You are on Starter" }).waitFor()
        expect(shop.server.app.plans.planOf(ada.id).code).toBe("starter")

        await page.goto(`${server.url}/credits/plans`)
        await page.getByText("$30.00 a month, for Starter").waitFor()
        await page.getByRole("link", { name: "Move up to Professional" }).click()
        await page.getByRole("heading", { name: "What you pay now" }).waitFor()
        await page.getByRole("button", { name: "Pay $20.00 and move up" }).click()
        await page.getByText("You are on Professional now. $20.00 were charged.").waitFor()

        await page.getByRole("link", { name: "Move to Basic" }).click()
        await page.getByRole("button", { name: "Move to Basic then" }).click()
        await page.getByText("to Basic for $9.99 a month").waitFor()
        await page.getByRole("button", { name: "Keep Professional" }).click()
        await page.getByText("Professional goes on, and renews on").waitFor()

        await page.getByRole("link", { name: "Year", exact: true }).click()
        await page.getByRole("link", { name: "Move up to Professional" }).click()
        await page.getByText("$500.00 a year", { exact: false }).first().waitFor()
        await page.goto(`${server.url}/credits/plans`)

        await page.getByRole("link", { name: "End Professional" }).first().click()
        await page.getByRole("button", { name: "End plan" }).click()
        await page.getByText("Professional ends on").waitFor()
        await page.goto(`${server.url}/credits`)
        await page.getByRole("heading", { name: "Your plan: Professional" }).waitFor()
        await page.getByRole("button", { name: "Card and payments" }).click()

        await page.getByRole("heading", { name: "Your subscription" }).waitFor()
        await page.getByRole("link", { name: "Back" }).click()
        await page.getByRole("heading", { name: "Plans" }).first().waitFor()
        expect(problems).toEqual([])
        await context.close()
      } finally {
        pay.stop(true)
        await shop.close()
      }
    }, 120_000)
})
