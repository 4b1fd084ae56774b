// The operator, in a real browser: the setup link, an upstream, and a person suspended and let in again.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { CTX, makeUser, PASSWORD } from "../build.ts"
import { describeBrowser, fillLogin, launch, openTab, ownServer, signIn, textOf } from "./kit.ts"

let browser: Browser

describeBrowser("an admin", () => {
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())

  // Each walk has a server of its own, so both can go at once.
  test.concurrent.each([
    ["on", true],
    ["off", false],
  ] as const)(
    "setup link, upstream, suspend and reinstate, scripts %s",
    async (_, scripts) => {
      await using server = await ownServer()
      const ada = await makeUser(server.app, { name: "Ada Reader", email: "ada@example.com" })
      const { page, context, problems } = await openTab(browser, server, { javaScriptEnabled: scripts })

      // The link works once; a weak password keeps what was typed.
      const { url } = await server.app.identity.createSetupLink(CTX)
      await page.goto(url)
      await page.getByLabel("Name").fill("Grace Operator")
      await page.getByLabel("Email").fill("grace@example.com")
      await page.getByLabel("Password").fill("short")
      await page.getByRole("button", { name: "Become the admin" }).click()
      await page.locator(".field.invalid").waitFor()
      expect(await page.getByLabel("Name").inputValue()).toBe("Grace Operator")
      expect(await page.getByLabel("Email").inputValue()).toBe("grace@example.com")
      await page.getByLabel("Password").fill(PASSWORD)
      await page.getByRole("button", { name: "Become the admin" }).click()
      await page.waitForURL(`${server.url}/admin`)
      await page.getByRole("heading", { name: "Overview" }).waitFor()
      await page.goto(url)
      await page.getByText("This link no longer works").first().waitFor()

      // An upstream: refused with words, then the sandbox.
      await page.goto(`${server.url}/admin/upstreams`)
      await page.getByRole("link", { name: "Add the first upstream" }).click()
      // A list picked by nobody would price OpenAI's models as somebody else's.
      expect(await page.getByLabel("Prices").inputValue()).toBe("")
      await page.getByLabel("Name").fill("Nowhere")
      await page.getByLabel("Base URL").fill("not a url")
      await page.getByRole("button", { name: "Save and test" }).click()
      await page.locator(".field.invalid").first().waitFor()
      expect(await page.getByLabel("Name").inputValue()).toBe("Nowhere")
      expect(await page.getByLabel("Base URL").inputValue()).toBe("not a url")
      await page.getByLabel("Name").fill("bench")
      await page.getByLabel("API key").fill("a key with spaces")
      await page.getByLabel("Sandbox").check()
      expect(await page.getByLabel("Base URL").isVisible()).toBe(false)
      await page.getByRole("button", { name: "Save and test" }).click()
      await page.getByText(/bench answers and offers 1 model\./).waitFor()
      await page.getByRole("button", { name: "Test", exact: true }).click()
      await page.getByText(/bench answers/).waitFor()
      await page.getByText("Healthy").waitFor()

      // A person, found and suspended while signed in elsewhere.
      const hers = await openTab(browser, server, { javaScriptEnabled: scripts })
      await signIn(hers.page, server, ada.email)
      await page.getByRole("link", { name: "Users" }).first().click()
      await page.getByRole("searchbox").fill("ada@ex")
      await page.getByRole("button", { name: "Search" }).click()
      await page.waitForURL("**/admin/users?q=ada%40ex")
      expect(await page.locator("tbody tr").count()).toBe(1)
      await page.getByRole("link", { name: "Ada Reader" }).click()
      await page.getByRole("button", { name: "Suspend this account" }).click()
      await page.getByText("Say why; the reason is kept in the audit log.").first().waitFor()
      await page.getByLabel("Reason").fill("Asked for by her school.")
      await page.getByRole("button", { name: "Suspend this account" }).click()
      await page.getByText("ada@example.com is suspended.").waitFor()
      expect(await textOf(page.locator("main"))).toContain("Asked for by her school.")
      expect(await textOf(page.locator("main"))).toContain("Suspended by grace@example.com on ")

      await hers.page.reload()
      await hers.page.waitForURL("**/login?txn=*")
      await fillLogin(hers.page, ada.email)
      await hers.page.getByRole("alert").waitFor()
      expect(await textOf(hers.page.getByRole("alert"))).toContain("suspended")

      await page.getByLabel("Reason").fill("It was a mistake.")
      await page.getByRole("button", { name: "Reinstate" }).click()
      await page.getByText("ada@example.com can use Purser again.").waitFor()
      await signIn(hers.page, server, ada.email)

      // Nobody locks themselves out.
      await page.goto(`${server.url}/admin/users?q=grace`)
      await page.getByRole("link", { name: "Grace Operator" }).click()
      await page.getByLabel("Reason").fill("Holiday.")
      await page.getByRole("button", { name: "Suspend this account" }).click()
      await page.getByRole("alert").waitFor()
      expect(await page.getByLabel("Reason").inputValue()).toBe("Holiday.")
      expect([...problems, ...hers.problems]).toEqual([])
      await Promise.all([context.close(), hers.context.close()])
    },
    60_000,
  )
})
