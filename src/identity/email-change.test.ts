import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { MINUTE_MS } from "../app/index.ts"
import { auditOf } from "../audit/index.ts"
import { testCtx } from "../store/index.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import { logIn, newVisitor, type Opened, openIdentity, otherCode, PASSWORD } from "./testing.ts"
import { THROTTLES } from "./throttle-rules.ts"
import type { StartedSession, Visitor } from "./types.ts"

const NEW = "ada@new.example"
type Person = StartedSession & { visitor: Visitor }
let t: Opened
let ada: Person
beforeEach(async () => {
  t = await openIdentity()
  ada = await signedUp("ada@example.com")
})
afterEach(() => t.close())

/** Signed up, with the session's cookie in this browser. */
async function signedUp(email: string): Promise<Person> {
  const joined = await t.join(email)
  return { ...joined, visitor: { ...joined.visitor, previousToken: joined.token } }
}
const ask = (person: Person, email = NEW, visitor = person.visitor) =>
  t.identity.requestEmailChange(visitor, { userId: person.session.userId, email })
const confirm = (person: Person, code: string, visitor = person.visitor) =>
  t.identity.confirmEmailChange(visitor, { userId: person.session.userId, code })
const emailOf = (person: Person) => t.identity.userById(person.session.userId)?.email
const pending = (person: Person) => t.identity.pendingEmailChange(person.visitor.browserId, person.session.userId)
/** Subjects of the mails to an address. */
const mailsTo = (email: string) => t.mails().flatMap((mail) => (mail?.to === email ? [mail.subject] : []))
const expired = { code: "validation_failed", extra: { formErrors: { code: expect.stringContaining("expired") } } }

describe("a new address", () => {
  test("is taken over once its code is typed; the old one is told, and neither log nor mail names the other", async () => {
    expect(await ask(ada, " Ada@New.Example")).toEqual({
      email: NEW,
      expiresMs: t.clock.now() + L.codeMs,
      resendAtMs: t.clock.now() + L.codeResendMs,
      triesLeft: L.codeTriesMax,
    })
    expect([emailOf(ada), pending(ada)?.email]).toEqual(["ada@example.com", NEW])
    const code = t.lastCode()
    expect(await confirm(ada, `${code.slice(0, 3)} ${code.slice(3)}`)).toMatchObject({
      email: NEW,
      emailVerified: true,
    })
    expect(t.identity.sessionByToken(ada.token)?.email).toBe(NEW)
    expect(pending(ada)).toBeNull()
    expect(mailsTo("ada@example.com").at(-1)).toBe("The email address of your Purser account was changed")
    expect(t.mails().at(-1)!.text).toContain(ada.session.publicId)
    expect(t.mails().at(-1)!.text).not.toContain(NEW)
    const log = auditOf(t.store.read, ada.session.publicId)
    expect(log.map((row) => row.action)).toContain("user.email_changed")
    expect(JSON.stringify(log)).not.toMatch(/example/)
    await logIn(t.identity, newVisitor(), { email: NEW, password: PASSWORD })
    await expect(
      logIn(t.identity, newVisitor(), { email: "ada@example.com", password: PASSWORD }),
    ).rejects.toMatchObject({ code: "validation_failed" })
  })

  test("leaves the old one to whoever proves it next, as another person", async () => {
    await ask(ada)
    await confirm(ada, t.lastCode())
    const other = await t.join("ada@example.com")
    expect(other.session.userId).not.toBe(ada.session.userId)
  })

  test("closes the reset links of the old one", async () => {
    await t.identity.requestPasswordReset(newVisitor(), { email: "ada@example.com" })
    const token = new URL(/https?:\S+/.exec(t.mails().at(-1)!.text)![0]).searchParams.get("token")!
    expect(t.identity.passwordResetOf(token)).not.toBeNull()
    await ask(ada)
    await confirm(ada, t.lastCode())
    expect(t.identity.passwordResetOf(token)).toBeNull()
    await t.join("ada@example.com")
    expect(t.identity.passwordResetOf(token)).toBeNull()
  })

  test("bad forms say what to change", async () => {
    for (const email of ["", "ada", "a@b\r\nbcc: c@d.example", "Ada@example.com"])
      await expect(ask(ada, email)).rejects.toMatchObject({ extra: { formErrors: { email: expect.any(String) } } })
  })

  test("of PURSER_ADMINS makes an admin once proved", async () => {
    await t.close()
    t = await openIdentity({ adminEmails: [NEW] })
    ada = await signedUp("ada@example.com")
    await ask(ada)
    expect(t.identity.userById(ada.session.userId)?.isAdmin).toBe(false)
    expect((await confirm(ada, t.lastCode())).isAdmin).toBe(true)
  })
})

