// The tutorial, followed to the letter by somebody who knows nothing else: its words name what is pressed, its page is what runs. It has
// to end with a charged call within a fraction of the ten minutes it promises.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser } from "playwright-core"
import { credits } from "../../src/app/index.ts"
import { addSandbox, freePort, giveCredits, makeUser, startTestServer, type TestServer } from "../build.ts"
import { describeBrowser, launch, openTab, signIn, textOf } from "./kit.ts"

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

  test("the tutorial leads from a new developer to a charged call of their own page", async () => {
    const startMs = Date.now()
    const user = await makeUser(server.app, { name: "Linus Developer" })
    await giveCredits(server.app, user, credits(100))
    const { page, context } = await openTab(browser, server)

    // 1. Make the app here.
    await signIn(page, server, user.email, "/developer")
    await page.getByLabel("I accept the developer agreement").check()
    await page.getByRole("button", { name: "Become a developer" }).click()
    await page.getByLabel("Name", { exact: true }).fill("Haiku")
    expect(await page.getByLabel("Public", { exact: true }).isChecked()).toBe(true)
    const port = freePort()
    // Another port than in the tutorial, so that tests do not meet; on loopback it does not count.
    await page.getByLabel("Redirect URIs").fill("http://localhost:3000/")
    await page.getByRole("button", { name: "Create app" }).click()
    await page.getByText("Waiting for your first call…").waitFor()
    const client = server.app.oauth.clientsOf(user.id)[0]!
    expect(await textOf(page.locator("main"))).toContain(client.publicId)

    // 2. Write the page: what the documentation of this very server shows.
    await page.goto(server.at("/docs/tutorials/first-app"))
    const shown = (await page.locator("pre", { hasText: "purser-button" }).first().textContent()) ?? ""
    expect(shown).toContain(`from "${server.app.config.baseUrl}/sdk.js"`)
    const live = Bun.serve({
      hostname: "127.0.0.1",
      port,
      fetch: () => new Response(shown.replace("cli_…", client.publicId), { headers: { "content-type": "text/html" } }),
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
    expect(server.app.usage.firstCallAt(client.id)).not.toBeNull()
    expect(Date.now() - startMs).toBeLessThan(MS_MAX)
    live.stop(true)
    await context.close()
  })
})
