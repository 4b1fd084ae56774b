// Announcements: seen by those who are meant and nobody else, told once each whatever dies in between, put away for good, ended.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { auditOf } from "../../src/audit/index.ts"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../build.ts"

let server: TestServer
let boss: WebAgent
let ada: User
let eve: User
beforeAll(async () => {
  server = await startTestServer()
  const admin = await makeUser(server.app, { isAdmin: true, name: "Boss" })
  ada = await makeUser(server.app, { name: "Ada" })
  eve = await makeUser(server.app, { name: "Eve" })
  boss = await signedIn(server, admin.email)
}, 30_000)
afterAll(() => server?.close())

const WORDS = {
  title: "Maintenance on Sunday",
  body: "From **6 to 7** UTC, see [the page](https://example.com/a).\n\n<script>alert(1)</script>",
}
const base = { ...WORDS, audience: "all", clientPublicId: "", banner: true, told: false, endsMs: null } as const
const publish = (more: object = {}) => server.app.announcements.publish(CTX, { ...base, ...more } as never)
const end = (id: string) => server.app.announcements.end(CTX, id)
const told = async (user: User) => {
  await server.app.outbox.flush()
  return server.app.mailer.mailbox.filter(({ to, subject }) => to === user.email && subject === WORDS.title)
}
const tellAll = async () => {
  while (await server.app.announcements.tellSome(1)) {}
}

test("an admin writes one, reads it as people will, and publishes it: a banner for everybody, put away for good", async () => {
  const page = await boss.get(server.at("/admin/announcements/new"))
  const typed = { title: WORDS.title, body: WORDS.body, audience: "all", banner: "1", reason: "Moving house" }
  const asked = await boss.submit(page, "/admin/announcements", typed)
  expect(plainText(asked.text)).toContain("Everybody sees it above the pages of the console.")
  expect(asked.text).toContain("<strong>6 to 7</strong>")
  expect(asked.text).toContain("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>")
  expect(server.app.announcements.page(null).rows).toEqual([])
  const done = await boss.submit(asked, "/admin/announcements", {})
  expect(plainText(done.text)).toContain("It is published.")
  const [one] = server.app.announcements.page(null).rows
  const agent = await signedIn(server, eve.email)
  const dashboard = await agent.get(server.at("/dashboard"))
  expect(dashboard.text).toContain(`href="/announcements/${one!.publicId}"`)
  expect(plainText((await agent.get(server.at(`/announcements/${one!.publicId}`))).text)).toContain("From 6 to 7 UTC")
  await agent.submit(dashboard, `/announcements/${one!.publicId}/dismissal`)
  expect((await agent.get(server.at("/usage"))).text).not.toContain(one!.publicId)
  // Others still have it.
  expect((await boss.get(server.at("/dashboard"))).text).toContain(`/announcements/${one!.publicId}`)
  expect(await told(eve)).toEqual([])
  const ending = `/admin/announcements/${one!.publicId}/ending`
  await boss.submit(await boss.get(server.at(ending)), ending, { reason: "Done" })
  expect((await boss.get(server.at("/dashboard"))).text).not.toContain(one!.publicId)
  const acts = auditOf(server.app.store.read, one!.publicId).map(({ action }) => action)
  expect(acts).toEqual(["announcement.ended", "announcement.published"])
})

test("what is wrong stands at its field, and nothing is published", async () => {
  const before = server.app.announcements.page(null).rows.length
  for (const [more, field] of [
    [{ title: " " }, "title"],
    [{ title: "x".repeat(121) }, "title"],
    [{ title: "a\nb" }, "title"],
    [{ body: "" }, "body"],
    [{ body: "x".repeat(8_001) }, "body"],
    [{ banner: false }, "told"],
    [{ endsMs: 1 }, "ends"],
    [{ audience: "app", clientPublicId: "cli_none" }, "app"],
    [{ clientPublicId: "cli_none" }, "app"],
  ] as const)
    await expect(publish(more)).rejects.toMatchObject({ extra: { formErrors: { [field]: expect.any(String) } } })
  expect(server.app.announcements.page(null).rows.length).toBe(before)
})

test("everybody who had an account is told once, also when the job dies between two of them or runs twice", async () => {
  const { publicId } = await publish({ banner: false, told: true })
  const late = await makeUser(server.app, { name: "Late" })
  expect(await server.app.announcements.tellSome(1)).toBe(true)
  // Two runs at once take turns.
  await Promise.all([tellAll(), tellAll()])
  expect([(await told(ada)).length, (await told(eve)).length, (await told(late)).length]).toEqual([1, 1, 0])
  const [mail] = await told(ada)
  expect(mail!.text).toContain("see the page")
  expect(mail!.text).toContain(`/announcements/${publicId}`)
  expect(server.app.notices.page(ada.id, null).rows[0]).toMatchObject({
    kind: "house_announced",
    title: WORDS.title,
    path: `/announcements/${publicId}`,
  })
  expect(server.app.announcements.one(publicId)).toMatchObject({ toldCount: 3, toldMs: expect.any(Number) })
})

test("whoever turned news off gets no mail; one that ended tells nobody any more", async () => {
  const all = server.app.notices.wanted(eve.id)
  const mail = new Set([...all.mail].filter((kind) => kind !== "house_announced"))
  await server.app.notices.choose(CTX, { userId: eve.id, userPublicId: eve.publicId, wanted: { ...all, mail } })
  const before = [(await told(ada)).length, (await told(eve)).length]
  await publish({ told: true, banner: false })
  await tellAll()
  expect([(await told(ada)).length, (await told(eve)).length]).toEqual([before[0]! + 1, before[1]!])
  const { publicId } = await publish({ told: true, banner: false })
  await end(publicId)
  await tellAll()
  expect((await told(ada)).length).toBe(before[0]! + 1)
  await expect(end(publicId)).rejects.toMatchObject({ code: "conflict" })
})

test("of one app it is for those who allow it: to others there is none, also by its address", async () => {
  const { client } = await server.app.store.write(CTX, (tx) =>
    server.app.oauth.registerClientIn(tx, {
      ownerId: ada.id,
      type: "public",
      name: "Storyteller",
      mode: "live",
      redirectUris: ["https://app.example.com/cb"],
      scopes: ["llm"],
    }),
  )
  const { publicId } = await publish({ audience: "app", clientPublicId: client.publicId, told: true })
  const reading = (user: User, isDeveloper = false) => ({ userId: user.id, isDeveloper })
  expect(server.app.announcements.bannerFor(reading(eve))).toBe(null)
  expect(() => server.app.announcements.readable(publicId, reading(eve))).toThrow("no such announcement")
  const agent = await signedIn(server, eve.email)
  expect((await agent.get(server.at(`/announcements/${publicId}`))).status).toBe(404)
  await expect(server.app.announcements.dismiss(CTX, publicId, reading(eve))).rejects.toMatchObject({
    code: "not_found",
  })
  await tellAll()
  expect(server.app.announcements.one(publicId).toldCount).toBe(0)
  const forDevelopers = await publish({ audience: "developers" })
  expect(server.app.announcements.bannerFor(reading(eve))).toBe(null)
  expect(server.app.announcements.bannerFor(reading(eve, true))?.publicId).toBe(forDevelopers.publicId)
  await end(forDevelopers.publicId)
})
