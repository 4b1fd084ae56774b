import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { AppError, DAY_MS, MINUTE_MS, SECOND_MS } from "../app/index.ts"
import { auditOf } from "../audit/index.ts"
import { testCtx } from "../store/index.ts"
import { newVisitor, type Opened, openIdentity, PASSWORD } from "./testing.ts"
import type { Visitor } from "./types.ts"

const email = "ada@example.com"
let t: Opened
beforeEach(async () => {
  t = await openIdentity({ adminEmails: ["admin@example.com"] })
  await t.identity.createUser(testCtx, { email, password: PASSWORD, name: "Ada" })
})
afterEach(() => t.close())

const enter = (password = PASSWORD, visitor: Visitor = newVisitor(), who = email) =>
  t.identity.login(visitor, { email: who, password })
const failure = async (login: Promise<unknown>): Promise<AppError> => {
  const error = await login.catch((e: unknown) => e)
  if (error instanceof AppError) return error
  throw new Error(`expected a refusal, got ${String(error)}`)
}

describe("login", () => {
  test("signs in, whatever the spelling of address and password", async () => {
    const { session, token, maxAgeSeconds } = await enter()
    expect(session).toMatchObject({ email, name: "Ada", amr: ["pwd"], authTimeMs: t.clock.now() })
    expect(maxAgeSeconds).toBe((60 * DAY_MS) / 1_000)
    expect(t.identity.sessionByToken(token)).toEqual(session)
    await enter("ｃorrect horse battery", newVisitor(), " ADA@Example.com")
    const trail = auditOf(t.store.read, session.publicId)
    expect(trail.map((row) => row.action)).toContain("session.started")
  })

  test("wrong and unknown get equal answers after equal work", async () => {
    await t.store.write(testCtx, (tx) =>
      t.identity.createUserIn(tx, { email: "google@example.com", passwordHash: null, emailVerified: true }),
    )
    const tries = [
      { who: email, password: "a wrong password" },
      { who: "nobody@example.com", password: PASSWORD },
      { who: "google@example.com", password: PASSWORD },
      { who: email, password: PASSWORD.repeat(60) },
      { who: "nobody@example.com", password: PASSWORD.repeat(60) },
    ]
    for (const { who, password } of tries) {
      const before = { ...t.hashing }
      const error = await failure(enter(password, newVisitor(), who))
      expect([error.code, error.message, error.extra]).toEqual([
        "validation_failed",
        "That email and password do not match. Check both and try again.",
        {},
      ])
      expect(t.hashing).toEqual({ hashes: before.hashes, verifications: before.verifications + 1 })
    }
  })

  test("missing fields are named and cost nothing", async () => {
    const error = await failure(enter("", newVisitor(), "ada"))
    expect(Object.keys(error.extra.formErrors!).sort()).toEqual(["email", "password"])
    expect(t.hashing.verifications).toBe(0)
    expect(t.store.read.all("SELECT * FROM throttles")).toEqual([])
  })

  test("a hash with older parameters is renewed with the password at hand", async () => {
    const old = await Bun.password.hash(PASSWORD, { algorithm: "argon2id", memoryCost: 8_192, timeCost: 1 })
    await t.store.write(testCtx, (tx) => tx.run("UPDATE users SET password_hash = ?", old))
    await enter()
    const hash = t.store.read.get<{ h: string }>("SELECT password_hash AS h FROM users")!.h
    expect(hash).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$")
    await enter()
    expect(t.store.read.get<{ h: string }>("SELECT password_hash AS h FROM users")!.h).toBe(hash)
  })

  test("a password changed while its hash was being checked no longer opens", async () => {
    const slow = await openIdentity()
    await slow.identity.createUser(testCtx, { email, password: PASSWORD })
    const login = slow.identity.login(newVisitor(), { email, password: PASSWORD })
    // The try is counted and the hash runs; the change commits before it ends.
    while (!slow.store.read.get("SELECT 1 FROM throttles")) await Bun.sleep(1)
    const other = await Bun.password.hash("x", { algorithm: "argon2id", memoryCost: 8, timeCost: 1 })
    await slow.store.write(testCtx, (tx) => tx.run("UPDATE users SET password_hash = ?", other))
    expect((await failure(login)).code).toBe("validation_failed")
    expect(slow.store.read.all("SELECT * FROM sessions")).toEqual([])
    await slow.close()
  })

  test("an address added to PURSER_ADMINS later becomes admin at the next login", async () => {
    await t.identity.createUser(testCtx, { email: "admin@example.com", password: PASSWORD })
    await t.store.write(testCtx, (tx) => tx.run("UPDATE users SET is_admin = 0"))
    expect((await enter(PASSWORD, newVisitor(), "admin@example.com")).session.isAdmin).toBe(true)
    expect((await enter()).session.isAdmin).toBe(false)
  })
})

