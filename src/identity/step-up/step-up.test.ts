// Confirming who is there, without pages: what is enough, a mailed code for who has no password, and what is no proof.
import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { generateSync } from "otplib"
import { IDENTITY_LIMITS as L } from "../limits.ts"
import { softKey } from "../passkeys/testing.ts"
import { newVisitor, type Opened, openIdentity, otherCode, PASSWORD } from "../testing.ts"
import type { Visitor } from "../types.ts"
import { isEnough } from "./rules.ts"

const CTX = { actor: "user:x", requestId: "req_x", reason: "test" }

let opened: Opened
beforeEach(async () => {
  opened = await openIdentity()
})
afterEach(() => opened.close())

/** An admin without a password, let in by a link of the server. */
async function passwordless(): Promise<{ visitor: Visitor; userId: number; token: string }> {
  const { identity, store } = opened
  const user = await store.write(CTX, (tx) => {
    const made = identity.createUserIn(tx, {
      email: "fed@example.com",
      passwordHash: null,
      emailVerified: true,
    })
    return identity.setAdminIn(tx, { userId: made.id, isAdmin: true })
  })
  const { url } = await identity.createLoginLink(CTX, user.email)
  const visitor = newVisitor()
  const { token } = await identity.claimLoginLink(visitor, { token: url.split("/").at(-1)!, password: "" })
  return { visitor: { ...visitor, previousToken: token }, userId: user.id, token }
}

const isFresh = (token: string): boolean => opened.identity.isFresh(opened.identity.sessionByToken(token)!)
const ofField = (name: string) => ({ extra: { formErrors: { [name]: expect.any(String) } } })

test("enough is new, and by several factors where there are several", () => {
  const now = 1_000_000_000
  const proof = (ms: number, amr: string) => ({ ms, amr: amr.split(" ").filter(Boolean) })
  const one = { hasSecond: false, nowMs: now }
  const two = { hasSecond: true, nowMs: now }
  expect(isEnough(proof(now, "pwd"), one)).toBe(true)
  expect(isEnough(proof(now - L.confirmedMs + 1, "pwd"), one)).toBe(true)
  expect(isEnough(proof(now - L.confirmedMs, "pwd"), one)).toBe(false)
  expect(isEnough(proof(now, ""), one)).toBe(false)
  expect(isEnough(proof(now, "pwd"), two)).toBe(false)
  expect(isEnough(proof(now, "otp"), two)).toBe(false)
  expect(isEnough(proof(now, "pwd otp mfa"), two)).toBe(true)
  expect(isEnough(proof(now - L.confirmedMs, "pwd otp mfa"), two)).toBe(false)
})

