import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { type AppError, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, UserId } from "../app/index.ts"
import { auditOf } from "../audit/index.ts"
import { createLifecycle } from "../part/index.ts"
import { testCtx } from "../store/index.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import { logIn, newVisitor, type Opened, openIdentity, PASSWORD } from "./testing.ts"
import { THROTTLES } from "./throttle-rules.ts"

const NEW = "ships and harbours"
let t: Opened
beforeEach(async () => {
  t = await openIdentity()
})
afterEach(() => t.close())

const lastMail = () => t.mails().at(-1)
const linkIn = (text: string): URL => new URL(/https?:\S+/.exec(text)![0])
const tokenIn = (): string => linkIn(lastMail()!.text).searchParams.get("token")!
const ask = async (email: string, visitor = newVisitor()): Promise<string> => {
  await t.identity.requestPasswordReset(visitor, { email })
  return tokenIn()
}
const reset = (token: string, password = NEW, visitor = newVisitor()) =>
  t.identity.resetPassword(visitor, { token, password })
const login = (email: string, password: string, visitor = newVisitor()) =>
  logIn(t.identity, visitor, { email, password })
const openLinks = () =>
  t.store.read.get<{ n: number }>(
    "SELECT count(*) AS n FROM password_resets WHERE used_ms IS NULL AND void_ms IS NULL",
  )!.n

