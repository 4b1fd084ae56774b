// Everything that sign-in can do, on a server whose sign-in, console, API and public pages have origins of their own, in one real browser:
// what cookies, the CSP, form-action, passkeys and scripts make of four origins shows only here.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, BrowserContext, Page } from "playwright-core"
import type { User } from "../../src/identity/index.ts"
import {
  addSandbox,
  CTX,
  freePort,
  makeClient,
  makeUser,
  PASSWORD,
  startTestServer,
  type TestServer,
} from "../build.ts"
import { CLIENT_ID, CLIENT_SECRET, type ProviderIssuer, startProvider } from "../fakes/issuer/provider.ts"
import { type ForeignApp, startPageApp } from "./foreign-app.ts"
import { codeFromMailbox, describeBrowser, fillLogin, launch, openTab, textOf } from "./kit.ts"

let browser: Browser
let server: TestServer
let at: { auth: string; console: string; api: string; site: string }
let elsewhere: ProviderIssuer
let app: ForeignApp

const approve = (page: Page) => page.getByRole("button", { name: "Approve" }).click()
const greeted = (page: Page, { publicId }: User) => page.getByText(`Hello ${publicId}`).waitFor()
const press = (page: Page, way: string) => page.locator(`#${way}`).click()

/** Whatever was proved is long ago. */
const growOld = ({ id }: User) =>
  server.app.store.write(CTX, (tx) => void tx.run("UPDATE sessions SET proved_ms = 1 WHERE user_id = ?", id))

async function sayWho(page: Page, sub: string): Promise<void> {
  await page.getByRole("heading", { name: "Sign in at the issuer" }).waitFor()
  await page.getByLabel("Who").fill(sub)
  await page.getByRole("button", { name: "Go on" }).click()
}

/** A device of its own in this tab, as laptops and phones have one. */
async function authenticator(context: BrowserContext, page: Page) {
  const tools = await context.newCDPSession(page)
  await tools.send("WebAuthn.enable", { enableUI: false })
  const { authenticatorId } = await tools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return async () => (await tools.send("WebAuthn.getCredentials", { authenticatorId })).credentials
}

