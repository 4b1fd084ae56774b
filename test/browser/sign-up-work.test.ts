// Proof of work on sign-up in a real browser: calculated beside the page, waited for by whoever is quicker, asked anew with each answer, and
// without scripts a slow line that says so.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { Browser, Page } from "playwright-core"
import { SIGN_UP_WORK } from "../../src/identity/work/index.ts"
import { CTX, PASSWORD, type TestServer } from "../build.ts"
import { codeFromMailbox, describeBrowser, launch, openTab, ownServer } from "./kit.ts"

const WORDS = join(import.meta.dir, "../../public/js/work.js")

/** The longest time in which the page drew nothing, ms. */
const watchFrames = (page: Page) =>
  page.evaluate(() => {
    const seen = { gapMs: 0, at: performance.now() }
    Object.assign(globalThis, { frames: seen })
    const tick = () => {
      seen.gapMs = Math.max(seen.gapMs, performance.now() - seen.at)
      seen.at = performance.now()
      requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
  })

async function fill(page: Page, email: string): Promise<void> {
  await page.getByLabel("Email").fill(email)
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD)
}
/** The page calculates: what is sent before goes as it does without scripts, and takes a turn in that line. */
const begun = (page: Page) => page.getByText(/^(?:We check that you|Checked: you)/).waitFor()
const press = (page: Page) => page.getByRole("button", { name: "Create account" }).click()

describeBrowser("proof of work on sign-up", () => {
  let browser: Browser
  let server: TestServer & AsyncDisposable
  beforeAll(async () => {
    browser = await launch()
    server = await ownServer()
    await server.app.settings.set(CTX, SIGN_UP_WORK, { value: "always" })
  }, 120_000)
  afterAll(async () => {
    await server?.close()
    await browser?.close()
  })

  test("what it says has room from the start, in every window: nothing below moves when it is said", async () => {
    const said = [...readFileSync(WORDS, "utf8").matchAll(/^const \w+ = "(.+)"$/gm)].map(([, words]) => words!)
    expect(said).toHaveLength(3)
    const page = await browser.newPage()
    // Whoever calculates says nothing of its own.
    await page.route(/\/work\.[^/]+$/, (route) => route.abort())
    await page.goto(`${server.url}/signup`)
    await page.evaluate(() => document.fonts.ready)
    const line = page.locator(".work [role=status]")
    for (const width of [320, 360, 390, 401, 412, 640, 1280]) {
      await page.setViewportSize({ width, height: 800 })
      const height = () => line.evaluate((one) => one.getBoundingClientRect().height)
      await line.evaluate((one) => one.replaceChildren())
      const empty = await height()
      for (const words of said) {
        await line.evaluate((one, text) => one.replaceChildren(text), words)
        expect([width, words, await height()]).toEqual([width, words, empty])
      }
    }
    await page.context().close()
  }, 120_000)

  test("who types is done before; who is quicker waits, and the form goes by itself; the page never stands still", async () => {
    const { page, context, problems } = await openTab(browser, server)
    await page.goto(`${server.url}/signup`)
    await watchFrames(page)
    await fill(page, "slow@example.com")
    await page.getByText("Checked: you can create the account.").waitFor()
    expect(
      await page.evaluate(() => (globalThis as unknown as { frames: { gapMs: number } }).frames.gapMs),
    ).toBeLessThan(500)
    await press(page)
    await page.getByRole("heading", { name: "Confirm your email" }).waitFor()
    await page.getByLabel("Code").fill(await codeFromMailbox(context, server, "slow@example.com"))
    await page.getByRole("heading", { level: 1, name: "Dashboard" }).waitFor()
    expect(problems).toEqual([])
    await context.close()

    const quick = await openTab(browser, server)
    await quick.page.goto(`${server.url}/signup`)
    await begun(quick.page)
    // As a password manager does: filled and sent before anything was calculated.
    await quick.page.evaluate((password) => {
      const form = document.querySelector<HTMLFormElement>("form[action='/signup']")!
      ;(form.elements.namedItem("email") as HTMLInputElement).value = "quick@example.com"
      ;(form.elements.namedItem("password") as HTMLInputElement).value = password
      form.requestSubmit()
      form.requestSubmit()
    }, PASSWORD)
    await quick.page.getByRole("heading", { name: "Confirm your email" }).waitFor()
    expect(quick.problems).toEqual([])
    await quick.context.close()
  }, 120_000)

  test("a refused form asks anew, and one more press does it", async () => {
    const { page, context } = await openTab(browser, server)
    await page.goto(`${server.url}/signup`)
    await fill(page, "someone@mailinator.com")
    await press(page)
    await page.locator(".field.invalid").waitFor()
    await begun(page)
    await fill(page, "someone@example.com")
    await press(page)
    await page.getByRole("heading", { name: "Confirm your email" }).waitFor()
    await context.close()
  }, 120_000)

  test("without scripts a few get through, the next is told how long to wait, and keeps what was typed", async () => {
    const through: string[] = []
    for (let at = 0; at < 4; at++) {
      const { page, context } = await openTab(browser, server, { javaScriptEnabled: false })
      await page.goto(`${server.url}/signup`)
      expect(await page.getByText("Without scripts only a few people get through at a time").count()).toBe(1)
      await fill(page, `plain${at}@example.com`)
      await press(page)
      const text = (await page.locator("main").textContent()) ?? ""
      through.push(text.includes("Confirm your email") ? "in" : (/wait \d+ minutes/.exec(text)?.[0] ?? text))
      if (at === 3) expect(await page.getByLabel("Email").inputValue()).toBe("plain3@example.com")
      await context.close()
    }
    expect(through).toEqual(["in", "in", "wait 20 minutes", "wait 20 minutes"])
  }, 120_000)
})