describe("the link", () => {
  test("sets a password once; reading it uses nothing up", async () => {
    const ada = await t.join("ada@example.com")
    const token = await ask("Ada@Example.com ")
    for (let scan = 0; scan < 20; scan++) expect(t.identity.passwordResetOf(token)?.email).toBe("ada@example.com")
    await reset(token)
    expect(t.identity.passwordResetOf(token)).toBeNull()
    await expect(reset(token, "yet another long one")).rejects.toMatchObject({ code: "not_found" })
    await expect(login("ada@example.com", PASSWORD)).rejects.toMatchObject({ code: "validation_failed" })
    await login("ada@example.com", NEW)
    expect(auditOf(t.store.read, ada.session.publicId).map((row) => row.action)).toContain("user.password_reset")
    expect(JSON.stringify(t.store.read.all("SELECT * FROM password_resets"))).not.toContain(token)
  })

  test("ends every session, voids every other link and tells the owner", async () => {
    const here = await t.join("ada@example.com")
    const there = await login("ada@example.com", PASSWORD)
    const console_ = await t.identity.openConsoleSession(newVisitor(), {
      userId: there.session.userId,
      parentSessionId: there.session.sessionId,
    })
    const bob = await t.join("bob@example.com")
    const first = await ask("ada@example.com")
    t.clock.advance(MINUTE_MS)
    const second = await ask("ada@example.com")
    expect(second).not.toBe(first)
    // A stranger who asks again does not take the owner's link away.
    expect(t.identity.passwordResetOf(first)).not.toBeNull()
    await reset(first)
    expect(t.identity.passwordResetOf(second)).toBeNull()
    for (const [token, kind] of [[here.token], [there.token], [console_.token, "console"]] as const)
      expect(t.identity.sessionByToken(token, kind)).toBeNull()
    expect(t.identity.sessionByToken(bob.token)).not.toBeNull()
    expect(lastMail()).toMatchObject({ to: "ada@example.com", subject: "Your Purser password was changed" })
    expect(lastMail()!.text).toContain("https://ai.example.com/forgot-password")
  })

  test("runs out after thirty minutes", async () => {
    await t.join("ada@example.com")
    const token = await ask("ada@example.com")
    t.clock.advance(L.resetLinkMs - 1)
    expect(t.identity.passwordResetOf(token)).not.toBeNull()
    t.clock.advance(1)
    expect(t.identity.passwordResetOf(token)).toBeNull()
    const { hashes } = t.hashing
    await expect(reset(token)).rejects.toMatchObject({ code: "not_found" })
    expect(t.hashing.hashes).toBe(hashes)
    await login("ada@example.com", PASSWORD)
  })

  test("200 resets at once: one winner, and its password is the one that holds", async () => {
    await t.join("ada@example.com")
    const token = await ask("ada@example.com")
    const passwords = Array.from({ length: 200 }, (_, i) => `a long new password ${i}`)
    const results = await Promise.allSettled(passwords.map((password) => reset(token, password)))
    const won = results.flatMap((result, i) => (result.status === "fulfilled" ? [i] : []))
    expect(won).toHaveLength(1)
    for (const lost of results.filter((result) => result.status === "rejected"))
      expect((lost.reason as AppError).code).toBe("not_found")
    await login("ada@example.com", passwords[won[0]!]!)
    const notices = t.mails().filter((mail) => mail?.subject.includes("was changed"))
    expect(notices).toHaveLength(1)
  }, 30_000)

  test("forged and foreign tokens open nothing and cost no hash", async () => {
    await t.join("ada@example.com")
    const token = await ask("ada@example.com")
    const { token: setup } = await t.identity.createSetupLink({ ...testCtx, actor: "cli" })
    const { hashes } = t.hashing
    const forged = ["", "x", `${token}x`, token.slice(1), token.toUpperCase(), `${"A".repeat(43)}`, setup, "%00", "'--"]
    for (const each of forged) {
      expect(t.identity.passwordResetOf(each)).toBeNull()
      await expect(reset(each)).rejects.toMatchObject({ code: "not_found" })
    }
    // One kind of secret is nothing to another verb.
    expect(t.identity.isSetupLinkOpen(token)).toBe(false)
    expect(t.identity.sessionByToken(token)).toBeNull()
    expect(t.hashing.hashes).toBe(hashes)
    expect(t.identity.passwordResetOf(token)).not.toBeNull()
  })

  test("survives a password that is refused, and a restart", async () => {
    await t.join("ada@example.com")
    const token = await ask("ada@example.com")
    await expect(reset(token, "short")).rejects.toMatchObject({
      extra: { formErrors: { password: expect.any(String) } },
    })
    await expect(reset(token, "ada@example.com")).rejects.toMatchObject({ code: "validation_failed" })
    expect(t.restart().passwordResetOf(token)).not.toBeNull()
    await reset(token)
  })

  test("is nothing to a person who was shut out after it was sent", async () => {
    const ada = await t.join("ada@example.com")
    const token = await ask("ada@example.com")
    await t.identity.suspend({ ...testCtx, actor: "cli" }, { userId: ada.session.userId, reason: "spam" })
    expect(t.identity.passwordResetOf(token)).toBeNull()
    await expect(reset(token)).rejects.toMatchObject({ code: "not_found" })
    // And a later one is not even mailed.
    t.clock.advance(MINUTE_MS)
    await t.identity.requestPasswordReset(newVisitor(), { email: "ada@example.com" })
    expect(lastMail()).toBeNull()
  })

  test("its address comes from configuration, with what waits in this browser", async () => {
    await t.join("ada@example.com")
    await t.identity.requestPasswordReset(newVisitor(), { email: "ada@example.com", carry: "interaction-1" })
    const link = linkIn(lastMail()!.text)
    expect(link.origin).toBe("https://ai.example.com")
    expect(link.pathname).toBe("/reset-password")
    expect(link.searchParams.get("interaction")).toBe("interaction-1")
  })

  test("is not worth sending once it has run out", async () => {
    await t.join("ada@example.com")
    await ask("ada@example.com")
    t.clock.advance(L.resetLinkMs)
    expect(lastMail()).toBeNull()
  })
})

