// Pictures of every page with a month of plausible use behind it: real sign-ups, consents, calls and charges, made through
// the product itself with a clock that is turned. `bun test/tools/screenshots.ts <folder> [page name part] [--readme]`
// `--readme` also renews docs/screenshots/dashboard.png.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Browser, Page } from "playwright-core"
import { type App, compose } from "../../src/app/compose.ts"
import { credits, DAY_MS, dayOf, HOUR_MS, readConfig, silentLog, VirtualClock } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import { launch } from "../browser/kit.ts"
import { addSandbox, CTX, chat, freePort, giveCredits, makeUser, mintTokens, PASSWORD } from "../build.ts"

const DAYS = 31
const WIDTHS = [360, 768, 1280]
const readme = process.argv.includes("--readme")
const [out = mkdtempSync(join(tmpdir(), "purser-shots-")), only = ""] = process.argv
  .slice(2)
  .filter((word) => word !== "--readme")

/** The same month every time. */
let seed = 20_260_301
const random = (): number => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return seed / 2 ** 32
}
const between = (low: number, high: number): number => Math.round(low + random() * (high - low))

/** An OpenAI-compatible provider that answers anything, with the usage a real one would report. */
const provider = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch(request) {
    const models = ["gpt-5-mini", "gpt-4.1-mini", "gpt-4o-mini", "gpt-5"]
    if (request.url.endsWith("/models")) return Response.json({ object: "list", data: models.map((id) => ({ id })) })
    const { model, messages } = (await request.json()) as { model: string; messages: { content: string }[] }
    const prompt_tokens = Math.ceil((messages[0]?.content.length ?? 0) / 4)
    const completion_tokens = between(120, 640)
    return Response.json({
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 1,
      model,
      choices: [{ index: 0, message: { role: "assistant", content: "Once upon a time." }, finish_reason: "stop" }],
      usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
    })
  },
})

interface Made {
  client: Client
  secret: string
}

async function makeDeveloper(app: App, name: string, email: string, company: string): Promise<User> {
  const user = await makeUser(app, { name, email })
  const version = app.developers.agreementVersion
  await app.developers.acceptAgreement(CTX, { userId: user.id, version, company })
  return user
}

const makeApp = (app: App, owner: User, name: string, host: string): Promise<Made> =>
  app.store.write(CTX, (tx) => {
    const redirectUris = [`https://${host}/callback`]
    const scopes = ["openid", "profile", "email", "offline_access", "llm"] as const
    const input = { ownerId: owner.id, name, redirectUris, scopes: [...scopes], homepageUrl: `https://${host}` }
    const made = app.oauth.registerClientIn(tx, { ...input, type: "confidential" })
    return { client: made.client, secret: made.secret ?? "" }
  })

