// What a person does first, in a real browser, with scripts and without: an app sends them, they sign up, consent, come
// back, claim, spend, change the limit and revoke.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { credits } from "../../src/app/index.ts"
import { addSandbox, makeDeveloper, type TestServer } from "../build.ts"
import {
  codeFromMailbox,
  describeBrowser,
  fillLogin,
  launch,
  openTab,
  ownServer,
  type SampleApp,
  startSampleApp,
  textOf,
} from "./kit.ts"

let browser: Browser

interface Walk {
  server: TestServer
  app: SampleApp
  scripts: boolean
}
const email = "mary@example.com"
const password = "ships and harbours"

describeBrowser("from an app and back", () => {
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())

  // Each walk has a server of its own, so both can go at once.
  test.concurrent.each([
    ["on", true],
    ["off", false],
  ] as const)(
    "the whole way, then a second sign-in, scripts %s",
    async (_, scripts) => {
      await using server = await ownServer()
      await addSandbox(server.app)
      const app = await startSampleApp(server, await makeDeveloper(server.app))
      try {
        await wholeWay({ server, app, scripts })
        await returning({ server, app, scripts })
      } finally {
        app.stop()
      }
    },
    120_000,
  )
})

async function wholeWay({ server, app, scripts }: Walk): Promise<void> {
  const { page, context, problems } = await openTab(browser, server, { javaScriptEnabled: scripts })

  // The app sends the person to sign in; they are new.
  await page.goto(app.url)
  await page.getByRole("link", { name: "Sign in with Purser" }).click()
  await page.getByText("to continue to Storyteller").waitFor()
  await page.getByRole("link", { name: "Create an account" }).click()
  await page.getByText("to continue to Storyteller").waitFor()
  await page.getByLabel("Name").fill("Mary Shelley")
  await page.getByLabel("Email").fill(email)
  await page.getByLabel("Password").fill(password)
  await page.getByRole("button", { name: "Create account" }).click()
  await page.waitForURL("**/verify-email?interaction=*")
  await page.getByLabel("Code").fill(await codeFromMailbox(context, server, email))
  // Scripts send a whole code by themselves.
  if (!scripts) await page.getByRole("button", { name: "Confirm" }).click()

  // Consent: who wants what, and a limit.
  await page.getByRole("heading", { name: "Connect Storyteller" }).waitFor()
  expect(await textOf(page.locator("main"))).toContain("Paper Boat Studio")
  expect(await textOf(page.locator(".return"))).toContain(new URL(app.url).host)
  const number = page.locator("#limit_llm")
  const slider = page.locator('input[type="range"]')
  if (scripts) {
    // Its steps are 1, 2, 5, 10 …: the last one is the most.
    await slider.press("End")
    expect(await number.inputValue()).toBe("1000")
    // Nobody knows what this app costs before people have used it.
    expect(await page.locator("[data-about]").count()).toBe(0)
    await number.fill("40")
  } else {
    expect(await slider.isVisible()).toBe(false)
    await number.fill("40")
  }
  await page.getByRole("button", { name: "Approve" }).click()

  // Back at the app, on another origin.
  await page.waitForURL(`${app.url}/`)
  await page.getByText("Hello Mary Shelley.").waitFor()

  // The console is the same sign-in.
  await page.goto(`${server.url}/dashboard`)
  await page.getByRole("heading", { name: "Dashboard" }).waitFor()
  const claim = page.locator("#claim-button")
  expect(await textOf(claim)).toMatch(/^Claim \d+ credits$/)
  await claim.click()
  await page.getByText("Your daily credits have arrived: 100 credits.").waitFor()
  expect(await claim.isDisabled()).toBe(true)
  const countdown = page.locator("[data-countdown]")
  expect(await textOf(countdown)).toMatch(/^(24 h|23 h \d+ min)$/)
  expect(await textOf(page.locator(".balance-figure"))).toBe("100 credits")

  // The app spends; the dashboard says so.
  const answer = await context.request.post(`${app.url}/chat`, { data: "Tell me a story." })
  expect(answer.status()).toBe(200)
  expect((await answer.text()).length).toBeGreaterThan(10)
  await page.reload()
  const movement = page.locator(".movements li").first()
  expect(await textOf(movement)).toContain("Storyteller · sandbox · ")
  await movement.locator("summary").click()
  expect(await textOf(movement)).toContain("Model price")
  expect(await textOf(page.locator(".balance-figure"))).not.toBe("100 credits")

  // The limit, changed and kept when it cannot be read.
  await page.getByRole("link", { name: "Apps" }).first().click()
  const row = page.locator("article", { hasText: "Storyteller" })
  expect(await textOf(row)).toContain("of 40 credits")
  await row.getByRole("link", { name: "Change limit" }).click()
  const limits = page.locator(scripts ? "dialog[open]" : "main")
  await limits.getByLabel("At most per day", { exact: true }).fill("25.5")
  await limits.getByRole("button", { name: "Save limit" }).click()
  await page.getByText("Storyteller may spend 25.5 credits a day.").waitFor()
  expect(await textOf(row)).toContain("of 25.5 credits")
  const person = server.app.identity.userByEmail(email)!
  expect(server.app.oauth.consentsOf(person.id)[0]?.limits.llm).toBe(credits(25.5))

  // Revoked through the dialog, or its page.
  const revoke = row.getByRole("link", { name: "Revoke" })
  await revoke.click()
  if (scripts) {
    const dialog = page.locator("dialog[open]")
    await dialog.getByText("Revoke Storyteller?").waitFor()
    expect(page.url()).toBe(server.at("/apps"))
    await page.keyboard.press("Escape")
    await dialog.waitFor({ state: "detached" })
    expect(await revoke.evaluate((link) => link === document.activeElement)).toBe(true)
    await revoke.click()
    await dialog.getByText("Cancel").click()
    await dialog.waitFor({ state: "detached" })
    await revoke.click()
    await dialog.getByRole("button", { name: "Revoke Storyteller" }).click()
  } else {
    await page.waitForURL("**/revocation")
    await page.getByRole("button", { name: "Revoke Storyteller" }).click()
  }
  await page.getByText("Storyteller can no longer use your account or your credits.").waitFor()
  await page.getByText("No app can spend your credits").waitFor()
  expect((await context.request.post(`${app.url}/chat`, { data: "More." })).status()).toBe(401)

  // Approving again, then Cancel, both end at the app.
  await page.goto(`${app.url}/login`)
  await page.getByRole("button", { name: "Cancel" }).click()
  await page.waitForURL(`${app.url}/`)
  await page.goto(`${app.url}/login`)
  await page.getByRole("button", { name: "Approve" }).click()
  await page.getByText("Hello Mary Shelley.").waitFor()

  // Theme and sessions.
  await page.goto(`${server.url}/settings`)
  await page.getByLabel("Dark").check()
  await page.getByRole("button", { name: "Save theme" }).click()
  await page.getByText("The theme is dark now.").waitFor()
  expect(await page.locator("html").getAttribute("data-theme")).toBe("dark")
  expect(await page.getByText("This device", { exact: true }).count()).toBe(1)

  // Out. The next visit asks again.
  await page.getByRole("button", { name: "Sign out" }).first().click()
  await page.waitForURL("**/signed-out")
  await page.goto(`${server.url}/dashboard`)
  await page.waitForURL("**/login?interaction=*")

  expect(problems).toEqual([])
  await context.close()
}

