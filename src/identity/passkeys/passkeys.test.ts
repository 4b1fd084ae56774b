// Passkeys against an authenticator made by hand: what is right gets in once, and every single lie is refused.
import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { generateSync } from "otplib"
import { IDENTITY_LIMITS as L } from "../limits.ts"
import { newVisitor, type Opened, openIdentity, PASSWORD } from "../testing.ts"
import type { Visitor } from "../types.ts"
import { firstName } from "./models.ts"
import { isBehind, isPasskeyOrigin } from "./rules.ts"
import { type Lies, type SoftKey, softKey } from "./testing.ts"

const ORIGIN = "https://ai.example.com"
const CTX = { actor: "user:x", requestId: "req_x", reason: "test" }
const REFUSED = { code: "validation_failed", extra: { formErrors: { form: expect.any(String) } } }

let opened: Opened
beforeEach(async () => {
  opened = await openIdentity()
})
afterEach(() => opened.close())

interface Person {
  userId: number
  email: string
  visitor: Visitor
  key: SoftKey
  codes: string[] | null
}

async function register(userId: number, visitor: Visitor, key: SoftKey, lies?: Lies, name = "") {
  const asked = opened.identity.askNewPasskey(visitor, userId)
  const response = await key.make(asked, lies)
  return await opened.identity.addPasskey(visitor, CTX, { userId, name, ticket: asked.ticket, response })
}

/** Somebody with one passkey. */
async function withPasskey(email = "ada@example.com", of?: Parameters<typeof softKey>[1]): Promise<Person> {
  const { visitor: stranger, session, token } = await opened.join(email)
  const visitor = { ...stranger, previousToken: token }
  const key = await softKey(ORIGIN, of)
  const { codes } = await register(session.userId, visitor, key)
  return { userId: session.userId, email, visitor, key, codes }
}

async function signIn(key: SoftKey, lies?: Lies, visitor = newVisitor()) {
  const asked = opened.identity.askSignIn(visitor)
  return await opened.identity.signInByPasskey(visitor, { ticket: asked.ticket, response: await key.use(asked, lies) })
}

describe("a new one", () => {
  test("has the name of what made it, or the one that was typed, and signs in as several factors", async () => {
    const { identity } = opened
    const { key, userId, visitor } = await withPasskey("ada@example.com", {
      aaguid: Buffer.from("fbfc3007154e4ecc8c0b6e020557d7bd", "hex"),
      syncs: true,
    })
    await register(userId, visitor, await softKey(ORIGIN), undefined, "  My key  ")
    await register(userId, visitor, await softKey(ORIGIN))
    expect(identity.passkeysOf(userId).map(({ name, syncs, usedMs }) => ({ name, syncs, usedMs }))).toEqual([
      { name: "Apple Passwords", syncs: true, usedMs: null },
      { name: "My key", syncs: false, usedMs: null },
      { name: "A browser on Linux", syncs: false, usedMs: null },
    ])
    const { session } = await signIn(key)
    expect(session).toMatchObject({ userId, amr: ["swk", "user", "mfa"] })
    expect(identity.passkeysOf(userId)[0]!.usedMs).toBe(opened.clock.now())
    expect(identity.isFresh(session)).toBe(true)
  })

  test.each<[string, Lies]>([
    ["another origin", { origin: "https://evil.example" }],
    ["another port", { origin: "https://ai.example.com:8443" }],
    ["another host", { rpId: "example.com" }],
    ["another challenge", { challenge: "YW5vdGhlcg" }],
    ["an answer to another question", { type: "webauthn.get" }],
    ["a frame", { crossOrigin: true }],
    ["nobody verified", { flags: 0x01 }],
    ["nobody present", { flags: 0x04 }],
    ["copied and not to be copied", { flags: 0x15 }],
    ["another id", { credentialId: "YW5vdGhlcg" }],
  ])("is refused with %s", async (_, lies) => {
    const { session, token, visitor } = await opened.join("ada@example.com")
    const here = { ...visitor, previousToken: token }
    await expect(register(session.userId, here, await softKey(ORIGIN), lies)).rejects.toMatchObject(REFUSED)
    expect(opened.identity.passkeysOf(session.userId)).toEqual([])
  })

  test("is asked for and made by the same person, browser and purpose, in time, once", async () => {
    const { identity, clock } = opened
    const { userId, visitor } = await withPasskey()
    const key = await softKey(ORIGIN)
    const asked = identity.askNewPasskey(visitor, userId)
    const input = { userId, name: "", ticket: asked.ticket, response: await key.make(asked) }
    await expect(identity.addPasskey({ ...visitor, browserId: "another" }, CTX, input)).rejects.toMatchObject(REFUSED)
    const signing = identity.askSignIn(visitor)
    await expect(identity.addPasskey(visitor, CTX, { ...input, ticket: signing.ticket })).rejects.toMatchObject(REFUSED)
    const both = await Promise.allSettled([
      identity.addPasskey(visitor, CTX, input),
      identity.addPasskey(visitor, CTX, input),
    ])
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    const twin = { ...input, response: await (await softKey(ORIGIN)).make(asked) }
    await expect(identity.addPasskey(visitor, CTX, twin)).rejects.toMatchObject(REFUSED)
    const late = identity.askNewPasskey(visitor, userId)
    const response = await (await softKey(ORIGIN)).make(late)
    clock.advance(15 * 60_000)
    await expect(
      identity.addPasskey(visitor, CTX, { userId, name: "", ticket: late.ticket, response }),
    ).rejects.toMatchObject(REFUSED)
    expect(identity.passkeysOf(userId)).toHaveLength(2)
  })

  test("asked for by one person is made by nobody else, not even in the same browser", async () => {
    const { identity } = opened
    const ada = await withPasskey()
    const { session, token } = await opened.join("eve@example.com", {
      ...newVisitor(),
      browserId: ada.visitor.browserId,
    })
    const eve = { ...ada.visitor, previousToken: token }
    const asked = identity.askNewPasskey(ada.visitor, ada.userId)
    const answer = { name: "", ticket: asked.ticket, response: await (await softKey(ORIGIN)).make(asked) }
    await expect(identity.addPasskey(eve, CTX, { ...answer, userId: session.userId })).rejects.toMatchObject(REFUSED)
    await expect(identity.addPasskey(eve, CTX, { ...answer, userId: ada.userId })).rejects.toMatchObject({
      code: "unauthenticated",
    })
    expect([identity.passkeysOf(session.userId), identity.passkeysOf(ada.userId).length]).toEqual([[], 1])
  })

  test("is one person's, and there are at most so many", async () => {
    const { userId, visitor, key } = await withPasskey()
    const eve = await opened.join("eve@example.com")
    await expect(register(eve.session.userId, { ...eve.visitor, previousToken: eve.token }, key)).rejects.toMatchObject(
      { code: "conflict" },
    )
    for (let n = 1; n < L.passkeysMax; n++) await register(userId, visitor, await softKey(ORIGIN))
    await expect(register(userId, visitor, await softKey(ORIGIN))).rejects.toMatchObject({ code: "conflict" })
  })
})

