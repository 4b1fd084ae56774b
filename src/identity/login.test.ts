import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { AppError, DAY_MS, MINUTE_MS, SECOND_MS } from "../app/index.ts"
import { auditOf } from "../audit/index.ts"
import { testCtx } from "../store/index.ts"
import { logIn, newVisitor, type Opened, openIdentity, PASSWORD } from "./testing.ts"
import type { Visitor } from "./types.ts"

const email = "ada@example.com"
let t: Opened
beforeEach(async () => {
  t = await openIdentity({ adminEmails: ["admin@example.com"] })
  await t.identity.createUser(testCtx, { email, password: PASSWORD, name: "Ada" })
})
afterEach(() => t.close())

const enter = (password = PASSWORD, visitor: Visitor = newVisitor(), who = email) =>
  logIn(t.identity, visitor, { email: who, password })
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
    const now = await openIdentity({ slowHashes: true })
    await now.identity.createUser(testCtx, { email, password: PASSWORD })
    const old = await Bun.password.hash(PASSWORD, { algorithm: "argon2id", memoryCost: 8_192, timeCost: 1 })
    await now.store.write(testCtx, (tx) => tx.run("UPDATE users SET password_hash = ?", old))
    const entered = () => logIn(now.identity, newVisitor(), { email, password: PASSWORD })
    const kept = () => now.store.read.get<{ h: string }>("SELECT password_hash AS h FROM users")!.h
    await entered()
    const hash = kept()
    expect(hash).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$")
    await entered()
    expect(kept()).toBe(hash)
    await now.close()
  })

  test("a password changed while its hash was being checked no longer opens", async () => {
    const slow = await openIdentity({ slowHashes: true })
    await slow.identity.createUser(testCtx, { email, password: PASSWORD })
    const login = logIn(slow.identity, newVisitor(), { email, password: PASSWORD })
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
  const codes = async (tries: Promise<AppError>[]) => (await Promise.all(tries)).map((error) => error.code)
  /** A stranger's browsers on one network. */
  const stranger = (): Visitor => newVisitor({ ip: "2001:db8::1" })

  test("100 parallel guesses at one account from 100 networks: thirty are looked at", async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => wrong()))
    expect(t.hashing.verifications).toBe(30)
    expect(answers.filter((e) => e.code === "rate_limit_exceeded")).toHaveLength(70)
  })

  test("known and unknown wait alike: six at once from one network, then one a minute; a restart forgives nothing", async () => {
    for (const who of [email, "nobody@example.com"]) {
      const visitor = stranger()
      for (let i = 0; i < 6; i++) expect((await wrong(visitor, who)).code).toBe("validation_failed")
      for (let i = 0; i < 3; i++) {
        const blocked = await failure(t.restart().login(stranger(), { email: who, password: PASSWORD }))
        expect([blocked.code, blocked.extra.retryAfterSeconds]).toEqual(["rate_limit_exceeded", 60])
        expect(blocked.message).toContain("link for a new password")
        t.clock.advance(MINUTE_MS - 1)
        expect((await wrong(visitor, who)).code).toBe("rate_limit_exceeded")
        t.clock.advance(1)
        expect((await wrong(visitor, who)).code).toBe("validation_failed")
      }
    }
  })

  test("one network guesses at one account at most 36 times a day, and takes nobody else's tries", async () => {
    let looked = 0
    const day = t.clock.now() + DAY_MS
    while (t.clock.now() < day) {
      if ((await wrong(stranger())).code === "validation_failed") looked++
      t.clock.advance(10 * MINUTE_MS)
    }
    expect(looked).toBeLessThanOrEqual(36)
    await enter()
  })

  test("many networks guess at one account at most 174 times a day", async () => {
    let looked = 0
    const day = t.clock.now() + DAY_MS
    for (let i = 0; i < 30; i++) if ((await wrong()).code === "validation_failed") looked++
    while (t.clock.now() < day) {
      t.clock.advance(30 * MINUTE_MS)
      looked += (await codes([wrong(), wrong(), wrong(), wrong()])).filter(
        (code) => code === "validation_failed",
      ).length
    }
    expect(looked).toBe(30 + 144)
  })

  test("refused tries do not lengthen the wait, and a right password is given back", async () => {
    const visitor = stranger()
    for (let i = 0; i < 5; i++) await wrong(visitor)
    for (let i = 0; i < 5; i++) await enter(PASSWORD, stranger())
    await wrong(visitor)
    for (let i = 0; i < 20; i++) expect((await wrong(visitor)).code).toBe("rate_limit_exceeded")
    t.clock.advance(MINUTE_MS)
    await enter(PASSWORD, stranger())
  })

  test("37 right passwords behind one address work, whoever guesses from it at other accounts", async () => {
    const people = Array.from({ length: 37 }, (_, i) => `p${i}@example.com`)
    const passwordHash = t.store.read.get<{ h: string }>("SELECT password_hash AS h FROM users")!.h
    await t.store.write(testCtx, (tx) => {
      for (const one of people) t.identity.createUserIn(tx, { email: one, passwordHash, emailVerified: true })
    })
    await codes(Array.from({ length: 100 }, (_, i) => wrong(stranger(), `x${i}@example.com`)))
    const entered = await Promise.all(people.map((one) => enter(PASSWORD, stranger(), one)))
    expect(entered).toHaveLength(37)
  })

  test("one network over many accounts: five hundred, then one a second; browsers that are known do not wait with it", async () => {
    const mine = stranger()
    await enter(PASSWORD, mine)
    await t.store.write(testCtx, (tx) => {
      const used = BigInt(tx.now) * 60n + BigInt(MINUTE_MS) * 499n
      const key = t.keyring.hmac("throttle", "login_network\n2001:db8:0:0::/64")
      tx.run("DELETE FROM throttles")
      tx.run("INSERT INTO throttles VALUES ('login_network', ?, 0, 0, 0, ?, ?)", key, String(used), tx.now + DAY_MS)
    })
    expect((await wrong(stranger(), "x@example.com")).code).toBe("validation_failed")
    const neighbour = newVisitor({ ip: "2001:db8::ffff:2" })
    const blocked = await failure(enter(PASSWORD, neighbour))
    expect([blocked.code, blocked.extra.retryAfterSeconds]).toEqual(["rate_limit_exceeded", 1])
    await enter(PASSWORD, mine)
    await enter(PASSWORD, newVisitor())
    t.clock.advance(SECOND_MS)
    await enter(PASSWORD, neighbour)
  })

  test("strangers' guesses do not lock out the browser that signed in before; its own are counted", async () => {
    const mine = newVisitor()
    await enter(PASSWORD, mine)
    await codes(Array.from({ length: 40 }, () => wrong()))
    expect((await failure(enter())).code).toBe("rate_limit_exceeded")
    await enter(PASSWORD, { ...mine, ip: "192.0.2.200" })
    for (let i = 0; i < 10; i++) expect((await wrong(mine)).code).toBe("validation_failed")
    expect((await failure(enter(PASSWORD, mine))).extra.retryAfterSeconds).toBe(60)
  })

  test("one account is signed in to at most so often: each time leaves a session and an audit line", async () => {
    const mine = newVisitor()
    for (let i = 0; i < 199; i++) await enter(PASSWORD, mine)
    const last = await Promise.allSettled([enter(PASSWORD, mine), enter(PASSWORD, mine)])
    expect(last.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"])
    expect((await failure(enter(PASSWORD, mine))).extra.retryAfterSeconds).toBe(60)
    // No failed try: it does not stand in the way of another browser's password.
    expect((await failure(enter("a wrong password", newVisitor()))).code).toBe("validation_failed")
    t.clock.advance(MINUTE_MS)
    await enter(PASSWORD, mine)
  }, 60_000)

  test("no address stands in the counters", async () => {
    await wrong()
    expect(JSON.stringify(t.store.read.all("SELECT * FROM throttles"))).not.toMatch(/ada|198\.51/)
  })
})