describe("asking", () => {
  test("takes the same steps and gives the same answer with an account and without; only the mail differs", async () => {
    await t.join("ada@example.com")
    const before = { rows: openLinks(), queued: t.queued.length, ...t.hashing }
    const known = await t.identity.requestPasswordReset(newVisitor(), { email: "ada@example.com" })
    const between = { rows: openLinks(), queued: t.queued.length, ...t.hashing }
    const unknown = await t.identity.requestPasswordReset(newVisitor(), { email: "eve@example.com" })
    const after = { rows: openLinks(), queued: t.queued.length, ...t.hashing }
    expect(unknown).toEqual(known)
    expect(between.rows - before.rows).toBe(1)
    expect(after.rows - between.rows).toBe(1)
    expect(after.queued - between.queued).toBe(between.queued - before.queued)
    expect({ ...after, rows: 0, queued: 0 }).toEqual({ ...before, rows: 0, queued: 0 })
    expect(t.mails().at(-2)?.subject).toBe("Choose a new Purser password")
    expect(t.mails().at(-1)).toBeNull()
    // The payloads look alike too: nothing in the queue tells who has an account.
    const [a, b] = t.queued.slice(-2).map((message) => Object.keys(message.payload as object))
    expect(a).toEqual(b)
  })

  test("an account that never proved its address gets no link: signing up again proves it", async () => {
    await t.store.write(testCtx, (tx) =>
      t.identity.createUserIn(tx, { email: "ada@example.com", passwordHash: null, emailVerified: false }),
    )
    await t.identity.requestPasswordReset(newVisitor(), { email: "ada@example.com" })
    expect(lastMail()).toBeNull()
  })

  test("twice in a minute sends one mail; ten to an address, then one an hour, with an account or without", async () => {
    await t.join("ada@example.com")
    for (const email of ["ada@example.com", "eve@example.com"]) {
      const sent = t.queued.length
      for (let asked = 0; asked < 10; asked++) {
        await t.identity.requestPasswordReset(newVisitor(), { email })
        await t.identity.requestPasswordReset(newVisitor(), { email })
        t.clock.advance(MINUTE_MS)
      }
      expect(t.queued.length - sent).toBe(10)
      await expect(t.identity.requestPasswordReset(newVisitor(), { email })).rejects.toMatchObject({
        code: "rate_limit_exceeded",
        extra: { retryAfterSeconds: expect.any(Number) },
      })
    }
    t.clock.advance(HOUR_MS)
    await ask("ada@example.com")
  })

  test("strangers who ask for links keep nobody from asking in a browser we know", async () => {
    const ada = await t.join("ada@example.com")
    for (let asked = 0; asked < 10; asked++) {
      await ask("ada@example.com")
      t.clock.advance(MINUTE_MS)
    }
    await expect(ask("ada@example.com")).rejects.toMatchObject({ code: "rate_limit_exceeded" })
    t.clock.advance(MINUTE_MS)
    await reset(await ask("ada@example.com", ada.visitor))
  })

  test("hundreds at once from one network are counted exactly", async () => {
    const visitor = newVisitor()
    const asked = Array.from({ length: THROTTLES.resetsFromNetwork.burst + 50 }, (_, i) =>
      t.identity.requestPasswordReset({ ...visitor, browserId: `b${i}` }, { email: `p${i}@example.com` }),
    )
    const results = await Promise.allSettled(asked)
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(THROTTLES.resetsFromNetwork.burst)
  })

  test("needs an address", async () => {
    for (const email of ["", "ada", "a@b\r\nbcc: c@d.example"])
      await expect(t.identity.requestPasswordReset(newVisitor(), { email })).rejects.toMatchObject({
        extra: { formErrors: { email: expect.any(String) } },
      })
    expect(t.queued).toHaveLength(0)
  })

  test("an owner locked out by a stranger's guesses is let in after a reset", async () => {
    await t.join("ada@example.com")
    const guess = () => login("ada@example.com", "guess")
    for (let tries = 0; tries < THROTTLES.account.burst; tries++)
      await expect(guess()).rejects.toMatchObject({ code: "validation_failed" })
    const owner = newVisitor()
    const blocked = await login("ada@example.com", PASSWORD, owner).catch((error: AppError) => error)
    expect(blocked).toMatchObject({ code: "rate_limit_exceeded" })
    expect((blocked as AppError).message).toContain("link for a new password")
    await reset(await ask("ada@example.com", newVisitor()), NEW, owner)
    // The guessing goes on; the browser that used the link is a known one now, the others still wait.
    await expect(guess()).rejects.toMatchObject({ code: "rate_limit_exceeded" })
    await login("ada@example.com", NEW, owner)
    await expect(login("ada@example.com", NEW)).rejects.toMatchObject({ code: "rate_limit_exceeded" })
  })

  test("old rows are deleted", async () => {
    await ask("ada@example.com").catch(() => null)
    expect(openLinks()).toBe(1)
    t.clock.advance(2 * DAY_MS)
    await t.identity.purge(testCtx)
    expect(openLinks()).toBe(0)
  })
})

