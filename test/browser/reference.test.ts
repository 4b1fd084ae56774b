// The reference in a real browser: the filter narrows the tree as words are typed, folds open without scripts, links to fields open.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { startTestServer, type TestServer } from "../build.ts"
import { describeBrowser, launch, openTab, pageProblems } from "./kit.ts"

let browser: Browser
let server: TestServer

describeBrowser("the reference", () => {
  beforeAll(async () => {
    server = await startTestServer()
    browser = await launch()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  test("typing narrows the tree to what is meant, and clearing brings all back", async () => {
    const { page, context, problems } = await openTab(browser, server)
    await page.goto(`${server.url}/reference/createChatCompletion`)
    const links = page.locator(".reference-tree .tree a:visible")
    const before = await links.count()
    const field = page.getByLabel("Filter operations")
    await field.fill("wallet bonus")
    expect(await links.allInnerTexts()).toEqual(["Give a bonus"])
    expect(await page.locator(".reference-tree [role=status]").textContent()).toBe("1 operation")
    await field.fill("no such thing")
    expect(await links.count()).toBe(0)
    await field.fill("")
    expect(await links.count()).toBe(before)
    await field.fill("keys delete")
    await links.first().click()
    await page.waitForURL(`${server.url}/reference/revokeKey`)
    await page.getByRole("heading", { name: "Revoke an API key, for good" }).waitFor()
    // The language that was chosen is the one of the next page.
    await page.locator(".code-tabs").getByText("Python", { exact: true }).click()
    await page.goto(`${server.url}/reference/createChatCompletion`)
    await page.locator(".code-tabs pre:visible", { hasText: "import " }).waitFor()
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("without scripts: the filter is a form, fields open, languages change", async () => {
    const { page, context, problems } = await openTab(browser, server, { javaScriptEnabled: false })
    await page.goto(`${server.url}/reference`)
    await page.getByLabel("Filter operations").fill("count_tokens")
    await page.getByRole("button", { name: "Filter" }).click()
    await page.locator(".operations a").click()
    await page.waitForURL(`${server.url}/reference/countMessageTokens`)
    const inside = page.locator("#body--thinking summary").first()
    await inside.click()
    await page.locator("#body--thinking .variant").first().waitFor()
    await page.getByText("Python", { exact: true }).click()
    await page.getByText("client.messages.count_tokens").waitFor()
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("an address of a field opens what it is in and shows it, with and without scripts", async () => {
    for (const javaScriptEnabled of [true, false]) {
      const { page, context, problems } = await openTab(browser, server, { javaScriptEnabled })
      await page.goto(`${server.url}/reference/createMessage`)
      const budget = page.locator('[id^="body--thinking--"][id$="--budget_tokens"]').first()
      expect(await budget.isVisible()).toBe(false)
      await page.goto(`${server.url}/reference/createMessage#${await budget.getAttribute("id")}`)
      await budget.waitFor()
      expect(await budget.evaluate((one) => Math.round(one.getBoundingClientRect().top) < window.innerHeight)).toBe(
        true,
      )
      expect(problems).toEqual([])
      await context.close()
    }
  }, 120_000)

  test.each([320, 360, 1280, 1600])(
    "an operation at %i px: nothing wider than the window, nothing that moves",
    async (width) => {
      for (const colorScheme of ["light", "dark"] as const) {
        const { page, context, problems } = await openTab(browser, server, { width, colorScheme })
        await page.goto(`${server.url}/reference/createResponse`)
        expect([await pageProblems(page, []), problems]).toEqual([[], []])
        await context.close()
      }
    },
    120_000,
  )
})
