import { afterEach, describe, expect, test } from "bun:test"
import { AppError, DAY_MS, MINUTE_MS, SECOND_MS } from "../app/index.ts"
import { render } from "../mail/index.ts"
import { testCtx } from "../store/index.ts"
import { signUpCode } from "./mails.ts"
import { logIn, newVisitor, type Opened, openIdentity, otherCode, PASSWORD } from "./testing.ts"

let close: (() => Promise<void>) | null = null
afterEach(async () => {
  await close?.()
  close = null
})
async function open(options: Parameters<typeof openIdentity>[0] = {}): Promise<Opened> {
  const opened = await openIdentity(options)
  close = opened.close
  return opened
}
const count = (t: Opened, table: string): number =>
  t.store.read.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n
const HOUSE = { productName: "Purser", baseUrl: "https://ai.example.com" }
const ada = { email: "Ada@Example.com", password: PASSWORD, name: "Ada" }

describe("sign-up", () => {
  test("the code makes the account and signs in", async () => {
    const t = await open()
    const visitor = newVisitor()
    const pending = await t.identity.signUp(visitor, ada)
    expect(pending).toEqual({
      email: "ada@example.com",
      expiresMs: t.clock.now() + 10 * MINUTE_MS,
      resendAtMs: t.clock.now() + MINUTE_MS,
      triesLeft: 5,
    })
    expect(t.identity.pendingSignUp(visitor.browserId)).toEqual(pending)
    expect(count(t, "users")).toBe(0)
    const { token, session } = await t.identity.verifySignUp(visitor, t.lastCode())
    expect(session).toMatchObject({ email: "ada@example.com", name: "Ada", emailVerified: true, isAdmin: false })
    expect(session).toMatchObject({ amr: ["pwd"], authTimeMs: t.clock.now(), kind: "auth" })
    expect(t.identity.sessionByToken(token)).toEqual(session)
    expect(t.identity.pendingSignUp(visitor.browserId)).toBeNull()
    expect(t.store.read.get("SELECT id FROM principals WHERE id = ?", session.userId)).not.toBeNull()
  })

  test("the mail is part of the body: when the body is undone, none is sent", async () => {
    const t = await open()
    const visitor = newVisitor()
    const broken = await open({
      enqueueIn() {
        throw new AppError("unavailable", "no")
      },
    })
    await expect(broken.identity.signUp(visitor, ada)).rejects.toMatchObject({ code: "unavailable" })
    expect([count(broken, "email_codes"), count(broken, "throttles")]).toEqual([0, 0])
    await t.identity.signUp(visitor, ada)
    expect(t.queued).toHaveLength(1)
    await t.close()
  })

  test("the mail leaves through the outbox once, and its payload with it", async () => {
    const t = await open()
    await t.identity.signUp(newVisitor(), ada)
    await t.outbox.flush()
    await t.outbox.flush()
    expect(t.sent).toEqual([{ to: "ada@example.com", ...render(signUpCode, { code: t.lastCode() }, HOUSE) }])
    expect(t.store.read.get("SELECT state, payload FROM outbox")).toEqual({ state: "done", payload: "{}" })
  })

  test("no mail carries what a stranger typed", async () => {
    const t = await open()
    await t.join("known@example.com")
    const name = "Win money at evil.example"
    await t.identity.signUp(newVisitor(), { ...ada, name })
    await t.identity.signUp(newVisitor(), { ...ada, email: "known@example.com", name })
    expect(t.mails().at(-2)!.subject).toMatch(/^\d{6} is your Purser code$/)
    expect(JSON.stringify(t.mails())).not.toContain("evil")
  })

  test("bad forms say what to change, field by field, and cost no hash", async () => {
    const t = await open()
    const bad = t.identity.signUp(newVisitor(), { email: "ada", password: "password", name: "a\u0000" })
    const error = (await bad.catch((e: unknown) => e)) as AppError
    expect(error.code).toBe("validation_failed")
    expect(Object.keys(error.extra.formErrors!).sort()).toEqual(["email", "name", "password"])
    expect(t.hashing.hashes).toBe(0)
  })

  test("neither password nor code nor browser id stands in the database or in the queue", async () => {
    const t = await open({ slowHashes: true })
    const visitor = newVisitor()
    await t.identity.signUp(visitor, ada)
    const code = t.lastCode()
    const row = t.store.read.get<Record<string, unknown>>("SELECT * FROM email_codes")!
    expect(JSON.stringify(row)).not.toContain(code)
    expect(JSON.stringify(row)).not.toContain(PASSWORD)
    expect(JSON.stringify(row)).not.toContain(visitor.browserId)
    expect(String(row.password_hash)).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$")
    expect(JSON.stringify(t.queued)).not.toContain(code)
    expect(t.queued[0]!.subject).not.toContain("ada")
  })

  test("a look-alike address gets no mail of its own: everything goes to the normal spelling", async () => {
    const t = await open()
    await t.identity.signUp(newVisitor(), { ...ada, email: "ａda@example.com" })
    expect(t.mails()[0]!.to).toBe("ada@example.com")
  })
})

