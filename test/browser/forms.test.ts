// Every form of the sign-in and account pages, with JavaScript off in a real browser: it posts, a refusal answers 422 with what was
// typed still there (never a password), names the field, and the next try goes through.

import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Server } from "bun"
import type { Browser, Locator, Page } from "playwright-core"
import type { User } from "../../src/identity/index.ts"
import { logIn } from "../../src/identity/testing.ts"
import { CTX, makeClient, makeUser, mintTokens, PASSWORD, startTestServer, type TestServer } from "../build.ts"
import { eventually } from "../eventually.ts"
import { describeBrowser, launch, openTab, resetLinkFor, signIn } from "./kit.ts"

interface Case {
  name: string
  /** Where the form is; made when its turn comes. */
  open: (page: Page) => Promise<unknown>
  /** Part of the form's action. */
  action: string
  /** Wrong values by field name. Checkboxes: true and false. */
  wrong: Record<string, string | boolean>
  /** Fields that must come back as typed; the others are passwords and must come back empty. */
  kept: string[]
  /** The field that carries the error; absent when the form as a whole does. */
  at?: string
  /** Values that go through, and where that leads. */
  right: Record<string, string | boolean | (() => Promise<string>)>
  button: string
  to: RegExp
}

let server: TestServer
let browser: Browser
let person: User
let clientId: string
let consentId: string
/** Where the app of these tests lives: on another origin, as every app does. */
let appServer: Server<undefined>
let callback: string

const authorize = (extra: Record<string, string> = {}): string =>
  `${server.url}/authorize?${new URLSearchParams({
    client_id: clientId,
    redirect_uri: callback,
    response_type: "code",
    scope: "openid profile email llm",
    state: "s",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
    ...extra,
  })}`
const at = (path: string) => (page: Page) => page.goto(`${server.url}${path}`)
const odd = `<b>"O'Neil" & שלום 🧨`

const strangers: Case[] = [
  {
    name: "sign in",
    open: at("/login"),
    action: "/login",
    wrong: { email: "someone@example.com", password: "not the password" },
    kept: ["email"],
    right: { email: "reader@example.com", password: PASSWORD },
    button: "Sign in",
    to: /\/dashboard$/,
  },
  {
    name: "sign up",
    open: at("/signup"),
    action: "/signup",
    wrong: { name: odd, email: "not an address", password: "short" },
    kept: ["name", "email"],
    at: "email",
    right: { name: odd, email: "new@example.com", password: "ships and harbours" },
    button: "Create account",
    to: /\/verify-email$/,
  },
  {
    name: "code from the mail",
    open: async (page) => {
      await page.goto(`${server.url}/signup`)
      await page.getByLabel("Email").fill("coded@example.com")
      await page.getByLabel("Password").fill("ships and harbours")
      await page.getByRole("button", { name: "Create account" }).click()
      await page.waitForURL("**/verify-email")
    },
    action: "/verify-email",
    wrong: { code: "12 34" },
    kept: ["code"],
    at: "code",
    right: { code: () => codeFor("coded@example.com") },
    button: "Confirm",
    to: /\/dashboard$/,
  },
  {
    name: "forgot password",
    open: at("/forgot-password"),
    action: "/forgot-password",
    wrong: { email: "not an address" },
    kept: ["email"],
    at: "email",
    right: { email: "forgetful@example.com" },
    button: "Send the link",
    to: /\/forgot-password\/sent$/,
  },
  {
    name: "reset password",
    open: async (page) => {
      await server.app.identity.requestPasswordReset(
        { requestId: "r", browserId: "b", ip: "203.0.113.9", userAgent: "" },
        { email: "forgetful@example.com" },
      )
      await page.goto(await resetLinkFor(server, "forgetful@example.com"))
    },
    action: "/reset-password",
    wrong: { password: "short" },
    kept: [],
    at: "password",
    right: { password: "ships and harbours" },
    button: "Change password",
    to: /\/login$/,
  },
  {
    name: "set up",
    open: async (page) => page.goto((await server.app.identity.createSetupLink(CTX)).url),
    action: "/setup/",
    wrong: { name: odd, email: "not an address", password: "short" },
    kept: ["name", "email"],
    at: "email",
    right: { name: "Grace", email: "grace@example.com", password: "ships and harbours" },
    button: "Create admin account",
    to: /\/admin$/,
  },
]

