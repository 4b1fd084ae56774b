// A purchase from its coupon to its refund, in a browser: the admin makes the codes, a person uses them by link and buys, reads the invoice,
// is refunded in part, and reads the credit note.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { openShop } from "../billing/world.ts"
import { makeUser } from "../build.ts"
import { describeBrowser, fillLogin, launch, openTab, signIn } from "./kit.ts"

let browser: Browser

describeBrowser("a coupon, an invoice, a refund", () => {
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())

  for (const javaScriptEnabled of [true, false])
    test(`from the code to the credit note, ${javaScriptEnabled ? "with" : "without"} scripts`, async () => {
      const shop = await openShop({ onTheWay: (request, stripe) => stripe.fetch(request) })
      try {
        const { server, clock } = shop
        const { url } = server
        const boss = await makeUser(server.app, { isAdmin: true })
        const ada = await makeUser(server.app, { name: "Ada Reader" })
        const admin = await openTab(browser, server, { javaScriptEnabled })
        await signIn(admin.page, server, boss.email, "/admin/coupons/new")
        const add = async (kind: string, fields: Record<string, string>) => {
          await admin.page.goto(`${url}/admin/coupons/new?kind=${kind}`)
          for (const [name, value] of Object.entries(fields)) await admin.page.fill(`[name=${name}]`, value)
          await admin.page.fill("[name=reason]", "For the people of spring")
          await admin.page.getByRole("button", { name: "Add coupon" }).click()
          await admin.page.getByText(fields.code!).first().waitFor()
        }
        await add("credits", { code: "WELCOME5", credits: "5000" })
        await add("percent", { code: "SPRING10", percent: "10" })

        // By link, before anybody is signed in: the code waits.
        const { page, context, problems } = await openTab(browser, server, { javaScriptEnabled })
        await page.goto(`${url}/redeem?code=welcome5`)
        await fillLogin(page, ada.email)
        await page.getByRole("button", { name: "Redeem" }).click()
        await page.getByText("5,000 credits").first().waitFor()
        await page.goto(`${url}/redeem?code=SPRING10`)
        await page.getByRole("link", { name: "Choose a package" }).click()
        await page.getByRole("button", { name: "Buy Plus" }).click()
        await page.waitForURL(/\/pay\/cs_/)
        await page.getByText("$22.50").first().waitFor()
        clock.advance(5_000)
        await page.getByRole("button", { name: "Pay", exact: true }).click()
        await page.getByRole("heading", { name: "Your credits are here" }).waitFor()

        await page.getByRole("link", { name: /^INV-2026-/ }).click()
        await page.getByText("−$2.50").first().waitFor()
        const pdf = await page.locator("a.button.primary[download]").getAttribute("href")
        const file = await page.request.get(new URL(pdf!, url).href)
        expect([file.status(), file.headers()["content-type"]]).toEqual([200, "application/pdf"])
        expect((await file.body()).subarray(0, 5).toString()).toBe("%PDF-")

        await admin.page.goto(`${url}/admin/orders`)
        await admin.page.getByRole("link", { name: /Plus/ }).first().click()
        await admin.page.getByRole("link", { name: "Refund" }).click()
        await admin.page.locator("[name=amount]").fill("10")
        await admin.page.locator("[name=reason]").fill("Half of it was not what she wanted")
        await admin.page.getByRole("button", { name: /^Refund/ }).click()
        await admin.page.getByText("The money goes back.").first().waitFor()

        await page.reload()
        await page.getByText("CN-2026-001").first().waitFor()
        await page.getByText("$10.00").first().waitFor()
        expect(await server.app.reads.ask("ledger.verify")).toMatchObject({ ok: true })
        expect(problems).toEqual([])
        await context.close()
        expect(admin.problems).toEqual([])
        await admin.context.close()
      } finally {
        await shop.close()
      }
    }, 120_000)
})