describe("an address that has an account", () => {
  test("gets the same answer, the same counters and no code that works; the owner is told", async () => {
    const t = await open()
    const owner = await t.join("ada@example.com")
    t.clock.advance(DAY_MS)
    const known = newVisitor()
    const unknown = newVisitor()
    const hashesBefore = t.hashing.hashes
    const a = await t.identity.signUp(known, { ...ada, password: "attacker's choice" })
    const b = await t.identity.signUp(unknown, { ...ada, email: "bob@example.com" })
    expect({ ...a, email: "" }).toEqual({ ...b, email: "" })
    expect(t.hashing.hashes - hashesBefore).toBe(2)
    const [notice, code] = t.mails().slice(-2)
    expect(notice).toMatchObject({ to: "ada@example.com", subject: "You already have a Purser account" })
    expect(notice!.text).toContain("https://ai.example.com/login")
    expect(code).toMatchObject({ to: "bob@example.com" })
    const guess = otherCode(t.lastCode())
    const answers = await Promise.all(
      [known, unknown].map((v) => t.identity.verifySignUp(v, guess).catch((e: unknown) => e as AppError)),
    )
    const words = answers.map((e) => (e instanceof AppError ? [e.code, e.message, e.extra] : null))
    expect(words[0]).toEqual(words[1]!)
    expect(t.identity.pendingSignUp(known.browserId)!.triesLeft).toBe(4)
    // Resending answers alike, too.
    t.clock.advance(MINUTE_MS)
    const [c, d] = [await t.identity.resendCode(known), await t.identity.resendCode(unknown)]
    expect({ ...c, email: "" }).toEqual({ ...d, email: "" })
    // And the owner's password is untouched.
    const login = await logIn(t.identity, newVisitor(), { email: "ada@example.com", password: PASSWORD })
    expect(login.session.publicId).toBe(owner.session.publicId)
  })

  test("made between mail and code: the first proof wins, the second changes nothing", async () => {
    const t = await open()
    const [first, second] = [newVisitor(), newVisitor()]
    await t.identity.signUp(first, { ...ada, password: "the first password" })
    const firstCode = t.lastCode()
    await t.identity.signUp(second, { ...ada, password: "the second password" })
    await t.identity.verifySignUp(second, t.lastCode())
    await expect(t.identity.verifySignUp(first, firstCode)).rejects.toMatchObject({ code: "conflict" })
    await logIn(t.identity, newVisitor(), { email: ada.email, password: "the second password" })
    await expect(
      logIn(t.identity, newVisitor(), { email: ada.email, password: "the first password" }),
    ).rejects.toMatchObject({ code: "validation_failed" })
  })

  test("registered by a stranger and never proved: the stranger's password dies (CVE-2026-53516)", async () => {
    const t = await open()
    const passwordHash = await Bun.password.hash("stranger's password", "argon2id")
    const stranger = await t.store.write(testCtx, (tx) =>
      t.identity.createUserIn(tx, { email: "ada@example.com", passwordHash, emailVerified: false }),
    )
    await expect(
      logIn(t.identity, newVisitor(), { email: ada.email, password: "stranger's password" }),
    ).rejects.toMatchObject({ code: "validation_failed" })
    const joined = await t.join("ada@example.com")
    expect(joined.session.userId).toBe(stranger.id)
    await expect(
      logIn(t.identity, newVisitor(), { email: ada.email, password: "stranger's password" }),
    ).rejects.toMatchObject({ code: "validation_failed" })
    expect(
      (await logIn(t.identity, newVisitor(), { email: ada.email, password: PASSWORD })).session.emailVerified,
    ).toBe(true)
  })
})

