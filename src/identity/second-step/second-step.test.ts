// Two-step sign-in: what a code opens, once, in which browser, and what happens to who guesses.
import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { generateSync } from "otplib"
import { testCtx } from "../../store/index.ts"
import { logIn, newVisitor, type Opened, openIdentity, PASSWORD } from "../testing.ts"
import type { User, Visitor } from "../types.ts"
import { newRecoveryCode } from "./codes.ts"

const CTX = { ...testCtx, actor: "user:test" }
const MINUTE = 60_000

let t: Opened
let ada: User
beforeEach(async () => {
  t = await openIdentity()
  ada = await t.identity.createUser(CTX, { email: "ada@example.com", password: PASSWORD })
})
afterEach(() => t.close())

const kinds = (): string[] => t.queued.map(({ payload }) => (payload as { kind: string }).kind)
const rows = (table: string): number => t.store.read.get<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`)!.n
const textOf = (table: string): string => JSON.stringify(t.store.read.all(`SELECT * FROM ${table}`))

/** What the app shows, so many steps from now. */
const codeOf = (secret: string, steps = 0): string =>
  generateSync({ secret, epoch: Math.floor(t.clock.now() / 1_000) + steps * 30 })

async function turnedOn(visitor = newVisitor()): Promise<{ secret: string; codes: string[] }> {
  await t.identity.beginSecondStep(CTX, ada.id)
  const { secret } = t.identity.enrolmentOf(ada.id, "Purser")!
  const codes = await t.identity.confirmSecondStep(visitor, CTX, { userId: ada.id, code: codeOf(secret) })
  t.clock.advance(MINUTE)
  return { secret, codes }
}

/** Up to the code. */
async function password(visitor: Visitor): Promise<string> {
  const entered = await t.identity.login(visitor, { email: ada.email, password: PASSWORD })
  if (!("step" in entered)) throw new Error("no code is asked for")
  return entered.step
}

describe("turning it on", () => {
  test("counts from the first right code on; before that a password alone signs in", async () => {
    await t.identity.beginSecondStep(CTX, ada.id)
    expect(t.identity.secondStepOf(ada.id)).toBeNull()
    await logIn(t.identity, newVisitor(), { email: ada.email, password: PASSWORD })
    const enrolment = t.identity.enrolmentOf(ada.id, "A: shop")!
    expect(enrolment.uri).toContain(enrolment.secret)
    expect(enrolment.uri).toStartWith("otpauth://totp/A%20%20shop:")
    await expect(
      t.identity.confirmSecondStep(newVisitor(), CTX, { userId: ada.id, code: "000000" }),
    ).rejects.toMatchObject({ extra: { formErrors: { code: expect.any(String) } } })
    const codes = await t.identity.confirmSecondStep(newVisitor(), CTX, {
      userId: ada.id,
      code: codeOf(enrolment.secret),
    })
    expect(new Set(codes).size).toBe(10)
    expect(t.identity.secondStepOf(ada.id)).toEqual({ sinceMs: t.clock.now(), recoveryLeft: 10 })
    expect(t.identity.enrolmentOf(ada.id, "Purser")).toBeNull()
    expect(kinds()).toContain("second_step_on")
  })

  test("leaves what is on as it is", async () => {
    await turnedOn()
    await expect(t.identity.beginSecondStep(CTX, ada.id)).rejects.toMatchObject({ code: "conflict" })
  })

  test("a secret that nobody confirmed is over after half an hour, and cleared away", async () => {
    await t.identity.beginSecondStep(CTX, ada.id)
    const { secret } = t.identity.enrolmentOf(ada.id, "Purser")!
    t.clock.advance(31 * MINUTE)
    expect(t.identity.enrolmentOf(ada.id, "Purser")).toBeNull()
    await expect(
      t.identity.confirmSecondStep(newVisitor(), CTX, { userId: ada.id, code: codeOf(secret) }),
    ).rejects.toMatchObject({ code: "not_found" })
    await t.identity.purge(CTX)
    expect(rows("totp_secrets")).toBe(0)
  })
})

describe("signing in", () => {
  test("a password alone starts no session; with the code it says so in amr", async () => {
    const { secret } = await turnedOn()
    const visitor = newVisitor()
    const step = await password(visitor)
    expect(t.identity.sessionsOf(ada.id)).toHaveLength(0)
    expect(t.identity.waitingStepOf(visitor, step)).toEqual({ email: ada.email, hasApp: true })
    const { session } = await t.identity.completeLogin(visitor, { step, code: codeOf(secret) })
    expect(session.amr).toEqual(["pwd", "otp", "mfa"])
  })

  test("the steps before and after count, those beyond do not", async () => {
    const { secret } = await turnedOn()
    for (const [steps, isRight] of [
      [-2, false],
      [2, false],
      [-1, true],
      [1, true],
    ] as const) {
      const visitor = newVisitor()
      const step = await password(visitor)
      const entered = t.identity.completeLogin(visitor, { step, code: codeOf(secret, steps) })
      if (isRight) await entered
      else await expect(entered).rejects.toMatchObject({ code: "validation_failed" })
      t.clock.advance(10 * MINUTE)
    }
  })

  test("a code works once, also among 200 at once; the one before it not at all", async () => {
    const { secret } = await turnedOn()
    const steps = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const visitor = newVisitor()
        return { visitor, step: await password(visitor) }
      }),
    )
    // Each from a browser of its own: the account's tries are for who is wrong.
    const code = codeOf(secret)
    const before = codeOf(secret, -1)
    const entered = await Promise.allSettled(
      steps.map(({ visitor, step }) => t.identity.completeLogin(visitor, { step, code })),
    )
    expect(entered.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    t.clock.advance(60 * MINUTE)
    const visitor = newVisitor()
    const step = await password(visitor)
    await expect(t.identity.completeLogin(visitor, { step, code: before })).rejects.toMatchObject({
      code: "validation_failed",
    })
  })

  test("a step opens in its browser only, for ten minutes, until the password is another", async () => {
    const { secret } = await turnedOn()
    const visitor = newVisitor()
    const step = await password(visitor)
    const over = { code: "unauthenticated" }
    await expect(t.identity.completeLogin(newVisitor(), { step, code: codeOf(secret) })).rejects.toMatchObject(over)
    await expect(t.identity.completeLogin(visitor, { step: `${step}x`, code: codeOf(secret) })).rejects.toMatchObject(
      over,
    )
    const signedIn = await t.identity.completeLogin(visitor, { step, code: codeOf(secret) })
    const late = await password(visitor)
    await t.identity.changePassword(
      { ...visitor, previousToken: signedIn.token },
      { userId: ada.id, password: "another long password" },
    )
    t.clock.advance(MINUTE)
    await expect(t.identity.completeLogin(visitor, { step: late, code: codeOf(secret) })).rejects.toMatchObject(over)
  })

  test("time runs out", async () => {
    const { secret } = await turnedOn()
    const visitor = newVisitor()
    const step = await password(visitor)
    t.clock.advance(11 * MINUTE)
    expect(t.identity.waitingStepOf(visitor, step)).toBeNull()
    await expect(t.identity.completeLogin(visitor, { step, code: codeOf(secret) })).rejects.toMatchObject({
      code: "unauthenticated",
    })
  })

  test("who is suspended between the steps does not enter", async () => {
    const { secret } = await turnedOn()
    const visitor = newVisitor()
    const step = await password(visitor)
    await t.identity.suspend(CTX, { userId: ada.id, reason: "because" })
    await expect(t.identity.completeLogin(visitor, { step, code: codeOf(secret) })).rejects.toMatchObject({
      code: "account_suspended",
    })
  })
})

describe("guessing", () => {
  test("stops after six, from any number of browsers; the owner goes on in theirs", async () => {
    const { secret } = await turnedOn()
    const mine = newVisitor()
    await t.identity.completeLogin(mine, { step: await password(mine), code: codeOf(secret) })
    t.clock.advance(MINUTE)
    const tried: string[] = []
    for (let at = 0; at < 8; at++) {
      const visitor = newVisitor()
      const step = await password(visitor)
      await t.identity
        .completeLogin(visitor, { step, code: "000000" })
        .catch(({ code }: { code: string }) => tried.push(code))
    }
    expect(tried.slice(0, 6)).toEqual(Array(6).fill("validation_failed"))
    expect(tried.slice(6)).toEqual(Array(2).fill("rate_limit_exceeded"))
    await t.identity.completeLogin(mine, { step: await password(mine), code: codeOf(secret) })
  })
})

describe("recovery codes", () => {
  test("each opens once, however it is typed, and the owner is told how many are left", async () => {
    const { codes } = await turnedOn()
    const [first] = codes as [string]
    const typed = ` ${first.toUpperCase().replaceAll("-", " ")} `
    const visitor = newVisitor()
    await t.identity.completeLogin(visitor, { step: await password(visitor), code: typed })
    expect(t.identity.secondStepOf(ada.id)?.recoveryLeft).toBe(9)
    expect(kinds()).toContain("recovery_code_used")
    const again = newVisitor()
    await expect(t.identity.completeLogin(again, { step: await password(again), code: first })).rejects.toMatchObject({
      code: "validation_failed",
    })
  })

  test("200 at once: one winner", async () => {
    const { codes } = await turnedOn()
    const steps = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const visitor = newVisitor()
        return { visitor, step: await password(visitor) }
      }),
    )
    const entered = await Promise.allSettled(
      steps.map(({ visitor, step }) => t.identity.completeLogin(visitor, { step, code: codes[3]! })),
    )
    expect(entered.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
  })

  test("new ones void the old, and are another person's never", async () => {
    const { codes } = await turnedOn()
    const renewed = await t.identity.renewRecoveryCodes(CTX, ada.id)
    expect(renewed).toHaveLength(10)
    for (const code of [codes[0]!, newRecoveryCode()]) {
      const visitor = newVisitor()
      await expect(t.identity.completeLogin(visitor, { step: await password(visitor), code })).rejects.toMatchObject({
        code: "validation_failed",
      })
    }
    expect(textOf("recovery_codes")).not.toContain(renewed[0]!.replaceAll("-", ""))
  })

  test("are sixteen letters that nobody mistakes, all as likely", () => {
    const counts = new Map<string, number>()
    for (let at = 0; at < 2_000; at++)
      for (const letter of newRecoveryCode().replaceAll("-", "")) counts.set(letter, (counts.get(letter) ?? 0) + 1)
    expect([...counts.keys()].toSorted().join("")).toBe("23456789abcdefghjkmnpqrstvwxyz")
    const mean = (2_000 * 16) / 30
    for (const count of counts.values()) expect(Math.abs(count - mean) / mean).toBeLessThan(0.25)
  })
})

describe("turning it off", () => {
  test("takes app and recovery codes away", async () => {
    await turnedOn()
    await t.identity.endSecondStep(CTX, ada.id)
    await expect(t.identity.endSecondStep(CTX, ada.id)).rejects.toMatchObject({ code: "conflict" })
    await expect(t.identity.renewRecoveryCodes(CTX, ada.id)).rejects.toMatchObject({ code: "conflict" })
    expect(t.identity.secondStepOf(ada.id)).toBeNull()
    expect(rows("recovery_codes")).toBe(0)
    expect(kinds()).toContain("second_step_off")
    await logIn(t.identity, newVisitor(), { email: ada.email, password: PASSWORD })
  })

  test("a new password by mail leaves it on", async () => {
    await turnedOn()
    const visitor = newVisitor()
    await t.identity.requestPasswordReset(visitor, { email: ada.email })
    const token = /token=([\w-]{43})/.exec(JSON.stringify(t.mails().at(-1)))![1]!
    await t.identity.resetPassword(visitor, { token, password: "a better password" })
    const entered = await t.identity.login(visitor, { email: ada.email, password: "a better password" })
    expect("step" in entered).toBe(true)
  })

  test("the console of the server removes it", async () => {
    await turnedOn()
    await t.identity.removeSecondStepByEmail(CTX, "Ada@example.com")
    await logIn(t.identity, newVisitor(), { email: ada.email, password: PASSWORD })
    await expect(t.identity.removeSecondStepByEmail(CTX, ada.email)).rejects.toMatchObject({ code: "conflict" })
    await expect(t.identity.removeSecondStepByEmail(CTX, "eve@example.com")).rejects.toMatchObject({
      code: "not_found",
    })
  })
})

test("the secret stands sealed, for its row", async () => {
  const { secret } = await turnedOn()
  expect(textOf("totp_secrets")).not.toContain(secret)
})