describe("signing in", () => {
  test.each<[string, Lies]>([
    ["another origin", { origin: "https://evil.example" }],
    ["another scheme", { origin: "http://ai.example.com" }],
    ["another host", { rpId: "evil.example" }],
    ["a parent of the host", { rpId: "example.com" }],
    ["another challenge", { challenge: "YW5vdGhlcg" }],
    ["an answer to another question", { type: "webauthn.create" }],
    ["a frame", { crossOrigin: true }],
    ["nobody verified", { flags: 0x01 }],
    ["nobody present", { flags: 0x04 }],
    ["a key that may be copied since", { flags: 0x0d }],
    ["another signature", { forged: true }],
    ["another person", { userHandle: Buffer.from("usr_1").toString("base64url") }],
    ["no person", { userHandle: null }],
    ["a key that nobody knows", { credentialId: "YW5vdGhlcg" }],
  ])("is refused with %s", async (_, lies) => {
    const { key } = await withPasskey()
    await expect(signIn(key, lies)).rejects.toMatchObject(REFUSED)
    expect((await signIn(key)).session.email).toBe("ada@example.com")
  })

  test.each(["", "{", "null", "[]", '{"id":"a","type":"public-key","response":{}}', `"${"a".repeat(20_000)}"`])(
    "is refused with what is no answer (%#)",
    async (response) => {
      const visitor = newVisitor()
      const { ticket } = opened.identity.askSignIn(visitor)
      await expect(opened.identity.signInByPasskey(visitor, { ticket, response })).rejects.toMatchObject(REFUSED)
    },
  )

  test("by one answer 200 times at once lets one in, and none later or elsewhere", async () => {
    const { identity, clock } = opened
    const { key } = await withPasskey("ada@example.com", { counts: false })
    const visitor = newVisitor()
    const asked = identity.askSignIn(visitor)
    const answer = { ticket: asked.ticket, response: await key.use(asked) }
    await expect(identity.signInByPasskey({ ...visitor, browserId: "another" }, answer)).rejects.toMatchObject(REFUSED)
    const all = await Promise.allSettled(Array.from({ length: 200 }, () => identity.signInByPasskey(visitor, answer)))
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    await expect(identity.signInByPasskey(visitor, answer)).rejects.toMatchObject(REFUSED)
    // Forgotten once it would be over anyway: not a moment sooner.
    clock.advance(15 * 60_000 - 1)
    await identity.purge(CTX)
    await expect(identity.signInByPasskey(visitor, answer)).rejects.toMatchObject(REFUSED)
    clock.advance(1)
    await identity.purge(CTX)
    expect(opened.store.read.get("SELECT COUNT(*) AS n FROM passkey_challenges")).toEqual({ n: 0 })
    await expect(identity.signInByPasskey(visitor, answer)).rejects.toMatchObject(REFUSED)
  })

  test("with a counter that went back is refused, audited and told to the owner", async () => {
    const { key, userId } = await withPasskey()
    await signIn(key)
    await signIn(key, { counter: 7 })
    for (const counter of [7, 6, 0]) await expect(signIn(key, { counter })).rejects.toMatchObject(REFUSED)
    const told = opened.mails().filter((mail) => mail?.subject.includes("may have been copied"))
    expect(told).toHaveLength(3)
    await expect(signIn(key, { counter: 5 })).rejects.toMatchObject(REFUSED)
    expect(opened.mails().filter((mail) => mail?.subject.includes("may have been copied"))).toHaveLength(3)
    expect(opened.store.read.get("SELECT COUNT(*) AS n FROM audit_log WHERE action = 'passkey.copied'")).toEqual({
      n: 4,
    })
    expect((await signIn(key, { counter: 8 })).session.userId).toBe(userId as never)
  })

  test("with a counter that stays 0 goes on", async () => {
    const { key } = await withPasskey("ada@example.com", { counts: false })
    await signIn(key)
    expect((await signIn(key)).session.amr).toEqual(["hwk", "user", "mfa"])
  })

  test("is not for who is suspended, nor by one that was removed meanwhile", async () => {
    const { identity } = opened
    const { key, userId } = await withPasskey()
    const visitor = newVisitor()
    const asked = identity.askSignIn(visitor)
    const response = await key.use(asked)
    const { publicId } = identity.passkeysOf(userId)[0]!
    await identity.removePasskey(CTX, { userId, publicId })
    await expect(identity.signInByPasskey(visitor, { ticket: asked.ticket, response })).rejects.toMatchObject(REFUSED)
    const eve = await withPasskey("eve@example.com")
    await identity.suspend(CTX, { userId: eve.userId as never, reason: "test" })
    await expect(signIn(eve.key)).rejects.toMatchObject({ code: "account_suspended" })
  })
})

