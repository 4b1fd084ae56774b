import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { DAY_MS, HOUR_MS, UserId } from "../app/index.ts"
import { type Store, testCtx } from "../store/index.ts"
import { logIn, newVisitor, type Opened, openIdentity, PASSWORD } from "./testing.ts"
import type { StartedSession, Visitor } from "./types.ts"

const email = "ada@example.com"
let t: Opened
beforeEach(async () => {
  t = await openIdentity()
  await t.identity.createUser(testCtx, { email, password: PASSWORD })
})
afterEach(() => t.close())

const enter = (visitor: Visitor = newVisitor()) => logIn(t.identity, visitor, { email, password: PASSWORD })
const openConsole = (auth: StartedSession, visitor = newVisitor()) =>
  t.identity.openConsoleSession(visitor, { userId: auth.session.userId, parentSessionId: auth.session.sessionId })
const alive = (started: StartedSession) => t.identity.sessionByToken(started.token, started.session.kind) !== null
/** Waits for what the reader noted on the side. */
const settled = (store: Store) => store.write(testCtx, () => null)

describe("a session", () => {
  test("is new at every login; the one the browser carried is over (fixation)", async () => {
    const visitor = newVisitor()
    const first = await enter(visitor)
    const second = await enter({ ...visitor, previousToken: first.token })
    expect(second.token).not.toBe(first.token)
    expect([alive(first), alive(second)]).toEqual([false, true])
    // A cookie that an attacker planted is never adopted: not a made-up one, not one of the attacker's own account.
    const planted = "A".repeat(43)
    expect((await enter({ ...newVisitor(), previousToken: planted })).token).not.toBe(planted)
    await t.identity.createUser(testCtx, { email: "eve@example.com", password: PASSWORD })
    const eve = await logIn(t.identity, newVisitor(), { email: "eve@example.com", password: PASSWORD })
    const eveConsole = await openConsole(eve)
    const victim = await enter({ ...newVisitor(), previousToken: eve.token })
    expect(victim.session.sid).not.toBe(eve.session.sid)
    expect([alive(eve), alive(eveConsole), alive(victim)]).toEqual([true, true, true])
  })

  test("stands in the database only as a hash", async () => {
    const { token } = await enter()
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(JSON.stringify(t.store.read.all("SELECT * FROM sessions"))).not.toContain(token)
  })

  test("is nothing to made-up cookies", async () => {
    await enter()
    for (const bad of [null, "", "x", "A".repeat(43), "A".repeat(100_000), "' OR 1=1 --"]) {
      expect(t.identity.sessionByToken(bad)).toBeNull()
    }
  })

  test("ends fourteen days after its last use …", async () => {
    const started = await enter()
    t.clock.advance(14 * DAY_MS - HOUR_MS)
    expect(alive(started)).toBe(true)
    await settled(t.store)
    t.clock.advance(14 * DAY_MS - 1)
    expect(alive(started)).toBe(true)
    await settled(t.store)
    t.clock.advance(14 * DAY_MS)
    expect(alive(started)).toBe(false)
    expect(t.identity.sessionsOf(started.session.userId)).toEqual([])
  })

  test("… and after sixty days whatever its use", async () => {
    const started = await enter()
    for (let day = 0; day < 59; day++) {
      t.clock.advance(DAY_MS)
      expect(alive(started)).toBe(true)
      await settled(t.store)
    }
    t.clock.advance(DAY_MS - 1)
    expect(alive(started)).toBe(true)
    t.clock.advance(1)
    expect(alive(started)).toBe(false)
  })

  test("notes its use at most every ten minutes", async () => {
    const started = await enter()
    const mutations = () => t.store.stats.mutations
    const before = mutations()
    for (let i = 0; i < 50; i++) alive(started)
    t.clock.advance(10 * 60_000)
    for (let i = 0; i < 50; i++) alive(started)
    await settled(t.store)
    expect(mutations() - before).toBe(2)
  })
})

