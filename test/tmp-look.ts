import { writeFileSync } from "node:fs"
import { launch, openTab, pageProblems } from "./browser/kit.ts"
import { openRouteWorld } from "./routes.ts"
const world = await openRouteWorld()
const browser = await launch()
const out = "/tmp/ref-shots"
await Bun.$`mkdir -p ${out}`
const pages = process.argv[2]?.split(",") ?? ["", "/createChatCompletion", "/listTransactions", "/admin.users.user.wallet.bonus", "/createMessage"]
for (const [label, options] of [["light", {}], ["dark", { colorScheme: "dark" }], ["360", { width: 360, height: 780 }], ["noscript", { javaScriptEnabled: false }], ["wide", { width: 1600, height: 900 }]] as const) {
  for (const path of pages) {
    const tab = await openTab(browser, world.server, options as never)
    await tab.page.goto(`${world.server.url}/reference${path}`)
    if (label !== "noscript") {
      const found = await pageProblems(tab.page, [])
      if (found.length || tab.problems.length) console.log(label, path, found, tab.problems)
    }
    await tab.page.screenshot({ path: `${out}/${label}${path.replaceAll("/", "-")}.png`, fullPage: label === "360" ? false : false })
    if (label === "360") await tab.page.screenshot({ path: `${out}/${label}${path.replaceAll("/", "-")}-full.png`, fullPage: true, clip: { x: 0, y: 0, width: 360, height: 3000 } }).catch(() => {})
    await tab.context.close()
  }
}
for (const path of pages) {
  const answer = await fetch(`${world.server.url}/reference${path}`)
  const bytes = (await answer.text())
  console.log(path, bytes.length, Bun.gzipSync(new TextEncoder().encode(bytes)).length)
}
writeFileSync("/tmp/ref-openapi.json", await (await fetch(`${world.server.url}/openapi.json`)).text())
await browser.close()
await world.server.close()
process.exit(0)
