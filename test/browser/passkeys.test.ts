// Passkeys in a real browser with a real protocol: Chromium's virtual authenticators make them, offer them under the email field, answer a
// button, and confirm who is there.
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import type { Browser, CDPSession, Page } from "playwright-core"
import { VirtualClock } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { addSandbox, makeDeveloper, makeUser, PASSWORD, type TestServer } from "../build.ts"
import {
  describeBrowser,
  fillLogin,
  launch,
  openTab,
  ownServer,
  type SampleApp,
  signIn,
  startSampleApp,
} from "./kit.ts"

interface Authenticator {
  cdp: CDPSession
  id: string
}

/** What Windows Hello, Touch ID and phones are to a page. */
async function authenticator(page: Page): Promise<Authenticator> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send("WebAuthn.enable", { enableUI: false })
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return { cdp, id: authenticatorId }
}

const credentialsOf = async ({ cdp, id }: Authenticator) =>
  (await cdp.send("WebAuthn.getCredentials", { authenticatorId: id })).credentials

/** Takes the keys of one device to another, as a sync or a thief would. */
async function copyTo(from: Authenticator, to: Authenticator, signCount?: number): Promise<void> {
  for (const credential of await credentialsOf(from))
    await to.cdp.send("WebAuthn.addCredential", {
      authenticatorId: to.id,
      credential: { ...credential, signCount: signCount ?? credential.signCount },
    })
}