/** A returning person goes from the sign-in form straight back to the app. */
async function returning({ server, app, scripts }: Walk): Promise<void> {
  const { page, context, problems } = await openTab(browser, server, { javaScriptEnabled: scripts })
  await page.goto(`${app.url}/login`)
  await fillLogin(page, email, "not the password")
  await page.getByRole("alert").waitFor()
  await page.getByText("to continue to Storyteller").waitFor()
  expect(await page.getByLabel("Email").inputValue()).toBe(email)
  expect(await page.getByLabel("Password").inputValue()).toBe("")
  await fillLogin(page, email, password)
  await page.getByText("Hello Mary Shelley.").waitFor()
  expect(new URL(page.url()).origin).toBe(app.url)

  // Two browsers are signed in now (the first has signed out): the other can be ended from here.
  const other = await openTab(browser, server, { javaScriptEnabled: scripts })
  await other.page.goto(`${server.url}/dashboard`)
  await fillLogin(other.page, email, password)
  await other.page.waitForURL("**/dashboard")
  await page.goto(`${server.url}/settings`)
  const sessions = page.locator("section", { hasText: "Where you are signed in" })
  expect(await sessions.locator("tbody tr").count()).toBe(2)
  await sessions.getByRole("button", { name: "Sign out" }).click()
  await page.getByText(/ on .* is signed out\./).waitFor()
  // Where scripts run, the dashboard leaves by itself as soon as its session is over.
  if (!scripts) await other.page.reload()
  await other.page.waitForURL("**/login?interaction=*")
  expect([...problems, ...other.problems]).toEqual([])
  await Promise.all([context.close(), other.context.close()])
}
