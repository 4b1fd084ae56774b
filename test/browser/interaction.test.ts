// How pages behave on a slow line, under two quick clicks, and on the way back: dialogs and forms.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import type { User } from "../../src/identity/index.ts"
import { CALLBACK, makeClient, makeUser, mintTokens, PASSWORD, startTestServer, type TestServer } from "../build.ts"
import { authorizeUrl } from "./house.ts"
import { describeBrowser, launch, openTab, signIn, type Tab } from "./kit.ts"
import { focusText, isFocused, moved, SLOW_MS, slowLine, startShifts } from "./slow-line.ts"

let browser: Browser
let server: TestServer
let grace: User
let ada: User
const wallet = () => `${server.url}/admin/users/${ada.publicId}/wallet`

async function adminAt(url: string): Promise<Tab> {
  const tab = await openTab(browser, server)
  await signIn(tab.page, server, grace.email, "/admin")
  await tab.page.goto(url)
  return tab
}

describeBrowser("dialogs and forms on a slow line", () => {
  beforeAll(async () => {
    server = await startTestServer()
    grace = await makeUser(server.app, { name: "Grace Operator", isAdmin: true })
    ada = await makeUser(server.app, { name: "Ada Reader" })
    for (const name of ["Storyteller", "Margin Notes"])
      await mintTokens(server.app, { user: grace, ...(await makeClient(server.app, { name })) })
    browser = await launch()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  test("two quick clicks open one dialog, at once, busy and named until its content is there", async () => {
    const { page, context, problems } = await adminAt(`${server.url}/apps`)
    const line = await slowLine(context)
    await startShifts(page)
    line.hold()
    const revoke = page.getByRole("link", { name: "Revoke" })
    await page.evaluate(() => {
      for (const link of document.querySelectorAll<HTMLElement>("a[data-dialog]")) link.click()
    })
    const dialog = page.locator("dialog")
    expect(await dialog.count()).toBe(1)
    expect(await dialog.getAttribute("aria-busy")).toBe("true")
    expect(await dialog.getByRole("heading").textContent()).toBe((await revoke.last().textContent())!.trim())
    expect(await page.evaluate(() => document.activeElement?.closest("dialog") !== null)).toBe(true)
    line.letGo()
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
  }, 120_000)

  test("Escape, Cancel, a click outside and Back end the wait; the focus goes back, and Back then leads to the page before", async () => {
    const { page, context, problems } = await adminAt(`${server.url}/dashboard`)
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Apps" }).first().click()
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
  }, 120_000)

  test("a refused bonus stays in its dialog, its question too; success closes it and shows the wallet as it is now", async () => {
    const { page, context, problems } = await adminAt(`${server.url}/admin/users/${ada.publicId}`)
    await page.getByRole("link", { name: "Wallet", exact: true }).click()
    await page.waitForURL(wallet())
    const line = await slowLine(context)
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
    line.hold()
    await sure.dblclick()
    expect(await sure.getAttribute("aria-busy")).toBe("true")
    // What is on its way cannot be called back.
    await page.keyboard.press("Escape")
    expect(await dialog.count()).toBe(1)
    line.letGo()
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
  }, 120_000)

  test("errors of a form come in place, without an entry of the history; success leads on", async () => {
    const { page, context, problems } = await adminAt(`${server.url}/settings`)
    await page.goto(`${server.url}/developer`)
    await page.goto(`${server.url}/settings/email`)
    const line = await slowLine(context)
    line.hold()
    const length = await page.evaluate(() => history.length)
    await page.getByLabel("New email address").fill("not an address")
    await page.getByRole("button", { name: "Send the code" }).click()
    await page.locator(".loading").waitFor({ state: "attached" })
    line.letGo()
    const field = page.getByLabel("New email address")
    await page.locator("#email[aria-invalid=true]").waitFor()
    expect(await isFocused(field)).toBe(true)
    expect(await field.inputValue()).toBe("not an address")
    expect(page.url()).toBe(`${server.url}/settings/email`)
    expect(await page.evaluate(() => history.length)).toBe(length)
    expect(await page.locator(".loading").count()).toBe(0)
    await page.goBack()
    await page.waitForURL("**/developer")
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

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
  }, 120_000)

  test("a sign-in that was refused is no entry of the history either", async () => {
    const { page, context, problems } = await openTab(browser, server)
    await page.goto(`${server.url}/`)
    await page.goto(`${server.url}/login`)
    await slowLine(context)
    for (const password of ["wrong one", "wrong two"]) {
      await page.getByLabel("Email").fill(grace.email)
      await page.getByLabel("Password").fill(password)
      await page.getByRole("button", { name: "Sign in", exact: true }).click()
      await page.locator('form[action="/login"]:not([data-sent])').waitFor()
      await page.getByRole("alert").waitFor()
      expect(await page.getByLabel("Password").inputValue()).toBe("")
      expect(await page.getByLabel("Email").inputValue()).toBe(grace.email)
    }
    await page.goBack()
    expect(page.url()).toBe(`${server.url}/`)
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("a question about a page's form comes in a dialog; the form stays behind it as it was filled in", async () => {
    const { page, context, problems } = await adminAt(`${wallet()}/bonus`)
    await slowLine(context)
    await page.getByLabel("Amount").fill("7")
    await page.getByLabel("Reason").fill("By hand")
    for (const back of [() => page.goBack(), () => page.keyboard.press("Escape")]) {
      await page.getByRole("button", { name: "Continue" }).click()
      await page.locator("dialog").getByRole("button", { name: "Give 7 credits" }).waitFor()
      await back()
      expect(await page.locator("dialog").count()).toBe(0)
      expect(page.url()).toBe(`${wallet()}/bonus`)
      expect(await page.getByLabel("Reason").inputValue()).toBe("By hand")
      expect(await isFocused(page.getByRole("button", { name: "Continue" }))).toBe(true)
      await page.waitForTimeout(50)
    }
    await page.getByRole("button", { name: "Continue" }).click()
    await page.getByRole("button", { name: "Give 7 credits" }).click()
    await page.waitForURL(wallet())
    expect(await focusText(page)).toBe("Wallet of Ada Reader")
    await page.goBack()
    await page.waitForURL(`${wallet()}/bonus`)
    await page.getByLabel("Reason").waitFor()
    expect(await page.title()).toStartWith("Give Ada Reader a bonus")
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("consent: an error comes in place, the app is reached, and Back asks for nothing twice", async () => {
    const { client } = await makeClient(server.app, { name: "Third" })
    const { page, context, problems } = await openTab(browser, server)
    await context.route(`${CALLBACK}**`, (route) => route.fulfill({ body: "here", contentType: "text/plain" }))
    await page.goto(`${server.url}/`)
    await page.goto(authorizeUrl(server, client.publicId))
    await slowLine(context)
    await page.getByLabel("Email").fill(ada.email)
    await page.getByLabel("Password").fill(PASSWORD)
    await page.getByRole("button", { name: "Sign in", exact: true }).dblclick()
    await page.waitForURL("**/authorize/consent?**")
    await page.locator("#limit_llm").fill("-7")
    await page.getByRole("button", { name: "Approve" }).click()
    await page.locator(".limit.invalid").waitFor()
    expect(await page.getByRole("alert").count()).toBe(0)
    expect(await page.locator("#limit_llm").evaluate((field) => field === document.activeElement)).toBe(true)
    expect(await page.locator("#limit_llm").inputValue()).toBe("-7")
    expect(page.url()).toContain("/authorize/consent?")
    await page.locator("#limit_llm").fill("7")
    await page.getByRole("button", { name: "Approve" }).click()
    await page.waitForURL(`${CALLBACK}?**`)
    expect(new URL(page.url()).searchParams.get("code")).toStartWith("ac_")
    const answer = await page.goBack()
    expect(answer?.request().method() ?? "GET").toBe("GET")
    await page.getByRole("heading", { level: 1 }).waitFor()
    expect(new URL(page.url()).origin).toBe(server.url)
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("what the browser kept of a page that was left can be used again", async () => {
    const { page, context } = await adminAt(`${server.url}/settings`)
    const form = page.locator("form", { has: page.getByLabel("Name") })
    await form.evaluate((element) => {
      element.setAttribute("data-sent", "")
      element.querySelector("button")?.setAttribute("aria-busy", "true")
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))
    })
    expect(await form.getAttribute("data-sent")).toBeNull()
    await page.getByLabel("Name").fill("Grace Again")
    await page.getByRole("button", { name: "Save name" }).click()
    await page.locator(".sidebar .who").getByText("Grace Again").waitFor()
    await context.close()
  }, 120_000)
})
