import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { AppError, UserId } from "../app/index.ts"
import { auditOf } from "../audit/index.ts"
import { createLifecycle, type LifecycleHooks } from "../part/index.ts"
import { testCtx } from "../store/index.ts"
import { peopleWhere } from "./store/search.ts"
import { logIn, newVisitor, type Opened, openIdentity, PASSWORD } from "./testing.ts"
import type { User } from "./types.ts"

const email = "ada@example.com"
let t: Opened
let ada: User
let lifecycle: LifecycleHooks
const NOTHING = { nothing: "a test" }
beforeEach(async () => {
  lifecycle = createLifecycle()
  t = await openIdentity({ lifecycle })
  ada = await t.identity.createUser(testCtx, { email, password: PASSWORD, name: "Ada" })
})
afterEach(() => t.close())

const suspend = (userId: number, actor = "admin:usr_x") =>
  t.identity.suspend({ ...testCtx, actor }, { userId: UserId(userId), reason: "abuse" })

describe("suspension", () => {
  test("is in memory and in the rows before its promise resolves; every door is shut", async () => {
    const started = await logIn(t.identity, newVisitor(), { email, password: PASSWORD })
    const { userId, sessionId: parentSessionId } = started.session
    const console = await t.identity.openConsoleSession(newVisitor(), { userId, parentSessionId })
    const inBody: boolean[] = []
    lifecycle.add("oauth", {
      suspended: () => void inBody.push(t.identity.isSuspended(ada.id)),
      reinstated: NOTHING,
      passwordChanged: NOTHING,
      erased: { nothing: "a test" },
    })
    await suspend(ada.id).then(() => {
      expect(t.identity.isSuspended(ada.id)).toBe(true)
      expect(t.identity.sessionByToken(started.token)).toBeNull()
      expect(t.identity.sessionByToken(console.token, "console")).toBeNull()
    })
    // Not before the commit: until then it may still be undone.
    expect(inBody).toEqual([false])
    await expect(t.store.write(testCtx, (tx) => t.identity.requireActiveIn(tx, ada.id) && null)).rejects.toMatchObject({
      code: "account_suspended",
    })
    await expect(logIn(t.identity, newVisitor(), { email, password: PASSWORD })).rejects.toMatchObject({
      code: "account_suspended",
    })
    await expect(logIn(t.identity, newVisitor(), { email, password: "a wrong password" })).rejects.toMatchObject({
      code: "validation_failed",
    })
    expect(t.identity.userById(ada.id)).toMatchObject({ status: "suspended", statusReason: "abuse" })
    expect(t.restart().isSuspended(ada.id)).toBe(true)
  })

  test("closes links for a new password that were mailed before: none opens when the person is let in again", async () => {
    await t.identity.requestPasswordReset(newVisitor(), { email })
    const token = /token=([\w-]{43})/.exec(t.mails().at(-1)!.text)![1]!
    expect(t.identity.passwordResetOf(token)).not.toBeNull()
    await suspend(ada.id)
    await t.identity.unsuspend({ ...testCtx, actor: "admin:usr_x" }, { userId: ada.id, reason: "sorry" })
    expect(t.identity.passwordResetOf(token)).toBeNull()
    await logIn(t.identity, newVisitor(), { email, password: PASSWORD })
  })

  test("that is undone changes neither memory nor rows", async () => {
    lifecycle.add("oauth", {
      suspended() {
        throw new AppError("unavailable", "no")
      },
      reinstated: NOTHING,
      passwordChanged: NOTHING,
      erased: { nothing: "a test" },
    })
    const started = await logIn(t.identity, newVisitor(), { email, password: PASSWORD })
    await expect(suspend(ada.id)).rejects.toMatchObject({ code: "unavailable" })
    expect(t.identity.isSuspended(ada.id)).toBe(false)
    expect(t.identity.sessionByToken(started.token)).not.toBeNull()
    expect(auditOf(t.store.read, ada.publicId).map((row) => row.action)).not.toContain("user.suspended")
  })

  test("composed into a body that is undone later changes nothing either", async () => {
    const body = t.store.write(testCtx, (tx) => {
      t.identity.suspendIn(tx, { userId: ada.id, reason: "abuse" })
      expect(t.identity.isSuspended(ada.id)).toBe(false)
      throw new AppError("conflict", "no")
    })
    await expect(body).rejects.toMatchObject({ code: "conflict" })
    expect(t.identity.isSuspended(ada.id)).toBe(false)
    expect(t.identity.userById(ada.id)!.status).toBe("active")
  })

  test("lifted: the person may sign in again, old sessions stay ended; all of it audited once", async () => {
    const started = await logIn(t.identity, newVisitor(), { email, password: PASSWORD })
    await suspend(ada.id)
    await suspend(ada.id)
    await t.identity.unsuspend(testCtx, { userId: ada.id, reason: "mistake" })
    await t.identity.unsuspend(testCtx, { userId: ada.id, reason: "mistake" })
    expect(t.identity.isSuspended(ada.id)).toBe(false)
    expect(t.identity.sessionByToken(started.token)).toBeNull()
    await logIn(t.identity, newVisitor(), { email, password: PASSWORD })
    const actions = auditOf(t.store.read, ada.publicId).map((row) => row.action)
    expect(actions.filter((action) => action.startsWith("user.")).sort()).toEqual([
      "user.created",
      "user.suspended",
      "user.unsuspended",
    ])
    const entry = auditOf(t.store.read, ada.publicId).find((row) => row.action === "user.suspended")!
    expect([entry.actor, entry.before, entry.after]).toEqual([
      "admin:usr_x",
      '{"status":"active"}',
      '{"status":"suspended","reason":"abuse"}',
    ])
  })

  test("takes a reason, a person who exists, and neither oneself nor the last admin", async () => {
    const attempt = t.identity.suspend(testCtx, { userId: ada.id, reason: " " })
    await expect(attempt).rejects.toMatchObject({ code: "validation_failed" })
    await expect(suspend(999)).rejects.toMatchObject({ code: "not_found" })
    await expect(suspend(ada.id, `admin:${ada.publicId}`)).rejects.toMatchObject({ code: "conflict" })
    const boss = await t.identity.createUser(testCtx, { email: "b@example.com", password: PASSWORD, isAdmin: true })
    await expect(suspend(boss.id)).rejects.toMatchObject({ code: "conflict" })
    expect(t.identity.isSuspended(boss.id)).toBe(false)
  })

  test("two admins suspending each other at once: one of them stays", async () => {
    const [a, b] = await Promise.all(
      ["a@example.com", "b@example.com"].map((address) =>
        t.identity.createUser(testCtx, { email: address, password: PASSWORD, isAdmin: true }),
      ),
    )
    const results = await Promise.allSettled([
      suspend(b!.id, `admin:${a!.publicId}`),
      suspend(a!.id, `admin:${b!.publicId}`),
    ])
    expect(results.map((r) => r.status).sort()).toEqual(["fulfilled", "rejected"])
    expect(t.identity.hasAdmin()).toBe(true)
  })
})