describe("codes", () => {
  test("200 parallel tries: five are counted, and then not even the right one works", async () => {
    const t = await open()
    const visitor = newVisitor()
    await t.identity.signUp(visitor, ada)
    const code = t.lastCode()
    const tries = Array.from({ length: 200 }, (_, i) => (i === 100 ? code : otherCode(code, i + 1)))
    const results = await Promise.allSettled(tries.map((guess) => t.identity.verifySignUp(visitor, guess)))
    expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(0)
    expect(t.store.read.get<{ tries: number }>("SELECT tries FROM email_codes")!.tries).toBe(5)
    expect(count(t, "users")).toBe(0)
  })

  test("200 parallel right answers: one account, one session", async () => {
    const t = await open()
    const visitor = newVisitor()
    await t.identity.signUp(visitor, ada)
    const code = t.lastCode()
    const results = await Promise.all(Array.from({ length: 200 }, () => t.identity.verifySignUp(visitor, code)))
    expect(new Set(results.map(({ token }) => token)).size).toBe(1)
    expect([count(t, "users"), count(t, "sessions")]).toEqual([1, 1])
    // A second click later than that finds the code used up, and so does one after signing out.
    await t.identity.logout(testCtx, results[0]!.token)
    await expect(t.identity.verifySignUp(visitor, code)).rejects.toMatchObject({ code: "validation_failed" })
  })

  test("are repeated for ten seconds, no longer", async () => {
    const t = await open()
    const visitor = newVisitor()
    await t.identity.signUp(visitor, ada)
    const { token } = await t.identity.verifySignUp(visitor, t.lastCode())
    t.clock.advance(10 * SECOND_MS - 1)
    expect((await t.identity.verifySignUp(visitor, t.lastCode())).token).toBe(token)
    t.clock.advance(1)
    await expect(t.identity.verifySignUp(visitor, t.lastCode())).rejects.toMatchObject({ code: "validation_failed" })
  })

  test("work in the browser that asked, and in no other", async () => {
    const t = await open()
    const visitor = newVisitor()
    await t.identity.signUp(visitor, ada)
    const code = t.lastCode()
    await expect(t.identity.verifySignUp(newVisitor(), code)).rejects.toMatchObject({ code: "validation_failed" })
    await t.identity.verifySignUp(visitor, code)
  })

  test("end after ten minutes, to the millisecond, and mails that come too late are dropped", async () => {
    const t = await open()
    const visitor = newVisitor()
    await t.identity.signUp(visitor, ada)
    const code = t.lastCode()
    t.clock.advance(10 * MINUTE_MS)
    expect(t.mails()).toEqual([null])
    await expect(t.identity.verifySignUp(visitor, code)).rejects.toMatchObject({
      extra: { formErrors: { code: "This code has expired. Ask for a new one." } },
    })
    await t.identity.resendCode(visitor)
    t.clock.advance(10 * MINUTE_MS - 1)
    await t.identity.verifySignUp(visitor, t.lastCode())
  })

  test("a new one replaces the old and its tries; it comes after a minute at the earliest", async () => {
    const t = await open()
    const visitor = newVisitor()
    await t.identity.signUp(visitor, ada)
    const first = t.lastCode()
    await expect(t.identity.verifySignUp(visitor, otherCode(first))).rejects.toBeInstanceOf(AppError)
    t.clock.advance(MINUTE_MS - SECOND_MS)
    await expect(t.identity.resendCode(visitor)).rejects.toMatchObject({ extra: { retryAfterSeconds: 1 } })
    t.clock.advance(SECOND_MS)
    expect((await t.identity.resendCode(visitor)).triesLeft).toBe(5)
    const second = t.lastCode()
    if (second !== first) await expect(t.identity.verifySignUp(visitor, first)).rejects.toBeInstanceOf(AppError)
    await t.identity.verifySignUp(visitor, second)
  })

  test("sending the form again at once corrects what was typed without another mail", async () => {
    const t = await open()
    const visitor = newVisitor()
    await t.identity.signUp(visitor, ada)
    await t.identity.signUp(visitor, { ...ada, password: "a better password", name: "Ada L." })
    expect(t.queued).toHaveLength(1)
    const { session } = await t.identity.verifySignUp(visitor, t.lastCode())
    expect(session.name).toBe("Ada L.")
    await logIn(t.identity, newVisitor(), { email: ada.email, password: "a better password" })
  })

  test("one inbox gets at most ten, then one an hour, from however many browsers, known or unknown", async () => {
    const t = await open()
    await t.join("known@example.com")
    t.clock.advance(DAY_MS)
    for (const email of ["known@example.com", "unknown@example.com"]) {
      const sent = t.queued.length
      const results = await Promise.allSettled(
        Array.from({ length: 15 }, () => t.identity.signUp(newVisitor(), { ...ada, email })),
      )
      expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(10)
      expect(t.queued.length - sent).toBe(10)
      await expect(t.restart().signUp(newVisitor(), { ...ada, email })).rejects.toMatchObject({
        code: "rate_limit_exceeded",
        extra: { retryAfterSeconds: 3_600 },
      })
    }
    t.clock.advance(DAY_MS)
    await t.identity.signUp(newVisitor(), { ...ada, email: "unknown@example.com" })
  })

  test("one network asks for at most three hundred a day", async () => {
    const t = await open()
    const ip = "203.0.113.77"
    await t.store.write(testCtx, (tx) => {
      const key = t.keyring.hmac("throttle", `code_network\n${ip}`)
      const used = BigInt(tx.now) * 300n + BigInt(DAY_MS) * 299n
      tx.run("INSERT INTO throttles VALUES ('code_network', ?, 0, 0, 0, ?, ?)", key, String(used), tx.now + DAY_MS)
    })
    await t.identity.signUp(newVisitor({ ip }), ada)
    await expect(t.identity.signUp(newVisitor({ ip }), { ...ada, email: "bob@example.com" })).rejects.toMatchObject({
      code: "rate_limit_exceeded",
    })
  })
})

