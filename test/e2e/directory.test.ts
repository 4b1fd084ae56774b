// The directory from a developer's draft to a stranger's search: reviews, what hostile words can do, who may touch what, and how fast an app is gone.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { VirtualClock } from "../../src/app/index.ts"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import { DIRECTORY_LIMITS, DIRECTORY_REVIEWS } from "../../src/directory/index.ts"
import type { User } from "../../src/identity/index.ts"
import { pngOf } from "../../src/media/testing.ts"
import type { Client } from "../../src/oauth/index.ts"
import { csrfOf, signedIn } from "../browser/house.ts"
import {
  addSandbox,
  CTX,
  chat,
  giveCredits,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"
import { draftFor, writeListing } from "../directory-world.ts"

const clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
let server: TestServer
let developer: User
let admin: User
let mara: WebAgent
let eve: WebAgent
let ada: WebAgent
let client: Client
beforeAll(async () => {
  server = await startTestServer({ clock })
  developer = await makeDeveloper(server.app, { company: "Night Owl Studio" })
  admin = await makeUser(server.app, { name: "Ada", isAdmin: true })
  client = (await makeClient(server.app, { ownerId: developer.id, name: "Storyteller" })).client
  mara = await signedIn(server, developer.email)
  eve = await signedIn(server, (await makeDeveloper(server.app, { name: "Eve" })).email)
  ada = await signedIn(server, admin.email)
}, 60_000)
afterAll(() => server?.close())

const directory = () => server.app.directory
const own = (app = client) => directory().own(server.app.oauth.clientById(app.id)!)
const ref = (app = client) => ({ ownerId: developer.id, client: app })
const portal = (app = client) => `/developer/apps/${app.publicId}/listing`
const queue = (app = client) => `/admin/directory/${app.publicId}`
const stranger = async (path: string) => {
  const answer = await fetch(server.at(path))
  return { status: answer.status, text: await answer.text(), headers: answer.headers }
}
async function post(agent: WebAgent, path: string, fields: Record<string, string>) {
  const csrf = await csrfOf(server, agent)
  return agent.post(server.at(path), [["csrf", csrf], ...Object.entries(fields)])
}
const mailsTo = async (user: User) => {
  await server.app.outbox.flush()
  return server.app.mailer.mailbox.filter(({ to }) => to === user.email).map(({ subject }) => subject)
}
const find = (q: string, more = {}) =>
  directory()
    .find({ q, category: "", tag: "", order: "best", place: null, ...more })
    .apps.map(({ slug }) => slug)

test("a draft is its developer's alone, and the page says what is missing", async () => {
  expect((await stranger("/directory")).text).toContain("No app yet")
  const page = await mara.get(server.at(portal()))
  expect(page.text).toContain("Missing: ")
  const refused = await post(mara, portal(), { ...fields("x"), url: "https://elsewhere.example", tags: "a b c d e f" })
  expect(refused.status).toBe(422)
  expect(refused.text).toContain("Choose at most 5 tags.")
  client = await writeListing(server.app, developer, client, "storyteller", "Bedtime stories about lighthouses.")
  expect(own().needs.filter(({ isMet }) => !isMet)).toEqual([])
  expect(own().stage).toBe("draft")
  const preview = await mara.get(server.at(`${portal()}/preview`))
  expect(preview.text).toContain("only you see this page")
  expect((await stranger("/directory/storyteller")).status).toBe(404)
  const elsewhere = await post(mara, portal(), { ...fields("storyteller"), url: "https://elsewhere.example/" })
  expect(elsewhere.text).toContain("Use an address on stories.example.com")
})

const fields = (slug: string) => ({
  slug,
  tagline: "Bedtime stories",
  category: "Writing",
  tags: "stories",
  description: "words",
  url: "https://stories.example.com/",
  price_words: "",
  source_url: "",
})

test("another developer finds nothing of it, whatever they send", async () => {
  const shot = own().shots[0]!.publicId
  for (const path of ["", "/preview", "/removal", `/shots/${shot}/removal`])
    expect([path, (await eve.get(server.at(portal() + path))).status]).toEqual([path, 404])
  for (const path of [
    "",
    "/review",
    "/withdrawal",
    "/removal",
    `/shots/${shot}/removal`,
    `/shots/${shot}/first`,
    "/shots",
  ])
    expect([path, (await post(eve, portal() + path, fields("stolen"))).status]).toEqual([path, 404])
  // A screenshot of somebody else's app by its id, through an app of one's own.
  const { client: hers } = await makeClient(server.app, { ownerId: developer.id, name: "Another" })
  expect((await post(mara, `${portal(hers)}/shots/${shot}/removal`, {})).status).toBe(404)
  for (const path of ["/approval", "/remark", "/suspension", "/feature", "/reports"])
    expect([path, (await post(mara, queue() + path, { reason: "mine", remark: "mine", on: "1" })).status]).toEqual([
      path,
      404,
    ])
  const taken = await writeListing(server.app, developer, hers, "another", "Another app.").then(() =>
    directory()
      .save(CTX, { ...ref(server.app.oauth.clientById(hers.id)!), draft: draftFor("storyteller", "x") })
      .then(
        () => "saved",
        (error) => error.extra.formErrors.slug,
      ),
  )
  expect(taken).toBe("This address is taken. Choose another one.")
  expect([own().shots.length, own().stage]).toEqual([1, "draft"])
})

test("an admin lets in the very words they read, and not those that came after", async () => {
  expect((await post(mara, `${portal()}/review`, {})).text).toContain("In review")
  const form = await ada.get(server.at(`${queue()}/approval`))
  await directory().save(CTX, { ...ref(), draft: draftFor("storyteller", "Changed behind the admin’s back.") })
  const late = await ada.submit(form, `${queue()}/approval`, { reason: "looked at" })
  expect(late.text).toContain("since you opened this page")
  // Not with a second press either.
  expect((await ada.submit(late, `${queue()}/approval`, { reason: "again" })).text).toContain(
    "since you opened this page",
  )
  await post(mara, `${portal()}/review`, {})
  expect((await ada.submit(form, `${queue()}/approval`, { reason: "again" })).status).toBe(422)
  expect((await stranger("/directory/storyteller")).status).toBe(404)
  await directory().save(CTX, { ...ref(), draft: draftFor("storyteller", "Bedtime stories about lighthouses.") })
  await post(mara, `${portal()}/review`, {})
  await post(ada, `${queue()}/remark`, { remark: "Say what it costs." })
  expect((await mara.get(server.at(portal()))).text).toContain("An admin says: Say what it costs.")
  await post(mara, `${portal()}/review`, {})
  await ada.submit(await ada.get(server.at(`${queue()}/approval`)), `${queue()}/approval`, { reason: "looked at" })
  const shown = await stranger("/directory/storyteller")
  expect(shown.status).toBe(200)
  expect(shown.text).toContain("Bedtime stories about lighthouses.")
  expect((await mailsTo(developer)).toSorted()).toEqual([
    "Your app is in the directory",
    "Your listing needs a change before it is shown",
  ])
})

test("what changes later waits while everybody still sees what was let in, screenshots too", async () => {
  const before = own().shots[0]!.publicId
  const { text } = await stranger("/directory/storyteller")
  const picture = /\/media\/img_[0-9a-f]+\/640/.exec(text)![0]
  await directory().addShot(CTX, { ...ref(), bytes: pngOf(640, 360), crop: null, alt: "The second" })
  await directory().removeShot(CTX, { ...ref(), shot: before })
  await directory().save(CTX, { ...ref(), draft: draftFor("renamed", "Now about gambling.") })
  expect(own().stage).toBe("changed")
  // The address that others know is fixed.
  expect(own().listing!.slug).toBe("storyteller")
  const still = (await stranger("/directory/storyteller")).text
  expect([still.includes("gambling"), still.includes(picture), still.includes("The second")]).toEqual([
    false,
    true,
    false,
  ])
  expect((await stranger(picture)).status).toBe(200)
  await directory().ask(CTX, ref())
  await directory().approve(CTX, { publicId: client.publicId, savedMs: own().listing!.savedMs })
  const now = (await stranger("/directory/storyteller")).text
  expect([now.includes("gambling"), now.includes("The second"), now.includes(picture)]).toEqual([true, true, false])
  await directory().save(CTX, { ...ref(), draft: draftFor("storyteller", "Bedtime stories about lighthouses.") })
  await directory().ask(CTX, ref())
  await directory().approve(CTX, { publicId: client.publicId, savedMs: own().listing!.savedMs })
})

/** What a browser would make of a page: elements that do something, and what they would fetch or run. */
function elementsOf(html: string) {
  const found = { script: 0, main: 0, iframe: 0, style: 0, form: 0, wrong: [] as string[] }
  new HTMLRewriter()
    .on("*", {
      element(element) {
        if (element.tagName in found) found[element.tagName as "script"]++
        for (const [name, value] of element.attributes) {
          const isLoaded =
            /^(src|srcset|action|data|poster)$/.test(name) || (name === "href" && element.tagName !== "a")
          if (/^on|^style$/.test(name) || /^\s*(javascript|data|vbscript):/i.test(value))
            found.wrong.push(`${name}=${value}`)
          if (isLoaded && /^(https?:)?\/\//.test(value)) found.wrong.push(`${name}=${value}`)
        }
      },
    })
    .transform(html)
  return found
}

test("hostile words run nothing, load nothing from elsewhere and end no part of the page", async () => {
  const { client: made } = await makeClient(server.app, {
    ownerId: developer.id,
    name: "</script><script>alert(1)</script>",
  })
  const evil = `</script><script>alert(1)</script><img src=https://evil.example/p.gif onerror=alert(2)> ![p](https://evil.example/p.gif) [go](javascript:alert(3)) <iframe src=//evil.example></iframe><style>*{}</style> </main></body>`
  const hostile = await writeListing(server.app, developer, made, "hostile", evil)
  await server.app.settings.set(CTX, DIRECTORY_REVIEWS, { value: "none" })
  expect(await directory().ask(CTX, ref(hostile))).toBe(true)
  await server.app.settings.set(CTX, DIRECTORY_REVIEWS, { value: "wanted" })
  const { text, headers } = await stranger("/directory/hostile")
  expect(elementsOf(text)).toEqual({ ...elementsOf((await stranger("/directory/storyteller")).text), wrong: [] })
  expect(headers.get("content-security-policy")).toContain("script-src")
  const [, json] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(text)!
  expect(JSON.parse(json!)).toMatchObject({
    "@type": "SoftwareApplication",
    name: "</script><script>alert(1)</script>",
  })
  for (const path of ["/directory", "/directory/hostile/report", `/directory?q=${encodeURIComponent(evil)}`]) {
    const page = await stranger(path)
    const { wrong, script } = elementsOf(page.text)
    expect([path, page.status, wrong, script]).toEqual([path, 200, [], 1])
  }
  const feed = await stranger("/directory/new.atom")
  expect(feed.headers.get("content-type")).toContain("application/atom+xml")
  expect([feed.text.includes("<script>"), feed.text.match(/<entry>/g)!.length]).toEqual([false, 2])
  await directory().unlist(CTX, ref(hostile))
})

test("words find an app wherever they stand, best first; pages of an order leave nothing out and repeat nothing", async () => {
  expect(find("lighthou")).toEqual(["storyteller"])
  expect(find("night owl")).toEqual(["storyteller"])
  expect(find("st")).toEqual(["storyteller"])
  expect(find('" OR name:* NOT (')).toEqual([])
  expect(find("", { tag: "stories" })).toEqual(["storyteller"])
  expect(find("", { tag: "stor" })).toEqual([])
  expect(find("", { category: "Coding" })).toEqual([])
  await server.app.store.write(CTX, (tx) => {
    for (let n = 0; n < 60; n++) {
      const made = server.app.oauth.registerClientIn(tx, {
        ownerId: developer.id,
        type: "public",
        name: `Many ${n}`,
        redirectUris: [],
        homepageUrl: "https://many.example",
        scopes: ["llm"],
        deviceFlow: true,
      })
      const { id } = made.client
      tx.run(
        "INSERT INTO directory_listings (client_id, slug, state, tagline, description, category, tags, url, source_url, price_words, saved_ms, created_ms) VALUES (?, ?, 'listed', 'x', 'x', 'Games', '', '', '', '', 1, 1)",
        id,
        `many-${n}`,
      )
      tx.run(
        "INSERT INTO directory_cards (client_id, tagline, description, category, tags, url, source_url, price_words, shots, listed_ms, published_ms, people) VALUES (?, 'x', 'x', 'Games', '', '', '', '', '[]', ?, 1, ?)",
        id,
        n % 7,
        n % 5,
      )
      tx.run(
        "INSERT INTO directory_search (rowid, name, tagline, tags, developer, description) VALUES (?, 'Many', 'x', '', '', '')",
        id,
      )
    }
  })
  for (const [order, q] of [
    ["best", ""],
    ["used", ""],
    ["new", ""],
    ["best", "many"],
  ] as const) {
    const seen: string[] = []
    let place = null
    do {
      const page = directory().find({ q, category: "Games", tag: "", order, place })
      seen.push(...page.apps.map(({ slug }) => slug))
      place = page.next
    } while (place)
    expect([order, q, seen.length, new Set(seen).size]).toEqual([order, q, 60, 60])
  }
  const page = await stranger("/directory?category=Games")
  expect(page.text).toContain("at=")
  await server.app.store.write(CTX, (tx) => void tx.run("DELETE FROM directory_cards WHERE category = 'Games'"))
})

test("the site's search, the documentation's search and the sitemap name what is listed", async () => {
  expect((await stranger("/search?q=storyteller")).text).toContain('href="/directory/storyteller"')
  expect((await stranger("/docs/search?q=storyteller")).text).toContain('href="/directory/storyteller"')
  expect((await stranger("/sitemap.xml")).text).toContain("/directory/storyteller</loc>")
})

test("people who use it are counted by different people, and few are no number", async () => {
  await addSandbox(server.app)
  const made = await makeClient(server.app, { ownerId: developer.id, name: "Used" })
  const used = await writeListing(server.app, developer, made.client, "used", "An app that people use.")
  await directory().ask(CTX, ref(used))
  await directory().approve(CTX, { publicId: used.publicId, savedMs: own(used).listing!.savedMs })
  for (let n = 0; n < DIRECTORY_LIMITS.peopleShownMin; n++) {
    const user = await makeUser(server.app)
    await giveCredits(server.app, user, 1_000_000_000)
    const { accessToken } = await mintTokens(server.app, {
      user,
      client: used,
      secret: made.secret,
      dailyNano: 1_000_000_000,
    })
    for (let call = 0; call < 2; call++) expect((await chat(server.url, accessToken)).status).toBe(200)
    if (n < DIRECTORY_LIMITS.peopleShownMin - 1) continue
  }
  await server.app.analytics.flush()
  clock.advance(DIRECTORY_LIMITS.peopleEveryMs + 1)
  await directory().countPeople()
  expect(directory().bySlug("used")!.people).toBe(DIRECTORY_LIMITS.peopleShownMin)
  expect((await stranger("/directory/used")).text).toContain("Used by 5 people in 30 days")
  expect((await stranger("/directory/storyteller")).text).not.toContain("Used by 0")
  expect(find("", { order: "used" })[0]).toBe("used")
  await directory().feature(CTX, { publicId: client.publicId, on: true })
  expect(find("")).toEqual(["storyteller", "used"])
})

test("anybody reports, signed in or not, and no more than can be read", async () => {
  const words = "It asked for my password. <script>alert(1)</script>"
  const answer = await post(eve, "/directory/storyteller/report", { kind: "scam", words })
  expect(answer.text).toContain("Thank you.")
  // Twice is once.
  await post(eve, "/directory/storyteller/report", { kind: "spam", words: "again" })
  expect(directory().openReports(client.id)).toHaveLength(1)
  const page = await ada.get(server.at(queue()))
  expect([page.text.includes("It asked for my password."), page.text.includes("<script>alert")]).toEqual([true, false])
  expect((await mara.get(server.at(portal()))).text).not.toContain("It asked for my password.")
  expect((await post(eve, "/directory/storyteller/report", { kind: "other", words: "" })).status).toBe(422)
  expect((await post(eve, "/directory/nobody/report", { kind: "scam", words })).status).toBe(404)
  const report = (kind: "scam") => directory().report(CTX, { slug: "storyteller", userId: null, kind, words: "" })
  for (let n = 0; n < DIRECTORY_LIMITS.reportsOpenMax + 5; n++) await report("scam")
  expect(directory().openReports(client.id)).toHaveLength(DIRECTORY_LIMITS.reportsOpenMax)
  let refused = 0
  for (let n = 0; n < 12; n++)
    if ((await post(eve, "/directory/storyteller/report", { kind: "spam", words: "" })).status === 429) refused++
  expect(refused).toBeGreaterThan(0)
  await post(ada, `${queue()}/reports`, { reason: "looked at" })
  expect(directory().openReports(client.id)).toEqual([])
  clock.advance(DIRECTORY_LIMITS.reportKeptMs + 1)
  await directory().sweep(1_000)
  expect(server.app.store.read.get("SELECT count(*) AS n FROM directory_reports")).toEqual({ n: 0 })
})

test("a suspended listing, app or developer is gone with the next look, from every place", async () => {
  const places = [
    "/directory",
    "/directory?q=lighthouses",
    "/sitemap.xml",
    "/directory/new.atom",
    "/search?q=storyteller",
  ]
  const isShown = async () => {
    const pages = await Promise.all(
      places.map(async (path) => (await stranger(path)).text.includes("/directory/storyteller")),
    )
    const { status } = await stranger("/directory/storyteller")
    return [...pages, status === 200]
  }
  const all = (shown: boolean) => [...places, ""].map(() => shown)
  const { app } = server
  expect(await isShown()).toEqual(all(true))
  await app.identity.suspend(CTX, { userId: developer.id, reason: "looked at" })
  expect(await isShown()).toEqual(all(false))
  await app.identity.unsuspend(CTX, { userId: developer.id, reason: "looked at" })
  expect(await isShown()).toEqual(all(true))
  const mark = (column: string, value: number | null) =>
    app.store.write(CTX, (tx) => void tx.run(`UPDATE oauth_clients SET ${column} = ? WHERE id = ?`, value, client.id))
  await mark("ends_ms", clock.now() + 1_000)
  expect(await isShown()).toEqual(all(false))
  await mark("ends_ms", null)
  mara = await signedIn(server, developer.email)
  ada = await signedIn(server, admin.email)
  await post(ada, `${queue()}/suspension`, { remark: "It asks for passwords." })
  expect(await isShown()).toEqual(all(false))
  expect((await mara.get(server.at(portal()))).text).toContain("It asks for passwords.")
  expect((await post(mara, portal(), fields("storyteller"))).status).toBe(422)
  expect(own().listing!.tagline).not.toBe("Bedtime stories")
  expect((await post(mara, `${portal()}/review`, {})).text).not.toContain("In review")
  await post(ada, `${queue()}/reinstatement`, { reason: "mended" })
  expect(await isShown()).toEqual(all(false))
  expect(own().stage).toBe("unlisted")
})

test("a listing goes with its app and its person, words and index included", async () => {
  const { app } = server
  await app.store.write(CTX, (tx) => {
    for (const table of ["redirect_uris", "client_secrets", "post_logout_uris"])
      tx.run(`DELETE FROM oauth_${table} WHERE client_id = ?`, client.id)
    tx.run("DELETE FROM oauth_clients WHERE id = ?", client.id)
  })
  const left = app.store.read.get<{ n: number }>(
    `SELECT (SELECT count(*) FROM directory_listings WHERE client_id = ?1) + (SELECT count(*) FROM directory_shots WHERE client_id = ?1)
       + (SELECT count(*) FROM directory_search WHERE rowid = ?1) AS n`,
    client.id,
  )
  expect(left).toEqual({ n: 0 })
})
