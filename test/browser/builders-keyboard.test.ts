// What developers and admins do, by keyboard alone: the languages of a snippet by arrows, a dangerous act by Tab, Enter and Escape.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import { addSandbox, makeClient, makeDeveloper, makeUser } from "../build.ts"
import { describeBrowser, launch, openTab, ownServer, signIn, textOf } from "./kit.ts"

const TABS_MAX = 80

/** Tabs from where the focus is to the control of that name. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let tabs = 0; tabs < TABS_MAX; tabs++) {
    await page.keyboard.press("Tab")
    const here = await page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement
      return (element.labels?.[0]?.textContent ?? element.textContent ?? "").trim()
    })
    if (here === name) return
  }
  throw new Error(`"${name}" cannot be reached`)
}

describeBrowser("by keyboard", () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch()
  }, 120_000)
  afterAll(() => browser?.close())

  test("a developer picks a language, and an admin thinks twice", async () => {
    await using server = await ownServer()
    await addSandbox(server.app)
    const owner = await makeDeveloper(server.app)
    const { client } = await makeClient(server.app, { ownerId: owner.id })
    const hers = await openTab(browser, server)
    await signIn(hers.page, server, owner.email, `/developer/apps/${client.publicId}`)
    await tabTo(hers.page, "curl")
    await hers.page.keyboard.press("ArrowRight")
    await hers.page.keyboard.press("ArrowRight")
    expect(await textOf(hers.page.locator(".panel:visible"))).toContain("from openai import OpenAI")
    await tabTo(hers.page, "Make a new secret")
    await hers.page.keyboard.press("Enter")
    await hers.page.locator("#new-secret").waitFor()
    await tabTo(hers.page, "I have saved it")

    const admin = await makeUser(server.app, { isAdmin: true })
    const { page, problems } = await openTab(browser, server)
    await signIn(page, server, admin.email, `/admin/users/${owner.publicId}`)
    await tabTo(page, "Suspend Linus Developer")
    await page.keyboard.press("Enter")
    await page.locator("dialog[open]").waitFor()
    await page.keyboard.press("Escape")
    await page.locator("dialog").waitFor({ state: "detached" })
    expect(await textOf(page.locator(":focus"))).toBe("Suspend Linus Developer")
    expect(server.app.identity.isSuspended(owner.id)).toBe(false)
    await page.keyboard.press("Enter")
    await page.locator("dialog[open]").waitFor()
    await page.locator('dialog[open] [name="reason"]').waitFor()
    // A dialog that asks for something begins there.
    expect(await page.locator(":focus").getAttribute("name")).toBe("reason")
    await page.keyboard.type("Sent by keyboard.")
    await page.keyboard.press("Enter")
    await page.getByText(`${owner.email} is suspended.`).waitFor()
    expect(server.app.identity.isSuspended(owner.id)).toBe(true)
    expect([...hers.problems, ...problems]).toEqual([])
    await Promise.all([hers.context.close(), page.context().close()])
  }, 120_000)
})
