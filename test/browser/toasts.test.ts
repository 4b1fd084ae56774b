// What follows an act in a real browser: a toast with the new value and the way back, a form that outlives its session, and a question
// before long forms are left.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import { credits } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { CTX, makeClient, makeUser, mintTokens, startTestServer, type TestServer } from "../build.ts"
import { describeBrowser, fillLogin, launch, openTab, pageProblems, signIn, textOf } from "./kit.ts"

let server: TestServer
let browser: Browser
let ada: User
let grace: User
const toast = (page: Page) => page.getByRole("status").locator(".toast")

async function endSessions(user: User): Promise<void> {
  for (const { publicId } of server.app.identity.sessionsOf(user.id))
    await server.app.identity.revokeSession(CTX, { userId: user.id, sessionPublicId: publicId })
}

async function saveName(page: Page, name: string): Promise<void> {
  await page.locator("#name").fill(name)
  await page.getByRole("button", { name: "Save name" }).click()
  await page.getByText(`Your name is ${name} now.`).waitFor()
}

const yOf = async (page: Page, selector: string) => (await page.locator(selector).first().boundingBox())!.y

describeBrowser("toasts", () => {
  beforeAll(async () => {
    server = await startTestServer()
    ada = await makeUser(server.app, { name: "Ada" })
    grace = await makeUser(server.app, { name: "Grace", isAdmin: true })
    const { client, secret } = await makeClient(server.app, { ownerId: grace.id, name: "Margin Notes" })
    await mintTokens(server.app, { user: ada, client, secret, dailyNano: credits(50) })
    browser = await launch()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  for (const scripts of [true, false])
    test(`say the new value and give it back, ${scripts ? "over the page" : "in the page without scripts"}`, async () => {
      const { page, context, problems } = await openTab(browser, server, { javaScriptEnabled: scripts })
      await signIn(page, server, ada.email, "/settings")
      const before = await yOf(page, "main section")
      await saveName(page, "Ada Lovelace")
      const isIn = (await page.locator("main .toast").count()) === 1
      expect(isIn).toBe(!scripts)
      const moved = (await yOf(page, "main section")) - before
      expect(scripts ? moved === 0 : moved > 20).toBe(true)
      expect(await page.getByRole("button", { name: "Close this message" }).isVisible()).toBe(scripts)
      await page.getByRole("button", { name: "Undo" }).click()
      await page.getByText("Your name is Ada now.").waitFor()
      expect(await page.locator("#name").inputValue()).toBe("Ada")
      if (scripts) expect(await pageProblems(page)).toEqual([])
      expect(problems).toEqual([])
      await context.close()
    }, 120_000)

  test("the limit of an app: the sentence of the design, and its undo", async () => {
    const { page, context, problems } = await openTab(browser, server)
    await signIn(page, server, ada.email, `/apps/${server.app.oauth.consentsOf(ada.id)[0]!.publicId}/limits`)
    await page.getByLabel("At most per day", { exact: true }).fill("77")
    await page.getByRole("button", { name: "Save limit" }).click()
    await page.getByText("Margin Notes may spend 77 credits a day.").waitFor()
    await page.getByRole("button", { name: "Undo" }).click()
    await page.getByText("Margin Notes may spend 50 credits a day.").waitFor()
    expect(server.app.oauth.consentsOf(ada.id)[0]?.limits.llm).toBe(credits(50))
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("leave by themselves, by Escape and by their button; the focus goes back to where it was", async () => {
    const { page, context } = await openTab(browser, server)
    await signIn(page, server, ada.email, "/settings")
    await page.clock.install()
    await saveName(page, "Ada")
    await page.clock.runFor(200)
    await toast(page).hover()
    await page.clock.runFor(12_000)
    expect(await toast(page).count()).toBe(1)
    await page.mouse.move(1, 1)
    await page.clock.runFor(4_000)
    await toast(page).waitFor({ state: "detached" })

    await saveName(page, "Ada")
    const name = page.locator("#name")
    await name.focus()
    await page.keyboard.press("Escape")
    await toast(page).waitFor({ state: "detached" })
    expect(await name.evaluate((field) => field === document.activeElement)).toBe(true)

    await saveName(page, "Ada")
    await name.focus()
    await page.getByRole("button", { name: "Close this message" }).focus()
    await page.keyboard.press("Enter")
    await toast(page).waitFor({ state: "detached" })
    expect(await name.evaluate((field) => field === document.activeElement)).toBe(true)
    await context.close()
  }, 120_000)

  test("in a narrow window a toast stands where nothing can be pressed, or can be scrolled from over it", async () => {
    const { page, context } = await openTab(browser, server, { width: 360, height: 640 })
    await signIn(page, server, ada.email, "/settings")
    const under = () =>
      page.evaluate(() => {
        const box = document.querySelector("#flash > .toast")!.getBoundingClientRect()
        return [
          ...document.querySelectorAll<HTMLElement>("main :is(a[href], button, input, select, textarea, summary)"),
        ]
          .filter((each) => each.checkVisibility())
          .filter((each) => {
            const { top, bottom } = each.getBoundingClientRect()
            return bottom > box.top && top < box.bottom
          })
          .map((each) => each.textContent?.trim() || each.id)
      })
    await saveName(page, "Ada")
    expect(await under()).toEqual([])
    // The last button of a page: its toast covers nothing that could not be brought into sight.
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
    const last = page.locator("main :is(a, button):visible").last()
    const toastBox = (await toast(page).boundingBox())!
    const box = (await last.boundingBox())!
    expect(box.y + box.height <= toastBox.y || box.y >= toastBox.y + toastBox.height).toBe(true)
    await context.close()
  }, 120_000)

  test("Ctrl or ⌘ with Z undoes, but not what somebody types", async () => {
    const { page, context } = await openTab(browser, server)
    await signIn(page, server, ada.email, "/settings")
    await saveName(page, "Ada King")
    await page.locator("#name").focus()
    await page.keyboard.press("ControlOrMeta+z")
    expect(await toast(page).count()).toBe(1)
    await page.locator("#main").focus()
    await page.keyboard.press("ControlOrMeta+z")
    await page.getByText("Your name is Ada now.").waitFor()
    await context.close()
  }, 120_000)

  for (const scripts of [true, false])
    test(`a session that is over loses nothing, ${scripts ? "with" : "without"} scripts`, async () => {
      const { page, context, problems } = await openTab(browser, server, { javaScriptEnabled: scripts })
      await signIn(page, server, ada.email, "/settings")
      await page.locator("#name").fill("Ada Byron")
      await endSessions(ada)
      await page.getByRole("button", { name: "Save name" }).click()
      await page.getByText("You were signed out. Sign in and we will finish this.").waitFor()
      await fillLogin(page, ada.email)
      await page.getByText("Nothing was done yet").waitFor()
      expect(await page.locator("#name").inputValue()).toBe("Ada Byron")
      expect(server.app.identity.userById(ada.id)?.name).toBe("Ada")
      await page.getByRole("button", { name: "Save name" }).click()
      await page.getByText("Your name is Ada Byron now.").waitFor()
      await page.getByRole("button", { name: "Undo" }).click()
      await page.getByText("Your name is Ada now.").waitFor()
      expect(problems).toEqual([])
      await context.close()
    }, 120_000)

  test("a long form with changes is not left without a question; saving it is no leaving", async () => {
    const { page, context, problems } = await openTab(browser, server)
    await signIn(page, server, grace.email, "/admin/earnings")
    const asked: string[] = []
    page.on("dialog", (dialog) => {
      asked.push(`${dialog.type()} ${dialog.message()}`.trim())
      void dialog.dismiss()
    })
    const swapIsHeld = () =>
      page.evaluate(() => !document.dispatchEvent(new Event("purser:leave", { cancelable: true })))
    expect(await swapIsHeld()).toBe(false)
    await page.getByLabel("Shares of bought credits").fill("9")
    expect(await swapIsHeld()).toBe(true)
    expect(asked).toEqual(["confirm You have changes here that are not saved. Leave without saving?"])
    // It is held back, so it never ends.
    await Promise.all([page.waitForEvent("dialog"), page.reload({ timeout: 2_000 }).catch(() => {})])
    expect(asked).toHaveLength(2)
    expect(asked[1]).toStartWith("beforeunload")
    expect(await page.getByLabel("Shares of bought credits").inputValue()).toBe("9")
    // A link that puts another page in place of this one, as tabs do, is held back too.
    await page.evaluate(() => {
      const link = document.createElement("a")
      Object.assign(link, { id: "elsewhere", href: "/admin/plans", textContent: "Elsewhere" }).dataset.swap = "main"
      document.getElementById("main")!.append(link)
    })
    await page.locator("#elsewhere").click()
    expect(asked).toHaveLength(3)
    expect(page.url()).toEndWith("/admin/earnings")
    // A refusal: what was typed is still unsaved.
    await page.getByRole("button", { name: "Save terms" }).click()
    await page.getByText("Give a reason").first().waitFor()
    expect(await swapIsHeld()).toBe(true)
    await page.getByLabel("Reason").fill("Slower")
    await page.getByRole("button", { name: "Save terms" }).click()
    await toast(page).getByText("9 days").waitFor()
    expect(await textOf(toast(page))).toStartWith("Terms of earning now: ")
    expect(await swapIsHeld()).toBe(false)
    expect(asked).toHaveLength(4)
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)
})
