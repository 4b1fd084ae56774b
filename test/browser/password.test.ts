// A forgotten password inside an app's sign-in, a changed one in the settings, and the account an app asks for: in a real browser.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { addSandbox, giveCredits, makeDeveloper, makeUser, PASSWORD, type TestServer } from "../build.ts"
import {
  describeBrowser,
  fillLogin,
  launch,
  openTab,
  ownServer,
  resetLinkFor,
  type SampleApp,
  signIn,
  startSampleApp,
} from "./kit.ts"

const NEW = "ships and harbours"

describeBrowser("passwords and accounts", () => {
  let browser: Browser
  let server: TestServer & AsyncDisposable
  let app: SampleApp
  beforeAll(async () => {
    browser = await launch()
    server = await ownServer()
    await addSandbox(server.app)
    app = await startSampleApp(server, await makeDeveloper(server.app))
  }, 120_000)
  afterAll(async () => {
    app?.stop()
    await server?.close()
    await browser?.close()
  })

  test("forgotten on the way to an app: the link leads back to it, and everything of the old password is over", async () => {
    const user = await makeUser(server.app, { email: "ada@example.com", name: "Ada" })
    await giveCredits(server.app, user, 1_000_000_000)
    // Somewhere else this account is in use: a console, and the app with its token.
    const elsewhere = await openTab(browser, server)
    await elsewhere.page.goto(`${app.url}/login`)
    await fillLogin(elsewhere.page, user.email)
    await elsewhere.page.getByRole("button", { name: "Approve" }).click()
    await elsewhere.page.getByText("Hello Ada.").waitFor()
    expect((await elsewhere.context.request.post(`${app.url}/chat`, { data: "Hi." })).status()).toBe(200)

    const { page, context, problems } = await openTab(browser, server)
    await page.goto(`${app.url}/login`)
    await page.getByRole("link", { name: "Forgot your password?" }).click()
    await page.getByLabel("Email").fill(user.email)
    await page.getByRole("button", { name: "Send the link" }).click()
    await page.getByRole("heading", { name: "Check your mail" }).waitFor()
    const link = await resetLinkFor(server, user.email)
    expect(link).toStartWith(`${server.url}/reset-password?token=`)
    await page.goto(link)
    await page.getByText(user.email).waitFor()
    await page.getByLabel("New password").fill(NEW)
    await page.getByRole("button", { name: "Change password" }).click()
    await page.getByText("Your password is changed. Sign in with the new one.").waitFor()
    await page.getByText("to continue to Storyteller").waitFor()
    await fillLogin(page, user.email, NEW)
    await page.getByText("Hello Ada.").waitFor()

    expect((await elsewhere.context.request.post(`${app.url}/chat`, { data: "More." })).status()).toBe(401)
    await elsewhere.page.goto(`${server.url}/dashboard`)
    await elsewhere.page.waitForURL("**/login?interaction=*")
    const subjects = server.app.mailer.mailbox.filter((mail) => mail.to === user.email).map((mail) => mail.subject)
    expect(subjects).toContain("Your Purser password was changed")
    expect(problems).toEqual([])
    await Promise.all([context.close(), elsewhere.context.close()])
  }, 120_000)

  test("the answer for an address without an account is the same, to the letter", async () => {
    await makeUser(server.app, { email: "known@example.com" })
    const answers: string[] = []
    for (const email of ["known@example.com", "unknown@example.com"]) {
      const { page, context } = await openTab(browser, server)
      await page.goto(`${server.url}/forgot-password`)
      await page.getByLabel("Email").fill(email)
      await page.getByRole("button", { name: "Send the link" }).click()
      await page.waitForURL("**/forgot-password/sent")
      answers.push(`${page.url()} ${await page.locator("main").innerHTML()}`)
      await context.close()
    }
    expect(answers[1]).toBe(answers[0]!)
    await resetLinkFor(server, "known@example.com")
    expect(server.app.mailer.mailbox.some((mail) => mail.to === "unknown@example.com")).toBe(false)
  }, 120_000)

  test("changed in the settings: this browser stays, the other one goes", async () => {
    const user = await makeUser(server.app, { email: "bob@example.com" })
    const here = await openTab(browser, server)
    const there = await openTab(browser, server)
    await signIn(here.page, server, user.email)
    await signIn(there.page, server, user.email)
    await here.page.goto(`${server.url}/settings/password`)
    await here.page.getByLabel("New password").fill(NEW)
    await here.page.getByRole("button", { name: "Change password" }).click()
    await here.page.getByText("Other devices and apps are signed out.").waitFor()
    await here.page.goto(`${server.url}/dashboard`)
    await here.page.getByRole("heading", { name: "Dashboard", level: 1 }).waitFor()
    expect(here.page.url()).toBe(server.at("/dashboard"))
    // The dashboard leaves by itself as soon as its session is over.
    await there.page.waitForURL("**/login?interaction=*")
    expect([...here.problems, ...there.problems]).toEqual([])
    await Promise.all([here.context.close(), there.context.close()])
  }, 120_000)

  test("an app that asks which account gets the one that is chosen; its hint is filled in", async () => {
    const user = await makeUser(server.app, { email: "carol@example.com", name: "Carol" })
    await makeUser(server.app, { email: "dora@example.com", name: "Dora" })
    const { page, context, problems } = await openTab(browser, server)
    await signIn(page, server, user.email)
    const ask = async (extra: string) => {
      // The app's own request, with more asked for.
      const request = page.waitForRequest((one) => one.url().startsWith(`${server.url}/authorize?`))
      await page.goto(`${app.url}/login`)
      const { url } = { url: (await request).url() }
      await page.goto(`${url}&${extra}`)
    }
    await ask("prompt=select_account")
    await page.getByText("Choose an account").first().waitFor()
    await page.getByRole("button", { name: "Continue as Carol" }).click()
    // Chosen once is enough: consent comes next, also after a reload.
    await page.getByRole("heading", { name: "Connect Storyteller" }).waitFor()
    await page.reload()
    await page.getByRole("heading", { name: "Connect Storyteller" }).waitFor()

    await ask("prompt=select_account&login_hint=dora%40example.com")
    await page.getByRole("link", { name: "Use another account" }).click()
    expect(await page.getByLabel("Email").inputValue()).toBe("dora@example.com")
    await page.getByLabel("Password").fill(PASSWORD)
    await page.getByRole("button", { name: "Sign in", exact: true }).click()
    await page.getByRole("heading", { name: "Connect Storyteller" }).waitFor()
    await page.locator(".account-chip", { hasText: "dora@example.com" }).waitFor()
    // Changed their mind: the way to another account stands on the consent page too.
    await page.getByRole("link", { name: "Not you?" }).click()
    await page.getByRole("button", { name: "Continue as Carol" }).click()
    await page.locator(".account-chip", { hasText: "carol@example.com" }).waitFor()
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)
})
