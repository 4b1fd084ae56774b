// What a slow line, a small window and a hurried person make of an act: nothing that was typed is lost, nothing that is said is hidden.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import type { User } from "../../src/identity/index.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../build.ts"
import { describeBrowser, launch, openTab, signIn } from "./kit.ts"

let server: TestServer
let browser: Browser
let grace: User
let linus: User

/** Answers every question of the browser with no, and keeps what was asked. */
function refuse(page: Page): string[] {
  const asked: string[] = []
  page.on("dialog", (dialog) => {
    asked.push(dialog.type())
    void dialog.dismiss()
  })
  return asked
}

async function createApp(page: Page, name: string): Promise<void> {
  await page.getByLabel("Name").fill(name)
  await page.getByLabel("Confidential").check()
  await page.getByLabel("Redirect URIs").fill("https://app.example/callback")
  await page.getByRole("button", { name: "Create app" }).click()
  await page.locator(".secret").waitFor()
}

describeBrowser("acts on a slow line", () => {
  beforeAll(async () => {
    server = await startTestServer()
    grace = await makeUser(server.app, { name: "Grace", isAdmin: true })
    linus = await makeUser(server.app, { name: "Linus" })
    const version = server.app.developers.agreementVersion
    await server.app.developers.acceptAgreement(CTX, { userId: linus.id, version, company: "Paper Boat" })
    browser = await launch()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  test("an error of the line stands above the messages, not on them", async () => {
    const { page, context } = await openTab(browser, server)
    await signIn(page, server, linus.email, "/settings")
    await page.locator("#name").fill("Linus W")
    await page.getByRole("button", { name: "Save name" }).click()
    const toast = page.locator(".toast")
    await toast.waitFor()
    await page.route("**/settings/**", (route) => route.abort())
    await page.getByRole("button", { name: "Save name" }).click()
    const error = page.getByRole("alert").filter({ hasText: "cannot be reached" })
    await error.waitFor()
    const [one, other] = [(await toast.boundingBox())!, (await error.boundingBox())!]
    expect(Math.max(one.y, other.y)).toBeGreaterThanOrEqual(Math.min(one.y + one.height, other.y + other.height))
    await error.click()
    await error.waitFor({ state: "detached" })
    await context.close()
  }, 120_000)

  test("Back within the pages asks before a long form with changes is left", async () => {
    const { page, context, problems } = await openTab(browser, server)
    await signIn(page, server, linus.email, "/developer/apps/new")
    await createApp(page, "Lantern")
    const asked = refuse(page)
    const name = page.getByLabel("Name", { exact: true })
    await name.fill("Paper Lantern")
    const address = page.url()
    await Promise.all([page.waitForEvent("dialog"), page.evaluate(() => history.back())])
    await page.waitForURL(address)
    expect(asked).toEqual(["confirm"])
    expect(await name.inputValue()).toBe("Paper Lantern")
    // As it was: nothing to ask about.
    await name.fill("Lantern")
    await page.evaluate(() => history.back())
    await page.waitForURL("**/developer/apps/new")
    await page.getByRole("heading", { name: "New app" }).waitFor()
    expect(asked).toHaveLength(1)
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("a dialog with a long form that was filled in does not close without a question: Escape, Cancel, Back", async () => {
    const { page, context, problems } = await openTab(browser, server)
    await signIn(page, server, grace.email, `/admin/users/${linus.publicId}/wallet`)
    const open = () => page.getByRole("link", { name: "Give a bonus" }).click()
    const dialog = page.getByRole("dialog")
    await open()
    await dialog.getByLabel("Amount").waitFor()
    await page.keyboard.press("Escape")
    await dialog.waitFor({ state: "detached" })
    await open()
    const asked = refuse(page)
    await dialog.getByLabel("Amount").fill("12")
    await page.waitForTimeout(300)
    await page.keyboard.press("Escape")
    expect(asked).toHaveLength(1)
    await dialog.getByRole("link", { name: "Cancel" }).click()
    expect(asked).toHaveLength(2)
    await Promise.all([page.waitForEvent("dialog"), page.evaluate(() => history.back())])
    expect(asked).toHaveLength(3)
    expect(await dialog.getByLabel("Amount").inputValue()).toBe("12")
    expect(page.url()).toEndWith("/wallet")
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("a secret that is shown once is in sight, also where the page stays where it was", async () => {
    const { page, context } = await openTab(browser, server, { width: 360, height: 640 })
    await signIn(page, server, linus.email, "/developer/apps/new")
    await createApp(page, "Beacon")
    const again = page.getByRole("button", { name: "Make a new secret" })
    await page.getByRole("link", { name: "I have saved it" }).click()
    await page.locator(".secret").waitFor({ state: "detached" })
    await again.click()
    await page.locator(".secret").waitFor()
    const { y, height } = (await page.locator(".secret code").boundingBox())!
    expect(y).toBeGreaterThanOrEqual(0)
    expect(y + height).toBeLessThanOrEqual(640)
    await context.close()
  }, 120_000)

  test("what is typed while the palette is on its way stands in it", async () => {
    const { page, context, problems } = await openTab(browser, server)
    await signIn(page, server, grace.email, "/admin")
    await page.route("**/palette*.js*", async (route) => {
      await Bun.sleep(600)
      await route.continue()
    })
    await page.keyboard.press("Control+k")
    await page.keyboard.type("linus", { delay: 20 })
    const field = page.getByRole("combobox")
    await field.waitFor()
    expect(await field.inputValue()).toBe("linus")
    await page.getByRole("option", { name: /Linus/ }).first().waitFor()
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("what a plan would keep is counted also for a price that was typed before the page was ready", async () => {
    const { page, context, problems } = await openTab(browser, server)
    await page.route("**/preview*.js*", async (route) => {
      await Bun.sleep(600)
      await route.continue()
    })
    await signIn(page, server, grace.email, "/admin/plans/professional")
    await page.getByLabel("Price a month").fill("75")
    await page.locator(".full-use-now").getByText("Keeps $13.09").waitFor()
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)
})