const insiders: Case[] = [
  {
    name: "consent",
    open: (page) => page.goto(authorize({ prompt: "consent" })),
    action: "/authorize/consent",
    wrong: { limit_llm: "-7", email: false },
    kept: ["limit_llm"],
    at: "limit_llm",
    right: { limit_llm: "12.5" },
    button: "Approve",
    to: /^http:\/\/127\.0\.0\.1:\d+\/callback\?code=/,
  },
  {
    name: "limits of an app",
    open: (page) => page.goto(`${server.url}/apps/${consentId}/limits`),
    action: "/limits",
    wrong: { limit_llm: "-7" },
    kept: ["limit_llm"],
    at: "limit_llm",
    right: { limit_llm: "8" },
    button: "Save limit",
    to: /\/apps$/,
  },
  {
    name: "name",
    open: at("/settings"),
    action: "/settings/name",
    wrong: { name: "a\u202eb" },
    kept: ["name"],
    at: "name",
    right: { name: odd },
    button: "Save name",
    to: /\/settings$/,
  },
  {
    name: "another email address",
    open: at("/settings/email"),
    action: "/settings/email",
    wrong: { email: "not an address" },
    kept: ["email"],
    at: "email",
    right: { email: "moved@example.com" },
    button: "Send the code",
    to: /\/settings\/email\/code$/,
  },
  {
    name: "code for the new address",
    open: at("/settings/email/code"),
    action: "/settings/email/code",
    wrong: { code: "12 34" },
    kept: ["code"],
    at: "code",
    right: { code: () => codeFor("moved@example.com") },
    button: "Change my address",
    to: /\/settings$/,
  },
  {
    name: "password",
    open: at("/settings/password"),
    action: "/settings/password",
    wrong: { password: "short" },
    kept: [],
    at: "password",
    right: { password: "ships and harbours" },
    button: "Change password",
    to: /\/settings$/,
  },
  {
    name: "theme",
    open: at("/settings"),
    action: "/settings/theme",
    wrong: {},
    kept: [],
    right: { theme: "dark" },
    button: "Save theme",
    to: /\/settings$/,
  },
  {
    name: "another account",
    open: (page) => page.goto(authorize({ prompt: "select_account" })),
    action: "/login/account",
    wrong: {},
    kept: [],
    right: {},
    button: "Continue as",
    // Email was unticked above: that was an answer, so there is nothing left to ask.
    to: /^http:\/\/127\.0\.0\.1:\d+\/callback\?code=/,
  },
  {
    name: "ending a session elsewhere",
    open: async (page) => {
      await logIn(
        server.app.identity,
        { requestId: "r", browserId: "elsewhere", ip: "203.0.113.11", userAgent: "Firefox" },
        { email: "moved@example.com", password: "ships and harbours" },
      )
      await page.goto(`${server.url}/settings`)
    },
    action: "/settings/sessions/",
    wrong: {},
    kept: [],
    right: {},
    button: "Sign out",
    to: /\/settings$/,
  },
  {
    name: "revoking an app",
    open: (page) => page.goto(`${server.url}/apps/${consentId}/revocation`),
    action: "/revocation",
    wrong: {},
    kept: [],
    right: {},
    button: "Revoke Storyteller",
    to: /\/apps$/,
  },
  {
    name: "signing out",
    open: at("/logout"),
    action: "/logout/confirmation",
    wrong: {},
    kept: [],
    right: {},
    button: "Sign out",
    to: /\/signed-out$/,
  },
]

