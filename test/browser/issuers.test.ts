// Sign-in with an issuer on another site, in a real browser: cookies on the way back, no rule of ours in the way, inside a foreign app's popup,
// by keys, and without scripts.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import { CTX, freePort, makeUser, PASSWORD, startTestServer, type TestServer } from "../build.ts"
import { CLIENT_ID, CLIENT_SECRET, type ProviderIssuer, startProvider } from "../fakes/issuer/provider.ts"
import { type ForeignApp, startPageApp } from "./foreign-app.ts"
import { describeBrowser, launch, openTab, textOf } from "./kit.ts"

let browser: Browser
let server: TestServer
let elsewhere: ProviderIssuer
let app: ForeignApp | null = null

const sayWho = async (page: Page, sub: string): Promise<void> => {
  await page.getByRole("heading", { name: "Sign in at the issuer" }).waitFor()
  await page.getByLabel("Who").fill(sub)
  await page.getByRole("button", { name: "Go on" }).click()
}

describeBrowser("an issuer on another site", () => {
  beforeAll(async () => {
    const port = freePort()
    // 127.0.0.1 is another site than localhost: what SameSite keeps back is kept back.
    const hosts = ["localhost", "auth.localhost"]
    elsewhere = await startProvider(hosts.map((host) => `http://${host}:${port}/login/callback/company`))
    ;[browser, server] = await Promise.all([
      launch(),
      startTestServer({ port, env: { PURSER_ISSUER_NETWORKS: "127.0.0.1" } }),
    ])
    const given = { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, signUp: true, trustsMfa: false, domains: [] }
    const { issuer } = elsewhere
    await server.app.identity.addIssuer(CTX, { preset: "oidc", slug: "company", name: "Company", issuer, ...given })
  })
  afterAll(async () => {
    app?.stop()
    await Promise.all([browser?.close(), server?.close()])
    await elsewhere?.close()
  })

  test("inside a foreign app's popup, through the consent and back to its opener", async () => {
    app = await startPageApp(server, "far")
    const { page, context, problems } = await openTab(browser, server)
    await page.goto(app.url)
    const [popup] = await Promise.all([page.waitForEvent("popup"), page.getByRole("button", { name: "popup" }).click()])
    await popup.getByRole("link", { name: "Sign in with Company" }).click()
    await sayWho(popup, "pia")
    await popup.getByRole("button", { name: "Approve" }).click()
    const pia = server.app.identity.userByEmail("pia@example.com")!
    await page.getByText(`Hello ${pia.publicId}`).waitFor()
    expect(popup.isClosed()).toBe(true)
    expect(problems).toEqual([])
    await context.close()
  })

  test("that answers by a form of its own page (form_post): cookies come with the address that it becomes", async () => {
    await server.app.identity.editIssuer(CTX, "company", { responseMode: "form_post" })
    const { page, context, problems } = await openTab(browser, server)
    const posted: string[] = []
    page.on("request", (request) => {
      if (request.method() === "POST" && request.url().includes("/login/callback/")) posted.push(request.url())
    })
    await page.goto(`${server.url}/login`)
    await page.getByRole("link", { name: "Sign in with Company" }).click()
    await sayWho(page, "fay")
    await page.waitForURL(/\/dashboard$/)
    expect(posted).toHaveLength(1)
    // And to confirm who is there, as to come in: the issuer asks anew.
    await server.app.store.write(CTX, (tx) => {
      tx.run("UPDATE sessions SET proved_ms = 1")
    })
    await page.goto(`${server.url}/confirm?next=/keys/new`)
    await page.getByRole("button", { name: "Confirm with Company" }).click()
    await sayWho(page, "fay")
    await page.waitForURL(/\/keys\/new$/)
    expect(problems).toEqual([])
    await context.close()
    await server.app.identity.editIssuer(CTX, "company", { responseMode: "query" })
  })

  test.each([true, false])("an account is joined and another one connected, by keys, scripts %p", async (scripts) => {
    const who = scripts ? "ada" : "kay"
    const person = await makeUser(server.app, { email: `${who}@example.com` })
    const { page, context, problems } = await openTab(browser, server, { javaScriptEnabled: scripts })
    await page.goto(`${server.url}/login`)
    await page.getByRole("link", { name: "Sign in with Company" }).focus()
    await page.keyboard.press("Enter")
    await sayWho(page, who)
    await page.getByRole("heading", { name: "You have an account here" }).waitFor()
    // The password field has the focus.
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await page.waitForURL(/\/dashboard$/)
    await page.goto(`${server.url}/settings/connections`)
    expect(await textOf(page.getByRole("table"))).toContain(`${who}@example.com`)
    await page.getByRole("button", { name: "Connect Company" }).click()
    // Without scripts the page goes on by itself as well.
    await sayWho(page, who)
    await page.getByText("Company opens your account now.").waitFor()
    expect(server.app.identity.connectionsOf(person.id)).toHaveLength(1)
    await page.getByRole("link", { name: "Disconnect" }).click()
    await page.getByRole("button", { name: "Disconnect" }).click()
    await page.getByText("Company no longer opens your account.").waitFor()
    expect(server.app.identity.connectionsOf(person.id)).toEqual([])
    expect(problems).toEqual([])
    await context.close()
  })
})
