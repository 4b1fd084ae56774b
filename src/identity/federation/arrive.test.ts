// Who comes in with an issuer's word, and what is proved before an account is opened to it.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { generateSync } from "otplib"
import { type HostileIssuer, startHostile } from "../../../test/fakes/issuer/hostile.ts"
import type { AppError } from "../../app/index.ts"
import { logIn, newVisitor, type Opened, openIdentity, otherCode, PASSWORD } from "../testing.ts"
import type { User, Visitor } from "../types.ts"
import { addIssuer, CTX, errorOf, roundTrip, SLUG } from "./testing.ts"

const MINUTE = 60_000
const ADA = "ada@example.com"

let made: HostileIssuer
let t: Opened
beforeAll(async () => {
  made = await startHostile()
})
afterAll(() => made.close())
beforeEach(async () => {
  made.lies = {}
  t = await openIdentity()
  await addIssuer(t, made)
})
afterEach(() => t.close())

const kinds = (): string[] => t.queued.flatMap(({ payload }) => (payload as { kind?: string }).kind ?? [])
const ada = () => t.identity.userByEmail(ADA)
const mine = () => t.identity.connectionsOf(ada()!.id)
const actions = () =>
  t.store.read.all<{ action: string }>("SELECT action FROM audit_log ORDER BY id").map((row) => row.action)
const codeOf = (secret: string): string => generateSync({ secret, epoch: Math.floor(t.clock.now() / 1_000) })

async function withTwoStep(user: User): Promise<string> {
  const visitor = newVisitor()
  await t.identity.beginSecondStep(visitor, CTX, { userId: user.id, current: PASSWORD })
  const { secret } = t.identity.enrolmentOf(user.id, "Purser")!
  await t.identity.confirmSecondStep(visitor, CTX, { userId: user.id, code: codeOf(secret) })
  t.clock.advance(MINUTE)
  return secret
}

/** Ada has an account of her own; the issuer brings somebody with her address. */
async function joinOf(visitor: Visitor): Promise<string> {
  const arrival = await roundTrip(t, made, visitor)
  if (arrival.kind !== "join") throw new Error(errorOf(arrival))
  return arrival.join
}

describe("somebody new", () => {
  test("gets an account with name and picture, no password, and one way in", async () => {
    made.lies = { claims: { picture: "https://pictures.example/ada.png", name: "  Ada\u202e  Lovelace " } }
    const arrival = await roundTrip(t, made)
    if (arrival.kind !== "in") throw new Error(errorOf(arrival))
    // A name that could deceive is no name.
    expect(ada()).toMatchObject({ name: null, emailVerified: true, isAdmin: false })
    expect(arrival.started.session.amr).toEqual(["fed"])
    expect(arrival.started.session.authTimeMs).toBe(t.clock.now())
    expect(t.queued.find(({ topic }) => topic === "identity.picture")?.payload).toEqual({
      userId: ada()!.id,
      url: "https://pictures.example/ada.png",
    })
    expect(t.identity.hasPassword(ada()!.id)).toBe(false)
    expect(mine()).toMatchObject([{ name: "Elsewhere", slug: SLUG, email: ADA }])
    await expect(t.identity.login(newVisitor(), { email: ADA, password: "" })).rejects.toThrow()
    await expect(t.identity.login(newVisitor(), { email: ADA, password: PASSWORD })).rejects.toThrow()
    await expect(
      t.store.write(CTX, (tx) => t.identity.disconnectIn(tx, { userId: ada()!.id, publicId: mine()[0]!.publicId })),
    ).rejects.toThrow("Elsewhere is the only way into your account. Set a password first.")
    expect(actions()).toContain("connection.added")
    expect(kinds()).not.toContain("connection_added")
  })

  test("comes only where the issuer may bring people, and only from its domains", async () => {
    await t.identity.editIssuer(CTX, SLUG, { signUp: false })
    expect(errorOf(await roundTrip(t, made))).toContain("No account here is connected")
    await t.identity.editIssuer(CTX, SLUG, { signUp: true, domains: ["Example.ORG", "@sub.example.com"] })
    expect(errorOf(await roundTrip(t, made))).toContain("is for addresses at example.org, sub.example.com")
    for (const email of ["ada@evil-example.org", "ada@example.org.evil.example", "ada@example.com"]) {
      made.lies = { claims: { email } }
      expect((await roundTrip(t, made)).kind).toBe("refused")
    }
    made.lies = { claims: { email: "ada@EXAMPLE.org" } }
    expect((await roundTrip(t, made)).kind).toBe("in")
    // Also later, with another address there.
    made.lies = { claims: { email: ADA } }
    expect((await roundTrip(t, made)).kind).toBe("refused")
    made.lies = { claims: { email: "ada@example.org", email_verified: false } }
    expect((await roundTrip(t, made)).kind).toBe("refused")
  })

  test("who is named in PURSER_ADMINS is an admin with a verified address", async () => {
    const other = await openIdentity({ adminEmails: [ADA] })
    await addIssuer(other, made)
    await roundTrip(other, made)
    expect(other.identity.userByEmail(ADA)?.isAdmin).toBe(true)
    await other.close()
  })

  test("is asked for a proof here before what is dangerous, unless the issuer saw one a moment ago", async () => {
    const freshAfter = async (authTime?: number) => {
      made.lies = { claims: { auth_time: authTime } }
      const arrival = await roundTrip(t, made)
      if (arrival.kind !== "in") throw new Error(errorOf(arrival))
      return t.identity.isFresh(arrival.started.session)
    }
    const now = Math.floor(Date.now() / 1_000)
    expect(await freshAfter()).toBe(false)
    expect(await freshAfter(now - 3_600)).toBe(false)
    expect(await freshAfter(now - 5)).toBe(true)
  })

  test("fifty at once are one account", async () => {
    const arrivals = await Promise.all(Array.from({ length: 50 }, () => roundTrip(t, made)))
    expect(arrivals.every(({ kind }) => kind === "in")).toBe(true)
    expect(t.identity.searchUsers({ limit: 100 })).toHaveLength(1)
    expect(mine()).toHaveLength(1)
  })
})

