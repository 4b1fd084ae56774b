// The data grid in a real browser: with scripts and without, by keyboard, on a phone, in forced colours and right to left.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import { makeUser, type TestServer } from "../build.ts"
import { describeBrowser, launch, openTab, ownServer, pageProblems, signIn, textOf } from "./kit.ts"

let browser: Browser
let server: TestServer & AsyncDisposable
const NAMES = ["Ada Lovelace", "Ève Zimmer", "مها القاضي", "Grace Murray", "x".repeat(60)]

describeBrowser("the grid of people", () => {
  beforeAll(async () => {
    browser = await launch()
    server = await ownServer()
    await makeUser(server.app, { isAdmin: true, name: "Grace Operator", email: "grace@ops.test" })
    for (const [at, name] of NAMES.entries()) await makeUser(server.app, { name, email: `person${at}@grid.test` })
  })
  afterAll(async () => {
    await browser?.close()
    await server?.[Symbol.asyncDispose]()
  })

  const open = async (options: Parameters<typeof openTab>[2] = {}) => {
    const tab = await openTab(browser, server, options)
    await signIn(tab.page, server, "grace@ops.test")
    await tab.page.goto(`${server.url}/admin/users`)
    return tab
  }
  const box = (page: Page, name: string) => page.getByRole("checkbox", { name: `Select ${name}` })
  const bar = (page: Page) => page.getByRole("group", { name: "Selected: Users" })

  test("choosing rows: the bar appears with the count, all and none, a stretch with Shift, and asks about those chosen", async () => {
    const { page, context, problems } = await open()
    expect(await bar(page).isVisible()).toBe(false)
    await box(page, "Ada Lovelace").check()
    await bar(page).getByText("1 user selected").waitFor()
    const all = page.getByRole("checkbox", { name: "All on this page" })
    expect(await all.evaluate((input: HTMLInputElement) => input.indeterminate)).toBe(true)
    await all.check()
    await bar(page).getByText("6 users selected").waitFor()
    await bar(page).getByRole("button", { name: "Clear" }).click()
    await bar(page).waitFor({ state: "hidden" })
    await page.locator("[data-grid-all]:not(:checked)").waitFor()

    // Rows stand newest first: from the third to the first.
    await box(page, "مها القاضي").click()
    await box(page, NAMES[4]!).click({ modifiers: ["Shift"] })
    await bar(page).getByText("3 users selected").waitFor()
    await bar(page).getByRole("button", { name: "Suspend…" }).click()
    const dialog = page.getByRole("dialog", { name: "Suspend 3 people?" })
    await dialog.waitFor()
    expect(await textOf(dialog)).toContain("Grace Murray")
    await page.keyboard.press("Escape")
    await dialog.waitFor({ state: "detached" })
    expect(await textOf(page.locator(":focus"))).toBe("Suspend…")
    await bar(page).getByText("3 users selected").waitFor()
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("without scripts: search, sort, columns, and an act for those ticked", async () => {
    const { page, context, problems } = await open({ javaScriptEnabled: false })
    await page.getByRole("searchbox").fill("grid.test")
    await page.getByRole("button", { name: "Search" }).click()
    await page.getByText("5 of 6 users").waitFor()
    await page.getByRole("link", { name: "Person", exact: true }).click()
    await page.waitForURL("**/admin/users?q=grid.test&sort=name")
    expect(await page.getByRole("columnheader", { name: "Person" }).getAttribute("aria-sort")).toBe("ascending")
    expect(await textOf(page.locator("tbody tr").first())).toContain("Ada Lovelace")

    await page.getByRole("button", { name: "Columns" }).click()
    await page.getByRole("checkbox", { name: "Plan" }).uncheck()
    await page.getByRole("button", { name: "Show these" }).click()
    await page.getByText("5 of 6 users").waitFor()
    expect(await page.getByRole("columnheader", { name: "Plan" }).count()).toBe(0)
    await page.goto(`${server.url}/admin/users`)
    expect(await page.getByRole("columnheader", { name: "Plan" }).count()).toBe(0)

    expect(await page.getByText("All on this page").isVisible()).toBe(false)
    await box(page, "Ada Lovelace").check()
    await bar(page).getByRole("button", { name: "Suspend…" }).click()
    await page.getByRole("heading", { name: "Suspend Ada Lovelace?" }).waitFor()
    await page.getByLabel("Reason").fill("A test.")
    await page.getByRole("button", { name: "Suspend Ada Lovelace" }).click()
    await page.getByText("1 person is suspended.").waitFor()
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("by keyboard alone: a head sorts, a row is chosen and its act reached; popovers give the focus back", async () => {
    const { page, context, problems } = await open()
    await page.getByRole("link", { name: "Person", exact: true }).focus()
    await page.keyboard.press("Enter")
    await page.locator('th[aria-sort="ascending"]').waitFor()
    await box(page, "Grace Murray").focus()
    await page.keyboard.press("Space")
    await bar(page).getByText("1 user selected").waitFor()
    const suspend = bar(page).getByRole("button", { name: "Suspend…" })
    for (let presses = 0; presses < 40; presses++) {
      if (await suspend.evaluate((button) => button === document.activeElement)) break
      await page.keyboard.press("Tab")
    }
    expect(await suspend.evaluate((button) => button === document.activeElement)).toBe(true)

    await page.getByRole("button", { name: "Saved filters" }).focus()
    await page.keyboard.press("Enter")
    await page.getByLabel("Save what is shown as").waitFor()
    await page.keyboard.press("Escape")
    expect(await textOf(page.locator(":focus"))).toBe("Saved filters")
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("on a phone rows stack, targets are large, nothing is wider than 320 px; the head stays in sight on a desk", async () => {
    const { page, context } = await open({ width: 360, height: 640 })
    // What sorts is in sight, and where the focus can go.
    const byName = page.getByRole("link", { name: "Person", exact: true })
    const sorts = await byName.boundingBox()
    expect(sorts!.x).toBeGreaterThanOrEqual(0)
    expect(sorts!.height).toBeGreaterThanOrEqual(44)
    await byName.click()
    await page.locator("tbody tr").first().getByText("Ada Lovelace").waitFor()
    await box(page, "Grace Murray").check()
    await bar(page).getByText("1 user selected").waitFor()
    const target = await page.locator(".grid-box").first().boundingBox()
    expect(Math.min(target!.width, target!.height)).toBeGreaterThanOrEqual(44)
    const place = await bar(page).boundingBox()
    expect(place!.y + place!.height).toBeLessThanOrEqual(640)
    expect(await pageProblems(page)).toEqual([])
    await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"))
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    await page.evaluate(() => document.documentElement.setAttribute("dir", "ltr"))

    await page.setViewportSize({ width: 1280, height: 420 })
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
    const head = await page.locator("thead th").first().boundingBox()
    expect(Math.round(head!.y)).toBe(0)
    await page.emulateMedia({ forcedColors: "active" })
    const outline = await page
      .locator('.facets a[aria-current="true"]')
      .first()
      .evaluate((link) => getComputedStyle(link).outlineStyle)
    expect(outline).toBe("solid")
    await context.close()
  }, 120_000)

  test("all who match, beyond the page: the bar says how many, and a row that is taken out takes it back", async () => {
    for (let n = 0; n < 55; n++) await makeUser(server.app, { name: `Person ${n}`, email: `p${n}@many.test` })
    const { page, context, problems } = await open()
    await page.goto(`${server.url}/admin/users?q=many.test`)
    await page.getByRole("checkbox", { name: "All on this page" }).check()
    await bar(page).getByText("50 users selected").waitFor()
    await bar(page).getByRole("checkbox", { name: "All 55 users that match" }).check()
    await bar(page).getByText("55 users selected").waitFor()
    await page.locator("[data-grid-row]").nth(3).click()
    await bar(page).getByText("49 users selected").waitFor()
    await bar(page).getByRole("checkbox", { name: "All 55 users that match" }).check()
    await bar(page).getByText("55 users selected").waitFor()
    await bar(page).getByRole("button", { name: "Suspend…" }).click()
    await page.getByRole("dialog", { name: "Suspend 55 people?" }).waitFor()
    expect(problems).toEqual([])
    await page.keyboard.press("Escape")
    await page.setViewportSize({ width: 360, height: 640 })
    expect(await pageProblems(page)).toEqual([])
    await context.close()
  }, 120_000)
})
