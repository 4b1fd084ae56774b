// The operator, in a real browser: the setup link, an upstream, and a person suspended and let in again.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { credits } from "../../src/app/index.ts"
import { CTX, makeUser, PASSWORD } from "../build.ts"
import { eventually } from "../eventually.ts"
import { describeBrowser, fillLogin, launch, openTab, ownServer, signIn, textOf } from "./kit.ts"

let browser: Browser

describeBrowser("an admin", () => {
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())

  test("the current place of the menu is in sight, however far down it stands", async () => {
    await using server = await ownServer()
    const { url } = await server.app.identity.createSetupLink(CTX)
    const { page } = await openTab(browser, server, { height: 500 })
    await page.goto(url)
    await page.getByLabel("Email").fill("grace@example.com")
    await page.getByLabel("Password").fill(PASSWORD)
    await page.getByRole("button", { name: "Create admin account" }).click()
    await page.waitForURL(`${server.url}/admin`)
    for (const path of ["/dashboard", "/admin/users", "/admin/jobs", "/admin/announcements"]) {
      await page.goto(`${server.url}${path}`)
      const here = page.locator(".sidebar nav [aria-current]")
      await eventually(path, async () => {
        const box = await here.boundingBox()
        return box !== null && box.y >= 0 && box.y + box.height <= 500
      })
      expect(await page.evaluate(() => scrollY)).toBe(0)
    }
  }, 120_000)

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
      await page.getByRole("button", { name: "Create admin account" }).click()
      await page.locator(".field.invalid").waitFor()
      expect(await page.getByLabel("Name").inputValue()).toBe("Grace Operator")
      expect(await page.getByLabel("Email").inputValue()).toBe("grace@example.com")
      await page.getByLabel("Password").fill(PASSWORD)
      await page.getByRole("button", { name: "Create admin account" }).click()
      await page.waitForURL(`${server.url}/admin`)
      await page.getByRole("heading", { name: "Overview" }).waitFor()
      await page.goto(url)
      await page.getByText("This link no longer works").first().waitFor()

      // An upstream: refused with words, then the sandbox.
      await page.goto(`${server.url}/admin/upstreams`)
      await page.getByRole("link", { name: "Add an upstream" }).click()
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
      await page
        .getByText(/bench answers/)
        .last()
        .waitFor()
      await page.getByText("Healthy").waitFor()

      // Its page: models with prices, off and on again.
      await page.getByRole("link", { name: "bench" }).click()
      await page.getByRole("heading", { name: "Models" }).waitFor()
      await page.getByRole("link", { name: "Turn off" }).click()
      await page.getByRole("button", { name: "Turn off bench" }).click()
      await page.getByText("bench is off: it gets no new calls.").waitFor()
      expect(server.app.gateway.upstreams()[0]!.enabled).toBe(false)
      await page.getByRole("button", { name: "Turn on" }).click()
      await page.getByText("bench answers calls again.").waitFor()

      // Another account, whose key is typed anew and never shown.
      const { publicId } = await server.app.gateway.addUpstream(CTX, {
        kind: "openai-compatible",
        name: "far",
        baseUrl: "http://127.0.0.1:9/v1",
        apiKey: "sk-not-shown",
      })
      await page.goto(`${server.url}/admin/upstreams/${publicId}`)
      expect(await page.content()).not.toContain("sk-not-shown")
      await page.getByLabel("Base URL").fill("http://127.0.0.2:9/v1")
      await page.getByRole("button", { name: "Save and test" }).click()
      await page.getByText("The address is another server: enter the key for it.").first().waitFor()
      expect(await page.getByLabel("Base URL").inputValue()).toBe("http://127.0.0.2:9/v1")
      await page.getByLabel("New API key").fill("sk-also-not-shown")
      await page.getByRole("button", { name: "Save and test" }).click()
      await page.getByText(/far did not answer as it should/).waitFor()
      expect(await page.content()).not.toContain("sk-also")
      await page.goto(`${server.url}/admin`)
      await page.getByRole("link", { name: "Upstreams that failed their last test" }).waitFor()

      // The terms of earning: what cannot be read stays, what is saved is listed with its reason.
      await page.getByRole("link", { name: "Earnings" }).first().click()
      await page.getByLabel("Smallest payout").fill("ten")
      await page.getByLabel("Shares of bought credits").fill("0")
      await page.getByRole("button", { name: "Save terms" }).click()
      await page.getByText("Give an amount in dollars, such as 10.").first().waitFor()
      expect(await page.getByLabel("Smallest payout").inputValue()).toBe("ten")
      await page.getByLabel("Smallest payout").fill("25")
      await page.getByLabel("Reason").fill("Fewer small transfers.")
      await page.getByRole("button", { name: "Save terms" }).click()
      await page.getByText("Give whole days from 1 to 365.").first().waitFor()
      expect(await page.getByLabel("Reason").inputValue()).toBe("Fewer small transfers.")
      await page.getByLabel("Shares of bought credits").fill("14")
      await page.getByRole("button", { name: "Save terms" }).click()
      await page.getByText("Terms of earning now: ").waitFor()
      expect(await textOf(page.locator(".timeline"))).toContain(
        "Bought credits: 7 days → 14 days, smallest payout: $10 → $25",
      )
      expect(await textOf(page.locator(".timeline"))).toContain("grace@example.com (admin): Fewer small transfers.")
      expect(server.app.developers.earningTerms()).toMatchObject({ paidDays: 14, payoutMinNano: credits(25_000) })

      // A person, found and suspended while signed in elsewhere.
      const hers = await openTab(browser, server, { javaScriptEnabled: scripts })
      await signIn(hers.page, server, ada.email)
      await page.getByRole("link", { name: "Users" }).first().click()
      await page.getByRole("searchbox").fill("ada@ex")
      await page.getByRole("button", { name: "Search" }).click()
      await page.waitForURL("**/admin/users?q=ada%40ex")
      expect(await page.locator("tbody tr").count()).toBe(1)
      await page.getByRole("link", { name: "Ada Reader" }).click()
      // What is lost is said before; nothing happens without a reason.
      await page.getByRole("link", { name: "Suspend Ada Reader" }).click()
      if (scripts) await page.locator("dialog[open]").waitFor()
      else expect(await page.locator("dialog").count()).toBe(0)
      await page.getByText("They are signed out of 1 browser.").waitFor()
      await page.getByRole("button", { name: "Suspend Ada Reader" }).click()
      await page.getByText("Give a reason, in a few words.").first().waitFor()
      await page.getByLabel("Reason").fill("Asked for by her school.")
      await page.getByRole("button", { name: "Suspend Ada Reader" }).click()
      await page.getByText("ada@example.com is suspended.").waitFor()
      const notice = " by grace@example.com (admin). Reason: Asked for by her school."
      expect(await textOf(page.locator("main"))).toContain(notice)

      // With scripts the page leaves by itself, when its stream ends.
      if (!scripts) await hers.page.reload()
      await hers.page.waitForURL("**/login?interaction=*")
      await fillLogin(hers.page, ada.email)
      await hers.page.getByRole("alert").waitFor()
      expect(await textOf(hers.page.getByRole("alert"))).toContain("suspended")

      await page.getByRole("link", { name: "Reinstate Ada Reader" }).click()
      await page.getByLabel("Reason").fill("It was a mistake.")
      await page.getByRole("button", { name: "Reinstate Ada Reader" }).click()
      await page.getByText("ada@example.com can use Purser again.").waitFor()
      await signIn(hers.page, server, ada.email)

      // Nobody locks themselves out.
      await page.goto(`${server.url}/admin/users?q=grace`)
      await page.getByRole("link", { name: "Grace Operator" }).click()
      await page.getByRole("link", { name: "Suspend Grace Operator" }).click()
      await page.getByLabel("Reason").fill("Holiday.")
      await page.getByRole("button", { name: "Suspend Grace Operator" }).click()
      await page.getByRole("alert").waitFor()
      expect(await page.getByLabel("Reason").inputValue()).toBe("Holiday.")
      expect([...problems, ...hers.problems]).toEqual([])
      await Promise.all([context.close(), hers.context.close()])
    },
    120_000,
  )
})