describe("roles", () => {
  test("are for proved addresses, and somebody always keeps one", async () => {
    const set = (userId: number, isAdmin: boolean) =>
      t.store.write(testCtx, (tx) => t.identity.setAdminIn(tx, { userId: UserId(userId), isAdmin }))
    expect((await set(ada.id, true)).isAdmin).toBe(true)
    await expect(set(ada.id, false)).rejects.toMatchObject({ code: "conflict" })
    const bob = await t.store.write(testCtx, (tx) =>
      t.identity.createUserIn(tx, { email: "bob@example.com", passwordHash: null, emailVerified: false }),
    )
    await expect(set(bob.id, true)).rejects.toMatchObject({ code: "conflict" })
    const eve = await t.identity.createUser(testCtx, { email: "eve@example.com", password: PASSWORD, isAdmin: true })
    await set(ada.id, false)
    expect(t.identity.userById(ada.id)!.isAdmin).toBe(false)
    expect(t.identity.userById(eve.id)!.isAdmin).toBe(true)
  })
})

describe("people", () => {
  test("one address, one account, under all spellings; parallel ones too", async () => {
    const spellings = ["b@example.com", "B@example.com", "ｂ@example.com", " b@Example.com "]
    const results = await Promise.allSettled(
      spellings.map((address) => t.identity.createUser(testCtx, { email: address, password: PASSWORD })),
    )
    expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(1)
    expect(t.identity.userByEmail("B@EXAMPLE.com")?.publicId).toStartWith("usr_")
  })

  test("are found by any part of address or name, or by public id; newest first, page by page", async () => {
    for (const [address, name] of [
      ["adam@example.com", "Zoe"],
      ["zed@example.com", "Adalbert"],
      ["percent%@example.com", null],
      ["jm@bücher.example", 'Jörg "Jo" Müller-Özdemir'],
      ["ivan@mail.test", "Иван Петров"],
    ] as const) {
      await t.identity.createUser(testCtx, { email: address, password: PASSWORD, name })
    }
    const find = (query: string, rest = {}) =>
      t.identity.searchUsers({ query, limit: 10, ...rest }).map((user) => user.email)
    expect(find("ADA")).toEqual(["zed@example.com", "adam@example.com", "ada@example.com"])
    expect(find("adam@")).toEqual(["adam@example.com"])
    for (const query of ["%", "t%"]) expect(find(query)).toEqual(["percent%@example.com"])
    expect(find("percent%")).toEqual(["percent%@example.com"])
    expect(find(ada.publicId)).toEqual([email])
    expect(find("usr_nobody")).toEqual([])
    // Surname, middle of a word, domain; case and accents count for nothing; every word must be met.
    for (const query of [
      "özdemir",
      "OZDEM",
      "müller",
      "muller",
      "ULLER-Ö",
      "örg",
      "bücher",
      "jm@bücher.ex",
      "jörg muller",
      '"Jo"',
      "jo",
    ])
      expect([query, find(query)[0]]).toEqual([query, "jm@xn--bcher-kva.example"])
    for (const query of ["петров", "ПЕТР", "ван", "ПЕ", "пе", "mail.test"])
      expect([query, find(query)]).toEqual([query, ["ivan@mail.test"]])
    expect(find("jörg петров")).toEqual([])
    expect(find("* OR NEAR( { } ^ : -")).toEqual([])
    expect(find("\u0000")).toEqual([])
    const first = t.identity.searchUsers({ limit: 5 })
    expect(first).toHaveLength(5)
    expect(t.identity.searchUsers({ limit: 5, beforeId: first.at(-1)!.id }).map((user) => user.email)).toEqual([email])
    await suspend(ada.id)
    expect(find("", { status: "suspended" })).toEqual([email])
    expect(find("ada", { status: "active" })).not.toContain(email)
  })

  test("a new name or address is found at once, the old one no more", async () => {
    const user = await t.identity.createUser(testCtx, { email: "old@example.com", password: PASSWORD, name: "Oldname" })
    await t.identity.setName(testCtx, { userId: user.id, name: "Newname" })
    const find = (query: string) => t.identity.searchUsers({ query, limit: 10 }).map((one) => one.id)
    expect(find("oldname")).toEqual([])
    expect(find("ewnam")).toEqual([user.id])
    expect(t.store.read.all("SELECT 1 FROM users_search WHERE users_search MATCH 'oldname'")).toEqual([])
  })

  test("from three characters on searching reads the index, never the whole table", () => {
    const { where, params } = peopleWhere("lovelace example")
    const plan = t.store.read.all<{ detail: string }>(
      `EXPLAIN QUERY PLAN SELECT id FROM users u WHERE ${where} AND u.id < 9`,
      ...params,
    )
    expect(plan.map((row) => row.detail).join("\n")).not.toContain("SCAN u\n")
    expect(plan.map((row) => row.detail).join("\n")).toContain("SEARCH u USING INTEGER PRIMARY KEY")
  })
})