describe("as the second factor", () => {
  const password = async (person: Person, visitor = newVisitor(), word = PASSWORD) => {
    const entered = await opened.identity.login(visitor, { email: person.email, password: word })
    if (!("step" in entered)) throw new Error("nothing more is asked for")
    return { visitor, step: entered.step }
  }

  test("it is asked for after the password, also of a new one by mail, and nobody else's counts", async () => {
    const { identity } = opened
    const ada = await withPasskey()
    const eve = await withPasskey("eve@example.com")
    const { visitor, step } = await password(ada)
    const asked = identity.askSecond(visitor, step)!
    await expect(
      identity.completeByPasskey(visitor, { step, ticket: asked.ticket, response: await eve.key.use(asked) }),
    ).rejects.toMatchObject(REFUSED)
    const response = await ada.key.use(asked, { userHandle: null })
    const { session } = await identity.completeByPasskey(visitor, { step, ticket: asked.ticket, response })
    expect(session.amr).toEqual(["pwd", "hwk", "user", "mfa"])

    await identity.requestPasswordReset(newVisitor(), { email: ada.email })
    const link = opened.mails().findLast((mail) => mail?.text.includes("reset-password"))!.text
    const token = /token=([\w-]+)/.exec(link)![1]!
    await identity.resetPassword(newVisitor(), { token, password: "another good phrase" })
    expect(identity.passkeysOf(ada.userId)).toHaveLength(1)
    expect((await password(ada, newVisitor(), "another good phrase")).step).toBeString()
  })

  test("a recovery code does in its place, and the last one takes them along", async () => {
    const { identity } = opened
    const ada = await withPasskey()
    expect(ada.codes).toHaveLength(10)
    const { visitor, step } = await password(ada)
    await expect(identity.completeLogin(visitor, { step, code: "123456" })).rejects.toMatchObject({
      code: "validation_failed",
    })
    const { session } = await identity.completeLogin(visitor, { step, code: ada.codes![0]! })
    expect(session.userId).toBe(ada.userId as never)
    expect(identity.recoveryCodesLeft(ada.userId)).toBe(9)
    const { publicId } = identity.passkeysOf(ada.userId)[0]!
    await identity.removePasskey(CTX, { userId: ada.userId, publicId })
    expect(identity.recoveryCodesLeft(ada.userId)).toBe(0)
    expect(await identity.login(newVisitor(), { email: ada.email, password: PASSWORD })).not.toHaveProperty("step")
  })

  test("an app beside it keeps its codes", async () => {
    const { identity, clock, store } = opened
    const ada = await withPasskey()
    await identity.beginSecondStep(CTX, ada.userId)
    const { secret } = identity.enrolmentOf(ada.userId, "Purser")!
    const code = generateSync({ secret, epoch: Math.floor(clock.now() / 1_000) })
    await identity.confirmSecondStep(ada.visitor, CTX, { userId: ada.userId, code })
    await store.write(CTX, (tx) => void identity.removePasskeysIn(tx, ada.userId))
    expect(identity.recoveryCodesLeft(ada.userId)).toBe(10)
    await expect(store.write(CTX, (tx) => void identity.removePasskeysIn(tx, ada.userId))).rejects.toMatchObject({
      code: "conflict",
    })
  })

  test("it confirms who is there, in its own session", async () => {
    const { identity, clock } = opened
    const ada = await withPasskey()
    clock.advance(L.confirmedMs)
    const isFresh = () => identity.isFresh(identity.sessionByToken(ada.visitor.previousToken!)!)
    expect(isFresh()).toBe(false)
    expect(identity.confirmWays(ada.userId)).toEqual({ first: "password", code: "recovery" })
    const asked = identity.askConfirm(ada.visitor, ada.userId)!
    const input = { userId: ada.userId, ticket: asked.ticket, response: await ada.key.use(asked) }
    // The answer to one question is none to another.
    await expect(identity.signInByPasskey(ada.visitor, input)).rejects.toMatchObject(REFUSED)
    const { step } = await password(ada, ada.visitor)
    const second = identity.askSecond(ada.visitor, step)!
    const elsewhere = { ...input, ticket: second.ticket, response: await ada.key.use(second) }
    await expect(identity.confirmByPasskey(ada.visitor, CTX, elsewhere)).rejects.toMatchObject(REFUSED)
    await identity.confirmByPasskey(ada.visitor, CTX, input)
    expect(isFresh()).toBe(true)
    await expect(identity.confirmByPasskey(ada.visitor, CTX, input)).rejects.toMatchObject(REFUSED)
    clock.advance(L.confirmedMs)
    await expect(
      identity.confirm(ada.visitor, CTX, { userId: ada.userId, first: PASSWORD, code: "" }),
    ).rejects.toMatchObject({ extra: { formErrors: { code: expect.any(String) } } })
    await identity.confirm(ada.visitor, CTX, { userId: ada.userId, first: PASSWORD, code: ada.codes![0]! })
    expect(isFresh()).toBe(true)
  })
})