describe("somebody known", () => {
  test("is known by subject, whatever their address is there or here", async () => {
    await roundTrip(t, made)
    const id = ada()!.id
    t.clock.advance(MINUTE)
    made.lies = { claims: { email: "moved@example.net", email_verified: false } }
    const arrival = await roundTrip(t, made)
    expect(arrival).toMatchObject({ kind: "in", started: { session: { userId: id } } })
    expect(ada()?.id).toBe(id)
    expect(mine()).toMatchObject([{ email: "moved@example.net", usedMs: t.clock.now() }])
    // The address is free there: its next owner is somebody else, who has to prove that the account is theirs.
    made.lies = { claims: { sub: "eve-1" } }
    expect((await roundTrip(t, made)).kind).toBe("join")
  })

  test("and suspended comes in by no way; reinstated, by all", async () => {
    await roundTrip(t, made)
    await t.identity.suspend(CTX, { userId: ada()!.id, reason: "spam" })
    expect(errorOf(await roundTrip(t, made))).toContain("suspended")
    made.lies = { claims: { sub: "other-sub" } }
    expect(errorOf(await roundTrip(t, made))).toContain("suspended")
    made.lies = {}
    await t.identity.unsuspend(CTX, { userId: ada()!.id, reason: "sorry" })
    expect((await roundTrip(t, made)).kind).toBe("in")
  })

  test("an issuer that was removed and added again knows its people", async () => {
    await roundTrip(t, made)
    const id = ada()!.id
    expect(t.identity.issuerPeople(made.issuer)).toEqual({ people: 1, onlyWay: 1 })
    await t.identity.removeIssuer(CTX, SLUG)
    expect(t.identity.connectionsOf(id)).toMatchObject([{ name: new URL(made.issuer).host, slug: null }])
    await addIssuer(t, made, { slug: "again" })
    expect(await roundTrip(t, made, newVisitor(), { slug: "again" })).toMatchObject({
      started: { session: { userId: id } },
    })
  })
})

describe("an account that nobody proved (CVE-2026-53516)", () => {
  test("goes to who proves the address; the password that was set before opens nothing", async () => {
    const hash = await Bun.password.hash(PASSWORD, { algorithm: "argon2id", memoryCost: 8, timeCost: 1 })
    const eve = await t.store.write(CTX, (tx) =>
      t.identity.createUserIn(tx, { email: ADA, name: "Eve", passwordHash: hash, emailVerified: false }),
    )
    const arrival = await roundTrip(t, made)
    expect(arrival).toMatchObject({ kind: "in", started: { session: { userId: eve.id, name: "Ada Elsewhere" } } })
    expect(ada()).toMatchObject({ emailVerified: true, name: "Ada Elsewhere" })
    expect(t.identity.hasPassword(eve.id)).toBe(false)
    await expect(t.identity.login(newVisitor(), { email: ADA, password: PASSWORD })).rejects.toThrow("do not match")
  })

  test("a sign-up that waits for its code takes nothing over", async () => {
    const eve = newVisitor()
    await t.identity.signUp(eve, { email: ADA, password: PASSWORD, name: "Eve" })
    const code = t.lastCode()
    await roundTrip(t, made)
    await expect(t.identity.verifySignUp(eve, code)).rejects.toMatchObject({ code: "conflict" })
    await expect(t.identity.login(newVisitor(), { email: ADA, password: PASSWORD })).rejects.toThrow("do not match")
  })
})

