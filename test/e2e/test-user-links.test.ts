// Sign-in links of test users: a press makes one, it works once and for ten minutes, for that test user alone, where nobody is signed in or
// its developer is; and its developer stays who they are.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { HOUR_MS, MINUTE_MS, VirtualClock } from "../../src/app/index.ts"
import { auditOf } from "../../src/audit/index.ts"
import { WebAgent } from "../../src/cli/demo/agent.ts"
import { TEST_USER_LIMITS, type TestUser, type User } from "../../src/identity/index.ts"
import { authorizeUrl, csrfOf, signedIn } from "../browser/house.ts"
import { CTX, makeClient, makeDeveloper, makeUser, startTestServer, type TestServer } from "../build.ts"

const clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
let server: TestServer
let developer: User
let other: User
let mine: WebAgent
let clientId: string
beforeAll(async () => {
  server = await startTestServer({ clock })
  developer = await makeDeveloper(server.app)
  other = await makeDeveloper(server.app)
  mine = await signedIn(server, developer.email)
  const app = { ownerId: developer.id, mode: "test" as const, name: "Notes in test mode" }
  clientId = (await makeClient(server.app, app)).client.publicId
}, 30_000)
afterAll(() => server?.close())

const PATH = "/developer/test-users"
const nobody = () => new WebAgent((next) => server.isOwn(next.href))
const newTestUser = async (owner = developer): Promise<TestUser> =>
  (await server.app.identity.makeTestUser(CTX, owner.id)).user

async function pressFor({ publicId }: TestUser, agent = mine) {
  const page = await agent.post(server.at(`${PATH}/${publicId}/link`), [["csrf", await csrfOf(server, agent)]])
  return { page, url: /<code id="made-link">([^<]+)</.exec(page.text)?.[1] ?? "" }
}
const linkFor = async (user: TestUser): Promise<string> => (await pressFor(user)).url
/** Presses the one button of the link's page. */
async function open(agent: WebAgent, url: string) {
  const page = await agent.get(url)
  const form = page.forms.find(({ action }) => action.includes("/test-sign-in/"))
  return form ? agent.submit(page, new URL(form.action, page.url).pathname) : page
}
const signedInAs = (user: TestUser): number =>
  server.app.store.read.get<{ n: number }>(
    "SELECT COUNT(*) AS n FROM sessions WHERE user_id = ? AND ended_ms IS NULL",
    user.id,
  )!.n
const CLOSED = "This link no longer works"

test("a press makes a link; opening it uses nothing up, a press there signs in once, and an app in test mode lets them in", async () => {
  const user = await newTestUser()
  const { page, url } = await pressFor(user)
  expect(new URL(url).origin).toBe(new URL(server.url).origin)
  expect(page.text).toContain("private window")
  // Shown once; a copy of the database opens nothing.
  expect((await mine.get(server.at(PATH))).text).not.toContain(url)
  const token = url.split("/").at(-1)!
  expect(JSON.stringify(server.app.store.read.all("SELECT * FROM login_links"))).not.toContain(token)
  const agent = nobody()
  for (let look = 0; look < 2; look++) {
    const asked = await agent.get(url)
    expect([asked.status, asked.text.includes(user.name)]).toEqual([200, true])
  }
  expect(signedInAs(user)).toBe(0)
  const after = await open(agent, url)
  expect(new URL(after.url).pathname).toBe("/test-sign-in")
  expect(after.text).toContain(user.name)
  expect(after.text).toContain("Notes in test mode")
  expect((await agent.get(authorizeUrl(server, clientId))).url).toContain("/authorize/consent")
  expect((await agent.get(server.at("/dashboard"))).url).toContain("/login")
  const again = await nobody().get(url)
  expect([again.status, again.text.includes(CLOSED)]).toEqual([404, true])
  const said = auditOf(server.app.store.read, user.publicId)
  expect(said.map(({ action }) => action)).toEqual(
    expect.arrayContaining(["test_user.link_made", "test_user.link_used"]),
  )
  expect(JSON.stringify(said)).not.toContain(token)
})

test("ten minutes, the next link, removal, and the end of its developer's account close it", async () => {
  const user = await newTestUser()
  const [first, second] = [await linkFor(user), await linkFor(user)]
  expect((await nobody().get(first)).status).toBe(404)
  clock.advance(10 * MINUTE_MS - 1)
  expect((await nobody().get(second)).status).toBe(200)
  clock.advance(1)
  expect((await nobody().get(second)).status).toBe(404)
  const third = await linkFor(user)
  const { publicId } = user
  await server.app.store.write(CTX, (tx) =>
    server.app.identity.removeTestUserIn(tx, { developerId: developer.id, publicId }),
  )
  expect((await nobody().get(third)).status).toBe(404)
  const own = await makeDeveloper(server.app)
  const theirs = await newTestUser(own)
  const { url } = await server.app.identity.makeTestUserLink(CTX, { developerId: own.id, publicId: theirs.publicId })
  const token = url.split("/").at(-1)!
  await server.app.identity.suspend(CTX, { userId: own.id, reason: "test" })
  expect((await nobody().get(url)).status).toBe(404)
  const late = server.app.identity.claimTestUserLink(visitor(), token)
  await expect(late).rejects.toMatchObject({ code: "not_found" })
})

