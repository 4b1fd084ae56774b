// FedCM in Chromium: an app's page on another site asks the browser, a person chooses in the browser's own window, and the app gets a code or
// an ID token. Whoever never said yes sees the consent page in a window that the browser opens.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { createLocalJWKSet, jwtVerify } from "jose"
import * as oidc from "openid-client"
import type { Browser, BrowserContext, CDPSession, Page } from "playwright-core"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import { CTX, freePort, makeClient, makeUser, startTestServer, type TestServer } from "../build.ts"
import { describeBrowser, hasWholeChromium, launchWhole, openTab, signIn } from "./kit.ts"

let server: TestServer
let browser: Browser
let app: { url: string; client: Client; secret: string | null; stop(): void }
let other: typeof app

/** A page of an app, on another site than the server; all it does is ask the browser. */
async function startApp(name: string): Promise<typeof app> {
  const port = freePort()
  const url = `http://127.0.0.1:${port}`
  const { client, secret } = await makeClient(server.app, { name, redirectUris: [`${url}/callback`] })
  const live = Bun.serve({
    hostname: "127.0.0.1",
    port,
    fetch: () => new Response(`<!doctype html><title>${name}</title>`, { headers: { "content-type": "text/html" } }),
  })
  return { url, client, secret, stop: () => void live.stop(true) }
}

interface Dialog {
  dialogId: string
  dialogType: string
  accounts: { accountId: string; email: string; loginState: string }[]
}

/** The browser's own window, answered by choosing this account. */
async function choosing(context: BrowserContext, page: Page, who: string) {
  const tools = (await context.newCDPSession(page)) as unknown as {
    send(method: string, params?: object): Promise<unknown>
    on(event: string, listener: (dialog: Dialog) => void): void
  } & Pick<CDPSession, "detach">
  await tools.send("FedCm.enable", { disableRejectionDelay: true })
  const seen: Dialog[] = []
  tools.on("FedCm.dialogShown", (dialog) => {
    seen.push(dialog)
    const { dialogId } = dialog
    const accountIndex = dialog.accounts.findIndex(({ email }) => email === who)
    if (dialog.dialogType === "AccountChooser") void tools.send("FedCm.selectAccount", { dialogId, accountIndex })
    if (dialog.dialogType === "ConfirmIdpLogin")
      void tools.send("FedCm.clickDialogButton", { dialogId, dialogButton: "ConfirmIdpLoginContinue" })
  })
  return seen
}

const ask = (page: Page, { client }: typeof app, params: Record<string, string>): Promise<string> =>
  page.evaluate(
    async ([configURL, clientId, given]) => {
      const providers = [{ configURL, clientId, params: given }]
      try {
        const found = await navigator.credentials.get({ identity: { providers }, mediation: "optional" } as never)
        return (found as unknown as { token: string }).token
      } catch (error) {
        return `refused: ${(error as { error?: string }).error || (error as Error).message}`
      }
    },
    [`${server.url}/fedcm/config.json`, client.publicId, params] as const,
  )

const verified = async (token: string, { client }: typeof app, nonce: string) => {
  const keys = createLocalJWKSet(server.app.oauth.jwks() as unknown as Parameters<typeof createLocalJWKSet>[0])
  const { payload } = await jwtVerify(token, keys, { issuer: server.url, audience: client.publicId })
  expect(payload.nonce).toBe(nonce)
  return payload
}

const allow = (user: User, { client }: typeof app) =>
  server.app.store.write(CTX, (tx) =>
    server.app.oauth.grantConsentIn(tx, {
      userId: user.id,
      clientId: client.id,
      scopes: ["openid", "profile", "email"],
    }),
  )

