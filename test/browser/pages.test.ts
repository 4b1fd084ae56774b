// The states of pages, in light and dark: axe finds nothing, nothing is wider than the window, no console error or CSP violation, no
// inline code, one h1, a title. As it is first opened every page is looked at in routes.test.ts. The list grows with every new state.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import { credits } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import {
  addSandbox,
  CALLBACK,
  CTX,
  chat,
  giveCredits,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"
import { describeBrowser, launch, openTab, pageProblems, resetLinkFor, signIn, type Tab } from "./kit.ts"

let server: TestServer
let browser: Browser
let admin: User
let developer: User
let person: User
let newcomer: User
let suspended: User
let appId: string
let otherAppId: string
let upstreamId: string

/** A state by path, or by what to do on the page; what is only opened, for what follows, routes.test.ts looks at. */
type Visit = string | ((page: Page) => Promise<unknown>) | { opened: string }

async function look(tab: Tab, visits: Record<string, Visit>): Promise<void> {
  const found: Record<string, string[]> = {}
  for (const [name, visit] of Object.entries(visits)) {
    if (typeof visit === "object") {
      await tab.page.goto(`${server.url}${visit.opened}`)
      continue
    }
    if (typeof visit === "string") await tab.page.goto(`${server.url}${visit}`)
    else await visit(tab.page)
    const problems = await pageProblems(tab.page)
    if (problems.length > 0) found[name] = problems
  }
  expect({ found, problems: tab.problems }).toEqual({ found: {}, problems: [] })
}

const at = (page: Page, path: string) => page.goto(`${server.url}${path}`)
/** Sends the page's main form as it is and waits for what follows. A script is told of a redirect by 204 (src/http/swap.ts). */
async function send(page: Page, button: string, status: 204 | 403 | 422): Promise<void> {
  const [answer] = await Promise.all([
    page.waitForResponse((one) => one.request().method() === "POST"),
    page.getByRole("button", { name: button, exact: true }).click(),
  ])
  expect(answer.status()).toBe(status)
  await page.locator("form[data-sent]").waitFor({ state: "detached" })
  await page.waitForLoadState()
}

const authorizeUrl = (clientId: string): string =>
  `/authorize?${new URLSearchParams({
    client_id: clientId,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: "openid profile email offline_access llm",
    state: "s",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
  })}`

