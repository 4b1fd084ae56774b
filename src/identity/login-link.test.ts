// The rescue of an admin who cannot sign in, and the change of the role by another admin.
import { afterEach, beforeEach, expect, test } from "bun:test"
import { MINUTE_MS } from "../app/index.ts"
import { auditOf } from "../audit/index.ts"
import { testCtx } from "../store/index.ts"
import { logIn, newVisitor, type Opened, openIdentity, PASSWORD } from "./testing.ts"
import type { User } from "./types.ts"

let t: Opened
let ada: User
const cli = { ...testCtx, actor: "cli" }
const NEW = "another long phrase"
beforeEach(async () => {
  t = await openIdentity()
  ada = await t.identity.createUser(cli, { email: "ada@example.com", password: PASSWORD, isAdmin: true })
})
afterEach(() => t.close())

const linkOf = async (email = ada.email): Promise<string> =>
  new URL((await t.identity.createLoginLink(cli, email)).url).pathname.split("/").at(-1)!
const login = (password: string, email = ada.email) => logIn(t.identity, newVisitor(), { email, password })

test("the link signs in its admin once, and keeps the password unless another is given", async () => {
  const token = await linkOf()
  expect(t.identity.loginLinkOf(token)).toMatchObject({ email: ada.email })
  const started = await t.identity.claimLoginLink(newVisitor(), { token, password: "" })
  expect(started.session).toMatchObject({ isAdmin: true, email: ada.email, amr: ["otp"] })
  expect(t.identity.loginLinkOf(token)).toBeNull()
  await expect(t.identity.claimLoginLink(newVisitor(), { token, password: "" })).rejects.toMatchObject({
    code: "not_found",
  })
  await login(PASSWORD)
  expect(auditOf(t.store.read, ada.publicId).map((row) => row.action)).toEqual(
    expect.arrayContaining(["login_link.created", "login_link.used"]),
  )
  expect(JSON.stringify(t.store.read.all("SELECT * FROM login_links"))).not.toContain(token)
})

test("with a new password the old one and every other session end", async () => {
  const before = await login(PASSWORD)
  const token = await linkOf()
  await expect(t.identity.claimLoginLink(newVisitor(), { token, password: "short" })).rejects.toMatchObject({
    code: "validation_failed",
  })
  const started = await t.identity.claimLoginLink(newVisitor(), { token, password: NEW })
  expect(t.identity.sessionByToken(before.token)).toBeNull()
  expect(t.identity.sessionByToken(started.token)).not.toBeNull()
  await expect(login(PASSWORD)).rejects.toMatchObject({ code: "validation_failed" })
  await login(NEW)
})

test("forty at once: one enters", async () => {
  const token = await linkOf()
  const results = await Promise.allSettled(
    Array.from({ length: 40 }, () => t.identity.claimLoginLink(newVisitor(), { token, password: "" })),
  )
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
})

test("it ends after thirty minutes, with the next one, with the role and with a suspension", async () => {
  const other = await t.identity.createUser(cli, { email: "bob@example.com", password: PASSWORD, isAdmin: true })
  const [first, second] = [await linkOf(other.email), await linkOf(other.email)]
  expect(t.identity.loginLinkOf(first)).toBeNull()
  t.clock.advance(30 * MINUTE_MS)
  expect(t.identity.loginLinkOf(second)).toBeNull()
  for (const end of [
    () => t.store.write(cli, (tx) => t.identity.setAdminIn(tx, { userId: other.id, isAdmin: false })),
    () => t.identity.suspend(cli, { userId: other.id, reason: "test" }),
  ]) {
    await t.store.write(cli, (tx) => t.identity.setAdminIn(tx, { userId: other.id, isAdmin: true }))
    const token = await linkOf(other.email)
    await end()
    await expect(t.identity.claimLoginLink(newVisitor(), { token, password: NEW })).rejects.toMatchObject({
      code: "not_found",
    })
    // Nor does it come back with the role.
    if (t.identity.userById(other.id)!.status === "active") {
      await t.store.write(cli, (tx) => t.identity.setAdminIn(tx, { userId: other.id, isAdmin: true }))
      expect(t.identity.loginLinkOf(token)).toBeNull()
    }
  }
  for (const email of ["nobody@example.com", "no address", other.email])
    await expect(t.identity.createLoginLink(cli, email)).rejects.toThrow(/Nobody has|is suspended/)
  const plain = await t.identity.createUser(cli, { email: "eve@example.com", password: PASSWORD })
  await expect(t.identity.createLoginLink(cli, plain.email)).rejects.toThrow("purser admin grant eve@example.com")
})

test("an admin changes the role, as long as they are one", async () => {
  const eve = await t.identity.createUser(cli, { email: "eve@example.com", password: PASSWORD })
  const ctx = { ...testCtx, actor: `admin:${ada.publicId}` }
  const change = (isAdmin = true, userId = eve.id) => t.identity.setAdmin(ctx, { byId: ada.id, userId, isAdmin })
  expect(await change()).toMatchObject({ isAdmin: true })
  expect(t.identity.admins().map(({ email }) => email)).toEqual([ada.email, eve.email])
  expect(auditOf(t.store.read, eve.publicId)[0]).toMatchObject({
    action: "user.admin_granted",
    actor: `admin:${ada.publicId}`,
  })
  await change(false)
  await expect(change(false, ada.id)).rejects.toThrow("only admin")
  // Whoever is no admin any more by the time of the act changes nothing.
  await change()
  await t.store.write(cli, (tx) => t.identity.setAdminIn(tx, { userId: ada.id, isAdmin: false }))
  await expect(change(false)).rejects.toMatchObject({ code: "unauthenticated" })
})