describeBrowser("four origins", () => {
  beforeAll(async () => {
    const port = freePort()
    elsewhere = await startProvider([`http://auth.localhost:${port}/login/callback/company`])
    const env = { PURSER_ISSUER_NETWORKS: "127.0.0.1" }
    ;[browser, server] = await Promise.all([launch(), startTestServer({ port, env, fourHosts: true })])
    at = server.app.config.hosts
    const given = { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, signUp: true, trustsMfa: false, domains: [] }
    const { issuer } = elsewhere
    await server.app.identity.addIssuer(CTX, { preset: "oidc", slug: "company", name: "Company", issuer, ...given })
    await addSandbox(server.app)
    app = await startPageApp(server, "far")
  }, 120_000)
  afterAll(async () => {
    app?.stop()
    await Promise.all([browser?.close(), server?.close()])
    await elsewhere?.close()
  })

  test.concurrent("a new person in an app's popup; renewal; the console; a passkey; out, and in again by it", async () => {
    const { page, context, problems } = await openTab(browser, server)
    const email = "nora@example.com"
    await page.goto(app.url)
    const [popup] = await Promise.all([page.waitForEvent("popup"), press(page, "popup")])
    await popup.getByRole("link", { name: "Create an account" }).click()
    await popup.getByLabel("Name").fill("Nora")
    await popup.getByLabel("Email").fill(email)
    await popup.getByLabel("Password").fill("ships and harbours")
    await popup.getByRole("button", { name: "Create account" }).click()
    await popup.waitForURL(`${at.auth}/verify-email?*`)
    await popup.getByLabel("Code").fill(await codeFromMailbox(context, server, email))
    await popup.locator("#limit_llm").fill("40")
    await approve(popup)
    const nora = server.app.identity.userByEmail(email)!
    await greeted(page, nora)
    expect(popup.isClosed()).toBe(true)

    // Another site's frame gets no cookies, and is told so at once; the refresh token needs none.
    await page.goto(app.url)
    await press(page, "refresh")
    await greeted(page, nora)
    await press(page, "renew")
    await page.getByText("Error: login_required").waitFor()

    // The API answers the app's page across origins.
    await page.goto(app.url)
    await press(page, "models")
    await page.getByText("Models: 200").waitFor()

    // The same sign-in is the console's; its settings are sign-in's. Links and scripts lead from origin to origin and back.
    await page.goto(`${at.site}/`)
    await page.goto(`${at.site}/dashboard`)
    await page.waitForURL(`${at.console}/dashboard`)
    await page.getByRole("link", { name: "Apps", exact: true }).first().click()
    await page.waitForURL(`${at.console}/apps`)
    expect(await textOf(page.locator("main"))).toContain("of 40 credits")
    await page.getByRole("link", { name: "Settings" }).first().click()
    await page.waitForURL(`${at.auth}/settings`)

    const keys = await authenticator(context, page)
    await page.goto(`${at.console}/settings/passkeys/new`)
    await page.waitForURL(`${at.auth}/settings/passkeys/new`)
    await page.getByRole("button", { name: "Make the passkey" }).click()
    await page.getByRole("link", { name: "I have saved them" }).or(page.getByText("signs you in from now on")).waitFor()
    const [made] = await keys()
    expect(made).toMatchObject({ isResidentCredential: true, rpId: new URL(at.auth).hostname })

    // Out by the console's own button: one question at sign-in's origin, and both are over.
    await page.goto(`${at.console}/credits`)
    await page.getByRole("button", { name: "Sign out" }).first().click()
    await page.waitForURL(`${at.auth}/logout`)
    // The device is not shy: it would sign in as soon as the form is there.
    await page.addInitScript(() => {
      PublicKeyCredential.isConditionalMediationAvailable = async () => false
    })
    await page.getByRole("button", { name: "Sign out" }).first().click()
    await page.waitForURL(`${at.auth}/signed-out`)
    await page.goto(`${at.console}/credits`)
    await page.waitForURL(`${at.auth}/login?*`)
    await page.getByRole("button", { name: "Sign in with a passkey" }).click()
    await page.waitForURL(`${at.console}/credits`)
    expect(await textOf(page.locator("body"))).toContain(email)
    expect(problems).toEqual([])
    await context.close()
  })

  test.concurrent("an issuer, a proof before a key, two people, an app's redirect, a device, and out through the app", async () => {
    const { page, context, problems } = await openTab(browser, server)
    await page.goto(`${at.console}/credits`)
    await page.getByRole("link", { name: "Sign in with Company" }).click()
    await sayWho(page, "fay")
    await page.waitForURL(`${at.console}/credits`)
    const fay = server.app.identity.userByEmail("fay@example.com")!

    // What was typed on the console waits there while the issuer is asked anew.
    await page.goto(`${at.console}/keys/new`)
    await page.getByLabel("Name").fill("by four")
    await growOld(fay)
    await page.getByRole("button", { name: "Create key" }).click()
    await page.waitForURL(`${at.auth}/confirm?*`)
    await page.getByRole("button", { name: "Confirm with Company" }).click()
    await sayWho(page, "fay")
    await page.waitForURL(`${at.console}/**`)
    expect(await page.getByLabel("Name").inputValue()).toBe("by four")

    // Somebody else beside, and the app asks which of them it is.
    const bob = await makeUser(server.app, { name: "Bob" })
    await page.goto(`${at.console}/console/login?choose=1&next=/apps`)
    await page.waitForURL(`${at.auth}/login?*`)
    await page.getByRole("link", { name: "Use another account" }).click()
    await fillLogin(page, bob.email)
    await page.waitForURL(`${at.console}/apps`)
    await page.goto(app.url)
    await press(page, "redirect")
    await page.getByRole("heading", { name: "Choose an account" }).waitFor()
    expect(new URL(page.url()).origin).toBe(at.auth)
    await page.getByRole("button", { name: fay.email }).first().click()
    await approve(page)
    await greeted(page, fay)

    // A terminal.
    const { client } = await makeClient(server.app, { name: "Terminal", type: "public" })
    const set = { ownerId: "any" as const, clientPublicId: client.publicId, deviceFlow: true }
    await server.app.store.write(CTX, (tx) => server.app.oauth.updateClientIn(tx, set))
    const body = new URLSearchParams({ client_id: client.publicId, scope: "openid llm" })
    const started = await (await fetch(`${at.auth}/device_authorization`, { method: "POST", body })).json()
    const { verification_uri_complete, device_code } = started as Record<string, string>
    await page.goto(verification_uri_complete!)
    await page.getByRole("button", { name: "Continue" }).click()
    await page.getByRole("button", { name: bob.email }).first().click()
    await approve(page)
    await page.getByRole("heading", { name: "Your device is connected" }).waitFor()
    const grant = {
      client_id: client.publicId,
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      device_code: device_code!,
    }
    expect((await fetch(`${at.auth}/token`, { method: "POST", body: new URLSearchParams(grant) })).status).toBe(200)
    await page.getByRole("link", { name: "Apps" }).click()
    await page.waitForURL(`${at.console}/apps`)

    // Out through the app: who used it is out on every origin, the other one stays.
    await page.goto(app.url)
    await press(page, "out")
    await page.waitForURL(`${app.url}/bye`)
    expect(server.app.identity.sessionsOf(fay.id)).toEqual([])
    for (const path of [`${at.console}/dashboard`, `${at.auth}/settings`]) {
      await page.goto(path)
      expect(await textOf(page.locator("body"))).toContain(bob.email)
    }
    expect(problems).toEqual([])
    await context.close()
  })

  test.concurrent("without scripts: forms lead from origin to origin, and what was typed waits at its own", async () => {
    const kay = await makeUser(server.app, { name: "Kay" })
    const { page, context, problems } = await openTab(browser, server, { javaScriptEnabled: false })
    await page.goto(`${at.console}/keys/new`)
    await fillLogin(page, kay.email)
    await page.waitForURL(`${at.console}/keys/new`)
    await growOld(kay)
    await page.getByLabel("Name").fill("without scripts")
    await page.getByRole("button", { name: "Create key" }).click()
    await page.waitForURL(`${at.auth}/confirm?*`)
    await page.getByLabel("Password").fill(PASSWORD)
    await page.getByRole("button", { name: "Confirm", exact: true }).click()
    await page.waitForURL(`${at.console}/unfinished?*`)
    expect(await page.getByLabel("Name").inputValue()).toBe("without scripts")
    await page.getByRole("button", { name: "Create key" }).click()
    await page.getByText("without scripts").first().waitFor()
    expect(server.app.keys.of(kay.id).map(({ name }) => name)).toEqual(["without scripts"])
    await page.getByRole("button", { name: "Sign out" }).first().click()
    await page.waitForURL(`${at.auth}/logout`)
    await page.getByRole("button", { name: "Sign out" }).first().click()
    await page.waitForURL(`${at.auth}/signed-out`)
    await page.goto(`${at.console}/keys`)
    await page.waitForURL(`${at.auth}/login?*`)
    expect(problems).toEqual([])
    await context.close()
  })
})
