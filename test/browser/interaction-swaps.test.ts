// Filters, ranges, tabs, pagers and links on a slow line: parts are put in place, the address goes along, Back leads back.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { credits } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { addSandbox, giveCredits, makeUser, startTestServer, type TestServer } from "../build.ts"
import { describeBrowser, launch, openTab, signIn, type Tab } from "./kit.ts"
import { isFocused, moved, slowLine, startShifts } from "./slow-line.ts"

let browser: Browser
let server: TestServer
let grace: User

async function adminAt(path: string, height = 800): Promise<Tab> {
  const tab = await openTab(browser, server, { height })
  await signIn(tab.page, server, grace.email, "/admin")
  await tab.page.goto(`${server.url}${path}`)
  return tab
}

describeBrowser("filters and links on a slow line", () => {
  beforeAll(async () => {
    server = await startTestServer()
    await addSandbox(server.app)
    grace = await makeUser(server.app, { name: "Grace Operator", isAdmin: true })
    for (let gift = 0; gift < 60; gift++) await giveCredits(server.app, grace, credits(10 + gift))
    browser = await launch()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  test("a filter swaps its part: address pushed, scroll, focus and open rows kept; Back fetches again", async () => {
    const { page, context, problems } = await adminAt("/credits", 500)
    await slowLine(context)
    await startShifts(page)
    const days = page.getByRole("link", { name: "Last 30 days" })
    const rows = page.locator(".movements > li")
    const firstRow = await rows.first().getAttribute("id")
    await rows.first().locator("summary").click()
    await days.scrollIntoViewIfNeeded()
    const balance = await page.locator(".balance").elementHandle()
    const scroll = await page.evaluate(() => scrollY)
    await days.click()
    await page.waitForURL("**/credits?range=30d#history")
    expect(await days.getAttribute("aria-current")).toBe("true")
    expect(await isFocused(days)).toBe(true)
    expect(await page.evaluate(() => scrollY)).toBe(scroll)
    expect(await page.locator(`#${firstRow} details`).getAttribute("open")).toBe("")
    // The rest of the page is the same page.
    expect(await balance!.evaluate((element) => element.isConnected)).toBe(true)
    await page.getByLabel("Kind").focus()
    await page.getByLabel("Kind").selectOption("gifts")
    await page.waitForURL("**/credits?range=30d&kind=gifts#history")
    expect(await page.getByLabel("Kind").inputValue()).toBe("gifts")
    expect(await isFocused(page.getByLabel("Kind"))).toBe(true)
    const older = page.getByRole("link", { name: "Older" })
    await older.click()
    await page.waitForURL("**before=**")
    expect(await page.locator(`#${firstRow}`).count()).toBe(0)
    await page.goBack()
    await page.locator(`#${firstRow}`).waitFor()
    await page.goBack()
    await page.waitForURL("**/credits?range=30d#history")
    await page.waitForFunction(() => document.querySelector<HTMLSelectElement>("#filter-kind")?.value === "")
    await page.goBack()
    await page.locator('a[aria-current="true"]', { hasText: "All" }).waitFor()
    expect(page.url()).toBe(`${server.url}/credits`)
    expect(await moved(page)).toBeLessThanOrEqual(0.01)
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("the next page of a list is shown from its head, below the bar of a phone; by keyboard the pager keeps focus and view", async () => {
    const { page, context, problems } = await openTab(browser, server, { width: 360, height: 640 })
    await signIn(page, server, grace.email, "/credits")
    await slowLine(context)
    const list = page.locator("#history")
    const topOf = async () => Math.round((await list.boundingBox())!.y)
    const bar = await page.locator(".topbar").boundingBox()
    await page.getByRole("link", { name: "Older" }).click()
    await page.getByRole("link", { name: "Newer" }).waitFor()
    expect(await topOf()).toBeGreaterThanOrEqual(Math.floor(bar!.height))
    expect(await topOf()).toBeLessThan(100)
    // A list whose head is in sight stays where it is.
    await page.evaluate(() => scrollBy(0, -40))
    const scroll = await page.evaluate(() => scrollY)
    await page.getByRole("link", { name: "Newer" }).evaluate((link: HTMLElement) => link.focus({ preventScroll: true }))
    await page.keyboard.press("Enter")
    await page.getByRole("link", { name: "Older" }).waitFor()
    expect(await page.evaluate(() => scrollY)).toBe(scroll)
    const older = page.getByRole("link", { name: "Older" })
    await older.focus()
    await page.keyboard.press("Enter")
    await page.getByRole("link", { name: "Newer" }).waitFor()
    expect(await topOf()).toBeLessThan(0)
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("an answer that comes after a later one is dropped", async () => {
    const { page, context, problems } = await adminAt("/dashboard")
    await slowLine(context, (url) => (url.includes("range=90d") ? 900 : url.includes("range=7d") ? 100 : 0))
    await page.getByRole("link", { name: "90 days" }).click()
    await page.getByRole("link", { name: "7 days" }).click()
    await page.waitForURL("**/dashboard?range=7d")
    await page.waitForTimeout(1_200)
    expect(page.url()).toEndWith("range=7d")
    expect(await page.getByRole("link", { name: "7 days" }).getAttribute("aria-current")).toBe("true")
    expect(await page.locator(".loading").count()).toBe(0)
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("a link shows that it works after a moment, and what the browser brings back shows nothing", async () => {
    const { page, context } = await adminAt("/settings")
    await slowLine(context, () => 900)
    await page.evaluate(() => {
      const begun = performance.now()
      new MutationObserver(() => {
        if (document.querySelector(".loading")) sessionStorage.setItem("after", String(performance.now() - begun))
      }).observe(document.body, { childList: true })
    })
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Credits" }).click()
    await page.waitForURL("**/credits")
    const after = Number(await page.evaluate(() => sessionStorage.getItem("after")))
    expect(after).toBeGreaterThan(290)
    expect(await page.locator(".loading").count()).toBe(0)
    await context.close()
  }, 120_000)

  test("rows that were opened are open on the way back", async () => {
    const { page, context } = await adminAt("/credits")
    await page.locator(".movements summary").nth(2).click()
    const id = await page.locator(".movements > li").nth(2).getAttribute("id")
    await page.goto(`${server.url}/apps`)
    await page.goBack()
    await page.locator(`#${id} details[open]`).waitFor()
    expect(await page.locator("main details[open]").count()).toBe(1)
    await context.close()
  }, 120_000)

  test("modules hear of what a swap brought", async () => {
    const { page, context } = await adminAt("/credits")
    await page.evaluate(() => {
      const heard: string[] = []
      Object.assign(globalThis, { heard })
      document.addEventListener("purser:new", ({ target }) => heard.push((target as Element).id))
    })
    await page.getByRole("link", { name: "Last 7 days" }).click()
    await page.waitForURL("**range=7d**")
    expect(await page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard)).toEqual(["history"])
    await context.close()
  }, 120_000)

  test("another section comes with its style sheet, its place in the sidebar and its title; the way back too", async () => {
    const { page, context, problems } = await adminAt("/dashboard")
    await slowLine(context)
    await page.evaluate(() => {
      const link = Object.assign(document.createElement("a"), { href: "/admin/users", textContent: "Far" })
      link.dataset.swap = "main"
      document.querySelector("#main")?.append(link)
      Object.assign(globalThis, { same: true })
    })
    const here = page.locator('.sidebar a[aria-current="page"]')
    await page.getByText("Far", { exact: true }).click()
    await page.waitForURL("**/admin/users")
    await page.getByRole("heading", { name: "Users", level: 1 }).waitFor()
    expect((await here.textContent())?.trim()).toBe("Users")
    expect(await page.title()).toBe("Users · Admin · Purser")
    const sheets = page.locator("link[rel=stylesheet]")
    expect(await sheets.count()).toBe(1)
    expect(await sheets.getAttribute("href")).toContain("css/admin.css")
    await page.goBack()
    await page.waitForURL("**/dashboard")
    await page.getByRole("heading", { name: "Dashboard", level: 1 }).waitFor()
    expect((await here.textContent())?.trim()).toBe("Dashboard")
    expect(await sheets.getAttribute("href")).toContain("css/console.css")
    // All in one document, which still listens for moving figures.
    expect(await page.evaluate(() => (globalThis as unknown as { same?: boolean }).same)).toBe(true)
    while (server.app.sse.size === 0) await Bun.sleep(5)
    await giveCredits(server.app, grace, credits(1_000_000))
    await page.locator(".balance-figure").getByText("1,00").waitFor()
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("a part that is not there is an ordinary link", async () => {
    const { page, context } = await adminAt("/credits")
    for (const [href, to] of [
      ["/apps", "**/apps"],
      ["/nowhere", "**/nowhere"],
    ] as const) {
      await page.evaluate((address) => {
        const link = Object.assign(document.createElement("a"), { href: address, textContent: "Elsewhere" })
        link.dataset.swap = "history"
        document.querySelector("#main")?.append(link)
        Object.assign(globalThis, { same: true })
      }, href)
      await page.getByText("Elsewhere").click()
      await page.waitForURL(to)
      expect(await page.evaluate(() => (globalThis as unknown as { same?: boolean }).same)).toBeUndefined()
      await page.goBack()
      await page.waitForURL("**/credits")
    }
    await context.close()
  }, 120_000)

  test("what is typed into a filter while it loads stays typed", async () => {
    const { page, context } = await adminAt("/admin/users")
    await slowLine(context)
    const box = page.getByRole("searchbox")
    await box.fill("grace")
    await box.press("Enter")
    await box.pressSequentially(" op")
    await page.waitForURL("**/admin/users?**q=grace**")
    expect(await box.inputValue()).toBe("grace op")
    expect(await isFocused(box)).toBe(true)
    await context.close()
  }, 120_000)
})