describe("console sessions", () => {
  test("hang below the auth session: same person, never longer, not interchangeable", async () => {
    const auth = await enter()
    t.clock.advance(DAY_MS)
    const console = await openConsole(auth)
    expect(console.session).toMatchObject({ kind: "console", userId: auth.session.userId, amr: ["pwd"] })
    expect(console.session.authTimeMs).toBe(auth.session.authTimeMs)
    expect(console.maxAgeSeconds).toBe((59 * DAY_MS) / 1_000)
    expect(t.identity.sessionByToken(console.token, "auth")).toBeNull()
    expect(t.identity.sessionByToken(auth.token, "console")).toBeNull()
    expect(t.identity.sessionsOf(auth.session.userId)).toHaveLength(1)
  })

  test("are refused below a dead, a foreign or another console session", async () => {
    const auth = await enter()
    const console = await openConsole(auth)
    const eve = await t.identity.createUser(testCtx, { email: "eve@example.com", password: PASSWORD })
    const parent = auth.session.sessionId
    const open = (userId: number, parentSessionId: number) =>
      t.identity.openConsoleSession(newVisitor(), { userId: UserId(userId), parentSessionId })
    await expect(open(eve.id, parent)).rejects.toMatchObject({ code: "unauthenticated" })
    await expect(open(auth.session.userId, console.session.sessionId)).rejects.toMatchObject({
      code: "unauthenticated",
    })
    await t.identity.logout(testCtx, auth.token)
    await expect(open(auth.session.userId, parent)).rejects.toMatchObject({ code: "unauthenticated" })
  })

  test("die with logout, from either side", async () => {
    for (const side of ["auth", "console"] as const) {
      const auth = await enter()
      const console = await openConsole(auth)
      const elsewhere = await enter()
      await t.identity.logout(testCtx, side === "auth" ? auth.token : console.token, side)
      expect([alive(auth), alive(console), alive(elsewhere)]).toEqual([false, false, true])
    }
    await t.identity.logout(testCtx, "A".repeat(43))
    await t.identity.logout(testCtx, null)
  })

  test("move along when the same person proves themselves again", async () => {
    const visitor = newVisitor()
    const auth = await enter(visitor)
    const console = await openConsole(auth)
    const again = await enter({ ...visitor, previousToken: auth.token })
    expect([alive(auth), alive(console)]).toEqual([false, true])
    await t.identity.logout(testCtx, again.token)
    expect(alive(console)).toBe(false)
  })

  test("keep their auth session awake", async () => {
    const console = await openConsole(await enter())
    for (let i = 0; i < 4; i++) {
      t.clock.advance(13 * DAY_MS)
      expect(alive(console)).toBe(true)
      await settled(t.store)
    }
  })
})

describe("several people in one browser", () => {
  const people = async (count: number) => {
    const made: string[] = []
    for (let at = 0; at < count; at++) {
      made.push(`p${at}@example.com`)
      await t.identity.createUser(testCtx, { email: made[at]!, password: PASSWORD })
    }
    return made
  }
  const as = (who: string, visitor: Visitor) => logIn(t.identity, visitor, { email: who, password: PASSWORD })

  test("each is signed in once; signing in again replaces their own session only, wherever its cookie stands", async () => {
    const [ada, bob] = (await people(2)) as [string, string]
    const visitor = newVisitor()
    const first = await as(ada, visitor)
    const console = await openConsole(first)
    const second = await as(bob, { ...visitor, previousToken: first.token })
    const again = await as(ada, { ...visitor, previousToken: second.token, otherTokens: [first.token] })
    expect([alive(first), alive(second), alive(again), alive(console)]).toEqual([false, true, true, true])
    expect(again.session.sid).toBe(first.session.sid)
    expect(t.identity.sessionByToken(console.token, "console")?.userId).toBe(again.session.userId)
  })

  test("one more than five: who used it longest ago is signed out, with the console", async () => {
    const emails = await people(6)
    const visitor = newVisitor()
    const started: StartedSession[] = []
    for (const email of emails) {
      const tokens = started.map(({ token }) => token)
      started.push(
        await as(email, { ...visitor, previousToken: tokens.at(-1) ?? null, otherTokens: tokens.slice(0, -1) }),
      )
      if (started.length === 1) await openConsole(started[0]!)
      t.clock.advance(HOUR_MS)
      // The first one comes back: the second is unused longest.
      if (started.length === 3) t.identity.sessionByToken(started[0]!.token)
      await settled(t.store)
    }
    expect(started.map(alive)).toEqual([true, false, true, true, true, true])
  })

  test("more cookies than a browser of ours has are not looked at", async () => {
    const [ada] = (await people(1)) as [string]
    const visitor = newVisitor()
    const before = await as(ada, visitor)
    const junk = Array.from({ length: 100 }, (_, at) => String(at).padStart(43, "A"))
    await as(ada, { ...visitor, otherTokens: [...junk, before.token] })
    expect(alive(before)).toBe(true)
  })

  test("the console of another person ends, the sign-in that it hung below does not", async () => {
    const [ada, bob] = (await people(2)) as [string, string]
    const first = await as(ada, newVisitor())
    const console = await openConsole(first)
    const second = await as(bob, newVisitor())
    await openConsole(second, newVisitor({ previousToken: console.token }))
    expect([alive(first), alive(console), alive(second)]).toEqual([true, false, true])
  })
})