test("one that is the only way in stays", async () => {
  const { identity, store } = opened
  const user = await store.write(CTX, (tx) => {
    const made = identity.createUserIn(tx, { email: "fed@example.com", passwordHash: null, emailVerified: true })
    return identity.setAdminIn(tx, { userId: made.id, isAdmin: true })
  })
  const { url } = await identity.createLoginLink(CTX, user.email)
  const visitor = newVisitor()
  const { token } = await identity.claimLoginLink(visitor, { token: url.split("/").at(-1)!, password: "" })
  const here = { ...visitor, previousToken: token }
  await register(user.id, here, await softKey(ORIGIN))
  const [first] = identity.passkeysOf(user.id)
  const ref = { userId: user.id, publicId: first!.publicId }
  await expect(identity.removePasskey(CTX, ref)).rejects.toMatchObject({ code: "conflict" })
  await register(user.id, here, await softKey(ORIGIN))
  await identity.removePasskey(CTX, ref)
  await expect(identity.renamePasskey(CTX, { ...ref, name: "x" })).rejects.toMatchObject({ code: "not_found" })
})

test("counters, hosts and first names", () => {
  expect([isBehind(0, 0), isBehind(0, 1), isBehind(1, 2), isBehind(1, 1), isBehind(2, 1), isBehind(1, 0)]).toEqual([
    false,
    false,
    false,
    true,
    true,
    true,
  ])
  const can = ["https://a.example", "http://localhost:8080", "http://a.localhost"]
  const cannot = ["http://a.example", "https://127.0.0.1", "http://127.0.0.1:8080", "https://[::1]"]
  expect(can.map(isPasskeyOrigin)).toEqual([true, true, true])
  expect(cannot.map(isPasskeyOrigin)).toEqual([false, false, false, false])
  expect(firstName("00000000-0000-0000-0000-000000000000", ["usb", "nfc"], "Chrome on Linux")).toBe("Security key")
  expect(firstName("00000000-0000-0000-0000-000000000000", ["internal"], "Chrome on Linux")).toBe("Chrome on Linux")
})
