// The brand of an operator: set by an admin, seen on pages, in previews of links, mails and invoices' seller.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { type AppError, PrincipalId } from "../../src/app/index.ts"
import { brandName, LOGO } from "../../src/brand/index.ts"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import { pngOf } from "../../src/media/testing.ts"
import { REGISTRATION } from "../../src/oauth/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeClient, makeDeveloper, makeUser, startTestServer, type TestServer } from "../build.ts"

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
  // On a phone's home screen, where what is transparent would be black.
  const touch = await fetch(server.at(/<link rel="apple-touch-icon" href="([^"]+)"/.exec(await page("/"))![1]!))
  expect([touch.status, touch.headers.get("content-type")]).toEqual([200, "image/png"])
  expect(touch.headers.get("cache-control")).toContain("immutable")
  const { width, height, format } = await new Bun.Image(await touch.bytes()).metadata()
  expect([width, height, format]).toEqual([180, 180, "png"])
  expect((await fetch(server.at("/touch.png"))).headers.get("cache-control")).toBe("no-cache")
  const shown = await admin.get(server.at("/admin/brand"))
  await admin.submit(shown, "/admin/brand/logo/removal")
  expect(await page("/")).not.toContain("/media/")
  expect((await fetch(server.at("/touch.png"))).status).toBe(404)
})