/** A month of use; ends at the present moment. */
async function live(app: App, clock: VirtualClock, url: string, endMs: number): Promise<void> {
  await app.gateway.addUpstream(CTX, {
    kind: "openai-compatible",
    name: "openai",
    baseUrl: `http://127.0.0.1:${provider.port}/v1`,
    apiKey: "sk-demo",
    priceProvider: "openai",
  })
  await app.gateway.testUpstream(CTX, app.gateway.upstreams()[0]!.publicId)
  await makeUser(app, { name: "Grace Operator", email: "grace@example.com", isAdmin: true })
  const linus = await makeDeveloper(app, "Linus Weaver", "linus@paperboat.example", "Paper Boat Studio")
  const mei = await makeDeveloper(app, "Mei Tanaka", "mei@inkandindex.example", "Ink & Index")
  const storyteller = await makeApp(app, linus, "Storyteller", "storyteller.example")
  const notes = await makeApp(app, mei, "Margin Notes", "marginnotes.example")
  const guide = await makeApp(app, linus, "Field Guide", "fieldguide.example")
  const apps = [
    { ...storyteller, models: ["gpt-5-mini", "gpt-5"], limit: 250, weight: 5 },
    { ...notes, models: ["gpt-4.1-mini"], limit: 120, weight: 3 },
    { ...guide, models: ["gpt-4o-mini", "gpt-5-mini"], limit: 60, weight: 2 },
  ]
  const names = ["Ada Reader", "Tomás Rivera", "Priya Natarajan", "Jonas Lindqvist", "Amara Okafor", "Yuki Sato"]
  const people: User[] = []
  for (const name of names) {
    const email = `${name.split(" ")[0]!.normalize("NFD").replace(/\W/g, "").toLowerCase()}@example.com`
    people.push(await makeUser(app, { name, email }))
  }
  const ada = people[0]!
  await giveCredits(app, ada, credits(2_500))
  for (const person of people.slice(1)) await giveCredits(app, person, credits(between(200, 900)))
  const firstDay = dayOf(clock.now())
  const lastDay = dayOf(endMs)
  for (let day = firstDay; day <= lastDay; day++) {
    const dayStart = day * DAY_MS
    const weekend = (day + 4) % 7 === 0 || (day + 4) % 7 === 6
    const until = day === lastDay ? endMs - 4 * 60_000 : dayStart + 23 * HOUR_MS
    const start = Math.max(clock.now(), day === lastDay ? dayStart : dayStart + 7 * HOUR_MS)
    const plan: { person: User; made: (typeof apps)[number] }[] = []
    for (const person of people) {
      for (const made of apps) {
        if (person !== ada && random() < 0.45) continue
        const most = (person === ada ? made.weight * 2.4 : made.weight) * (weekend ? 0.45 : 1) * (0.4 + random())
        const calls = day === lastDay ? Math.ceil(most / 2) : Math.round(most)
        for (let call = 0; call < calls; call++) plan.push({ person, made })
      }
    }
    plan.sort(() => random() - 0.5)
    const tokens = new Map<string, { accessToken: string; ms: number }>()
    for (const [index, { person, made }] of plan.entries()) {
      clock.set(Math.max(clock.now(), Math.round(start + ((until - start) * (index + 1)) / plan.length)))
      const key = `${person.id}:${made.client.id}`
      let token = tokens.get(key)
      if (!token || clock.now() - token.ms > HOUR_MS / 2) {
        const { accessToken } = await mintTokens(app, { user: person, ...made, dailyNano: credits(made.limit) })
        token = { accessToken, ms: clock.now() }
        tokens.set(key, token)
      }
      const model = made.models[random() < 0.8 ? 0 : made.models.length - 1]!
      const content = "word ".repeat(between(160, 1_800))
      const answer = await chat(url, token.accessToken, { model, messages: [{ role: "user", content }] })
      if (answer.status !== 200) console.log(`a call was refused: ${await answer.text()}`)
    }
  }
  await makeApp(app, linus, "Tide Tables", "tidetables.example")
  await addSandbox(app)
  const spammer = await makeUser(app, { name: "Sam Spender", email: "sam@example.com" })
  clock.set(endMs)
  await app.identity.suspend(CTX, { userId: spammer.id, reason: "Shared one access token between forty people." })
}

type Visit = string | ((page: Page) => Promise<unknown>)

async function shoot(page: Page, url: string, pages: Record<string, Visit>): Promise<void> {
  for (const [name, visit] of Object.entries(pages)) {
    await page.setViewportSize({ width: 1280, height: 800 })
    if (typeof visit === "string") await page.goto(`${url}${visit}`)
    else await visit(page)
    await page.waitForLoadState()
    if (!name.includes(only)) continue
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme })
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: width === 360 ? 640 : 800 })
        const extra = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        if (extra > 0) console.log(`${name}: ${extra} px too wide at ${width}`)
        await page.screenshot({ path: join(out, `${name}.${colorScheme}.${width}.png`), fullPage: true })
      }
    }
  }
}

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click()

async function tabFor(browser: Browser, url: string, email: string | null, userAgent?: string): Promise<Page> {
  const page = await (await browser.newContext(userAgent ? { userAgent } : {})).newPage()
  page.setDefaultTimeout(10_000)
  if (!email) return page
  await page.goto(`${url}/dashboard`)
  await page.getByLabel("Email").fill(email)
  await page.getByLabel("Password").fill(PASSWORD)
  await press(page, "Sign in")
  await page.waitForURL(`${url}/dashboard`)
  return page
}

