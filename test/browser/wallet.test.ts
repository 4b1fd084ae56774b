// An admin gives a bonus and voids it again, in a real browser: dialogs with scripts, pages without.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { makeUser } from "../build.ts"
import { describeBrowser, launch, openTab, ownServer, signIn } from "./kit.ts"

let browser: Browser

describeBrowser("an admin and a wallet", () => {
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())

  test.concurrent.each([
    ["on", true],
    ["off", false],
  ] as const)(
    "a bonus appears and is voided, scripts %s",
    async (_, scripts) => {
      await using server = await ownServer()
      const grace = await makeUser(server.app, { name: "Grace Operator", isAdmin: true })
      const ada = await makeUser(server.app, { name: "Ada Reader" })
      const { page, context, problems } = await openTab(browser, server, { javaScriptEnabled: scripts })
      await signIn(page, server, grace.email, "/admin")
      await page.goto(`${server.url}/admin/users/${ada.publicId}`)
      await page.getByRole("link", { name: "Wallet", exact: true }).click()
      await page.getByText("No credits").waitFor()
      await page.getByRole("link", { name: "Give a bonus" }).click()
      if (scripts) await page.locator("dialog[open]").waitFor()
      if (scripts) await page.locator("[name=amount]:focus").waitFor()
      await page.getByLabel("Amount").fill("250.5")
      await page.getByLabel("Reason").fill("For the bug report")
      await page.getByRole("button", { name: "Continue" }).click()
      await page.getByText("Ada Reader gets 250.5 credits as promo credits.").waitFor()
      await page.getByRole("button", { name: "Give 250.5 credits" }).click()
      await page.getByText("Ada Reader got 250.5 credits.").waitFor()
      // The figures are those of the question, not rounded ones.
      expect(await page.locator(".stats").getByText("250.5 credits", { exact: true }).count()).toBe(2)
      await page.locator(".postings summary").first().click()
      await page.getByText("For the bug report").first().waitFor()
      await page.getByRole("link", { name: "Void" }).click()
      if (scripts) await page.locator("dialog[open]").waitFor()
      await page.getByLabel("Reason").fill("A mistake")
      await page.getByRole("button", { name: "Void 250.5 credits" }).click()
      await page.getByText("The credits of Ada Reader are voided.").waitFor()
      await page.getByText("No credits").waitFor()
      expect(server.app.ledger.wallet({ kind: "principal", id: ada.id }, "live").balanceNano as number).toBe(0)
      expect(problems).toEqual([])
      await context.close()
    },
    120_000,
  )
})
