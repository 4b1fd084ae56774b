// Pictures of every page with a month of plausible use behind it: real sign-ups, consents, calls and charges, made through
// the product itself with a clock that is turned; then of a server in its first minute. Says which pages it has not seen.
// `bun test/tools/screenshots.ts <folder> [page name part] [--readme]`
// `--readme` also renews docs/screenshots .
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Browser, Page } from "playwright-core"
import { DAY_MS, readConfig, silentLog, VirtualClock } from "../../src/app/index.ts"
import { type App, compose } from "../../src/compose.ts"
import type { Viewer } from "../../src/sites/base/index.ts"
import { launch } from "../browser/kit.ts"
import { CTX, freePort, PASSWORD } from "../build.ts"
import { liveAMonth, provider } from "./demo-month.ts"
import { type Lived, ofAda, ofAdmin, ofFirstMinute, ofLinus, ofNobody, press } from "./scenes.ts"
import { rest, type Scenes, shoot, unseen } from "./shoot.ts"

const DAYS = 31
const readme = process.argv.includes("--readme")
const [out = mkdtempSync(join(tmpdir(), "purser-shots-")), only = ""] = process.argv
  .slice(2)
  .filter((word) => word !== "--readme")

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

/** A server of its own in a folder of its own, closed and removed at the end. */
async function serve(
  prepare: (dataDir: string, url: string) => Promise<unknown>,
  body: (app: App, url: string) => Promise<void>,
) {
  const dataDir = mkdtempSync(join(tmpdir(), "purser-shots-data-"))
  const port = String(freePort())
  const url = `http://localhost:${port}`
  await prepare(dataDir, url)
  const app = await compose(configOf(dataDir, url), { log: silentLog })
  await app.listen()
  try {
    await body(app, url)
  } finally {
    await app.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const configOf = (dataDir: string, url: string) =>
  readConfig({ port: new URL(url).port, "data-dir": dataDir, "base-url": url, "drain-seconds": "1" }, {}, true)

async function aMonth(dataDir: string, url: string): Promise<void> {
  const endMs = Date.now()
  const clock = new VirtualClock(endMs - DAYS * DAY_MS)
  const past = await compose(configOf(dataDir, url), { log: silentLog, clock })
  await past.listen()
  await liveAMonth(past, clock, url, endMs)
  await past.stop()
  console.log(`a month in ${Math.round((Date.now() - endMs) / 1_000)} s`)
}

async function picturesOfAMonth(browser: Browser, app: App, url: string): Promise<void> {
  const userOf = (email: string) => app.identity.userByEmail(email)!
  const linusApps = app.oauth.clientsOf(userOf("linus@paperboat.example").id)
  const byName = (name: string) => linusApps.find((client) => client.name === name)!
  const lived: Lived = {
    app,
    url,
    ada: userOf("ada@example.com"),
    suspended: userOf("sam@example.com"),
    busyApp: byName("Storyteller"),
    quietApp: byName("Tide Tables"),
  }
  const ada = await tabFor(browser, url, "ada@example.com")
  const agents = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0",
  ]
  for (const agent of agents) await tabFor(browser, url, "ada@example.com", agent)
  const visit = async (viewer: Viewer, page: Page, scenes: Scenes) => {
    await shoot(page, url, scenes, { out, only, readme })
    await shoot(page, url, rest(viewer), { out, only, readme })
  }
  await visit("anyone", await tabFor(browser, url, null), await ofNobody(lived))
  await visit("person", ada, ofAda(lived))
  await visit("developer", await tabFor(browser, url, "linus@paperboat.example"), ofLinus(lived))
  await visit("admin", await tabFor(browser, url, "grace@example.com"), ofAdmin(lived))
}

const browser = await launch()
try {
  await serve(aMonth, (app, url) => picturesOfAMonth(browser, app, url))
  await serve(
    async () => {},
    async (app, url) => {
      const { url: setup } = await app.identity.createSetupLink(CTX)
      await shoot(await tabFor(browser, url, null), url, ofFirstMinute(setup), { out, only, readme: false })
    },
  )
  console.log(`not seen: ${unseen().join(", ") || "nothing"}`)
  console.log(out)
} finally {
  await browser.close()
  await provider.stop(true)
}
process.exit(0)