const visitor = (more: object = {}) => ({
  requestId: "req_test",
  browserId: crypto.randomUUID().repeat(2).slice(0, 43),
  ip: "127.0.0.1",
  userAgent: "test",
  ...more,
})

test("forty at once: one enters", async () => {
  const user = await newTestUser()
  const token = (await linkFor(user)).split("/").at(-1)!
  const all = await Promise.allSettled(
    Array.from({ length: 40 }, () => server.app.identity.claimTestUserLink(visitor(), token)),
  )
  expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
  expect(signedInAs(user)).toBe(1)
})

test("nobody but its developer makes one, and for test users alone", async () => {
  const user = await newTestUser()
  const hers = await signedIn(server, other.email)
  expect((await pressFor(user, hers)).page.status).toBe(404)
  const person = await makeUser(server.app)
  const plain = await signedIn(server, person.email)
  expect((await pressFor(user, plain)).url).toBe("")
  for (const { publicId } of [person, developer, other]) {
    const input = { developerId: developer.id, publicId }
    await expect(server.app.identity.makeTestUserLink(CTX, input)).rejects.toMatchObject({ code: "not_found" })
  }
  await mine.post(server.at(`${PATH}/${user.publicId}/link`), [["csrf", "forged"]])
  const made = "SELECT COUNT(*) AS n FROM login_links WHERE user_id = ?"
  expect(server.app.store.read.get<{ n: number }>(made, user.id)!.n).toBe(0)
})

test("links of admins open nothing here, links of test users nothing there, and a forged press signs nobody in", async () => {
  const admin = await makeUser(server.app, { isAdmin: true })
  const theirs = new URL((await server.app.identity.createLoginLink(CTX, admin.email)).url).pathname.split("/").at(-1)!
  expect((await nobody().get(server.at(`/test-sign-in/${theirs}`))).status).toBe(404)
  await expect(server.app.identity.claimTestUserLink(visitor(), theirs)).rejects.toMatchObject({ code: "not_found" })
  const user = await newTestUser()
  const url = await linkFor(user)
  const token = url.split("/").at(-1)!
  expect((await nobody().get(server.at(`/login-link/${token}`))).status).toBe(404)
  await expect(server.app.identity.claimLoginLink(visitor(), { token, password: "" })).rejects.toMatchObject({
    code: "not_found",
  })
  await nobody().post(url, [["csrf", "forged"]])
  expect(signedInAs(user)).toBe(0)
  expect((await nobody().get(url)).status).toBe(200)
})

test("in its developer's browser they stay who they are, are told so, and an app asks which of the two", async () => {
  const user = await newTestUser()
  const agent = await signedIn(server, developer.email)
  const url = await linkFor(user)
  expect((await agent.get(url)).text).toContain(developer.email)
  expect((await open(agent, url)).text).toContain(user.name)
  const home = await agent.get(server.at("/settings"))
  expect([new URL(home.url).pathname, home.text.includes(developer.email)]).toEqual(["/settings", true])
  expect((await agent.get(server.at(PATH))).text).toContain(user.email)
  const asked = await agent.get(authorizeUrl(server, clientId, { prompt: "select_account" }))
  expect([asked.text.includes(user.email), asked.text.includes(developer.email)]).toEqual([true, true])
})

test("where somebody else is signed in it opens nothing, and is still good elsewhere", async () => {
  const user = await newTestUser()
  const person = await makeUser(server.app)
  const url = await linkFor(user)
  const token = url.split("/").at(-1)!
  const hers = await signedIn(server, person.email)
  const page = await open(hers, url)
  expect([page.status, page.text.includes("private window"), page.text.includes(person.email)]).toEqual([
    409,
    true,
    true,
  ])
  // A press that was sent all the same.
  await hers.post(url, [["csrf", await csrfOf(server, hers)]])
  expect(signedInAs(user)).toBe(0)
  expect((await hers.get(server.at("/settings"))).text).toContain(person.email)
  const { token: theirs } = (await server.app.identity.login(visitor(), {
    email: person.email,
    password: "a long test password",
  })) as { token: string }
  for (const more of [{ previousToken: theirs }, { otherTokens: [theirs] }])
    await expect(server.app.identity.claimTestUserLink(visitor(more), token)).rejects.toMatchObject({
      code: "conflict",
    })
  expect((await open(nobody(), url)).text).toContain(user.name)
})

test("an hour makes so many", async () => {
  const own = await makeDeveloper(server.app)
  const { publicId } = await newTestUser(own)
  const make = () => server.app.identity.makeTestUserLink(CTX, { developerId: own.id, publicId })
  for (let at = 0; at < TEST_USER_LIMITS.linksAnHour; at++) await make()
  await expect(make()).rejects.toMatchObject({ code: "rate_limit_exceeded" })
  clock.advance(HOUR_MS)
  await make()
})

test("links that are long over are forgotten", async () => {
  await linkFor(await newTestUser())
  clock.advance(30 * 24 * HOUR_MS)
  while ((await server.app.identity.purge(CTX)) > 0);
  expect(server.app.store.read.all("SELECT id FROM login_links")).toEqual([])
})
