// Pictures of every page with a month of plausible use behind it: real sign-ups, consents, calls and charges, made through
// the product itself with a clock that is turned. `bun test/tools/screenshots.ts <folder> [page name part] [--readme]`
// `--readme` also renews docs/screenshots and the pictures of the front page (public/images).
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Browser, Page } from "playwright-core"
import { type App, compose } from "../../src/app/compose.ts"
import { DAY_MS, readConfig, silentLog, VirtualClock } from "../../src/app/index.ts"
import { launch } from "../browser/kit.ts"
import { CTX, freePort, PASSWORD } from "../build.ts"
import { liveAMonth, provider } from "./demo-month.ts"

const DAYS = 31
const WIDTHS = [360, 768, 1280]
const readme = process.argv.includes("--readme")
const [out = mkdtempSync(join(tmpdir(), "purser-shots-")), only = ""] = process.argv
  .slice(2)
  .filter((word) => word !== "--readme")

type Visit = string | ((page: Page) => Promise<unknown>)

async function shoot(page: Page, url: string, pages: Record<string, Visit>): Promise<void> {
  for (const [name, visit] of Object.entries(pages)) {
    await page.setViewportSize({ width: 1280, height: 800 })
    if (typeof visit === "string") await page.goto(`${url}${visit}`)
    else await visit(page)
    await page.waitForLoadState()
    if (readme && DOCUMENTED.has(name)) await keep(page, DOCS, name, { width: 1280, height: 800 })
    if (!name.includes(only)) continue
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
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

/** From the mailbox of the demo, as a person reads it. */
async function resetLink(app: App): Promise<string> {
  for (let tries = 0; tries < 50; tries++) {
    const link = /https?:\S+reset-password\S+/.exec(app.mailer.mailbox.map((mail) => mail.text).join("\n"))?.[0]
    if (link) return link
    await Bun.sleep(100)
  }
  throw new Error("no reset mail arrived")
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

const IMAGES = join(import.meta.dir, "../../public/images")
const DOCS = join(import.meta.dir, "../../docs/screenshots")
/** Pages whose pictures stand in docs/screenshots. */
const DOCUMENTED = new Set([
  ...["landing", "consent", "dashboard", "credits", "apps", "settings", "developer", "app"],
  ...["admin", "admin-users", "admin-wallet", "admin-plans", "admin-upstreams", "admin-books", "admin-audit"],
])

/** The window in both themes as `<folder>/<name>-<theme>.webp`; the browser itself is the encoder. */
async function keep(page: Page, folder: string, name: string, size: { width: number; height: number }): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const encoder = await page.context().newPage()
  await page.setViewportSize(size)
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
    const png = (await page.screenshot()).toString("base64")
    const webp = await encoder.evaluate(async (data) => {
      const image = new Image()
      image.src = `data:image/png;base64,${data}`
      await image.decode()
      const canvas = document.createElement("canvas")
      canvas.width = image.width
      canvas.height = image.height
      canvas.getContext("2d")?.drawImage(image, 0, 0)
      return canvas.toDataURL("image/webp", 0.86).slice("data:image/webp;base64,".length)
    }, png)
    const path = join(folder, `${name}-${colorScheme}.webp`)
    await Bun.write(path, Buffer.from(webp, "base64"))
    console.log(`${path}: ${Math.round(Bun.file(path).size / 1_000)} kB`)
  }
  await encoder.close()
}

async function pictures(app: App, browser: Browser, url: string): Promise<void> {
  const ada = await tabFor(browser, url, "ada@example.com")
  if (readme) {
    await keep(ada, IMAGES, "dashboard", { width: 1280, height: 800 })
    await keep(ada, IMAGES, "dashboard-phone", { width: 400, height: 640 })
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
  if (readme) {
    await ada.goto(`${url}${authorize}`)
    await keep(ada, IMAGES, "consent", { width: 400, height: 736 })
  }
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
    forgot: "/forgot-password",
    "forgot-refused": (page) => press(page, "Send the link"),
    "forgot-sent": async (page) => {
      await page.getByLabel("Email").fill("ada@example.com")
      await press(page, "Send the link")
      await page.waitForURL("**/forgot-password/sent")
    },
    reset: async (page) => page.goto(await resetLink(app)),
    "reset-refused": async (page) => {
      await page.getByLabel("New password").fill("short")
      await press(page, "Change password")
    },
    "reset-gone": "/reset-password?token=gone",
    search: "/search?q=password",
    "search-none": "/search?q=tide",
    mailbox: "/mailbox",
    setup: new URL(setup).pathname,
    "setup-gone": "/setup/gone",
    logout: "/logout",
    "signed-out": "/signed-out",
  })
  await shoot(ada, url, {
    dashboard: "/dashboard",
    "dashboard-open": (page) => page.locator(".movements summary").first().click(),
    credits: async (page) => {
      await page.goto(`${url}/credits`)
      await page.locator(".movements summary").first().click()
    },
    apps: "/apps",
    "limits-dialog": async (page) => {
      await page.getByRole("link", { name: "Change limits" }).first().click()
      await page.locator("dialog[open]").waitFor()
    },
    "limits-refused": async (page) => {
      await page.locator("#limit_llm").fill("")
      await press(page, "Save limits")
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
    plan: "/settings/plan",
    "settings-refused": async (page) => {
      await page.goto(`${url}/settings`)
      await press(page, "Change password")
    },
    "choose-account": `${authorize}&prompt=select_account`,
    consent: authorize,
    agreement: "/developer",
    menu: async (page) => {
      await page.setViewportSize({ width: 360, height: 640 })
      await page.goto(`${url}/apps`)
      await page.getByText("Menu").click()
    },
    "developer-first-app": async (page) => {
      await page.goto(`${url}/developer`)
      await page.getByLabel("I accept").check()
      await press(page, "Become a developer")
      await page.getByLabel("Name").waitFor()
    },
    "developer-first-call": async (page) => {
      await page.getByLabel("Name").fill("Paper Lantern")
      await page.getByLabel("Confidential").check()
      await press(page, "Create app")
      await page.getByText("Waiting for your first call").waitFor()
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
    "admin-user-suspend": `/admin/users/${app.identity.userByEmail("ada@example.com")!.publicId}/suspension`,
    "admin-user-suspend-dialog": async (page) => {
      await page.goto(`${url}/admin/users/${app.identity.userByEmail("ada@example.com")!.publicId}`)
      await page.getByRole("link", { name: "Suspend this account" }).click()
      await page.locator("dialog[open]").waitFor()
    },
    "admin-wallet": `/admin/users/${app.identity.userByEmail("ada@example.com")!.publicId}/wallet`,
    "admin-books": async (page) => {
      await page.goto(`${url}/admin/books`)
      await press(page, "Verify now")
      await page.getByText("Everything that was checked").waitFor()
    },
    "admin-audit": "/admin/audit",
    "admin-plans": "/admin/plans",
    "admin-plan": "/admin/plans/professional",
    "admin-user-plan": `/admin/users/${app.identity.userByEmail("ada@example.com")!.publicId}/plan`,
    "admin-upstreams": "/admin/upstreams",
    "admin-upstream": `/admin/upstreams/${app.gateway.upstreams().find(({ kind }) => kind !== "sandbox")!.publicId}`,
    "admin-upstream-off": `/admin/upstreams/${app.gateway.upstreams()[0]!.publicId}/deactivation`,
    "admin-earnings": "/admin/earnings",
    "admin-earnings-refused": (page) => press(page, "Save terms"),
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
await liveAMonth(past, clock, url, endMs)
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
