// Ways around: the palette by keys, pointer and on a slow line, and groups of the sidebar that stay as they were left.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import type { User } from "../../src/identity/index.ts"
import { makeUser, startTestServer, type TestServer } from "../build.ts"
import { describeBrowser, launch, openTab, pageProblems, signIn, textOf } from "./kit.ts"

let browser: Browser
let server: TestServer
let admin: User

beforeAll(async () => {
  server = await startTestServer()
  browser = await launch()
  admin = await makeUser(server.app, { name: "Anna Admin", isAdmin: true })
  await makeUser(server.app, { name: "Zoë Zimmermann", email: "zoe@example.com" })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

const box = (page: Page) => page.getByRole("combobox", { name: "Search pages, apps, people and ids" })
const options = (page: Page) => page.getByRole("option")
const selected = (page: Page) => page.locator("[role=option][aria-selected=true] .title")

describeBrowser("the palette", () => {
  test("opens with its keys outside fields, moves with arrows, goes with Enter, and gives back the focus", async () => {
    const { page, context, problems } = await openTab(browser, server)
    await signIn(page, server, admin.email)
    const where = page.getByRole("link", { name: "Credits", exact: true }).first()
    await where.focus()
    await page.keyboard.press("Control+k")
    await box(page).waitFor()
    expect(await box(page).evaluate((input) => document.activeElement === input)).toBe(true)
    await page.keyboard.type("zimmer")
    await page.getByText("1 found").waitFor()
    expect(await textOf(selected(page))).toBe("Zoë Zimmermann")
    expect(await box(page).getAttribute("aria-activedescendant")).toBe(await options(page).first().getAttribute("id"))
    expect(await pageProblems(page)).toEqual([])
    await page.keyboard.press("Escape")
    await box(page).waitFor({ state: "detached" })
    expect(await where.evaluate((link) => document.activeElement === link)).toBe(true)
    await page.keyboard.press("/")
    await box(page).fill("credits")
    await page.getByText(/\d+ found/).waitFor()
    const first = await textOf(selected(page))
    await page.keyboard.press("ArrowDown")
    expect(await textOf(selected(page))).not.toBe(first)
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await page.waitForURL(`${server.url}/credits`)
    // What was gone to stands there first.
    await page.keyboard.press("Meta+k")
    await page.getByText("Recent").waitFor()
    expect(await textOf(selected(page))).toBe(first)
    await page.keyboard.press("Escape")
    await page.goto(`${server.url}/settings`)
    await page.getByLabel("Name").first().focus()
    await page.keyboard.press("/")
    expect(await page.locator("dialog[open]").count()).toBe(0)
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("late answers are dropped, and one that fails is said", async () => {
    const { page, context } = await openTab(browser, server)
    await signIn(page, server, admin.email)
    let asked = 0
    await page.route("**/search.json*", async (route) => {
      asked++
      const isSlow = new URL(route.request().url()).searchParams.get("q") === "cre"
      if (isSlow) await Bun.sleep(1_500)
      await route.continue().catch(() => {})
    })
    await page.getByRole("link", { name: "Search" }).first().click()
    const sent = page.waitForRequest(/q=cre$/)
    await box(page).fill("cre")
    await sent
    await box(page).fill("zimmer")
    await page.getByText("1 found").waitFor()
    await Bun.sleep(1_800)
    expect([asked, await textOf(selected(page))]).toEqual([2, "Zoë Zimmermann"])
    await page.unroute("**/search.json*")
    await page.route("**/search.json*", (route) => route.abort())
    await box(page).fill("plan")
    await page.getByText("The server cannot be reached").waitFor()
    expect(await options(page).count()).toBe(0)
    await context.close()
  }, 120_000)

  test("without scripts its button leads to the search, which finds the same", async () => {
    const { page, context } = await openTab(browser, server, { javaScriptEnabled: false })
    await signIn(page, server, admin.email)
    await page.getByRole("link", { name: "Search" }).first().click()
    await page.waitForURL(`${server.url}/search`)
    await page.getByLabel("Search this site").fill("zimmer")
    await page.keyboard.press("Enter")
    await page.getByRole("link", { name: "Zoë Zimmermann" }).waitFor()
    await context.close()
  }, 120_000)
})

describeBrowser("groups of the sidebar", () => {
  test("stay closed on the next page, except around the page itself, and nothing moves", async () => {
    const { page, context } = await openTab(browser, server)
    await signIn(page, server, admin.email)
    const group = page.locator(".sidebar details", { hasText: "Admin" })
    await group.locator("summary").focus()
    await page.keyboard.press("Enter")
    await page.waitForFunction(() => document.cookie.includes("purser_nav=Admin"))
    expect(await group.evaluate((details: HTMLDetailsElement) => details.open)).toBe(false)
    await page.goto(`${server.url}/credits`)
    expect(await group.evaluate((details: HTMLDetailsElement) => details.open)).toBe(false)
    expect(await page.evaluate(() => (globalThis as unknown as { shifts: string[] }).shifts)).toEqual([])
    await page.goto(`${server.url}/admin/users`)
    expect(await group.evaluate((details: HTMLDetailsElement) => details.open)).toBe(true)
    // Looking there did not change what was chosen.
    await page.goto(`${server.url}/credits`)
    expect(await group.evaluate((details: HTMLDetailsElement) => details.open)).toBe(false)
    await context.close()
  }, 120_000)
})
