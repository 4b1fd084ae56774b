import { firefox } from "/tmp/pwff/node_modules/playwright-core/index.mjs"
import { ACTS, type Hand } from "./test/browser/part-acts.ts"
import { startParts } from "./test/browser/part-server.tsx"
const server = startParts()
const browser = await firefox.launch({ channel: "moz-firefox", executablePath: "/usr/bin/firefox-esr", headless: true })
console.log("version", browser.version())
const context = await browser.newContext({ viewport: { width: 360, height: 740 }, colorScheme: null, reducedMotion: null, forcedColors: null, contrast: null })
context.setDefaultTimeout(5000)
const page = await context.newPage()
const said: string[] = []
page.on("pageerror", (e) => said.push("pageerror " + e.message))
page.on("console", (m) => m.type() === "error" && said.push("console " + m.text().slice(0, 200)))
const keys: Hand = {
  page,
  async press(selector, key = "Enter") {
    const one = page.locator(selector).first()
    if (key === "") return page.keyboard.press("Enter")
    await one.focus(); await page.keyboard.press(key)
  },
  async type(selector, text) { await page.locator(selector).first().focus(); await page.keyboard.type(text) },
  see: (selector) => page.locator(`${selector} >> visible=true`).first().waitFor(),
  gone: (selector) => page.locator(selector).first().waitFor({ state: "hidden" }),
}
let ok = 0
for (const [slug, act] of Object.entries(ACTS)) {
  try {
    await page.goto(server.url(slug)).catch(() => page.goto(server.url(slug)))
    await act.use(keys)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (wide > 0) console.log(slug, wide, "px too wide")
    if (said.length) console.log(slug, said.splice(0).join(" | ")); else ok++
  } catch (e) { console.log(slug, "FAILED", (e as Error).message.split("\n").slice(0, 3).join(" ").slice(0, 300), said.splice(0).join(" | ")) }
}
console.log("ok", ok, "of", Object.keys(ACTS).length)
await page.goto(server.url("combobox")); await page.screenshot({ path: "/tmp/ff-combobox.png" })
await page.goto(server.url("data-grid")); await page.screenshot({ path: "/tmp/ff-grid.png" })
await browser.close(); server.stop(); process.exit(0)