describe("the list", () => {
  test("shows living sessions, last used first, and ends one by its public id", async () => {
    const [laptop, phone] = [await enter(newVisitor({ userAgent: "Laptop" })), await enter()]
    const console = await openConsole(laptop)
    const list = t.identity.sessionsOf(laptop.session.userId)
    expect(list.map((row) => row.publicId)).toEqual([phone.session.sessionPublicId, laptop.session.sessionPublicId])
    expect(list[1]).toMatchObject({ userAgent: "Laptop", createdMs: t.clock.now() })
    const target = { userId: laptop.session.userId, sessionPublicId: laptop.session.sessionPublicId }
    await t.identity.revokeSession(testCtx, target)
    expect([alive(laptop), alive(console), alive(phone)]).toEqual([false, false, true])
    await expect(t.identity.revokeSession(testCtx, target)).rejects.toMatchObject({ code: "not_found" })
  })

  test("of another person is out of reach", async () => {
    const mine = await enter()
    const eve = await t.identity.createUser(testCtx, { email: "eve@example.com", password: PASSWORD })
    const attempt = t.identity.revokeSession(testCtx, { userId: eve.id, sessionPublicId: mine.session.sessionPublicId })
    await expect(attempt).rejects.toMatchObject({ code: "not_found" })
    expect(alive(mine)).toBe(true)
  })

  test("ends all but one with a new password", async () => {
    const [a, b, c] = [await enter(), await enter(), await enter()]
    const console = await openConsole(b)
    const visitor = newVisitor({ previousToken: b.token })
    await t.identity.changePassword(visitor, { userId: b.session.userId, password: "ships and harbours" })
    // Its own sign-in is renewed, and its console goes on.
    expect([alive(a), alive(b), alive(c), alive(console)]).toEqual([false, false, false, true])
  })

  test("holds fifty; the one unused longest gives way", async () => {
    const first = await enter()
    await t.store.write(testCtx, (tx) => {
      for (let i = 0; i < 49; i++) {
        tx.run(
          `INSERT INTO sessions (public_id, kind, user_id, token_hash, browser_hash, amr, auth_time_ms,
             created_ms, seen_ms, expires_ms, ip, user_agent)
           SELECT 'ses_' || ?, kind, user_id, substr(token_hash, 3) || ?, 'b', amr,
             auth_time_ms, created_ms, seen_ms + 1, expires_ms, ip, user_agent FROM sessions WHERE id = ?`,
          i,
          String(i + 10),
          first.session.sessionId,
        )
      }
    })
    expect(alive(first)).toBe(true)
    t.clock.advance(10)
    const last = await enter()
    expect([alive(first), alive(last)]).toEqual([false, true])
    expect(t.identity.sessionsOf(last.session.userId)).toHaveLength(50)
  })

  test("a session that ended cannot be brought back, not even by SQL", async () => {
    const started = await enter()
    await t.identity.logout(testCtx, started.token)
    const revive = t.store.write(testCtx, (tx) => tx.run("UPDATE sessions SET ended_ms = NULL, end_reason = NULL"))
    await expect(revive).rejects.toThrow()
    expect(alive(started)).toBe(false)
  })

  test("purge drops rows long expired, parents with children", async () => {
    await openConsole(await enter())
    t.clock.advance(121 * DAY_MS)
    await enter()
    await t.identity.purge(testCtx)
    expect(t.store.read.all("SELECT * FROM sessions")).toHaveLength(1)
  })
})

describe("a new device", () => {
  const kinds = () => t.queued.map(({ payload }) => (payload as { kind: string }).kind)
  const enterFrom = (visitor: Visitor) => logIn(t.identity, visitor, { email, password: PASSWORD })

  test("is told to the owner, once; the first sign-in of all is not", async () => {
    const first = newVisitor()
    await enterFrom(first)
    expect(kinds()).not.toContain("new_device")
    const other = newVisitor({ userAgent: "Mozilla/5.0 (iPhone) <b>Safari/605</b>", ip: "203.0.113.9" })
    await enterFrom(other)
    await enterFrom(other)
    await enterFrom(first)
    expect(kinds().filter((kind) => kind === "new_device")).toHaveLength(1)
    const mail = t.mails().at(-1)!
    expect(mail.subject).toBe("New sign-in to Purser: Safari on iPhone")
    expect(mail.text).toContain("203.0.113.9")
    expect(mail.html).not.toContain("<b>Safari")
  })

  test("who signs in from ever new browsers floods no inbox", async () => {
    for (let at = 0; at < 20; at++) await enterFrom(newVisitor())
    expect(kinds().filter((kind) => kind === "new_device")).toHaveLength(5)
  })
})