test("strangers make us send so many mails in all, from however many networks; people we know are not kept from theirs", async () => {
  const t = await open()
  const ada = await t.join("ada@example.com")
  await t.store.write(testCtx, (tx) => {
    const key = t.keyring.hmac("throttle", "mail_strangers\n")
    const used = BigInt(tx.now) * 43_200n + BigInt(DAY_MS) * 1_999n
    tx.run("UPDATE throttles SET tat = ? WHERE rule = 'mail_strangers' AND key_hash = ?", String(used), key)
  })
  const bob = { email: "bob@example.com", password: PASSWORD }
  await t.identity.signUp(newVisitor(), bob)
  const refused = { code: "rate_limit_exceeded", extra: { retryAfterSeconds: 2 } }
  await expect(t.identity.signUp(newVisitor(), bob)).rejects.toMatchObject(refused)
  await expect(t.identity.requestPasswordReset(newVisitor(), bob)).rejects.toMatchObject(refused)
  await expect(t.identity.requestPasswordReset(newVisitor(), { email: ada.session.email })).rejects.toMatchObject(
    refused,
  )
  await t.identity.requestPasswordReset(ada.visitor, { email: ada.session.email })
  const visitor = { ...ada.visitor, previousToken: ada.token }
  const change = { userId: ada.session.userId, email: "ada@new.example" }
  await t.identity.requestEmailChange(visitor, change)
  t.clock.advance(2_000)
  await t.identity.signUp(newVisitor(), bob)
})

test("what strangers leave behind in a day of attack goes slice by slice, each of so many rows and no more", async () => {
  const t = await open()
  await t.store.write(testCtx, (tx) => {
    for (let i = 0; i < 3_300; i++) {
      tx.run("INSERT INTO throttles VALUES ('login_near', ?, 0, 0, 0, '0', ?)", `k${i}`, tx.now + (i % 7))
      tx.run(
        `INSERT INTO email_codes (purpose, browser_hash, email, code_hash, created_ms, sent_ms, expires_ms)
         VALUES ('signup', ?, 'a@example.com', 'x', ?, ?, ?)`,
        `b${i}`,
        tx.now,
        tx.now,
        tx.now + 1,
      )
      tx.run(
        "INSERT INTO password_resets (token_hash, email, created_ms, expires_ms) VALUES (?, 'a@example.com', ?, ?)",
        String(i).padStart(64, "0"),
        tx.now,
        tx.now + 1,
      )
    }
  })
  t.clock.advance(2 * DAY_MS)
  let purged = 0
  for (let taken = 500; taken === 500; purged += taken) {
    taken = await t.identity.purge(testCtx, 500)
    expect(taken).toBeLessThanOrEqual(500)
  }
  expect(purged).toBe(9_900)
  expect([count(t, "email_codes"), count(t, "throttles"), count(t, "password_resets")]).toEqual([0, 0, 0])
})

test("emails of PURSER_ADMINS become admins once proved, not before", async () => {
  const t = await open({ adminEmails: ["ADA@example.com"] })
  expect(t.identity.hasAdmin()).toBe(false)
  await t.store.write(testCtx, (tx) =>
    t.identity.createUserIn(tx, { email: "ada@example.com", passwordHash: null, emailVerified: false }),
  )
  expect(t.identity.userByEmail("ada@example.com")!.isAdmin).toBe(false)
  expect((await t.join("ada@example.com")).session.isAdmin).toBe(true)
  expect((await t.join("bob@example.com")).session.isAdmin).toBe(false)
})

test("purge forgets old codes and counters and keeps fresh ones", async () => {
  const t = await open()
  await t.identity.signUp(newVisitor(), ada)
  t.clock.advance(3 * DAY_MS)
  await t.identity.signUp(newVisitor(), { ...ada, email: "bob@example.com" })
  // The code, and what was counted of address and network.
  expect(await t.identity.purge(testCtx)).toBe(4)
  expect([count(t, "email_codes"), count(t, "throttles")]).toEqual([1, 5])
})