describe("an account that has an owner", () => {
  beforeEach(async () => {
    await t.identity.createUser(CTX, { email: ADA, password: PASSWORD, name: "Ada" })
  })

  test("is opened by its password, once and for all", async () => {
    const visitor = newVisitor()
    const join = await joinOf(visitor)
    expect(t.identity.waitingJoinOf(visitor, join)).toMatchObject({
      email: ADA,
      issuerName: "Elsewhere",
      hasPassword: true,
      code: null,
    })
    expect(mine()).toEqual([])
    await expect(t.identity.joinByPassword(visitor, { join, password: "wrong" })).rejects.toMatchObject({
      extra: { formErrors: { current: expect.any(String) } },
    })
    expect(mine()).toEqual([])
    const joined = await t.identity.joinByPassword(visitor, { join, password: PASSWORD })
    expect(joined).toMatchObject({ kind: "in", started: { session: { amr: ["pwd"], name: "Ada" } } })
    expect(mine()).toHaveLength(1)
    expect(kinds()).toContain("connection_added")
    expect((await roundTrip(t, made)).kind).toBe("in")
  })

  test("is opened by a code that is mailed to it, in that browser, a few tries long", async () => {
    const visitor = newVisitor()
    const join = await joinOf(visitor)
    await t.identity.sendJoinCode(visitor, join)
    // Pressed twice, mailed once.
    await t.identity.sendJoinCode(visitor, join)
    expect(kinds().filter((kind) => kind === "join_code")).toHaveLength(1)
    const code = t.lastCode()
    expect(t.identity.waitingJoinOf(visitor, join)?.code?.triesLeft).toBe(5)
    for (let n = 1; n <= 3; n++)
      await expect(t.identity.joinByCode(visitor, { join, code: otherCode(code, n) })).rejects.toThrow("does not match")
    const other = newVisitor()
    await expect(t.identity.joinByCode(other, { join, code })).rejects.toMatchObject({ code: "unauthenticated" })
    expect(await t.identity.joinByCode(visitor, { join, code })).toMatchObject({
      started: { session: { amr: ["otp"] } },
    })
    expect(mine()).toHaveLength(1)
    await expect(t.identity.joinByCode(visitor, { join, code })).rejects.toThrow("expired")
  })

  test("five wrong codes are the last", async () => {
    const visitor = newVisitor()
    const join = await joinOf(visitor)
    await t.identity.sendJoinCode(visitor, join)
    const code = t.lastCode()
    const tries = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        t.identity.joinByCode(visitor, { join, code: otherCode(code, n + 1) }).catch(String),
      ),
    )
    expect(tries.every((each) => typeof each === "string")).toBe(true)
    await expect(t.identity.joinByCode(visitor, { join, code })).rejects.toThrow()
    expect(mine()).toEqual([])
  })

  test("guesses at its password are counted like those of a sign-in", async () => {
    const visitor = newVisitor()
    const join = await joinOf(visitor)
    const errors: string[] = []
    for (let n = 0; n < 12; n++)
      errors.push(
        await t.identity
          .joinByPassword(visitor, { join, password: `guess ${n}` })
          .then(String, (error: AppError) => error.code),
      )
    expect(errors).toContain("rate_limit_exceeded")
    await expect(t.identity.joinByPassword(visitor, { join, password: PASSWORD })).rejects.toMatchObject({
      code: "rate_limit_exceeded",
    })
  })

  test("what waits ends with time, in another browser, and with a new password or address", async () => {
    const visitor = newVisitor()
    const join = await joinOf(visitor)
    const other = join.replace(/.(?=.{30}$)/, (one) => (one === "A" ? "B" : "A"))
    for (const bent of ["", "x", join.slice(0, -8), other, "x".repeat(5_000)])
      expect(t.identity.waitingJoinOf(visitor, bent)).toBeNull()
    expect(t.identity.waitingJoinOf(newVisitor(), join)).toBeNull()
    await expect(t.identity.sendJoinCode(newVisitor(), join)).rejects.toMatchObject({ code: "unauthenticated" })
    const owner = newVisitor()
    const { token } = await logIn(t.identity, owner, { email: ADA, password: PASSWORD })
    await t.identity.changePassword(
      { ...owner, previousToken: token },
      { userId: ada()!.id, current: PASSWORD, password: `${PASSWORD} 2` },
    )
    expect(t.identity.waitingJoinOf(visitor, join)).toBeNull()
    await expect(t.identity.joinByPassword(visitor, { join, password: `${PASSWORD} 2` })).rejects.toMatchObject({
      code: "unauthenticated",
    })
    const late = await joinOf(visitor)
    t.clock.advance(16 * MINUTE)
    await expect(t.identity.joinByPassword(visitor, { join: late, password: `${PASSWORD} 2` })).rejects.toMatchObject({
      code: "unauthenticated",
    })
    expect(mine()).toEqual([])
  })

  test("two-step sign-in stays the last word: nothing is connected before its code", async () => {
    const secret = await withTwoStep(ada()!)
    const visitor = newVisitor()
    const join = await joinOf(visitor)
    const joined = await t.identity.joinByPassword(visitor, { join, password: PASSWORD })
    if (joined.kind !== "second") throw new Error("no code is asked for")
    expect(mine()).toEqual([])
    await expect(t.identity.completeLogin(visitor, { step: joined.step, code: "000000" })).rejects.toThrow()
    expect(mine()).toEqual([])
    const entered = await t.identity.completeLogin(visitor, { step: joined.step, code: codeOf(secret) })
    expect(entered.session.amr).toEqual(["pwd", "otp", "mfa"])
    expect(mine()).toHaveLength(1)
    t.clock.advance(MINUTE)
    // And at every sign-in by the issuer from then on …
    const again = await roundTrip(t, made, visitor)
    if (again.kind !== "second") throw new Error(errorOf(again))
    expect(t.identity.waitingStepOf(newVisitor(), again.step)).toBeNull()
    const by = await t.identity.completeLogin(visitor, { step: again.step, code: codeOf(secret) })
    expect(by.session.amr).toEqual(["fed", "otp", "mfa"])
    // … unless the admin lets the issuer's own stand for it.
    made.lies = { claims: { amr: ["pwd", "mfa"] } }
    expect((await roundTrip(t, made)).kind).toBe("second")
    await t.identity.editIssuer(CTX, SLUG, { trustsMfa: true })
    expect(await roundTrip(t, made)).toMatchObject({ kind: "in", started: { session: { amr: ["fed", "mfa"] } } })
    for (const amr of [["pwd"], "mfa", undefined, [{ mfa: true }]]) {
      made.lies = { claims: { amr } }
      expect((await roundTrip(t, made)).kind).toBe("second")
    }
  })

  test("suspended meanwhile, it is opened by nothing", async () => {
    const visitor = newVisitor()
    const join = await joinOf(visitor)
    await t.identity.suspend(CTX, { userId: ada()!.id, reason: "spam" })
    await expect(t.identity.joinByPassword(visitor, { join, password: PASSWORD })).rejects.toMatchObject({
      code: "account_suspended",
    })
    expect(mine()).toEqual([])
  })
})