describe("without a password", () => {
  test("a mailed code confirms, once, in this browser, and wrong ones end it", async () => {
    const { identity, clock } = opened
    const { visitor, userId, token } = await passwordless()
    expect(identity.confirmWays(userId)).toEqual({ first: "mail", code: null })
    clock.advance(L.confirmedMs)
    expect(isFresh(token)).toBe(false)
    await identity.sendConfirmCode(visitor, CTX, userId)
    const code = opened.lastCode()
    await expect(identity.confirm(visitor, CTX, { userId, first: otherCode(code), code: "" })).rejects.toMatchObject(
      ofField("first"),
    )
    expect(isFresh(token)).toBe(false)
    const elsewhere = { ...visitor, browserId: "another" }
    await expect(identity.confirm(elsewhere, CTX, { userId, first: code, code: "" })).rejects.toMatchObject(
      ofField("first"),
    )
    await identity.confirm(visitor, CTX, { userId, first: code, code: "" })
    expect(isFresh(token)).toBe(true)
    clock.advance(L.confirmedMs)
    await expect(identity.confirm(visitor, CTX, { userId, first: code, code: "" })).rejects.toMatchObject(
      ofField("first"),
    )

    await identity.sendConfirmCode(visitor, CTX, userId)
    const next = opened.lastCode()
    for (let n = 1; n <= L.codeTriesMax; n++)
      await expect(
        identity.confirm(visitor, CTX, { userId, first: otherCode(next, n), code: "" }),
      ).rejects.toMatchObject(ofField("first"))
    await expect(identity.confirm(visitor, CTX, { userId, first: next, code: "" })).rejects.toMatchObject(
      ofField("first"),
    )
    expect(isFresh(token)).toBe(false)
  })

  test("and with a passkey the mailed code alone is too little; a slip with the other does not use it up", async () => {
    const { identity, clock } = opened
    const { visitor, userId, token } = await passwordless()
    const asked = identity.askNewPasskey(visitor, userId)
    const key = await softKey("https://ai.example.com")
    const made = { userId, name: "", ticket: asked.ticket, response: await key.make(asked) }
    const { codes } = await identity.addPasskey(visitor, CTX, made)
    clock.advance(L.confirmedMs)
    expect(identity.confirmWays(userId)).toEqual({ first: "mail", code: "recovery" })
    await identity.sendConfirmCode(visitor, CTX, userId)
    const first = opened.lastCode()
    for (const code of ["", "123456", "aaaa-bbbb-cccc-dddd"])
      await expect(identity.confirm(visitor, CTX, { userId, first, code })).rejects.toMatchObject(ofField("code"))
    expect(isFresh(token)).toBe(false)
    await identity.confirm(visitor, CTX, { userId, first, code: codes![0]! })
    expect(isFresh(token)).toBe(true)
  })

  test("is not how somebody with a password confirms, and a code to an address that was confirms nobody", async () => {
    const { identity } = opened
    const { session, token, visitor } = await opened.join("ada@example.com")
    const here = { ...visitor, previousToken: token }
    await expect(identity.sendConfirmCode(here, CTX, session.userId)).rejects.toMatchObject({ code: "conflict" })
    const fed = await passwordless()
    await expect(identity.sendConfirmCode(here, CTX, fed.userId)).rejects.toMatchObject({ code: "unauthenticated" })
  })
})

describe("the proof", () => {
  test("is of the session that gave it: nobody else's cookie, no ended one", async () => {
    const { identity, clock } = opened
    const ada = await opened.join("ada@example.com")
    const eve = await opened.join("eve@example.com")
    clock.advance(L.confirmedMs)
    const { userId } = ada.session
    const input = { userId, first: PASSWORD, code: "" }
    const asEve = { ...eve.visitor, previousToken: eve.token }
    await expect(identity.confirm(asEve, CTX, input)).rejects.toMatchObject({ code: "unauthenticated" })
    expect(isFresh(eve.token)).toBe(false)
    expect(isFresh(ada.token)).toBe(false)
    const asAda = { ...ada.visitor, previousToken: ada.token }
    await identity.confirm(asAda, CTX, input)
    expect(isFresh(ada.token)).toBe(true)
    await identity.logout(CTX, ada.token)
    await expect(identity.confirm(asAda, CTX, input)).rejects.toMatchObject({ code: "unauthenticated" })
  })

  test("by a recovery code uses it up, and the console below has the same", async () => {
    const { identity, clock } = opened
    const ada = await opened.join("ada@example.com")
    const { userId } = ada.session
    const visitor = { ...ada.visitor, previousToken: ada.token }
    await identity.beginSecondStep(CTX, userId)
    const { secret } = identity.enrolmentOf(userId, "Purser")!
    const appCode = () => generateSync({ secret, epoch: Math.floor(clock.now() / 1_000) })
    const codes = await identity.confirmSecondStep(visitor, CTX, { userId, code: appCode() })
    expect(isFresh(ada.token)).toBe(false)
    const console = await identity.openConsoleSession(newVisitor(), { userId, parentSessionId: ada.session.sessionId })
    const isConsoleFresh = () => identity.isFresh(identity.sessionByToken(console.token, "console")!)
    expect(isConsoleFresh()).toBe(false)
    await identity.confirm(visitor, CTX, { userId, first: PASSWORD, code: codes[0]! })
    expect(isConsoleFresh()).toBe(true)
    expect(identity.secondStepOf(userId)?.recoveryLeft).toBe(9)
    await expect(identity.confirm(visitor, CTX, { userId, first: PASSWORD, code: codes[0]! })).rejects.toMatchObject(
      ofField("code"),
    )
    await expect(identity.confirm(visitor, CTX, { userId, first: "", code: "" })).rejects.toMatchObject({
      extra: { formErrors: { first: expect.any(String), code: expect.any(String) } },
    })
  })
})