describeBrowser("every page", () => {
  beforeAll(async () => {
    server = await startTestServer()
    const { app } = server
    await addSandbox(app)
    admin = await makeUser(app, { name: "Grace Operator", isAdmin: true })
    developer = await makeDeveloper(app)
    person = await makeUser(app, { name: "Ada Reader" })
    newcomer = await makeUser(app, { name: "Nobody Yet" })
    suspended = await makeUser(app, { name: "Sam Spender" })
    await app.identity.suspend(CTX, { userId: suspended.id, reason: "Shared a token." })
    await giveCredits(app, person, credits(500))
    const used = await makeClient(app, { ownerId: developer.id })
    appId = used.client.publicId
    otherAppId = (await makeClient(app, { ownerId: developer.id, name: "Fresh", type: "public" })).client.publicId
    const { accessToken } = await mintTokens(app, { user: person, ...used, dailyNano: credits(40) })
    for (let call = 0; call < 3; call++) expect((await chat(server.url, accessToken)).status).toBe(200)
    const far = { name: "far", baseUrl: "http://127.0.0.1:9/v1", models: ["a", "b"] }
    upstreamId = (await app.gateway.addUpstream(CTX, { kind: "openai-compatible", ...far })).publicId
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  test.concurrent("before anybody signs in", async () => {
    const tab = await openTab(browser, server, { withAxe: true })
    const { url: setupUrl } = await server.app.identity.createSetupLink(CTX)
    const setup = new URL(setupUrl).pathname
    await look(tab, {
      "not found": "/nowhere",
      "an app's request that cannot be answered": "/authorize?client_id=nobody",
      "consent without an app": "/authorize/consent",
      login: { opened: "/login" },
      "login, nothing typed": (page) => send(page, "Sign in", 422),
      "form of another site": async (page) => {
        await at(page, "/login")
        await page
          .locator('main input[name="csrf"]')
          .first()
          .evaluate((input: HTMLInputElement) => {
            input.value = "wrong"
          })
        await send(page, "Sign in", 403)
      },
      "login for an app": authorizeUrl(appId),
      "empty mailbox": "/mailbox",
      "forgot password": { opened: "/forgot-password" },
      "forgot password, nothing typed": (page) => send(page, "Send the link", 422),
      "forgot password, sent": async (page) => {
        await page.getByLabel("Email").fill(person.email)
        await send(page, "Send the link", 204)
      },
      "reset password": async (page) => page.goto(await resetLinkFor(server, person.email)),
      "reset password, too short": async (page) => {
        await page.getByLabel("New password").fill("short")
        await send(page, "Change password", 422)
      },
      "reset password, used up": "/reset-password?token=gone",
      search: "/search",
      "search, nobody signed in": "/search?q=account",
      signup: { opened: "/signup" },
      "signup, nothing typed": (page) => send(page, "Create account", 422),
      "verify email": async (page) => {
        await page.getByLabel("Email").fill("new@example.com")
        await page.getByLabel("Password").fill("a long new password")
        await send(page, "Create account", 204)
      },
      "verify email, wrong code": async (page) => {
        // One digit short: a whole code goes by itself.
        await page.getByLabel("Code").fill("00000")
        await send(page, "Confirm", 422)
      },
      mailbox: "/mailbox",
      setup: { opened: setup },
      "setup, nothing typed": (page) => send(page, "Create admin account", 422),
      "setup link that is used up": "/setup/gone",
    })
    await tab.context.close()
  }, 600_000)

  test.concurrent("a person", async () => {
    const tab = await openTab(browser, server, { withAxe: true })
    await signIn(tab.page, server, person.email)
    await look(tab, {
      dashboard: (page) => page.locator("summary", { hasText: "sandbox" }).first().click(),
      "dashboard with its table": (page) => page.getByText("Show as table").click(),
      "dashboard, 7 days": "/dashboard?range=7d",
      "dashboard, 90 days": "/dashboard?range=90d",
      credits: async (page) => {
        await at(page, "/credits")
        await page.locator(".movements summary").first().click()
      },
      "credits, nothing found": "/credits?kind=purchases&range=7d",
      "credits, wrong days": "/credits?from=2026-05-01&to=2026-04-01",
      apps: { opened: "/apps" },
      "limits, in a dialog": async (page) => {
        await page.getByRole("link", { name: "Change limit" }).click()
        await page.locator("dialog[open]").waitFor()
      },
      "limits that cannot be read": async (page) => {
        await at(page, "/apps")
        await at(page, (await page.getByRole("link", { name: "Change limit" }).getAttribute("href"))!)
        await page.locator("#limit_llm").fill("")
        await send(page, "Save limit", 422)
      },
      "revoke an app, in a dialog": async (page) => {
        await at(page, "/apps")
        await page.getByRole("link", { name: "Revoke" }).click()
        await page.locator("dialog[open]").waitFor()
      },
      settings: { opened: "/settings" },
      "change the password": { opened: "/settings/password" },
      "change the password, nothing typed": (page) => send(page, "Change password", 422),
      "change the address": { opened: "/settings/email" },
      "change the address, nothing typed": (page) => send(page, "Send the code", 422),
      "confirm the address": async (page) => {
        await page.getByLabel("New email address").fill("ada@new.example")
        await send(page, "Send the code", 204)
        await page.waitForURL("**/settings/email/code")
      },
      "confirm the address, wrong code": (page) => send(page, "Change my address", 422),
      search: "/search?q=credits",
      "search without a match": "/search?q=zzz",
      "choose an account": `${authorizeUrl(appId)}&prompt=select_account`,
      "no such app": "/apps/con_nothing/revocation",
      "not found, signed in": "/nowhere",
      landing: "/",
      "phone menu": async (page) => {
        await page.setViewportSize({ width: 360, height: 640 })
        await at(page, "/dashboard")
        await page.getByText("Menu").click()
      },
    })
    await tab.context.close()
  }, 600_000)

  test.concurrent("a newcomer", async () => {
    const tab = await openTab(browser, server, { withAxe: true })
    await signIn(tab.page, server, newcomer.email)
    await look(tab, {
      "dashboard, empty": "/dashboard",
      "dashboard, claimed": (page) => page.locator("#claim-button").click(),
      "credits, new": "/credits",
      "apps, empty": "/apps",
      "developer, agreement": "/developer",
      "developer, box not ticked": (page) => send(page, "Become a developer", 422),
      "developer, first app": async (page) => {
        await page.getByLabel("I accept").check()
        await send(page, "Become a developer", 204)
      },
      "developer, first app, nothing typed": (page) => send(page, "Create app", 422),
      "developer, first call": async (page) => {
        await page.getByLabel("Name").fill("First")
        await page.getByLabel("Confidential").check()
        await send(page, "Create app", 204)
        await page.getByText("Waiting for your first call…").waitFor()
      },
      consent: authorizeUrl(appId),
      "consent, a limit that cannot be read": async (page) => {
        await page.locator("#limit_llm").fill("")
        await send(page, "Approve", 422)
      },
    })
    await tab.context.close()
  }, 600_000)

  test.concurrent("a developer", async () => {
    const tab = await openTab(browser, server, { withAxe: true })
    await signIn(tab.page, server, developer.email, "/developer")
    const app = `/developer/apps/${appId}`
    await look(tab, {
      "new app": { opened: "/developer/apps/new" },
      "new app, nothing typed": (page) => send(page, "Create app", 422),
      "public app, waiting": `/developer/apps/${otherAppId}`,
      app: { opened: app },
      "app with a new secret": (page) => send(page, "Make a new secret", 204),
      "app, details refused": async (page) => {
        await at(page, app)
        await page.getByLabel("Redirect URIs").fill("nonsense")
        await send(page, "Save details", 422)
      },
      "no such app": "/developer/apps/cli_nothing",
    })
    await tab.context.close()
  }, 600_000)

  test.concurrent("an admin", async () => {
    const tab = await openTab(browser, server, { withAxe: true })
    await signIn(tab.page, server, admin.email, "/admin")
    await look(tab, {
      "overview, 7 days": "/admin?range=7d",
      "users, nobody matches": "/admin/users?q=nobody-at-all",
      "users, suspended": "/admin/users?status=suspended",
      "suspend, in a dialog": async (page) => {
        await at(page, `/admin/users/${person.publicId}`)
        await page.getByRole("link", { name: "Suspend Ada Reader" }).click()
        await page.locator("dialog[open]").waitFor()
      },
      suspend: { opened: `/admin/users/${person.publicId}/suspension` },
      "suspend, no reason given": (page) => send(page, "Suspend Ada Reader", 422),
      reinstate: `/admin/users/${suspended.publicId}/reinstatement`,
      "user, suspended": `/admin/users/${suspended.publicId}`,
      "user’s plan": { opened: `/admin/users/${person.publicId}/plan` },
      "user’s plan, no reason given": (page) => send(page, "Change plan", 422),
      "user’s wallet": async (page) => {
        await at(page, `/admin/users/${person.publicId}/wallet`)
        await page.locator(".postings summary").first().click()
      },
      "user’s wallet, test credits": `/admin/users/${person.publicId}/wallet?mode=test`,
      "a bonus, in a dialog": async (page) => {
        await at(page, `/admin/users/${person.publicId}/wallet`)
        await page.getByRole("link", { name: "Give a bonus" }).click()
        await page.locator("dialog[open]").waitFor()
      },
      "a bonus, nothing typed": (page) => send(page, "Continue", 422),
      audit: async (page) => {
        await at(page, "/admin/audit")
        await page.locator(".postings summary").first().click()
      },
      "audit, nothing found": "/admin/audit?actor=nobody&range=custom",
      books: async (page) => {
        await at(page, "/admin/books")
        await page.getByText("Everything that was checked").click()
      },
      plans: { opened: "/admin/plans" },
      "plans, no reason given": (page) => send(page, "Save free budget", 422),
      plan: { opened: "/admin/plans/professional" },
      "plan, no reason given": (page) => send(page, "Save plan", 422),
      upstream: async (page) => {
        await at(page, "/admin/upstreams")
        await page.getByRole("link", { name: "sandbox" }).click()
        await page.getByRole("heading", { name: "Models" }).waitFor()
      },
      "turn an upstream off": async (page) => at(page, `${new URL(page.url()).pathname}/deactivation`),
      "upstream, share and limits": { opened: `/admin/upstreams/${upstreamId}/routing` },
      "upstream, no share given": async (page) => {
        await page.getByLabel("Weight").fill("")
        await send(page, "Save share and limits", 422)
      },
      "attempts of a call, nothing kept": "/admin/upstreams/attempts?request=req_nobody",
      "upstream, an account": { opened: `/admin/upstreams/${upstreamId}` },
      "upstream, nothing typed": async (page) => {
        await page.getByLabel("Base URL").fill("")
        await send(page, "Save and test", 422)
      },
      "prices, nothing matches": "/admin/prices?q=no-such-model",
      "models without a price": "/admin/prices?show=unpriced",
      "price of a model": "/admin/prices/model?list=sandbox&model=sandbox&in=5000&by=basic",
      "price that is wrong": async (page) => {
        await at(page, "/admin/prices/model/price?list=sandbox&model=sandbox")
        await page.fill("[name=input]", "ten")
        await page.click("main form button.primary")
        await page.waitForSelector("[aria-invalid=true]")
      },
      "price, asked": async (page) => {
        await at(page, "/admin/prices/model/price?list=sandbox&model=sandbox")
        await page.fill("[name=input]", "12")
        await page.fill("[name=reason]", "A test")
        await page.click("main form button.primary")
        await page.waitForSelector("#confirm")
      },
      "price rules": "/admin/prices/rules?model=gpt-4o&traffic=app",
      earnings: { opened: "/admin/earnings" },
      "earnings, no reason given": (page) => send(page, "Save terms", 422),
      setting: { opened: "/admin/settings/plans.free_budget_daily" },
      "setting, no reason given": (page) => send(page, "Save setting", 422),
      "new upstream": { opened: "/admin/upstreams/new" },
      "new upstream, nothing typed": (page) => send(page, "Save and test", 422),
      "new upstream, from a preset": "/admin/upstreams/new?preset=vertex",
    })
    await tab.context.close()
  }, 600_000)
})