describe("guessing", () => {
  const wrong = (visitor = newVisitor(), who = email) => failure(enter("a wrong password", visitor, who))

  test("100 parallel guesses from 100 networks: five are looked at", async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => wrong()))
    expect(t.hashing.verifications).toBe(5)
    expect(answers.filter((e) => e.code === "rate_limit_exceeded")).toHaveLength(95)
  })

  test("known and unknown wait alike: 1, 2, 4 … seconds, up to 15 minutes; a restart forgives nothing", async () => {
    for (const who of [email, "nobody@example.com"]) {
      for (let i = 0; i < 5; i++) expect((await wrong(newVisitor(), who)).code).toBe("validation_failed")
      let waitMs = SECOND_MS
      for (let i = 0; i < 12; i++) {
        const blocked = await failure(
          t.restart().login(newVisitor(), { email: who, password: i % 2 ? PASSWORD : "wrong again" }),
        )
        expect([blocked.code, blocked.extra.retryAfterSeconds]).toEqual(["rate_limit_exceeded", waitMs / 1_000])
        t.clock.advance(waitMs - 1)
        expect((await wrong(newVisitor(), who)).code).toBe("rate_limit_exceeded")
        t.clock.advance(1)
        expect((await wrong(newVisitor(), who)).code).toBe("validation_failed")
        waitMs = Math.min(waitMs * 2, 15 * MINUTE_MS)
      }
    }
  })

  test("blocked tries do not lengthen the wait, and a right password ends it", async () => {
    for (let i = 0; i < 6; i++) await wrong()
    for (let i = 0; i < 20; i++) await wrong()
    t.clock.advance(2 * SECOND_MS)
    await enter()
    for (let i = 0; i < 5; i++) expect((await wrong()).code).toBe("validation_failed")
  })

  test("failures are forgotten after a quiet day", async () => {
    for (let i = 0; i < 5; i++) await wrong()
    t.clock.advance(DAY_MS)
    for (let i = 0; i < 5; i++) expect((await wrong()).code).toBe("validation_failed")
  })

  test("one network over many accounts: thirty, then it waits; a good account of its own does not help", async () => {
    const visitor = (): Visitor => newVisitor({ ip: "2001:db8::1" })
    for (let i = 0; i < 29; i++) {
      expect((await wrong(visitor(), `user${i}@example.com`)).code).toBe("validation_failed")
    }
    await enter(PASSWORD, visitor())
    expect((await wrong(visitor(), "user30@example.com")).code).toBe("validation_failed")
    const neighbour = newVisitor({ ip: "2001:db8::ffff:2" })
    expect((await failure(enter(PASSWORD, neighbour))).extra.retryAfterSeconds).toBe(1)
    t.clock.advance(SECOND_MS)
    await enter(PASSWORD, visitor())
    expect((await wrong(visitor(), "user31@example.com")).code).toBe("validation_failed")
    expect((await failure(enter(PASSWORD, visitor()))).extra.retryAfterSeconds).toBe(2)
    await enter()
  })

  test("a stranger's guesses do not lock out the browser that signed in before; its own are counted", async () => {
    const mine = newVisitor()
    await enter(PASSWORD, mine)
    for (let i = 0; i < 12; i++) await wrong()
    expect((await failure(enter())).code).toBe("rate_limit_exceeded")
    await enter(PASSWORD, { ...mine, ip: "192.0.2.200" })
    for (let i = 0; i < 5; i++) await wrong(mine)
    expect((await failure(enter(PASSWORD, mine))).code).toBe("rate_limit_exceeded")
  })

  test("no address stands in the counters", async () => {
    await wrong()
    expect(JSON.stringify(t.store.read.all("SELECT * FROM throttles"))).not.toMatch(/ada|198\.51/)
  })
})
