import { startFixtures } from "./test/browser/fixture-server.ts"
import { launch } from "./test/browser/kit.ts"
const f = startFixtures(); await f.compressed
const b = await launch()
const names = process.argv.slice(2)
for (const n of names) for (const [w, scheme] of [[1280,"light"],[1280,"dark"],[360,"light"]] as const) {
  const c = await b.newContext({ viewport: { width: w, height: 900 }, colorScheme: scheme as "light" })
  const p = await c.newPage(); await p.goto(f.url("friendly", n)); await p.waitForTimeout(200)
  const over = await p.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  console.log(n, w, scheme, "overflow", over)
  await p.screenshot({ path: `/tmp/shots-prices/${n}-${w}-${scheme}.png`, fullPage: true }); await c.close()
}
await b.close(); f.stop(); process.exit(0)
