// How pages behave on a slow line, under two quick clicks, and on the way back: dialogs, forms, filters. The line is made slow between
// browser and server, so that answers can also come in the wrong order.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, BrowserContext, Page } from "playwright-core"
import { credits } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import {
  addSandbox,
  giveCredits,
  makeClient,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"
import { describeBrowser, launch, openTab, signIn, type Tab } from "./kit.ts"

const SLOW_MS = 300

let browser: Browser
let server: TestServer
let grace: User
let ada: User
const wallet = () => `${server.url}/admin/users/${ada.publicId}/wallet`

/** Everything but public files takes its time; `ms` may depend on the address. */
const slowLine = (context: BrowserContext, ms: (url: string) => number = () => SLOW_MS) =>
  context.route(
    (url) => !url.pathname.startsWith("/assets/") && !url.pathname.endsWith("/events"),
    async (route) => {
      await Bun.sleep(ms(route.request().url()))
      await route.continue().catch(() => {})
    },
  )

async function adminAt(url: string, options: Parameters<typeof openTab>[2] = {}): Promise<Tab> {
  const tab = await openTab(browser, server, options)
  await signIn(tab.page, server, grace.email, "/admin")
  await tab.page.goto(url)
  return tab
}

const focusText = (page: Page) => page.evaluate(() => document.activeElement?.textContent?.trim())
/** How far things moved by themselves since `startShifts`, as browsers count it. */
const startShifts = (page: Page) =>
  page.evaluate(() => {
    Object.assign(globalThis, { moved: 0 })
    type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean }
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput } of list.getEntries() as Shift[])
        if (!hadRecentInput)
          Object.assign(globalThis, { moved: (globalThis as unknown as { moved: number }).moved + value })
    }).observe({ type: "layout-shift" })
  })
const moved = async (page: Page) => {
  await page.waitForTimeout(120)
  return page.evaluate(() => (globalThis as unknown as { moved: number }).moved)
}

