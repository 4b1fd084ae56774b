// Signing up, in and on by keys alone, with mistakes: the stops of each page in their order, Enter in a field sends its form, and what is wrong
// has the focus. keyboard.test.ts walks the same way without mistakes.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import { addSandbox, makeDeveloper } from "../build.ts"
import { type KeyboardWalk, stopOf, walkByKeyboard } from "./by-keyboard.ts"
import { codeFromMailbox, describeBrowser, launch, openTab, ownServer, startSampleApp } from "./kit.ts"

/** At the foot of every page that asks. */
const THEMES = ["Theme: Same as this device", "Theme: Light", "Theme: Dark"]

const SIGN_IN = [
  "Email",
  "Password",
  "Show Password",
  "Sign in",
  "Sign in with a passkey",
  "Forgot your password?",
  "Create an account",
  "mailbox",
  "Terms",
  "Privacy",
  ...THEMES,
]
const SIGN_UP = [
  "Name (optional)",
  "Email",
  "Password",
  "Show Password",
  "terms",
  "privacy policy",
  "Create account",
  "Sign in",
  "mailbox",
  "Terms",
  "Privacy",
  ...THEMES,
]
const CONSENT = [
  "Skip to the content",
  "Purser",
  "Not you?",
  "Not verified: what it means",
  "Chat with AI models",
  "At most per day for: Chat with AI models",
  "At most per day",
  "See your name, picture, language and time zone",
  "Use this when you are not in the app",
  "Cancel",
  "Approve",
  "mailbox",
  "Terms",
  "Privacy",
  ...THEMES,
]
const PASSWORD_FORM = ["New password", "Show New password", "Change password", "Cancel"]

describeBrowser("sign-in by keyboard", () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch()
  }, 120_000)
  afterAll(() => browser?.close())

  /** The stops from where the focus is to the last one that is told, in order. */
  async function stops(page: Page, last: string, isBegun = true): Promise<string[]> {
    const names: string[] = isBegun ? [(await stopOf(page)).name] : []
    while (names.at(-1) !== last && names.length < 40) {
      await page.keyboard.press("Tab")
      names.push((await stopOf(page)).name)
    }
    return names
  }

  /** Back to a field that was passed, and other words in it. */
  async function retype({ tabTo }: KeyboardWalk, page: Page, name: string, text: string): Promise<void> {
    await tabTo(name)
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.insertText(text)
  }

  /** Waits until the focus is on a field that says that it is wrong, and reads aloud why. */
  async function wrong(page: Page, name: string, why: RegExp): Promise<void> {
    const field = page.locator('[aria-invalid="true"]:focus')
    await field.waitFor()
    const stop = await stopOf(page)
    expect([stop.name, stop.unseen]).toEqual([name, ""])
    const told = await field.evaluate((element) =>
      (element.getAttribute("aria-describedby") ?? "")
        .split(" ")
        .map((id) => document.getElementById(id)?.textContent ?? "")
        .join(" "),
    )
    expect(told).toMatch(why)
  }

  test("each page has its stops in order, Enter sends, and what is wrong has the focus", async () => {
    await using server = await ownServer()
    await addSandbox(server.app)
    const app = await startSampleApp(server, await makeDeveloper(server.app))
    const { page, context, problems } = await openTab(browser, server)
    const unseen: string[] = []
    const walk = walkByKeyboard(page, unseen, () => true)

    await page.goto(`${app.url}/login`)
    await page.waitForURL("**/login?interaction=*")
    expect(await stops(page, "Theme: Dark")).toEqual(SIGN_IN)
    await retype(walk, page, "Email", "mary@example.com")
    await retype(walk, page, "Password", "not her password")
    await page.keyboard.press("Enter")
    // Neither field alone is to blame: the words themselves have the focus, and the fields come next.
    await page.locator('[role="alert"]:focus').waitFor()
    expect(await stopOf(page)).toMatchObject({ name: expect.stringContaining("do not match"), unseen: "" })
    await walk.press("Create an account")

    await page.waitForURL("**/signup?interaction=*")
    expect(await stops(page, "Theme: Dark")).toEqual(SIGN_UP)
    await retype(walk, page, "Email", "mary at example")
    await retype(walk, page, "Password", "ships and harbours")
    await page.keyboard.press("Enter")
    await wrong(page, "Email", /address/)
    await retype(walk, page, "Email", "mary@example.com")
    await retype(walk, page, "Password", "short")
    await page.keyboard.press("Enter")
    await wrong(page, "Password", /8 characters/)
    await retype(walk, page, "Password", "ships and harbours")
    await page.keyboard.press("Enter")
    await page.waitForURL("**/verify-email?interaction=*")
    const code = await codeFromMailbox(context, server, "mary@example.com")
    await retype(walk, page, "Code", code === "000000" ? "000001" : "000000")
    await wrong(page, "Code", /./)
    await retype(walk, page, "Code", code)

    await page.waitForURL("**/authorize/consent?interaction=*")
    expect(await stops(page, "Theme: Dark", false)).toEqual(CONSENT)
    await retype(walk, page, "At most per day", "-5")
    await walk.press("Approve")
    await wrong(page, "At most per day", /./)
    await retype(walk, page, "At most per day", "7")
    // Whoever types a limit and presses Enter says yes to it; Cancel is never meant.
    await page.keyboard.press("Enter")
    await page.waitForURL(`${app.url}/`)
    const person = server.app.identity.userByEmail("mary@example.com")!
    expect(server.app.oauth.consentsOf(person.id)[0]?.limits.llm).toBe(7_000_000 as never)

    await page.goto(`${server.url}/settings`)
    await page.keyboard.press("Tab")
    await walk.press("Skip to the content")
    await walk.press("Change password")
    await page.waitForURL("**/settings/password")
    await page.keyboard.press("Tab")
    await walk.press("Skip to the content")
    await walk.tabTo("New password")
    expect(await stops(page, "Cancel")).toEqual(PASSWORD_FORM)
    await retype(walk, page, "New password", "short")
    await page.keyboard.press("Enter")
    await wrong(page, "New password", /8 characters/)
    await retype(walk, page, "New password", "harbours and ships")
    await page.keyboard.press("Enter")
    await page.waitForURL("**/settings")

    expect({ unseen, problems }).toEqual({ unseen: [], problems: [] })
    await context.close()
    app.stop()
  }, 120_000)
})
