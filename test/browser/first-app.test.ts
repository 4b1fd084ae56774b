// The tutorial, followed to the letter by a stranger who has only the landing page open and no account: what is pressed is what pages name,
// the page that runs is the one shown. It has to end with a charged call within a fraction of the ten minutes it promises.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { addSandbox, freePort, startTestServer, type TestServer } from "../build.ts"
import { codeFromMailbox, describeBrowser, launch, openTab, textOf } from "./kit.ts"

let browser: Browser
let server: TestServer

/** What a browser does; the rest of the ten minutes is for reading and typing. */
const MS_MAX = 60_000

describeBrowser("your first app in ten minutes", () => {
  beforeAll(async () => {
    ;[browser, server] = await Promise.all([launch(), startTestServer()])
    await addSandbox(server.app)
  })
  afterAll(async () => {
    await Promise.all([browser?.close(), server?.close()])
  })

  test("the landing page and the tutorial lead a stranger to a charged call of their own page", async () => {
    const startMs = Date.now()
    const email = "linus@example.com"
    const { page, context } = await openTab(browser, server)

    // The way there.
    await page.goto(server.at("/"))
    await page.getByRole("link", { name: "Build an app" }).click()
    await page.getByRole("link", { name: "Your first app, step by step" }).click()
    await page.getByRole("heading", { name: "Your first app in ten minutes" }).waitFor()

    // 1. Make the app here: the account on the way, and back to where it was asked for.
    await page.locator("main").getByRole("link", { name: "Developer", exact: true }).first().click()
    await page.getByRole("link", { name: "Create an account" }).click()
    await page.getByLabel("Name").fill("Linus Developer")
    await page.getByLabel("Email").fill(email)
    await page.getByLabel("Password").fill("ships and harbours")
    await page.getByRole("button", { name: "Create account" }).click()
    await page.waitForURL("**/verify-email?interaction=*")
    await page.getByLabel("Code").fill(await codeFromMailbox(context, server, email))
    await page.waitForURL("**/developer")
    await page.getByLabel("I accept the developer agreement").check()
    await page.getByRole("button", { name: "Become a developer" }).click()
    await page.getByLabel("Name", { exact: true }).fill("Haiku")
    expect(await page.getByLabel("Public", { exact: true }).isChecked()).toBe(true)
    const port = freePort()
    // Another port than in the tutorial, so that tests do not meet; on loopback it does not count.
    await page.getByLabel("Redirect URIs").fill("http://localhost:8000/")
    await page.getByRole("button", { name: "Create app" }).click()
    await page.getByText("Waiting for your first call…").waitFor()
    const clientId = /cli_\w+/.exec(await textOf(page.locator("main")))![0]

    // 2. Write the page: what the documentation of this very server shows.
    await page.goto(server.at("/docs/tutorials/first-app"))
    const shown = (await page.locator("pre", { hasText: "purser-button" }).first().textContent()) ?? ""
    expect(shown).toContain(`from "${server.app.config.baseUrl}/sdk.js"`)
    const live = Bun.serve({
      hostname: "127.0.0.1",
      port,
      fetch: () => new Response(shown.replace("cli_…", clientId), { headers: { "content-type": "text/html" } }),
    })

    // 3. Open it.
    const app = await context.newPage()
    await app.goto(`http://localhost:${port}/`)
    // Nobody's balance is shown to nobody.
    await app.locator("purser-button button", { hasText: "Sign in" }).waitFor()
    expect(await app.locator("purser-balance").isVisible()).toBe(false)
    const [popup] = await Promise.all([app.waitForEvent("popup"), app.getByRole("button", { name: "Write" }).click()])
    await popup.getByRole("button", { name: "Approve" }).click()
    await app.getByText(/It cost \d+\.\d+ credits\.|It cost [1-9]\d* credits\./).waitFor()
    await app.locator("purser-button button", { hasText: "Sign out Linus Developer" }).waitFor()
    await app.locator("purser-balance button", { hasText: /^[\d.,]+ credits$/ }).waitFor()
    // Charged to the free credits of the day, and seen by whoever built it.
    const used = await context.newPage()
    await used.goto(server.at("/apps"))
    expect(await textOf(used.locator("main"))).toContain("Haiku")
    const client = server.app.oauth.clientByPublicId(clientId)!
    expect(server.app.usage.firstCallAt(client.id)).not.toBeNull()
    expect(Date.now() - startMs).toBeLessThan(MS_MAX)
    live.stop(true)
    await context.close()
  })
})