describeBrowser("on a slow line", () => {
  beforeAll(async () => {
    server = await startTestServer()
    await addSandbox(server.app)
    grace = await makeUser(server.app, { name: "Grace Operator", isAdmin: true })
    ada = await makeUser(server.app, { name: "Ada Reader" })
    for (const name of ["Storyteller", "Margin Notes"])
      await mintTokens(server.app, { user: grace, ...(await makeClient(server.app, { name })) })
    for (let gift = 0; gift < 60; gift++) await giveCredits(server.app, grace, credits(10 + gift))
    browser = await launch()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  test("two quick clicks open one dialog, at once, busy and named until its content is there", async () => {
    const { page, context, problems } = await adminAt(`${server.url}/apps`)
    await slowLine(context)
    await startShifts(page)
    const revoke = page.getByRole("link", { name: "Revoke" })
    await page.evaluate(() => {
      for (const link of document.querySelectorAll<HTMLElement>("a[data-dialog]")) link.click()
    })
    const dialog = page.locator("dialog")
    expect(await dialog.count()).toBe(1)
    expect(await dialog.getAttribute("aria-busy")).toBe("true")
    expect(await dialog.getByRole("heading").textContent()).toBe((await revoke.last().textContent())!.trim())
    expect(await page.evaluate(() => document.activeElement?.closest("dialog") !== null)).toBe(true)
    await page.locator("dialog[open]:not([aria-busy])").waitFor()
    expect(await dialog.count()).toBe(1)
    await page.waitForTimeout(2 * SLOW_MS)
    expect(await dialog.count()).toBe(1)
    expect(await dialog.locator("form").count()).toBe(1)
    await page.keyboard.press("Escape")
    // The second press of a double click meets the dialog, and does not close it.
    await revoke.first().dblclick()
    await page.locator("dialog[open]:not([aria-busy])").waitFor()
    expect(await moved(page)).toBeLessThanOrEqual(0.01)
    expect(problems).toEqual([])
    await context.close()
  }, 60_000)

  test("Escape, Cancel, a click outside and Back end the wait; the focus goes back, and Back then leads to the page before", async () => {
    const { page, context, problems } = await adminAt(`${server.url}/dashboard`)
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Apps" }).click()
    await page.waitForURL("**/apps")
    await slowLine(context)
    const link = page.getByRole("link", { name: "Revoke" }).first()
    const ends: (() => Promise<unknown>)[] = [
      () => page.keyboard.press("Escape"),
      () => page.locator("dialog").getByText("Cancel").click(),
      () => page.waitForTimeout(600).then(() => page.mouse.click(5, 5)),
      () => page.goBack(),
    ]
    for (const end of ends)
      for (const loaded of [false, true]) {
        await link.click()
        if (loaded) await page.locator("dialog[open]:not([aria-busy])").waitFor()
        await end()
        await page.waitForTimeout(loaded ? 50 : 2 * SLOW_MS)
        expect(await page.locator("dialog").count()).toBe(0)
        expect(page.url()).toEndWith("/apps")
        expect(await link.evaluate((element) => element === document.activeElement)).toBe(true)
      }
    await page.goBack()
    await page.waitForURL("**/dashboard")
    expect(problems).toEqual([])
    await context.close()
  }, 60_000)

  test("a refused bonus stays in its dialog, its question too; success closes it and shows the wallet as it is now", async () => {
    const { page, context, problems } = await adminAt(`${server.url}/admin/users/${ada.publicId}`)
    await page.getByRole("link", { name: "Wallet", exact: true }).click()
    await page.waitForURL(wallet())
    await slowLine(context)
    await startShifts(page)
    await page.getByRole("link", { name: "Give a bonus" }).click()
    const dialog = page.locator("dialog[open]")
    await dialog.getByLabel("Amount").fill("a lot")
    await dialog.getByLabel("Reason").fill("For the bug report")
    await dialog.getByRole("button", { name: "Continue" }).click()
    const alert = dialog.getByRole("alert")
    await alert.waitFor()
    expect(await alert.evaluate((element) => element === document.activeElement)).toBe(true)
    expect(await dialog.getByLabel("Reason").inputValue()).toBe("For the bug report")
    expect(await page.getByRole("heading", { name: "Wallet of Ada Reader", includeHidden: true }).count()).toBe(1)
    expect(page.url()).toBe(wallet())
    await dialog.getByLabel("Amount").fill("250.5")
    await dialog.getByRole("button", { name: "Continue" }).click()
    await dialog.getByText("Ada Reader gets 250.5 credits as promo credits.").waitFor()
    // Sent once, however often it is pressed.
    const sure = dialog.getByRole("button", { name: "Give 250.5 credits" })
    await sure.dblclick()
    expect(await sure.getAttribute("aria-busy")).toBe("true")
    // What is on its way cannot be called back.
    await page.keyboard.press("Escape")
    expect(await dialog.count()).toBe(1)
    await page.getByRole("status").getByText("Ada Reader got 250.5 credits.").waitFor()
    expect(await page.locator("dialog").count()).toBe(0)
    expect(await focusText(page)).toBe("Give a bonus")
    expect(await page.locator(".stats").getByText("250.5 credits", { exact: true }).count()).toBe(2)
    expect(server.app.ledger.wallet({ kind: "principal", id: ada.id }, "live").balanceNano as number).toBe(250.5e6)
    expect(await moved(page)).toBeLessThanOrEqual(0.01)
    await page.goBack()
    await page.waitForURL(`${server.url}/admin/users/${ada.publicId}`)
    await page.getByRole("heading", { name: "Ada Reader", level: 1 }).waitFor()
    expect(problems).toEqual([])
    await context.close()
  }, 60_000)

  test("errors of a form come in place, without an entry of the history; success leads on", async () => {
    const { page, context, problems } = await adminAt(`${server.url}/settings`)
    await page.goto(`${server.url}/developer`)
    await page.goto(`${server.url}/settings/email`)
    await slowLine(context)
    const length = await page.evaluate(() => history.length)
    await page.getByLabel("New email address").fill("not an address")
    await page.getByRole("button", { name: "Send the code" }).click()
    await page.locator(".loading").waitFor({ state: "attached" })
    const alert = page.getByRole("alert")
    await alert.waitFor()
    expect(await alert.evaluate((element) => element === document.activeElement)).toBe(true)
    expect(await page.getByLabel("New email address").inputValue()).toBe("not an address")
    expect(page.url()).toBe(`${server.url}/settings/email`)
    expect(await page.evaluate(() => history.length)).toBe(length)
    expect(await page.locator(".loading").count()).toBe(0)
    await page.goBack()
    await page.waitForURL("**/developer")
    expect(problems).toEqual([])
    await context.close()
  }, 60_000)

  test("without a connection, and on a page that says why not, what was typed stays and can be sent again", async () => {
    const { page, context } = await adminAt(`${server.url}/settings`)
    const name = page.getByLabel("Name")
    const save = page.getByRole("button", { name: "Save name" })
    await name.fill("Grace Brewster")
    await context.setOffline(true)
    await save.click()
    await page.getByRole("alert").getByText("The server cannot be reached.").waitFor()
    expect(await name.inputValue()).toBe("Grace Brewster")
    await context.setOffline(false)
    const csrf = page.locator('form:has(input[name="name"]) input[name="csrf"]')
    const right = await csrf.inputValue()
    await csrf.evaluate((field: HTMLInputElement) => Object.assign(field, { value: "wrong" }))
    await save.click()
    await page.getByRole("alert").getByText("This form has expired.").waitFor()
    expect(await page.getByRole("alert").count()).toBe(1)
    expect(await name.inputValue()).toBe("Grace Brewster")
    await csrf.evaluate((field: HTMLInputElement, value) => Object.assign(field, { value }), right)
    await save.click()
    await page.locator(".sidebar .who").getByText("Grace Brewster").waitFor()
    expect(await page.getByRole("alert").count()).toBe(0)
    await context.close()
  }, 60_000)

  test("a sign-in that was refused is no entry of the history either", async () => {
    const { page, context, problems } = await openTab(browser, server)
    await page.goto(`${server.url}/`)
    await page.goto(`${server.url}/login`)
    await slowLine(context)
    for (const password of ["wrong one", "wrong two"]) {
      await page.getByLabel("Email").fill(grace.email)
      await page.getByLabel("Password").fill(password)
      await page.getByRole("button", { name: "Sign in" }).click()
      await page.locator("form:not([data-sent]) >> text=Sign in").waitFor()
      await page.getByRole("alert").waitFor()
      expect(await page.getByLabel("Password").inputValue()).toBe("")
      expect(await page.getByLabel("Email").inputValue()).toBe(grace.email)
    }
    await page.goBack()
    expect(page.url()).toBe(`${server.url}/`)
    expect(problems).toEqual([])
    await context.close()
  }, 60_000)

  test("a filter swaps its part: address pushed, scroll, focus and open rows kept; Back fetches again", async () => {
    const { page, context, problems } = await adminAt(`${server.url}/credits`, { height: 500 })
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
    expect(await days.evaluate((element) => element === document.activeElement)).toBe(true)
    expect(await page.evaluate(() => scrollY)).toBe(scroll)
    expect(await page.locator(`#${firstRow} details`).getAttribute("open")).toBe("")
    // The rest of the page is the same page.
    expect(await balance!.evaluate((element) => element.isConnected)).toBe(true)
    await page.getByLabel("Kind").focus()
    await page.getByLabel("Kind").selectOption("gifts")
    await page.waitForURL("**/credits?range=30d&kind=gifts&app=#history")
    expect(await page.getByLabel("Kind").inputValue()).toBe("gifts")
    expect(await page.getByLabel("Kind").evaluate((element) => element === document.activeElement)).toBe(true)
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
  }, 60_000)

  test("an answer that comes after a later one is dropped", async () => {
    const { page, context, problems } = await adminAt(`${server.url}/dashboard`)
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
  }, 60_000)

  test("a link shows that it works after a moment, and what the browser brings back shows nothing", async () => {
    const { page, context } = await adminAt(`${server.url}/settings`)
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
  }, 60_000)

  test("rows that were opened are open on the way back", async () => {
    const { page, context } = await adminAt(`${server.url}/credits`)
    await page.locator(".movements summary").nth(2).click()
    const id = await page.locator(".movements > li").nth(2).getAttribute("id")
    await page.goto(`${server.url}/apps`)
    await page.goBack()
    await page.locator(`#${id} details[open]`).waitFor()
    expect(await page.locator("details[open]").count()).toBe(1)
    await context.close()
  }, 60_000)

  test("modules hear of what a swap brought", async () => {
    const { page, context } = await adminAt(`${server.url}/credits`)
    await page.evaluate(() => {
      const heard: string[] = []
      Object.assign(globalThis, { heard })
      document.addEventListener("purser:new", ({ target }) => heard.push((target as Element).id))
    })
    await page.getByRole("link", { name: "Last 7 days" }).click()
    await page.waitForURL("**range=7d**")
    expect(await page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard)).toEqual(["history"])
    await context.close()
  }, 60_000)
})