/** The six digits mailed to an address. */
async function codeFor(email: string): Promise<string> {
  return await eventually(`a code for ${email}`, () => {
    const mail = server.app.mailer.mailbox.find((one) => one.to === email)
    return /\d{6}/.exec(mail?.subject ?? "")?.[0]
  })
}

const fields = (page: Page, one: Case) => page.locator(`form[action*="${one.action}"]`).first()

async function fill(page: Page, one: Case, values: Case["right"]): Promise<void> {
  for (const [name, given] of Object.entries(values)) {
    const value = typeof given === "function" ? await given() : given
    const form = fields(page, one)
    if (typeof value === "boolean") await form.locator(`input[name="scope"][value="${name}"]`).setChecked(value)
    else if (name === "theme") await form.locator(`input[value="${value}"]`).check()
    else await form.locator(`input[name="${name}"]`).fill(value)
  }
}

/** Presses the button and tells the status of the answer to the POST itself. */
async function send(page: Page, one: Case): Promise<number> {
  const [answer] = await Promise.all([
    page.waitForResponse((each) => each.request().method() === "POST"),
    fields(page, one).getByRole("button", { name: one.button }).click(),
  ])
  return answer.status()
}

/** A form of one or two fields says what is wrong beside the field; a longer one in a summary that leads there. Each takes the focus. */
async function saidOnce(page: Page, form: Locator, { name, at }: Pick<Case, "name" | "at">): Promise<void> {
  const summary = page.getByRole("alert")
  const field = form.locator(`input[name="${at}"]`)
  const focused = (place: Locator) => place.and(page.locator(":focus")).waitFor()
  const shown = await form.locator("input:not([type=hidden], [type=range], [hidden]), textarea, select").count()
  // One limit that is wrong is seen at once among the boxes of a consent.
  const isBeside = shown <= 3 || name === "consent"
  if (at && isBeside) {
    expect(await summary.count()).toBe(0)
    await focused(field)
  } else {
    expect((await summary.textContent())?.length).toBeGreaterThan(5)
    await focused(summary)
  }
  if (!at) return
  expect(await field.getAttribute("aria-invalid")).toBe("true")
  const id = (await field.getAttribute("id"))!
  expect((await field.getAttribute("aria-describedby"))?.split(" ")).toContain(`${id}-error`)
  expect((await page.locator(`[id="${id}-error"]`).textContent())?.length).toBeGreaterThan(5)
  if (!isBeside) expect(await summary.getByRole("link").first().getAttribute("href")).toBe(`#${id}`)
}

async function walk(page: Page, one: Case): Promise<void> {
  await one.open(page)
  if (Object.keys(one.wrong).length > 0) {
    await fill(page, one, one.wrong)
    expect({ form: one.name, status: await send(page, one) }).toEqual({ form: one.name, status: 422 })
    await page.waitForLoadState()
    const form = fields(page, one)
    for (const name of one.kept)
      expect(await form.locator(`input[name="${name}"]`).inputValue()).toBe(one.wrong[name] as string)
    for (const box of Object.entries(one.wrong).filter(([, value]) => typeof value === "boolean"))
      expect(await form.locator(`input[name="scope"][value="${box[0]}"]`).isChecked()).toBe(box[1] as boolean)
    for (const secret of await form.locator('input[type="password"]').all()) expect(await secret.inputValue()).toBe("")
    await saidOnce(page, form, one)
  }
  await fill(page, one, one.right)
  // Browsers remember what is told to them: every typed field says what it is, or that it is nothing to remember.
  for (const input of await fields(page, one)
    .locator("input:not([type=hidden], [type=checkbox], [type=radio], [type=range])")
    .all())
    expect(await input.getAttribute("autocomplete")).toBeTruthy()
  const status = await send(page, one)
  // To another site by a page that goes on by itself, never by a redirect (see guards.test.ts).
  const leaves = ["consent", "another account"].includes(one.name)
  expect({ form: one.name, status }).toEqual({ form: one.name, status: leaves ? 200 : 303 })
  await page.waitForURL(one.to).catch((error: unknown) => {
    throw new Error(`${one.name} led to ${page.url()}: ${error}`)
  })
}

