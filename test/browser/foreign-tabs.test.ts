// Several sign-ins in one browser at once, and people who click twice, go back, or wait on a slow line: each sign-in ends where it
// began, whatever the others do.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, BrowserContext, Page } from "playwright-core"
import type { User } from "../../src/identity/index.ts"
import { makeUser, startTestServer, type TestServer } from "../build.ts"
import { type ForeignApp, startServerApp, startStranger } from "./foreign-app.ts"
import { authorizeUrl } from "./house.ts"
import { codeFromMailbox, describeBrowser, fillLogin, launch, openTab } from "./kit.ts"

let browser: Browser
let server: TestServer
let first: ForeignApp
let second: ForeignApp

/** A line with this much delay, as the browser's own tools make it. */
async function slow(context: BrowserContext, page: Page, latency: number): Promise<void> {
  const tools = await context.newCDPSession(page)
  await tools.send("Network.enable")
  await tools.send("Network.emulateNetworkConditions", {
    offline: false,
    latency,
    downloadThroughput: -1,
    uploadThroughput: -1,
  })
}

const approve = (page: Page) => page.getByRole("button", { name: "Approve" }).click()
const welcomed = (page: Page, { publicId }: User, app: string) =>
  page.getByText(`Welcome ${publicId} to ${app}`).waitFor()

describeBrowser("several sign-ins of one browser", () => {
  beforeAll(async () => {
    ;[browser, server] = await Promise.all([launch(), startTestServer()])
    ;[first, second] = await Promise.all([
      startServerApp(server, { name: "First" }),
      startServerApp(server, { name: "Second" }),
    ])
  })
  afterAll(async () => {
    first?.stop()
    second?.stop()
    await Promise.all([browser?.close(), server?.close()])
  })

  test.concurrent("two apps opened at once in a browser that never met us: each gets its person", async () => {
    const person = await makeUser(server.app)
    const { page, context, problems } = await openTab(browser, server)
    const other = await context.newPage()
    // With some delay both requests are on their way before either answer brings a cookie.
    await Promise.all([page, other].map((each) => slow(context, each, 300)))
    await Promise.all([page.goto(`${first.url}/login`), other.goto(`${second.url}/login`)])
    for (const [tab, name] of [
      [other, "Second"],
      [page, "First"],
    ] as const) {
      await fillLogin(tab, person.email)
      await approve(tab)
      await welcomed(tab, person, name)
    }
    expect(problems).toEqual([])
    await context.close()
  })

  test.concurrent("two console tabs opened at once end on their own pages", async () => {
    const person = await makeUser(server.app)
    const { page, context, problems } = await openTab(browser, server)
    const other = await context.newPage()
    await Promise.all([page, other].map((each) => slow(context, each, 300)))
    await Promise.all([page.goto(`${server.url}/settings`), other.goto(`${server.url}/apps`)])
    await fillLogin(page, person.email)
    await page.waitForURL(server.at("/settings"))
    await fillLogin(other, person.email)
    await other.waitForURL(server.at("/apps"))
    expect(problems).toEqual([])
    await context.close()
  })

  test.concurrent("a line with a second of delay, two clicks on everything, no scripts: one sign-in, at the app", async () => {
    const person = await makeUser(server.app)
    const { page, context, problems } = await openTab(browser, server, { javaScriptEnabled: false })
    await slow(context, page, 1_000)
    await page.goto(`${first.url}/login`)
    await page.getByLabel("Email").fill(person.email)
    await page.getByLabel("Password").fill("a long test password")
    await page.getByRole("button", { name: "Sign in" }).dblclick()
    await page.getByRole("button", { name: "Approve" }).dblclick()
    await welcomed(page, person, "First")
    expect(problems).toEqual([])
    await context.close()
  })

  test.concurrent("two clicks on Approve and on the emailed code, no scripts", async () => {
    const { page, context, problems } = await openTab(browser, server, { javaScriptEnabled: false })
    const email = "clicks.twice@example.com"
    await page.goto(`${second.url}/login`)
    await page.getByRole("link", { name: "Create an account" }).click()
    await page.getByLabel("Email").fill(email)
    await page.getByLabel("Password").fill("ships and harbours")
    await page.getByRole("button", { name: "Create account" }).click()
    const code = await codeFromMailbox(context, server, email)
    await slow(context, page, 500)
    await page.getByLabel("Code").fill(code)
    await page.getByRole("button", { name: "Confirm" }).dblclick()
    await page.getByRole("heading", { name: "Connect Second" }).waitFor()
    await page.getByRole("button", { name: "Approve" }).dblclick()
    const { publicId } = server.app.identity.userByEmail(email)!
    await page.getByText(`Welcome ${publicId} to Second`).waitFor()
    expect(problems).toEqual([])
    await context.close()
  })

  test.concurrent("Back from the app asks for nothing twice", async () => {
    const person = await makeUser(server.app)
    const { page, context, problems } = await openTab(browser, server)
    await page.goto(first.url)
    await page.goto(`${first.url}/login`)
    await fillLogin(page, person.email)
    await approve(page)
    await welcomed(page, person, "First")
    // Consent and sign-in, each once: pages that say that all is done, never a form that was sent already, never the code.
    for (const words of ["This was answered already.", "You are signed in"]) {
      await page.goBack()
      await page.getByText(words).first().waitFor()
      expect(page.url()).toStartWith(server.url)
      expect(page.url()).not.toContain("code=")
      expect(await page.getByLabel("Password").count()).toBe(0)
      expect(await page.getByRole("button", { name: "Approve" }).count()).toBe(0)
    }
    await page.goBack()
    await page.getByText("Signed out").waitFor()
    expect(problems).toEqual([])
    await context.close()
  })

  test.concurrent("a stranger's form changes nothing here: an open form still works, a sign-up still waits", async () => {
    const toLogin = startStranger(`${server.url}/login`, { email: "x@example.com", password: "x" })
    const { page, context } = await openTab(browser, server)
    const other = await context.newPage()
    await page.goto(`${server.url}/signup`)
    const email = "patient@example.com"
    await page.getByLabel("Email").fill(email)
    await page.getByLabel("Password").fill("ships and harbours")
    await page.getByRole("button", { name: "Create account" }).click()
    await page.getByLabel("Code").waitFor()
    await other.goto(toLogin.url)
    await other.getByRole("button", { name: "Send" }).click()
    await other.getByText("Go back, reload the page and send it again.").waitFor()
    await page.getByLabel("Code").fill(await codeFromMailbox(context, server, email))
    await page.waitForURL(server.at("/dashboard"))
    toLogin.stop()
    await context.close()
  })

  test.concurrent("an app may post its request from another site, in a browser that is signed in or not", async () => {
    const person = await makeUser(server.app)
    const { searchParams } = new URL(authorizeUrl(server, first.clientId, { redirect_uri: `${first.url}/callback` }))
    const app = startStranger(`${server.url}/authorize`, { ...Object.fromEntries(searchParams), prompt: "consent" })
    const { page, context, problems } = await openTab(browser, server)
    const send = async () => {
      await page.goto(app.url)
      await page.getByRole("button", { name: "Send" }).click()
    }
    await send()
    await fillLogin(page, person.email)
    await page.getByRole("heading", { name: "Connect First" }).waitFor()
    await send()
    await page.getByRole("heading", { name: "Connect First" }).waitFor()
    expect(problems).toEqual([])
    app.stop()
    await context.close()
  })
})