describeBrowser("FedCM", () => {
  if (!hasWholeChromium) return
  beforeAll(async () => {
    ;[browser, server] = await Promise.all([launchWhole(), startTestServer()])
    ;[app, other] = await Promise.all([startApp("Storyteller"), startApp("Margin Notes")])
  })
  afterAll(async () => {
    app?.stop()
    other?.stop()
    await Promise.all([browser?.close(), server?.close()])
  })

  test("one who said yes before: an ID token, and a code that openid-client redeems; of two people the one who is chosen", async () => {
    const [ada, bob] = [await makeUser(server.app, { name: "Ada" }), await makeUser(server.app, { name: "Bob" })]
    await allow(ada, app)
    await allow(bob, app)
    const { page, context, problems } = await openTab(browser, server)
    await signIn(page, server, ada.email)
    await page.goto(`${server.url}/login?as=other`)
    await page.getByLabel("Email").fill(bob.email)
    await page.getByLabel("Password").fill("a long test password")
    await page.getByRole("button", { name: "Sign in", exact: true }).click()
    await page.waitForURL(server.at("/dashboard"))

    await page.goto(app.url)
    const dialogs = await choosing(context, page, ada.email)
    const payload = await verified(await ask(page, app, { nonce: "n-1" }), app, "n-1")
    expect(payload).toMatchObject({ sub: ada.publicId, email: ada.email, name: "Ada" })
    expect(payload).not.toHaveProperty("at_hash")
    expect(dialogs[0]!.accounts.map(({ email }) => email).toSorted()).toEqual([ada.email, bob.email].toSorted())
    // The browser knows that they are no newcomers.
    expect(dialogs[0]!.accounts.map(({ loginState }) => loginState)).toEqual(["SignIn", "SignIn"])

    const verifier = oidc.randomPKCECodeVerifier()
    const code_challenge = await oidc.calculatePKCECodeChallenge(verifier)
    const params = { response_type: "code", scope: "openid email", code_challenge, code_challenge_method: "S256" }
    const { code, iss } = JSON.parse(await ask(page, app, params)) as { code: string; iss: string }
    expect(iss).toBe(server.url)
    const insecure = { execute: [oidc.allowInsecureRequests] }
    const config = await oidc.discovery(new URL(server.url), app.client.publicId, app.secret!, undefined, insecure)
    const redeem = () => oidc.genericGrantRequest(config, "authorization_code", { code, code_verifier: verifier })
    const tokens = await redeem()
    expect((await oidc.fetchUserInfo(config, tokens.access_token, ada.publicId)).email).toBe(ada.email)
    await expect(redeem()).rejects.toThrow()
    expect(problems).toEqual([])
    await context.close()
  })

  test("one who never did sees our consent page in the browser's window, and the app gets its answer; a no gives nothing", async () => {
    const eve = await makeUser(server.app, { name: "Eve" })
    const { page, context, problems } = await openTab(browser, server)
    await signIn(page, server, eve.email)
    await page.goto(other.url)
    await choosing(context, page, eve.email)
    for (const [button, name] of [
      ["Cancel", "n-2"],
      ["Approve", "n-3"],
    ] as const) {
      const window = context.waitForEvent("page")
      const answer = ask(page, other, { nonce: name })
      const popup = await window
      await popup.getByRole("heading", { name: "Connect Margin Notes" }).waitFor()
      await popup.locator(".account-chip", { hasText: eve.email }).waitFor()
      await popup.getByRole("button", { name: button }).click()
      if (button === "Cancel") expect(await answer).toStartWith("refused")
      else expect(await verified(await answer, other, name)).toMatchObject({ sub: eve.publicId, name: "Eve" })
    }
    expect(server.app.oauth.consentsOf(eve.id)).toHaveLength(1)
    // The app's page forgets her: the permission ends.
    const forgot = await page.evaluate(
      async ([configURL, clientId, accountHint]) => {
        type Disconnects = { disconnect(options: object): Promise<void> }
        const { IdentityCredential } = globalThis as unknown as { IdentityCredential: Disconnects }
        return IdentityCredential.disconnect({ configURL, clientId, accountHint }).then(
          () => "done",
          (error) => `${error}`,
        )
      },
      [`${server.url}/fedcm/config.json`, other.client.publicId, eve.publicId] as const,
    )
    expect(forgot).toBe("done")
    expect(server.app.oauth.consentsOf(eve.id)).toHaveLength(0)
    expect(problems).toEqual([])
    await context.close()
  })

  test("signed out, the browser is told so and asks nobody; signed in again, it does", async () => {
    const user = await makeUser(server.app)
    await allow(user, app)
    const { page, context } = await openTab(browser, server)
    await signIn(page, server, user.email)
    await page.goto(`${server.url}/logout`)
    await page.getByRole("button", { name: "Sign out" }).click()
    await page.getByText("You are signed out").waitFor()
    await page.goto(app.url)
    const dialogs = await choosing(context, page, user.email)
    expect(await ask(page, app, { nonce: "n" })).toStartWith("refused")
    expect(dialogs).toEqual([])
    await signIn(page, server, user.email)
    await page.goto(app.url)
    expect(await verified(await ask(page, app, { nonce: "n-4" }), app, "n-4")).toMatchObject({ sub: user.publicId })
    await context.close()
  })
})