describe("an address that has an account", () => {
  test("gets the same answer and no code; its owner is told", async () => {
    const bob = await signedUp("bob@example.com")
    const free = await ask(ada)
    const taken = await ask(bob, "ada@example.com")
    expect({ ...taken, email: "" }).toEqual({ ...free, email: "" })
    expect(mailsTo("ada@example.com").at(-1)).toBe("You already have a Purser account")
    const row = t.store.read.get<{ n: number }>("SELECT count(*) AS n FROM email_codes")!
    expect(row.n).toBe(2)
    await expect(confirm(bob, "000000")).rejects.toMatchObject({ code: "validation_failed" })
    expect(emailOf(bob)).toBe("bob@example.com")
  })

  test("made between mail and code: nothing moves", async () => {
    await ask(ada)
    const code = t.lastCode()
    await t.join(NEW)
    await expect(confirm(ada, code)).rejects.toMatchObject({ code: "conflict" })
    expect(emailOf(ada)).toBe("ada@example.com")
  })

  test("two people prove one address at once: one gets it", async () => {
    const bob = await signedUp("bob@example.com")
    await ask(ada)
    const first = t.lastCode()
    await ask(bob)
    const results = await Promise.allSettled([confirm(ada, first), confirm(bob, t.lastCode())])
    expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected"])
    expect([emailOf(ada), emailOf(bob)]).toEqual([NEW, "bob@example.com"])
  })
})

describe("the code", () => {
  test("200 parallel tries: five are counted, and then not even the right one works", async () => {
    await ask(ada)
    const code = t.lastCode()
    const results = await Promise.allSettled(
      Array.from({ length: 200 }, (_, i) => confirm(ada, otherCode(code, i + 1))),
    )
    expect(results.every((result) => result.status === "rejected")).toBe(true)
    expect(pending(ada)?.triesLeft).toBe(0)
    await expect(confirm(ada, code)).rejects.toMatchObject({ code: "validation_failed" })
  })

  test("200 parallel right answers: one change, one notice", async () => {
    await ask(ada)
    const code = t.lastCode()
    const results = await Promise.allSettled(Array.from({ length: 200 }, () => confirm(ada, code)))
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1)
    expect(mailsTo("ada@example.com").filter((subject) => subject.includes("changed"))).toHaveLength(1)
  })

  test("works for the person who asked, in the browser that asked, while they are signed in", async () => {
    const bob = await signedUp("bob@example.com")
    await ask(ada)
    const code = t.lastCode()
    expect(t.identity.pendingEmailChange(ada.visitor.browserId, bob.session.userId)).toBeNull()
    // The next person at the same browser, and the same person at another one.
    await expect(confirm(bob, code, { ...ada.visitor, previousToken: bob.token })).rejects.toMatchObject(expired)
    await expect(confirm(ada, code, newVisitor({ previousToken: ada.token }))).rejects.toMatchObject(expired)
    // Somebody else's session does not speak for her, and an ended one for nobody.
    const asAda = { ...ada.visitor, previousToken: bob.token }
    await expect(confirm(ada, code, asAda)).rejects.toMatchObject({ code: "unauthenticated" })
    await t.identity.logout(testCtx, ada.token)
    await expect(confirm(ada, code)).rejects.toMatchObject({ code: "unauthenticated" })
    expect(emailOf(ada)).toBe("ada@example.com")
  })

  test("dies with the password it was asked with: whoever knew the old one gets no further", async () => {
    await ask(ada)
    const code = t.lastCode()
    const { userId } = ada.session
    const input = { userId, password: "ships and harbours" }
    const { token } = await t.identity.changePassword(ada.visitor, input)
    expect(pending(ada)).toBeNull()
    await expect(confirm(ada, code, { ...ada.visitor, previousToken: token })).rejects.toMatchObject(expired)
    // No other code comes either, until the new password asks for it.
    t.clock.advance(MINUTE_MS)
    await expect(t.identity.resendEmailChange(ada.visitor, userId)).rejects.toMatchObject({ code: "not_found" })
    expect(emailOf(ada)).toBe("ada@example.com")
    await ask(ada)
    expect((await confirm(ada, t.lastCode(), { ...ada.visitor, previousToken: token })).email).toBe(NEW)
  })

  test("ends after ten minutes; a new one replaces it, after a minute at the earliest", async () => {
    await ask(ada)
    const first = t.lastCode()
    const resend = () => t.identity.resendEmailChange(ada.visitor, ada.session.userId)
    await expect(resend()).rejects.toMatchObject({ code: "rate_limit_exceeded", extra: { retryAfterSeconds: 60 } })
    t.clock.advance(MINUTE_MS)
    await resend()
    const second = t.lastCode()
    if (second !== first) await expect(confirm(ada, first)).rejects.toMatchObject({ code: "validation_failed" })
    t.clock.advance(L.codeMs)
    await expect(confirm(ada, second)).rejects.toMatchObject(expired)
    await resend()
    expect((await confirm(ada, t.lastCode())).email).toBe(NEW)
    await expect(resend()).rejects.toMatchObject({ code: "not_found" })
  })

  test("sent again at once it is the same mail; one inbox gets at most ten, then one an hour", async () => {
    const before = t.queued.length
    await ask(ada)
    await ask(ada)
    expect(t.queued.length - before).toBe(1)
    for (let sent = 1; sent < THROTTLES.codesToAddress.burst; sent++) {
      t.clock.advance(MINUTE_MS)
      await ask(ada)
    }
    t.clock.advance(MINUTE_MS)
    await expect(ask(ada)).rejects.toMatchObject({ code: "rate_limit_exceeded" })
    expect(t.queued.length - before).toBe(THROTTLES.codesToAddress.burst)
  })

  test("neither password nor code stands in the database, and no mail carries what was typed", async () => {
    await ask(ada)
    const dump = JSON.stringify(t.store.read.all("SELECT * FROM email_codes"))
    expect(dump).not.toContain(PASSWORD)
    expect(dump).not.toContain(t.lastCode())
    expect(t.mails().at(-1)!.text).not.toContain(NEW)
  })
})