describeBrowser("passkeys", () => {
  const clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
  let browser: Browser
  let server: TestServer & AsyncDisposable
  let app: SampleApp
  let ada: User
  beforeAll(async () => {
    browser = await launch()
    server = await ownServer({ clock })
    await addSandbox(server.app)
    app = await startSampleApp(server, await makeDeveloper(server.app))
  }, 120_000)
  afterAll(async () => {
    app?.stop()
    await server?.close()
    await browser?.close()
  })
  beforeEach(async () => {
    ada = await makeUser(server.app)
  })

  /** From the settings to the list with the new one, past the recovery codes. */
  async function add(page: Page, name = ""): Promise<void> {
    await page.goto(`${server.url}/settings/passkeys/new`)
    if (name) await page.getByLabel("Name").fill(name)
    await page.getByRole("button", { name: "Make the passkey" }).click()
    const saved = page.getByRole("link", { name: "I have saved them" })
    await saved.or(page.getByText("signs you in from now on")).waitFor()
    await page.goto(`${server.url}/settings/passkeys`)
  }

  const home = async (page: Page) => {
    await page.waitForURL(server.at("/dashboard"))
    return server.app.identity.sessionsOf(ada.id)[0]!
  }

  test("made in the settings, then the button signs in without a password; a second device has its own", async () => {
    const { page, problems } = await openTab(browser, server)
    await signIn(page, server, ada.email)
    const device = await authenticator(page)
    await add(page, "My laptop")
    await page.getByRole("link", { name: "My laptop" }).waitFor()
    const [made] = await credentialsOf(device)
    expect(made).toMatchObject({ isResidentCredential: true, rpId: new URL(server.url).hostname })

    const other = await openTab(browser, server)
    const second = await authenticator(other.page)
    await copyTo(device, second)
    // A browser without the list under the email field: this device is never shy, and would sign in before the button is pressed.
    await other.page.addInitScript(() => {
      PublicKeyCredential.isConditionalMediationAvailable = async () => false
    })
    await other.page.goto(`${server.url}/login`)
    await other.page.getByRole("button", { name: "Sign in with a passkey" }).click()
    await home(other.page)
    await second.cdp.send("WebAuthn.clearCredentials", { authenticatorId: second.id })
    await add(other.page)
    expect(server.app.identity.passkeysOf(ada.id)).toHaveLength(2)
    expect(await other.page.locator("table tbody tr").count()).toBe(2)
    expect([...problems, ...other.problems]).toEqual([])
  }, 120_000)

  test("offered under the email field before anything is pressed, and the app's sign-in goes on", async () => {
    const { page } = await openTab(browser, server)
    await signIn(page, server, ada.email)
    const device = await authenticator(page)
    await add(page)
    const other = await openTab(browser, server)
    await copyTo(device, await authenticator(other.page))
    await other.page.goto(`${app.url}/login`)
    await other.page.getByRole("button", { name: "Approve" }).waitFor()
    expect(await other.page.getByText(ada.email).count()).toBeGreaterThan(0)
    expect(other.problems).toEqual([])
  }, 120_000)

  test("after the password it is the second step; without scripts a recovery code is", async () => {
    const { page } = await openTab(browser, server)
    await signIn(page, server, ada.email)
    const device = await authenticator(page)
    await add(page)
    const other = await openTab(browser, server)
    await other.page.goto(`${server.url}/login`)
    await fillLogin(other.page, ada.email)
    await other.page.getByRole("heading", { name: "Use your passkey" }).waitFor()
    await copyTo(device, await authenticator(other.page))
    await other.page.getByRole("button", { name: "Use a passkey" }).click()
    await home(other.page)

    const plain = await openTab(browser, server, { javaScriptEnabled: false })
    await plain.page.goto(`${server.url}/login`)
    expect(await plain.page.getByRole("button", { name: "Sign in with a passkey" }).isVisible()).toBe(false)
    await fillLogin(plain.page, ada.email)
    await plain.page.getByText("Passkeys need scripts, which are off here.").waitFor()
    expect(await plain.page.getByRole("button").filter({ hasText: "passkey" }).isVisible()).toBe(false)
    await plain.page.getByRole("link", { name: "Use a recovery code" }).click()
    await plain.page.getByLabel("Recovery code").waitFor()
  }, 120_000)

  test("it confirms who is there before a key is made, and what was typed stands there again", async () => {
    const { page, problems } = await openTab(browser, server)
    await signIn(page, server, ada.email)
    await authenticator(page)
    await add(page)
    clock.advance(11 * 60_000)
    await page.goto(server.at("/keys/new"))
    await page.getByLabel("Name").fill("Kept name")
    await page.getByRole("button", { name: "Create key" }).click()
    await page.getByRole("heading", { name: "Confirm that it is you" }).waitFor()
    await page.getByRole("button", { name: "Use a passkey" }).click()
    await page.getByText("Thank you, it is you.").waitFor()
    expect(await page.getByLabel("Name").inputValue()).toBe("Kept name")
    await page.getByRole("button", { name: "Create key" }).click()
    await page.getByText("sk_live_").first().waitFor()
    expect(problems).toEqual([])
  }, 120_000)

  test("a copy whose counter is behind is refused and told, and who cancels stays where they are", async () => {
    const { page } = await openTab(browser, server)
    await signIn(page, server, ada.email)
    const device = await authenticator(page)
    await add(page)
    const thief = await openTab(browser, server)
    const copy = await authenticator(thief.page)
    await copyTo(device, copy)
    const owner = await openTab(browser, server)
    await copyTo(device, await authenticator(owner.page), 50)
    await owner.page.goto(`${server.url}/login`)
    await home(owner.page)
    await thief.page.goto(`${server.url}/login`)
    await thief.page.getByText("answered as if it had been copied").waitFor()
    expect(new URL(thief.page.url()).pathname).toBe("/login")

    await copy.cdp.send("WebAuthn.setUserVerified", { authenticatorId: copy.id, isUserVerified: false })
    await thief.page.goto(`${server.url}/login`)
    await thief.page.getByRole("button", { name: "Sign in with a passkey" }).click()
    await thief.page.getByText("No passkey was chosen.").waitFor()
    await fillLogin(thief.page, ada.email, `${PASSWORD} wrong`)
    await thief.page.getByText("do not match").waitFor()
  }, 120_000)

  test("a button that is pressed before the browser says what it can is not ended by the list", async () => {
    const { page } = await openTab(browser, server)
    await signIn(page, server, ada.email)
    const device = await authenticator(page)
    await add(page)
    const other = await openTab(browser, server)
    await copyTo(device, await authenticator(other.page))
    const seen: string[] = []
    await other.page.exposeFunction("seen", (mediation: string) => void seen.push(mediation))
    // A browser that is slow to say it, and a person who is slow to touch the key.
    await other.page.addInitScript(() => {
      let say = () => {}
      const said = new Promise<void>((resolve) => (say = resolve))
      const of = Object.assign(globalThis as unknown as { seen(of: string): void }, { sayIt: () => say() })
      PublicKeyCredential.isConditionalMediationAvailable = () => said.then(() => true)
      const get = navigator.credentials.get.bind(navigator.credentials)
      navigator.credentials.get = async (options) => {
        of.seen(options?.mediation ?? "button")
        await said
        await new Promise((resolve) => setTimeout(resolve, 50))
        return get(options)
      }
    })
    await other.page.goto(`${server.url}/login`)
    await other.page.getByRole("button", { name: "Sign in with a passkey" }).press("Enter")
    await other.page.evaluate(() => (globalThis as unknown as { sayIt(): void }).sayIt())
    await home(other.page)
    expect(seen).toEqual(["button"])
  }, 120_000)
})