test("devices and authenticator apps call the account by that name", async () => {
  const asked = await admin.get(server.at("/settings/passkeys/new"))
  expect(asked.text).toContain("&#34;name&#34;:&#34;Acme <AI>&#34;}")
  const before = await admin.get(server.at("/settings/two-step"))
  const begun = await admin.submit(before, "/settings/two-step/start")
  expect(begun.text).toContain("Acme%20%3CAI%3E")
  expect(begun.text).not.toMatch(/otpauth:[^"]*Purser/)
})

test("nobody else may be called like the house: every door that takes a name asks", async () => {
  const { app } = server
  const name = "Асme AI" // Cyrillic А and с; the house is Acme <AI>.
  const developer = await makeDeveloper(app)
  const { client } = await makeClient(app, { ownerId: developer.id })
  const me = { ownerId: PrincipalId(developer.id), slug: "boats", name: "Boats" }
  await app.store.write(CTX, (tx) => app.marketplace.catalog.becomePublisherIn(tx, me))
  const product = await app.store.write(CTX, (tx) =>
    app.marketplace.catalog.createProductIn(tx, {
      ownerId: me.ownerId,
      title: "Maps",
      upstreamUrl: "https://maps.example.com",
    }),
  )
  await app.settings.set(CTX, REGISTRATION, { value: "yes" })
  const network = "192.0.2.1"
  const metadata = { client_name: name, redirect_uris: ["https://app.example/cb"] }
  const agreement = { userId: developer.id, version: app.developers.agreementVersion }
  const profile = { locale: "", zoneinfo: "" }
  const doors: Record<string, () => unknown> = {
    "a new app": () => makeClient(app, { ownerId: developer.id, name: `${name} Chat` }),
    "an app renamed": () =>
      app.store.write(CTX, (tx) =>
        app.oauth.updateClientIn(tx, { ownerId: developer.id, clientPublicId: client.publicId, name }),
      ),
    "an app that registers itself": () => app.oauth.registerDynamic({ metadata, network, requestId: "req_1" }),
    "a developer's company": () => app.developers.acceptAgreement(CTX, { ...agreement, company: name }),
    "a person's company": () => app.identity.setProfile(CTX, { userId: developer.id, company: name, ...profile }),
    "a person": () => app.identity.setName(CTX, { userId: developer.id, name: `${name} Support` }),
    "a publisher": () =>
      app.store.write(CTX, (tx) => app.marketplace.catalog.editPublisherIn(tx, { ownerId: me.ownerId, name })),
    "a product": () =>
      app.store.write(CTX, (tx) =>
        app.marketplace.catalog.editProductIn(tx, {
          ownerId: me.ownerId,
          productPublicId: product.publicId,
          title: name,
        }),
      ),
  }
  for (const [door, enter] of Object.entries(doors)) {
    const said = await Promise.resolve()
      .then(enter)
      .then(
        () => "let in",
        (error: AppError) => JSON.stringify([error.message, error.extra?.formErrors]),
      )
    expect([door, said]).toEqual([door, expect.stringContaining("reserved for the people who run this server")])
  }
  // What the house makes may bear its name.
  const own = { ownerId: null, type: "first-party" as const, redirectUris: ["https://help.example/cb"] }
  await app.store.write(CTX, (tx) =>
    app.oauth.registerClientIn(tx, { ...own, name: "Acme AI Help", scopes: ["openid"] }),
  )
})

test("a name that is older than the house's stays with whoever has it, and everything else of theirs can be edited", async () => {
  const { app } = server
  const name = "Nimbus"
  const developer = await makeDeveloper(app, { name })
  const ownerId = PrincipalId(developer.id)
  const { client } = await makeClient(app, { ownerId: developer.id, name })
  const profile = { userId: developer.id, company: name, locale: "", zoneinfo: "" }
  const agreement = { userId: developer.id, version: app.developers.agreementVersion, company: name }
  const publisher = { ownerId, slug: "nimbus", name, organisation: name }
  const { catalog } = app.marketplace
  await app.identity.setProfile(CTX, profile)
  await app.developers.acceptAgreement(CTX, agreement)
  await app.store.write(CTX, (tx) => catalog.becomePublisherIn(tx, publisher))
  const product = await app.store.write(CTX, (tx) =>
    catalog.createProductIn(tx, { ownerId, title: name, upstreamUrl: "https://maps.example.com" }),
  )
  const shown = await admin.get(server.at("/admin/brand"))
  const done = await admin.submit(shown, "/admin/brand", { name, reason: "a new name" })
  expect(done.text).toContain("The brand is saved.")

  const app_ = { ownerId: developer.id, clientPublicId: client.publicId }
  const product_ = { ownerId, productPublicId: product.publicId }
  const doors: Record<string, (typed: string) => unknown> = {
    "an app": (typed) =>
      app.store.write(CTX, (tx) => app.oauth.updateClientIn(tx, { ...app_, name: typed, description: "Weather" })),
    "a developer's company": (typed) => app.developers.acceptAgreement(CTX, { ...agreement, company: typed }),
    "a person's company": (typed) => app.identity.setProfile(CTX, { ...profile, company: typed, locale: "de" }),
    "a person": (typed) => app.identity.setName(CTX, { userId: developer.id, name: typed }),
    "a publisher": (typed) =>
      app.store.write(CTX, (tx) => catalog.editPublisherIn(tx, { ownerId, name: typed, about: "Weather" })),
    "a publisher's organisation": (typed) =>
      app.store.write(CTX, (tx) => catalog.editPublisherIn(tx, { ownerId, organisation: typed })),
    "a product": (typed) =>
      app.store.write(CTX, (tx) => catalog.editProductIn(tx, { ...product_, title: typed, tagline: "Weather" })),
  }
  const said = async (enter: () => unknown): Promise<string> => {
    try {
      await enter()
      return "let in"
    } catch (error) {
      const { message, extra } = error as AppError
      return JSON.stringify([message, extra?.formErrors])
    }
  }
  for (const [door, enter] of Object.entries(doors)) {
    expect([door, await said(() => enter(`  ${name} `))]).toEqual([door, "let in"])
    expect([door, await said(() => enter("Nímbus"))]).toEqual([
      door,
      expect.stringContaining("reserved for the people"),
    ])
  }
  // Without a word about the name, too.
  await app.store.write(CTX, (tx) => app.oauth.updateClientIn(tx, { ...app_, description: "Rain" }))
})