describeBrowser("forms without JavaScript", () => {
  beforeAll(async () => {
    server = await startTestServer()
    const { app } = server
    await makeUser(app, { email: "reader@example.com" })
    await makeUser(app, { email: "forgetful@example.com" })
    person = await makeUser(app, { email: "insider@example.com" })
    appServer = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("here") })
    callback = `http://127.0.0.1:${appServer.port}/callback`
    const made = await makeClient(app, { redirectUris: [callback] })
    clientId = made.client.publicId
    await mintTokens(app, { user: person, ...made })
    consentId = app.oauth.consentsOf(person.id)[0]!.publicId
    browser = await launch()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await server?.close()
    await appServer?.stop(true)
  })

  test.each(strangers.map((one) => [one.name, one] as const))(
    "%s",
    async (_, one) => {
      const { page, context, problems } = await openTab(browser, server, { javaScriptEnabled: false })
      await walk(page, one)
      expect(problems).toEqual([])
      await context.close()
    },
    120_000,
  )

  test("those of a person who is signed in", async () => {
    const { page, context, problems } = await openTab(browser, server, { javaScriptEnabled: false })
    await signIn(page, server, person.email)
    for (const one of insiders) await walk(page, one)
    const changed = server.app.identity.userById(person.id)
    expect([changed?.name, changed?.email]).toEqual([odd.normalize("NFC"), "moved@example.com"])
    expect(server.app.oauth.consentsOf(person.id)).toEqual([])
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("asking for a new code when none waits any more leads back to where one is asked for", async () => {
    const user = await makeUser(server.app, { email: "late@example.com" })
    const { page, context, problems } = await openTab(browser, server, { javaScriptEnabled: false })
    const resendTooLate = async (path: string) => {
      await server.app.store.write(CTX, (tx) => tx.run("DELETE FROM email_codes"))
      await page.getByRole("button", { name: "Send a new code" }).click()
      await page.waitForURL(`**${path}`)
      await page.getByText("That code has run out.").waitFor()
    }
    await page.goto(`${server.url}/signup`)
    await page.getByLabel("Email").fill("slow@example.com")
    await page.getByLabel("Password").fill("ships and harbours")
    await page.getByRole("button", { name: "Create account" }).click()
    await resendTooLate("/signup")

    await signIn(page, server, user.email, "/settings/email")
    await page.getByLabel("New email address").fill("later@example.com")
    await page.getByRole("button", { name: "Send the code" }).click()
    await resendTooLate("/settings/email")
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)

  test("a page that a mail scanner opened a hundred times still resets", async () => {
    const user = await makeUser(server.app, { email: "scanned@example.com" })
    await server.app.identity.requestPasswordReset(
      { requestId: "r", browserId: "b", ip: "203.0.113.10", userAgent: "" },
      { email: user.email },
    )
    const link = await resetLinkFor(server, user.email)
    for (let scan = 0; scan < 100; scan++) expect((await fetch(link)).status).toBe(200)
    expect((await fetch(link, { method: "HEAD" })).status).toBeLessThan(500)
    // A header that names another host changes neither the page's form nor the next mail.
    const poisoned = await fetch(link, {
      headers: { "x-forwarded-host": "evil.example", forwarded: "host=evil.example" },
    })
    expect(await poisoned.text()).not.toContain("evil.example")
    const { page, context } = await openTab(browser, server, { javaScriptEnabled: false })
    await page.goto(link)
    await page.getByLabel("New password").fill("ships and harbours")
    await page.getByRole("button", { name: "Change password" }).click()
    await page.waitForURL("**/login")
    expect((await fetch(link)).status).toBe(404)
    await context.close()
  }, 120_000)
})
