import { afterEach, beforeEach, expect, test } from "bun:test"
import { type AppError, MINUTE_MS } from "../app/index.ts"
import { auditOf } from "../audit/index.ts"
import { testCtx } from "../store/index.ts"
import { logIn, newVisitor, type Opened, openIdentity, PASSWORD } from "./testing.ts"

let t: Opened
beforeEach(async () => {
  t = await openIdentity()
})
afterEach(() => t.close())

const cli = { ...testCtx, actor: "cli" }
const claim = (token: string, email = "ada@example.com") =>
  t.identity.claimSetup(newVisitor(), { token, email, password: PASSWORD, name: "Ada" })

test("the link makes the first admin and signs them in, once", async () => {
  expect(t.identity.hasAdmin()).toBe(false)
  const { token, url, expiresMs } = await t.identity.createSetupLink(cli)
  expect(url).toBe(`https://ai.example.com/setup/${token}`)
  expect(expiresMs).toBe(t.clock.now() + 30 * MINUTE_MS)
  expect(t.identity.isSetupLinkOpen(token)).toBe(true)
  const started = await claim(token)
  expect(started.session).toMatchObject({ isAdmin: true, emailVerified: true, email: "ada@example.com" })
  expect(t.identity.sessionByToken(started.token)).toEqual(started.session)
  expect(t.identity.hasAdmin()).toBe(true)
  expect(t.identity.isSetupLinkOpen(token)).toBe(false)
  await expect(claim(token, "eve@example.com")).rejects.toMatchObject({ code: "not_found" })
  expect(auditOf(t.store.read, started.session.publicId).map((row) => row.action)).toEqual(
    expect.arrayContaining(["setup.claimed", "user.admin_granted", "user.created"]),
  )
  expect(JSON.stringify(t.store.read.all("SELECT * FROM setup_links"))).not.toContain(token)
})

test("forty claims at once: one winner, one account", async () => {
  const { token } = await t.identity.createSetupLink(cli)
  const results = await Promise.allSettled(Array.from({ length: 40 }, (_, i) => claim(token, `user${i}@example.com`)))
  expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(1)
  for (const lost of results.filter((r) => r.status === "rejected")) {
    expect((lost.reason as AppError).code).toBe("not_found")
  }
  expect(t.store.read.get<{ n: number }>("SELECT count(*) AS n FROM users")!.n).toBe(1)
})

test("a link lasts thirty minutes; a new one voids the old", async () => {
  const first = await t.identity.createSetupLink(cli)
  const second = await t.identity.createSetupLink(cli)
  expect(t.identity.isSetupLinkOpen(first.token)).toBe(false)
  await expect(claim(first.token)).rejects.toMatchObject({ code: "not_found" })
  t.clock.advance(30 * MINUTE_MS)
  const hashes = t.hashing.hashes
  await expect(claim(second.token)).rejects.toMatchObject({ code: "not_found" })
  expect(t.hashing.hashes).toBe(hashes)
  const third = await t.identity.createSetupLink(cli)
  t.clock.advance(30 * MINUTE_MS - 1)
  await claim(third.token)
})

test("a claim that fails leaves the link open: bad form, address taken", async () => {
  await t.identity.createUser(cli, { email: "taken@example.com", password: PASSWORD })
  const { token } = await t.identity.createSetupLink(cli)
  await expect(claim(token, "not an address")).rejects.toMatchObject({ code: "validation_failed" })
  await expect(claim(token, "taken@example.com")).rejects.toMatchObject({ code: "validation_failed" })
  expect(t.identity.userByEmail("taken@example.com")!.isAdmin).toBe(false)
  await claim(token)
})

test("forty signed-in people at once: one winner, the others stay what they were", async () => {
  const { token } = await t.identity.createSetupLink(cli)
  const people = await Promise.all(
    Array.from({ length: 40 }, (_, i) =>
      t.identity.createUser(cli, { email: `u${i}@example.com`, password: PASSWORD }),
    ),
  )
  const sessions = await Promise.all(
    people.map((user) => logIn(t.identity, newVisitor(), { email: user.email, password: PASSWORD })),
  )
  const results = await Promise.allSettled(
    sessions.map((one) => t.identity.claimSetupSignedIn(newVisitor({ previousToken: one.token }), { token })),
  )
  expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(1)
  expect(people.filter((user) => t.identity.userById(user.id)!.isAdmin)).toHaveLength(1)
  expect(sessions.filter((one) => t.identity.sessionByToken(one.token) !== null)).toHaveLength(39)
})

test("a signed-in person claims with the account they have, and gets a new session for the new privilege", async () => {
  const joined = await t.join("ada@example.com")
  const { token } = await t.identity.createSetupLink(cli)
  await expect(t.identity.claimSetupSignedIn(newVisitor(), { token })).rejects.toMatchObject({
    code: "unauthenticated",
  })
  const visitor = { ...joined.visitor, previousToken: joined.token }
  t.clock.advance(MINUTE_MS)
  const started = await t.identity.claimSetupSignedIn(visitor, { token })
  expect(started.session).toMatchObject({ isAdmin: true, userId: joined.session.userId })
  expect(started.session.authTimeMs).toBe(joined.session.authTimeMs)
  expect(t.identity.sessionByToken(joined.token)).toBeNull()
  expect(t.identity.isSetupLinkOpen(token)).toBe(false)
})
