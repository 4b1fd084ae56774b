// What a plan would keep follows the form while it is edited; late answers do not win; nothing is saved.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { makeUser } from "../build.ts"
import { describeBrowser, launch, openTab, ownServer, signIn } from "./kit.ts"

let browser: Browser

describeBrowser("the margin of a plan", () => {
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())

  test("is counted anew while the price is typed", async () => {
    await using server = await ownServer()
    const grace = await makeUser(server.app, { isAdmin: true })
    const { page, problems } = await openTab(browser, server)
    await signIn(page, server, grace.email, "/admin/plans/professional")
    const shown = page.locator(".full-use-now")
    await shown.getByText("Loses $11.91").waitFor()

    // The first answer is late, and for another price.
    let asked = 0
    await page.route("**/full-use?*", async (route) => {
      if (asked++ === 0) await Bun.sleep(1_500)
      await route.continue().catch(() => {})
    })
    const price = page.getByLabel("Price a month")
    await price.fill("60")
    await page.waitForRequest("**/full-use?*")
    await price.fill("75")
    await shown.getByText("Keeps $13.09").waitFor()
    expect(await price.evaluate((field) => field === document.activeElement)).toBe(true)
    await page.waitForTimeout(1_600)
    expect(await shown.getByText("Keeps $13.09").count()).toBe(1)
    await price.fill("")
    await shown.getByText("Counted as saved until it can be read: Price a month.").waitFor()

    expect(server.app.plans.planByCode("professional")?.priceNano as number).toBe(50_000_000_000)
    expect(problems).toEqual([])
    await page.context().close()
  }, 120_000)
})