describe("a connection that is added from the settings", () => {
  async function signedIn() {
    const visitor = newVisitor()
    await t.identity.createUser(CTX, { email: "grace@example.com", password: PASSWORD })
    const { session, token } = await logIn(t.identity, visitor, { email: "grace@example.com", password: PASSWORD })
    return {
      visitor: { ...visitor, previousToken: token },
      session,
      connects: { userId: session.userId, sessionPublicId: session.sessionPublicId },
    }
  }

  test("belongs to who is signed in, under whatever address", async () => {
    const { visitor, session, connects } = await signedIn()
    made.lies = { claims: { email: undefined, email_verified: undefined } }
    expect(await roundTrip(t, made, visitor, { connects })).toMatchObject({ kind: "connected", name: "Elsewhere" })
    const [one] = t.identity.connectionsOf(session.userId)
    expect(one).toMatchObject({ email: null })
    made.lies = {}
    expect(await roundTrip(t, made)).toMatchObject({ kind: "in", started: { session: { userId: session.userId } } })
    expect(ada()).toBeNull()
    await t.store.write(CTX, (tx) => t.identity.disconnectIn(tx, { userId: session.userId, publicId: one!.publicId }))
    expect(kinds()).toContain("connection_removed")
    expect(await roundTrip(t, made)).toMatchObject({ kind: "in" })
    expect(ada()).not.toBeNull()
  })

  test("is not taken from somebody else, nor made after signing out", async () => {
    await roundTrip(t, made)
    const { visitor, session, connects } = await signedIn()
    expect(errorOf(await roundTrip(t, made, visitor, { connects }))).toContain("opens another account here")
    made.lies = { claims: { sub: "grace-1" } }
    await t.identity.logout(CTX, visitor.previousToken)
    const arrival = await roundTrip(t, made, visitor, { connects })
    expect([arrival.kind, errorOf(arrival)]).toEqual(["refused", expect.stringContaining("signed out in the meantime")])
    expect(t.identity.connectionsOf(session.userId)).toEqual([])
    await expect(
      t.store.write(CTX, (tx) =>
        t.identity.disconnectIn(tx, { userId: session.userId, publicId: mine()[0]!.publicId }),
      ),
    ).rejects.toMatchObject({ code: "not_found" })
  })
})
