// Looks at every page: renders the fixtures, takes screenshots in light and dark at three widths, runs axe in both themes under
// the real CSP. `bun test/tools/view-shots.ts [out folder] [page name part]`. Exits 1 on any axe finding, CSP or overflow problem.
import { mkdirSync, mkdtempSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { chromium, type Page } from "playwright-core"
import { loadAssets } from "../../src/http/index.ts"
import { allPages, FRIENDLY, HOSTILES } from "../../views/fixtures/index.ts"
import { html } from "../../views/layout/html.ts"

const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "media-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'self'",
].join("; ")
const WIDTHS = [360, 768, 1280]
const assets = loadAssets(join(import.meta.dir, "../../public"))
const out = process.argv[2] ?? mkdtempSync(join(tmpdir(), "purser-shots-"))
const only = process.argv[3] ?? ""
mkdirSync(out, { recursive: true })

const HEADERS = { "content-security-policy": CSP, "content-type": "text/html; charset=utf-8" }
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch(request) {
    const { pathname } = new URL(request.url)
    if (pathname.startsWith("/assets/")) return assets.serve(request, pathname) ?? new Response("", { status: 404 })
    const [, theme = "", set = "", name = ""] = pathname.split("/")
    const words = set === "hostile" ? HOSTILES[1] : FRIENDLY
    const page = words ? allPages(words, theme === "dark" ? "dark" : "light")[name] : undefined
    return page ? new Response(stays(html(page)), { headers: HEADERS }) : new Response("no such page", { status: 404 })
  },
})

/** A page that goes on by itself would leave before it is looked at. */
const stays = (text: string): string => text.replace(/<meta http-equiv="refresh"[^>]*>/, "")

interface Axe {
  run(): Promise<{ violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[] }>
}
const axe = readFileSync(Bun.resolveSync("axe-core/axe.min.js", import.meta.dir), "utf8")
const problems: string[] = []

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium"
const args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
const browser = await chromium.launch({ executablePath, args })
const context = await browser.newContext()
const tab = await context.newPage()
// The typeface is optional (it never makes text jump), so a picture waits for it before the first page.
await tab.goto(`${server.url}light/friendly/login`)
await tab.evaluate(() => document.fonts.load("16px Inter"))
let here = ""
tab.on("console", (message) => {
  const expected = /first-call|net::ERR|404/.test(message.text())
  if (message.type() === "error" && !expected) problems.push(`${here}: console: ${message.text()}`)
})
tab.on("pageerror", (error) => problems.push(`${here}: ${error.message}`))

/** Questions to a page have no deadline of their own: one that does not answer would be waited for without end. */
const ANSWER_MS = 120_000
const within = <T>(answer: Promise<T>): Promise<T> =>
  Promise.race([answer, Bun.sleep(ANSWER_MS).then(() => Promise.reject(new Error(`${here}: it does not answer`)))])

/** A page wider than the window scrolls sideways: always a defect. */
async function overflow(page: Page): Promise<void> {
  const extra = await within(
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
  )
  if (extra > 0) problems.push(`${here}: ${extra} px too wide`)
}

for (const name of Object.keys(allPages(FRIENDLY, "light")).filter((each) => each.includes(only))) {
  for (const theme of ["light", "dark"]) {
    for (const width of WIDTHS) {
      here = `${name} ${theme} ${width}`
      await tab.setViewportSize({ width, height: width === 360 ? 640 : 800 })
      await tab.goto(`${server.url}${theme}/friendly/${name}`)
      await overflow(tab)
      await tab.screenshot({ path: join(out, `${name}.${theme}.${width}.png`), fullPage: true })
      if (width === 768) continue
      await tab.evaluate(axe)
      const found = await within(tab.evaluate(() => (globalThis as unknown as { axe: Axe }).axe.run()))
      for (const violation of found.violations) {
        const nodes = violation.nodes
          .slice(0, 3)
          .map((node) => `    ${node.html.slice(0, 160)}\n    ${node.failureSummary}`)
        problems.push(`${here}: ${violation.id}: ${violation.help}\n${nodes.join("\n")}`)
      }
    }
  }
  here = `${name} with 300 letters`
  await tab.setViewportSize({ width: 360, height: 640 })
  await tab.goto(`${server.url}light/hostile/${name}`)
  await overflow(tab)
}

await browser.close()
await server.stop(true)
console.log(out)
console.log(problems.length === 0 ? "nothing found" : problems.join("\n"))
process.exit(problems.length === 0 ? 0 : 1)
