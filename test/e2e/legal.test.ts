// Legal pages against what the server really does: cookies that it sets, terms that are asked for again, a history that stays, and
// Markdown of the operator that can do nothing but be read.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { COOKIE_FACTS, STORAGE_FACTS } from "../../src/http/index.ts"
import { ALL_PAGES } from "../../src/sites/public/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser, type TestServer } from "../build.ts"
import { addressOf, openRouteWorld, type RouteWorld } from "../routes.ts"

let world: RouteWorld
let server: TestServer
beforeAll(async () => {
  world = await openRouteWorld()
  server = world.server
}, 30_000)
afterAll(() => world?.server.close())

const page = async (path: string): Promise<string> => (await fetch(server.at(path))).text()

/** Names in a `Set-Cookie`, without prefix and number. */
const nameOf = (line: string): string =>
  line
    .split("=")[0]!
    .replace(/^(__Host-|purser_)/, "")
    .replace(/-.*$/, "")

test("every cookie that any page sets is on the cookie page, with how long it stays", async () => {
  const seen = new Map<string, string>()
  const look = (response: Response) => {
    for (const line of response.headers.getSetCookie()) seen.set(nameOf(line), line)
  }
  const agent = await signedIn(server, world.admin.email)
  for (const { path, kind = "page", query } of ALL_PAGES) {
    if (kind === "stream") continue
    const address = addressOf(world, query === undefined ? { path } : { path, query })
    look(await fetch(address, { redirect: "manual" }))
    look(await fetch(address, { redirect: "manual", headers: { cookie: agent.cookieHeader(address) } }))
  }
  const text = await page("/cookie-policy")
  for (const [name] of seen) expect([name, text.includes(`purser_${name}`)]).toEqual([name, true])
  // Those of signing in and of forms too, which no GET sets; the type of their names is the list's.
  expect([...seen.keys()]).toContain("browser")
  const known = Object.keys(COOKIE_FACTS)
  for (const name of known) expect(text).toContain(`purser_${name}`)
  // What scripts write.
  const scripts = join(import.meta.dir, "../../public/js")
  const writers = readdirSync(scripts, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".js") && readFileSync(join(scripts, file), "utf8").includes("document.cookie ="),
  )
  expect(writers.toSorted()).toEqual(["core/time.js", "groups.js"])
  const elsewhere = readdirSync(scripts, { recursive: true, encoding: "utf8" }).filter(
    (file) =>
      file.endsWith(".js") && /localStorage|sessionStorage|indexedDB/.test(readFileSync(join(scripts, file), "utf8")),
  )
  expect(elsewhere.toSorted()).toEqual(STORAGE_FACTS.map(({ script }) => script).toSorted())
  for (const { name } of STORAGE_FACTS) expect(text).toContain(name)
}, 60_000)

test("the privacy page tells what is kept as the settings have it, and who really gets data", async () => {
  const { app } = server
  const before = await page("/privacy")
  expect(before).toContain("Answered calls, one by one")
  const setting = app.settings.byKey("usage.calls_days")!.setting
  await app.settings.set(CTX, setting, { value: 77 })
  expect(await page("/privacy")).toContain("77 days")
  for (const path of ["/terms", "/privacy", "/developer-agreement", "/cookie-policy"])
    expect(await page(path)).not.toContain("{{")
})

test("the foot of every page that strangers see leads to the texts, to each once", async () => {
  const feet = { site: ["/terms", "/privacy", "/cookie-policy", "/developer-agreement"], auth: ["/terms", "/privacy"] }
  const missing: string[] = []
  const seen = { site: 0, auth: 0 }
  for (const entry of ALL_PAGES) {
    if (entry.viewer !== "anyone" || (entry.kind ?? "page") !== "page") continue
    const text = await (await fetch(addressOf(world, entry))).text()
    for (const [foot, hrefs] of Object.entries(feet)) {
      const [, links] = new RegExp(`<footer class="${foot}-foot">([\\s\\S]*?)</footer>`).exec(text) ?? []
      if (links === undefined) continue
      seen[foot as keyof typeof seen]++
      missing.push(
        ...hrefs.filter((href) => links.split(`href="${href}"`).length !== 2).map((href) => `${entry.path}: ${href}`),
      )
    }
  }
  expect(missing).toEqual([])
  expect(seen.site).toBeGreaterThan(10)
  expect(seen.auth).toBeGreaterThan(3)
})

test("terms that changed are asked for before the next page, once, and the way goes on", async () => {
  const { app } = server
  const person = await makeUser(app, { email: "agrees@example.com" })
  const agent = await signedIn(server, person.email)
  expect((await agent.get(server.at("/dashboard"))).status).toBe(200)
  await app.legal.publish(CTX, {
    text: "terms",
    source: `# Terms\n\n<script>alert(1)</script>\n\nWords <img src=https://evil.example/x.png onerror=alert(2)> [x](javascript:alert(3)) {{name}}`,
    changes: "Credits <b>stay</b>.",
    asks: true,
  })
  const asked = await agent.get(server.at("/credits?type=usage"))
  expect(new URL(asked.url).pathname).toBe("/agreement")
  expect(asked.text).toContain("Credits &lt;b&gt;stay&lt;/b&gt;.")
  // Who does not agree can still take their data along.
  expect((await agent.get(server.at("/settings/data"))).url).toBe(server.at("/settings/data"))
  const stale = await agent.submit(asked, "/agreement", { version: "2026-01" })
  expect(new URL(stale.url).pathname).toBe("/agreement")
  expect(app.legal.asksTerms(person.id)).toBe(true)
  const done = await agent.submit(asked, "/agreement")
  expect(done.url).toBe(server.at("/credits?type=usage"))
  expect((await agent.get(server.at("/usage"))).url).toBe(server.at("/usage"))
  const rows = app.store.read.all<{ version: string }>(
    "SELECT version FROM legal_acceptances WHERE user_id = ?",
    person.id,
  )
  expect(rows).toEqual([{ version: app.legal.current("terms").version }])
  // Nobody is led elsewhere by it.
  await app.legal.publish(CTX, { text: "terms", source: "# Terms", changes: "Again.", asks: true })
  const lured = await agent.get(server.at("/agreement?next=https://evil.example/"))
  expect((await agent.submit(lured, "/agreement")).url).toBe(server.at("/dashboard"))

  const hostile = app.legal.history("terms")[1]!.version
  const terms = await page(`/terms?version=${hostile}`)
  const main = terms.slice(terms.indexOf("<main"), terms.indexOf("</main>"))
  expect(main).not.toMatch(/<script|<img|href="javascript/)
  expect(main).toContain("2026-01")
  expect(await page("/terms?version=2026-01")).toContain("This version does not hold any more.")
  expect((await fetch(server.at("/terms?version=1999"))).status).toBe(404)
})

test("a new developer agreement closes making and changing apps until it is accepted", async () => {
  const { app } = server
  await app.legal.publish(CTX, { text: "developer-agreement", source: "# Agreement", changes: "New.", asks: true })
  expect(app.developers.developerOf(world.developer.id)?.agreementCurrent).toBe(false)
  await app.developers.acceptAgreement(CTX, { userId: world.developer.id, version: app.developers.agreementVersion })
  expect(app.developers.developerOf(world.developer.id)?.agreementCurrent).toBe(true)
})
