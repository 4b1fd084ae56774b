// Software that we did not write signs people in, from other origins, in a real browser: by redirect, in a popup, in a hidden
// frame, and through a broker that hands on to a third origin.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import type { User } from "../../src/identity/index.ts"
import { makeUser, startTestServer, type TestServer } from "../build.ts"
import { type ForeignApp, startPageApp, startServerApp } from "./foreign-app.ts"
import { describeBrowser, fillLogin, launch, openTab, textOf } from "./kit.ts"

let browser: Browser
let server: TestServer
const apps: ForeignApp[] = []
const opened = async (starting: Promise<ForeignApp>): Promise<ForeignApp> => {
  const app = await starting
  apps.push(app)
  return app
}
const approve = (page: Page) => page.getByRole("button", { name: "Approve" }).click()
const greeted = (page: Page, person: User) => page.getByText(`Hello ${person.publicId}`).waitFor()

describeBrowser("apps on other origins", () => {
  beforeAll(async () => {
    ;[browser, server] = await Promise.all([launch(), startTestServer()])
  })
  afterAll(async () => {
    for (const app of apps) app.stop()
    await Promise.all([browser?.close(), server?.close()])
  })

  test.concurrent("oidc-client-ts, by redirect; what a person gave is not asked again", async () => {
    const person = await makeUser(server.app)
    const app = await opened(startPageApp(server, "far"))
    const { page, context, problems } = await openTab(browser, server)
    await page.goto(app.url)
    await page.getByRole("button", { name: "redirect" }).click()
    await fillLogin(page, person.email)
    await approve(page)
    await greeted(page, person)
    expect(new URL(page.url()).origin).toBe(app.url)
    expect(problems).toEqual([])
    await context.close()
  })

  test.concurrent("oidc-client-ts, in a popup that talks to its opener", async () => {
    const person = await makeUser(server.app)
    const app = await opened(startPageApp(server, "far"))
    const { page, context, problems } = await openTab(browser, server)
    await page.goto(app.url)
    const [popup] = await Promise.all([page.waitForEvent("popup"), page.getByRole("button", { name: "popup" }).click()])
    // Through every page that a sign-in may take: none may cut the popup off.
    await popup.getByRole("link", { name: "Forgot your password?" }).click()
    await popup.getByRole("link", { name: "Sign in" }).click()
    await popup.getByRole("link", { name: "Create an account" }).click()
    await popup.getByRole("link", { name: "Sign in" }).click()
    await fillLogin(popup, person.email)
    await approve(popup)
    await greeted(page, person)
    expect(popup.isClosed()).toBe(true)
    expect(problems).toEqual([])
    await context.close()
  })

  test.concurrent("a hidden frame renews on this site, and is told login_required from another", async () => {
    const person = await makeUser(server.app)
    const [near, far] = [await opened(startPageApp(server, "near")), await opened(startPageApp(server, "far"))]
    const { page, context, problems } = await openTab(browser, server)
    for (const app of [near, far]) {
      await page.goto(app.url)
      await page.getByRole("button", { name: "redirect" }).click()
      if (app === near) await fillLogin(page, person.email)
      await approve(page)
      await greeted(page, person)
    }
    const renewed = async (app: ForeignApp) => {
      await page.goto(app.url)
      await page.getByRole("button", { name: "renew" }).click()
      await page.waitForFunction(() => document.querySelector("#result")?.textContent !== "")
      return textOf(page.locator("#result"))
    }
    // Each name below localhost is a site of its own.
    const isNear = new URL(server.url).hostname === "localhost"
    expect(await renewed(near)).toBe(isNear ? `Hello ${person.publicId}` : "Error: login_required")
    // Another site's frame gets no cookies: the app hears so at once, instead of waiting for its timeout.
    expect(await renewed(far)).toBe("Error: login_required")
    expect(problems).toEqual([])
    await context.close()
  })

  test.concurrent.each([true, false])(
    "a broker whose callback goes on to a third origin, scripts %p",
    async (scripts) => {
      const person = await makeUser(server.app)
      const home = await opened(startServerApp(server, { name: "Home" }))
      const broker = await opened(startServerApp(server, { name: "Broker", onwards: home.url }))
      const { page, context, problems } = await openTab(browser, server, { javaScriptEnabled: scripts })
      await page.goto(`${broker.url}/login`)
      await fillLogin(page, person.email)
      await approve(page)
      await page.getByText(`Welcome ${person.publicId} to Broker`).waitFor()
      expect(new URL(page.url()).origin).toBe(home.url)
      // Consented: now the sign-in form alone leads all the way.
      const again = await openTab(browser, server, { javaScriptEnabled: scripts })
      await again.page.goto(`${broker.url}/login`)
      await fillLogin(again.page, person.email)
      await again.page.getByText(`Welcome ${person.publicId} to Broker`).waitFor()
      expect([...problems, ...again.problems]).toEqual([])
      await Promise.all([context.close(), again.context.close()])
    },
  )

  test.concurrent("a callback at [::1]", async () => {
    const person = await makeUser(server.app)
    const app = await opened(startServerApp(server, { name: "Six", host: "[::1]" }))
    const { page, context, problems } = await openTab(browser, server)
    await page.goto(`${app.url}/login`)
    await fillLogin(page, person.email)
    await approve(page)
    await page.getByText(`Welcome ${person.publicId} to Six`).waitFor()
    expect(problems).toEqual([])
    await context.close()
  })

  test.concurrent("a request that cannot be answered stays here and says who sent it; the link tells the app", async () => {
    const app = await opened(startPageApp(server, "far"))
    const { page, context, problems } = await openTab(browser, server)
    await page.goto(app.url)
    await page.getByRole("button", { name: "invalid" }).click()
    await page.getByRole("heading", { name: "Foreign pages cannot sign you in" }).waitFor()
    expect(new URL(page.url()).origin).toBe(server.url)
    expect(await textOf(page.locator("main"))).toContain(new URL(app.url).host)
    await page.getByRole("link", { name: "Return to Foreign pages" }).click()
    await page.getByText("Error: invalid_scope").waitFor()
    expect(problems).toEqual([])
    await context.close()
  })
})
