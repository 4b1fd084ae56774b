// Test users: one press makes one, it signs in to its developer's apps in test mode over HTTP and to nothing else, nobody counts it, no
// mail is sent to it, and it goes by a press, by itself, or with its developer.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits, DAY_MS, VirtualClock } from "../../src/app/index.ts"
import { WebAgent } from "../../src/cli/demo/agent.ts"
import { TEST_USER_LIMITS, type User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import { authorizeUrl, csrfOf, signedIn } from "../browser/house.ts"
import {
  addSandbox,
  CTX,
  chat,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  ownerOf,
  startTestServer,
  type TestServer,
} from "../build.ts"

const clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
let server: TestServer
let developer: User
let other: User
let admin: User
let mine: WebAgent
beforeAll(async () => {
  server = await startTestServer({ clock })
  await addSandbox(server.app)
  developer = await makeDeveloper(server.app)
  other = await makeDeveloper(server.app)
  admin = await makeUser(server.app, { isAdmin: true })
  mine = await signedIn(server, developer.email)
}, 30_000)
afterAll(() => server?.close())

const PATH = "/developer/test-users"
const clientOf = (owner: User, mode: "live" | "test") =>
  makeClient(server.app, {
    ownerId: owner.id,
    mode,
    name: `${mode} app`,
    scopes: ["openid", "profile", "email", "llm"],
  })

/** By the page. */
async function make(agent = mine) {
  const page = await agent.post(server.at(PATH), [["csrf", await csrfOf(server, agent)]])
  const shown = (id: string) => new RegExp(`<code id="${id}">([^<]+)<`).exec(page.text)?.[1] ?? ""
  const [email, password] = [shown("made-email"), shown("made-password")]
  return { page, email, password, user: server.app.identity.userByEmail(email)! }
}

const passwordOf = ({ email, password }: { email: string; password: string }) => ({ email, password })

/** Signs in from an app, in a browser where nobody is. */
async function signIn(client: Client, { email, password }: { email: string; password: string }) {
  const agent = new WebAgent((next) => server.isOwn(next.href))
  const login = await agent.get(authorizeUrl(server, client.publicId))
  return { agent, after: await agent.submit(login, "/login", { email, password }) }
}

test("a press makes one, shows the password once, and it signs in to an app in test mode and calls it", async () => {
  const made = await make()
  expect(made.email).toEndWith("@test-users.invalid")
  expect(made.password.length).toBeGreaterThanOrEqual(20)
  expect((await mine.get(server.at(PATH))).text).toContain(made.email)
  expect((await mine.get(server.at(PATH))).text).not.toContain(made.password)
  const { client, secret } = await clientOf(developer, "test")
  const { after } = await signIn(client, made)
  expect(after.url).toContain("/consent")
  const { accessToken } = await mintTokens(server.app, { user: made.user, client, secret, scope: "openid llm" })
  const answer = await chat(server.url, accessToken)
  expect(answer.status).toBe(200)
  expect(server.app.ledger.wallet(ownerOf(made.user), "test").spendableNano).toBeLessThan(credits(10_100))
  expect(server.app.ledger.wallet(ownerOf(made.user), "live").spendableNano).toBe(0 as never)
})

test("it gets into no live app, no other developer's app, not the console, and no page of this house", async () => {
  const made = await make()
  for (const [owner, mode] of [
    [developer, "live"],
    [other, "test"],
    [other, "live"],
  ] as const) {
    const { client, secret } = await clientOf(owner, mode)
    const { agent, after } = await signIn(client, made)
    expect(after.url).toContain("/login")
    expect(after.text).toContain("This is a test user.")
    expect((await agent.get(authorizeUrl(server, client.publicId))).url).toContain("/login")
    await expect(mintTokens(server.app, { user: made.user, client, secret, scope: "openid llm" })).rejects.toThrow()
    expect((await agent.get(server.at("/dashboard"))).url).toContain("/login")
    expect((await agent.get(server.at("/settings"))).url).toContain("/login")
  }
  const agent = new WebAgent((next) => server.isOwn(next.href))
  const after = await agent.submit(await agent.get(server.at("/login?as=other")), "/login", passwordOf(made))
  expect(after.url).toContain("/login")
  expect(after.text).toContain("This is a test user.")
  await expect(server.app.identity.setAdmin(CTX, { userId: made.user.id, isAdmin: true } as never)).rejects.toThrow()
  const rows = server.app.store.read.all("SELECT 1 FROM sessions WHERE user_id = ? AND kind = 'console'", made.user.id)
  expect(rows).toEqual([])
})

test("its developer stays signed in beside it, in one browser", async () => {
  const made = await make()
  const { client } = await clientOf(developer, "test")
  const agent = new WebAgent((next) => server.isOwn(next.href))
  const login = await agent.get(authorizeUrl(server, client.publicId))
  await agent.submit(login, "/login", passwordOf(made))
  const again = await agent.get(server.at("/dashboard"))
  const home = await agent.submit(again, "/login", { email: developer.email, password: "a long test password" })
  expect(home.url).toBe(server.at("/dashboard"))
  expect((await agent.get(server.at(PATH))).text).toContain(made.email)
})

test("no mail is sent to it, and nobody counts it", async () => {
  const { app } = server
  const figures = async () => {
    await app.analytics.flush()
    return JSON.stringify([
      await (await signedIn(server, admin.email))
        .get(server.at("/admin/analytics?range=7d"))
        .then(({ text }) => /<main[\s\S]*/.exec(text)?.[0].replace(/csrf" value="[^"]+/g, "")),
    ])
  }
  const before = await figures()
  const made = await make()
  const { client, secret } = await clientOf(developer, "test")
  const { accessToken } = await mintTokens(app, { user: made.user, client, secret, scope: "openid llm" })
  expect((await chat(server.url, accessToken)).status).toBe(200)
  const visitor = { ip: "127.0.0.1", userAgent: "test", browserId: "b".repeat(43), requestId: "req_test" }
  await app.identity.requestPasswordReset(visitor, { email: made.email })
  await app.outbox.flush()
  expect(app.mailer.mailbox.filter(({ to }) => to.endsWith(".invalid"))).toEqual([])
  expect(await figures()).toBe(before)
  const list = await (await signedIn(server, admin.email)).get(server.at("/admin/users?sort=joined"))
  expect(list.text).not.toContain(made.email)
})

test("only its developer sees it and removes it, and then it is out at once", async () => {
  const made = await make()
  const hers = await signedIn(server, other.email)
  const removal = `${PATH}/${made.user.publicId}/removal`
  expect((await hers.get(server.at(PATH))).text).not.toContain(made.email)
  expect((await hers.get(server.at(removal))).status).toBe(404)
  expect((await hers.post(server.at(removal), [["csrf", await csrfOf(server, hers)]])).status).toBe(404)
  const { client, secret } = await clientOf(developer, "test")
  const { accessToken } = await mintTokens(server.app, { user: made.user, client, secret, scope: "openid llm" })
  expect((await chat(server.url, accessToken)).status).toBe(200)
  await mine.post(server.at(removal), [["csrf", await csrfOf(server, mine)]])
  expect((await chat(server.url, accessToken)).status).toBeGreaterThanOrEqual(401)
  expect((await mine.get(server.at(PATH))).text).not.toContain(made.email)
  await erased([made.user])
})

/** By the job that ends their time, and the one that erases. */
async function erased(users: readonly User[]) {
  const { app } = server
  await app.privacy.endTestUsers()
  for (let turn = 0; turn < 500 && (await app.privacy.eraseNext()); turn++);
  for (const { email, id } of users) {
    expect(app.identity.userByEmail(email)).toBeNull()
    expect(app.store.read.get<{ status: string }>("SELECT status FROM users WHERE id = ?", id)!.status).toBe("deleted")
  }
}

test("there are so many and no more, of which a day makes so many; they go after their time, and with their developer", async () => {
  const { app } = server
  const own = await makeDeveloper(app)
  const users: User[] = []
  const one = async () => users.push(app.identity.userById((await app.identity.makeTestUser(CTX, own.id)).user.id)!)
  for (let at = 0; at < TEST_USER_LIMITS.most; at++) await one()
  await expect(one()).rejects.toMatchObject({ code: "conflict" })
  for (const { publicId } of [...users])
    await app.store.write(CTX, (tx) => app.identity.removeTestUserIn(tx, { developerId: own.id, publicId }))
  for (let at = TEST_USER_LIMITS.most; at < TEST_USER_LIMITS.aDay; at++) await one()
  for (const { publicId } of users.slice(TEST_USER_LIMITS.most))
    await app.store.write(CTX, (tx) => app.identity.removeTestUserIn(tx, { developerId: own.id, publicId }))
  await expect(one()).rejects.toMatchObject({ code: "rate_limit_exceeded" })
  clock.advance(2 * DAY_MS)
  await one()
  const kept = users.at(-1)!
  await app.privacy.endTestUsers()
  expect(app.identity.userById(kept.id)!.status).toBe("active")
  clock.advance(TEST_USER_LIMITS.keptMs)
  await erased([kept])
  const last = await app.identity.makeTestUser(CTX, own.id)
  await app.store.write(CTX, (tx) => app.privacy.askErasureIn(tx, { userId: own.id, by: "admin", atOnce: true }))
  for (let turn = 0; turn < 500 && (await app.privacy.eraseNext()); turn++);
  await erased([app.identity.userById(last.user.id)!])
}, 60_000)

test("who is no developer makes none, and a forged form neither", async () => {
  const person = await makeUser(server.app)
  const agent = await signedIn(server, person.email)
  await agent.post(server.at(PATH), [["csrf", await csrfOf(server, agent)]])
  expect(server.app.identity.testUsersOf(person.id)).toEqual([])
  const before = server.app.identity.testUsersOf(developer.id).length
  await mine.post(server.at(PATH), [["csrf", "forged"]])
  expect(server.app.identity.testUsersOf(developer.id)).toHaveLength(before)
})
