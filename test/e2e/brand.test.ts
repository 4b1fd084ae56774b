// The brand of an operator: set by an admin, seen on pages, in previews of links, mails and invoices' seller.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { brandName, LOGO } from "../../src/brand/index.ts"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import { pngOf } from "../../src/media/testing.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../build.ts"

let server: TestServer
let admin: WebAgent
let adminId: Awaited<ReturnType<typeof makeUser>>["id"]
beforeAll(async () => {
  server = await startTestServer()
  const user = await makeUser(server.app, { isAdmin: true, email: "admin@example.com" })
  adminId = user.id
  admin = await signedIn(server, user.email)
}, 30_000)
afterAll(() => server?.close())

const page = async (path: string): Promise<string> => (await fetch(server.at(path))).text()

test("name, colour and words are on the next page; a colour is made readable", async () => {
  const form = await admin.get(server.at("/admin/brand"))
  const typed = { name: "Acme <AI>", accent: "#ffee00", claim: "Think <b>big</b>", social: "https://github.com/acme" }
  const refused = await admin.submit(form, "/admin/brand", { ...typed, accent: "red;}", reason: "ours" })
  expect([refused.status, refused.text.includes("Give a colour")]).toEqual([422, true])
  const done = await admin.submit(form, "/admin/brand", { ...typed, reason: "ours" })
  expect(done.text).toContain("The brand is saved.")
  const front = await page("/")
  expect(front).toContain("<title>Acme &lt;AI&gt;</title>")
  expect(front).toContain("Think &lt;b&gt;big&lt;/b&gt;")
  expect(front).toContain("https://github.com/acme")
  expect(await page("/pricing")).toContain("Pricing · Acme")
  const sheet = /href="(\/brand\.css\?v=[0-9a-f]{10})"/.exec(front)![1]!
  const css = await fetch(server.at(sheet))
  expect(css.headers.get("cache-control")).toContain("immutable")
  expect(await css.text()).toContain("--accent: light-dark(")
  expect((await fetch(server.at("/brand.css?v=other"))).headers.get("cache-control")).toBe("no-cache")
  expect(brandName(server.app.settings)).toBe("Acme <AI>")
})

test("what is typed is drawn before it is saved, and nobody else sees that", async () => {
  const drawn = await admin.get(server.at("/admin/brand/preview?name=Other%3Cscript%3E&accent=%23ffffff"))
  expect(drawn.text).toContain("moved so that it can be read")
  expect(drawn.text).not.toContain("<script>")
  const stranger = await signedIn(server, (await makeUser(server.app)).email)
  expect((await stranger.get(server.at("/admin/brand/preview"))).status).toBe(404)
  expect(brandName(server.app.settings)).toBe("Acme <AI>")
})

test("the logo stands in every head and in the tab", async () => {
  const { media } = server.app
  const stored = await media.storeImage(CTX, { ownerId: adminId, purpose: "icon", bytes: await pngOf(128, 128) })
  await media.show(CTX, LOGO, { id: stored.id, ownerId: adminId })
  for (const path of ["/", "/login", "/pricing"]) {
    const text = await page(path)
    expect(text).toContain(`<link rel="icon" type="image/webp" href="/media/${stored.id}/128"`)
    expect(text).toContain(`<img class="mark" src="/media/${stored.id}/128"`)
  }
  const shown = await admin.get(server.at("/admin/brand"))
  await admin.submit(shown, "/admin/brand/logo/removal")
  expect(await page("/")).not.toContain("/media/")
})

test("devices and authenticator apps call the account by that name", async () => {
  const asked = await admin.get(server.at("/settings/passkeys/new"))
  expect(asked.text).toContain("&#34;name&#34;:&#34;Acme <AI>&#34;}")
  const before = await admin.get(server.at("/settings/two-step"))
  const begun = await admin.submit(before, "/settings/two-step/start")
  expect(begun.text).toContain("Acme%20%3CAI%3E")
  expect(begun.text).not.toMatch(/otpauth:[^"]*Purser/)
})