async function pictures(app: App, browser: Browser, url: string): Promise<void> {
  const ada = await tabFor(browser, url, "ada@example.com")
  if (readme) {
    await ada.setViewportSize({ width: 1280, height: 800 })
    await ada.emulateMedia({ colorScheme: "light" })
    const path = join(import.meta.dir, "../../docs/screenshots/dashboard.png")
    await ada.screenshot({ path })
    console.log(`${path}: ${Math.round(Bun.file(path).size / 1_000)} kB`)
  }
  const agents = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0",
  ]
  for (const agent of agents) await tabFor(browser, url, "ada@example.com", agent)
  const first = app.oauth.clientsOf(app.identity.userByEmail("linus@paperboat.example")!.id)
  const byName = (name: string) => first.find((client) => client.name === name)!
  const authorize = `/authorize?${new URLSearchParams({
    client_id: byName("Tide Tables").publicId,
    redirect_uri: "https://tidetables.example/callback",
    response_type: "code",
    scope: "openid profile email offline_access llm",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
  })}`
  const path = `/developer/apps/${byName("Storyteller").publicId}`
  const { url: setup } = await app.identity.createSetupLink(CTX)

  await shoot(await tabFor(browser, url, null), url, {
    landing: "/",
    "not-found": "/nowhere",
    "oauth-error": "/authorize?client_id=nobody",
    login: authorize,
    "login-refused": async (page) => {
      await page.getByLabel("Email").fill("ada@example.com")
      await page.getByLabel("Password").fill("not her password")
      await press(page, "Sign in")
      await page.getByRole("alert").waitFor()
    },
    signup: "/signup",
    "signup-refused": async (page) => {
      await page.getByLabel("Email").fill("not an address")
      await press(page, "Create account")
    },
    "verify-email": async (page) => {
      await page.getByLabel("Email").fill("new@example.com")
      await page.getByLabel("Password").fill(PASSWORD)
      await press(page, "Create account")
      await page.waitForURL("**/verify-email*")
      await Bun.sleep(500)
    },
    mailbox: "/mailbox",
    setup: new URL(setup).pathname,
    "setup-gone": "/setup/gone",
    logout: "/logout",
    "signed-out": "/signed-out",
  })
  await shoot(ada, url, {
    dashboard: "/dashboard",
    "dashboard-open": (page) => page.locator(".movements summary").first().click(),
    apps: "/apps",
    "apps-refused": async (page) => {
      await page.getByText("Change limits").first().click()
      await page.getByLabel("Chat, at most per day").first().fill("")
      await page.getByRole("button", { name: "Save limits" }).first().click()
      await page.getByText("Enter credits per day").first().waitFor()
    },
    "revoke-dialog": async (page) => {
      await page.goto(`${url}/apps`)
      await page.getByRole("link", { name: "Revoke" }).first().click()
      await page.locator("dialog[open]").waitFor()
    },
    revoke: async (page) => {
      await page.goto(`${url}/apps`)
      await page.goto(`${url}${await page.getByRole("link", { name: "Revoke" }).first().getAttribute("href")}`)
    },
    settings: "/settings",
    consent: authorize,
    agreement: "/developer",
    menu: async (page) => {
      await page.setViewportSize({ width: 360, height: 640 })
      await page.goto(`${url}/apps`)
      await page.getByText("Menu").click()
    },
  })
  await shoot(await tabFor(browser, url, "linus@paperboat.example"), url, {
    "dashboard-new": "/dashboard",
    "apps-empty": "/apps",
    developer: "/developer",
    "app-new": "/developer/apps/new",
    "app-new-refused": (page) => press(page, "Create app"),
    "app-waiting": `/developer/apps/${byName("Tide Tables").publicId}`,
    app: path,
    "app-secret": async (page) => {
      await press(page, "Make a new secret")
      await page.locator("#new-secret").waitFor()
    },
    "secret-revoke": async (page) => {
      await page.goto(`${url}${path}`)
      await page.goto(`${url}${await page.getByRole("link", { name: "Revoke" }).first().getAttribute("href")}`)
    },
  })
  const sam = app.identity.userByEmail("sam@example.com")!
  await shoot(await tabFor(browser, url, "grace@example.com"), url, {
    admin: "/admin",
    "admin-users": "/admin/users",
    "admin-users-none": "/admin/users?q=nobody",
    "admin-user": `/admin/users/${app.identity.userByEmail("ada@example.com")!.publicId}`,
    "admin-user-suspended": `/admin/users/${sam.publicId}`,
    "admin-upstreams": "/admin/upstreams",
    "admin-upstream-new": "/admin/upstreams/new",
    "admin-upstream-refused": (page) => press(page, "Save and test"),
  })
}

mkdirSync(out, { recursive: true })
const dataDir = mkdtempSync(join(tmpdir(), "purser-shots-data-"))
const port = String(freePort())
const url = `http://localhost:${port}`
const config = readConfig({ port, "data-dir": dataDir, "base-url": url, "drain-seconds": "1" }, {}, true)
const endMs = Date.now()
const clock = new VirtualClock(endMs - DAYS * DAY_MS)
const past = await compose(config, { log: silentLog, clock })
await past.listen()
await live(past, clock, url, endMs)
await past.stop()
console.log(`a month in ${Math.round((Date.now() - endMs) / 1_000)} s`)

const app = await compose(config, { log: silentLog })
await app.listen()
const browser = await launch()
try {
  await pictures(app, browser, url)
  console.log(out)
} finally {
  await browser.close()
  await app.stop()
  await provider.stop(true)
  rmSync(dataDir, { recursive: true, force: true })
}
process.exit(0)