describe("a change by the person", () => {
  const change = (token: string, userId: number, password = NEW, visitor = newVisitor()) =>
    t.identity.changePassword({ ...visitor, previousToken: token }, { userId: UserId(userId), password })

  test("keeps this browser under a new id, ends the others and every open link, runs the hooks", async () => {
    const told: string[] = []
    await t.close()
    const lifecycle = createLifecycle()
    lifecycle.add("test", {
      suspended: { nothing: "a test" },
      reinstated: { nothing: "a test" },
      passwordChanged: (_tx, person) => void told.push(person.publicId),
      erased: { nothing: "a test" },
    })
    t = await openIdentity({ lifecycle })
    const here = await t.join("ada@example.com")
    const there = await login("ada@example.com", PASSWORD)
    const open = await t.identity.openConsoleSession(newVisitor(), {
      userId: here.session.userId,
      parentSessionId: here.session.sessionId,
    })
    const link = await ask("ada@example.com")
    t.clock.advance(SECOND_MS)
    const started = await change(here.token, here.session.userId)
    expect(started.token).not.toBe(here.token)
    expect(t.identity.sessionByToken(here.token)).toBeNull()
    expect(t.identity.sessionByToken(there.token)).toBeNull()
    expect(t.identity.sessionByToken(started.token)?.userId).toBe(here.session.userId)
    expect(t.identity.sessionByToken(open.token, "console")).not.toBeNull()
    expect(t.identity.passwordResetOf(link)).toBeNull()
    expect(told).toEqual([here.session.publicId])
    expect(lastMail()?.subject).toBe("Your Purser password was changed")
    await login("ada@example.com", NEW)
  })

  test("is refused to another person's session and to one that ended; a weak password is refused too", async () => {
    const ada = await t.join("ada@example.com")
    const bob = await t.join("bob@example.com")
    await expect(change(bob.token, ada.session.userId)).rejects.toMatchObject({ code: "unauthenticated" })
    await expect(change(ada.token, ada.session.userId, "short")).rejects.toMatchObject({
      extra: { formErrors: { password: expect.any(String) } },
    })
    await t.identity.logout(testCtx, ada.token)
    await expect(change(ada.token, ada.session.userId)).rejects.toMatchObject({ code: "unauthenticated" })
    await login("ada@example.com", PASSWORD)
  })

  test("four changes at once: one winner", async () => {
    const ada = await t.join("ada@example.com")
    const results = await Promise.allSettled(
      Array.from({ length: 4 }, (_, i) => change(ada.token, ada.session.userId, `a long new one ${i}`)),
    )
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1)
  })
})

describe("a name", () => {
  test("is changed, cleared, and refused when a page could not show it", async () => {
    const ada = await t.join("ada@example.com")
    const set = (name: string) => t.identity.setName(testCtx, { userId: ada.session.userId, name })
    expect((await set("  Ada   Lovelace ")).name).toBe("Ada Lovelace")
    expect(t.identity.sessionByToken(ada.token)?.name).toBe("Ada Lovelace")
    for (const name of ["x".repeat(81), "a\u202eb", "a\u0000b"])
      await expect(set(name)).rejects.toMatchObject({ extra: { formErrors: { name: expect.any(String) } } })
    expect((await set("")).name).toBeNull()
  })
})
