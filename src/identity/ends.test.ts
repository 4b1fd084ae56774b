// Whoever ends sessions says so: every verb that does is walked with a listener, and the sources are read for a place that does not.
import { afterEach, expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { createLifecycle } from "../part/index.ts"
import { testCtx } from "../store/index.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import { logIn, newVisitor, type Opened, openIdentity, PASSWORD } from "./testing.ts"

let close: (() => Promise<void>) | null = null
afterEach(async () => {
  await close?.()
  close = null
})

/** What was told, in order: an act, or a sign-in that ended. */
async function open(): Promise<{ t: Opened; told: string[] }> {
  const told: string[] = []
  const lifecycle = createLifecycle()
  lifecycle.add("listener", {
    suspended: () => void told.push("suspended"),
    reinstated: { nothing: "not walked" },
    passwordChanged: () => void told.push("passwordChanged"),
    erased: { nothing: "not walked" },
  })
  lifecycle.onSessionEnd((_tx, { sid }) => void told.push(sid))
  const t = await openIdentity({ lifecycle })
  close = t.close
  return { t, told }
}
const NEW = "ships and harbours"
const linkIn = (t: Opened): string =>
  /token=([\w-]{43})/.exec(t.mails().findLast((mail) => mail?.text.includes("token="))!.text)![1]!

const VERBS: Record<string, (t: Opened, person: Awaited<ReturnType<Opened["join"]>>) => Promise<unknown>> = {
  "signing out": (t, { token }) => t.identity.logout(testCtx, token),
  "a session ended in the settings": (t, { session }) =>
    t.identity.revokeSession(testCtx, { userId: session.userId, sessionPublicId: session.sessionPublicId }),
  "too many people in one browser": async (t, { token, visitor }) => {
    const otherTokens: string[] = []
    for (let at = 0; at < L.peoplePerBrowserMax; at++) {
      const email = `eve${at}@example.com`
      await t.identity.createUser(testCtx, { email, password: PASSWORD })
      t.clock.advance(1_000)
      const { token: next } = await logIn(
        t.identity,
        { ...visitor, previousToken: token, otherTokens },
        { email, password: PASSWORD },
      )
      otherTokens.push(next)
    }
  },
  "a new password": (t, { token, visitor, session }) =>
    t.identity.changePassword({ ...visitor, previousToken: token }, { userId: session.userId, password: NEW }),
  "a new password by a mailed link": async (t, { visitor }) => {
    await t.identity.requestPasswordReset(visitor, { email: "ada@example.com" })
    await t.identity.resetPassword(visitor, { token: linkIn(t), password: NEW })
  },
  suspension: (t, { session }) => t.identity.suspend(testCtx, { userId: session.userId, reason: "fraud" }),
  "the end of an account": (t, { session }) => t.store.write(testCtx, (tx) => t.identity.closeIn(tx, session.userId)),
  "an account that its owner proves after somebody else made it": async (t, { session }) => {
    await t.store.write(testCtx, (tx) => {
      tx.run("UPDATE users SET email_verified_ms = NULL WHERE id = ?", session.userId)
    })
    await t.join("ada@example.com")
  },
}

test.each(Object.entries(VERBS))("apps hear of it: %s", async (_name, act) => {
  const { t, told } = await open()
  const person = await t.join("ada@example.com")
  expect(told).toEqual([])
  await act(t, person)
  expect(t.identity.sessionByToken(person.token)).toBeNull()
  expect(told.length).toBeGreaterThan(0)
  for (const one of told) expect(["suspended", "passwordChanged", person.session.sid]).toContain(one)
})

test("a login link with a new password, too, and one without ends nothing", async () => {
  const { t, told } = await open()
  const person = await t.join("ada@example.com")
  await t.identity.setAdminByEmail(testCtx, { email: "ada@example.com", isAdmin: true })
  const link = async () => /[\w-]{43}/.exec((await t.identity.createLoginLink(testCtx, "ada@example.com")).url)![0]
  await t.identity.claimLoginLink(newVisitor(), { token: await link(), password: "" })
  expect([told, t.identity.sessionByToken(person.token) === null]).toEqual([[], false])
  await t.identity.claimLoginLink(newVisitor(), { token: await link(), password: NEW })
  expect([told, t.identity.sessionByToken(person.token)]).toEqual([["passwordChanged"], null])
})

/** Where sessions are ended in rows, with the one word of the lifecycle that stands beside it. */
const ENDS = /\b(?:rows\.)?(endSession|endSessionsOf|endAllSessions)\(/
const TELLS = /tellEndIn\(|lifecycle\.tellIn\(/
/** A restored house may be a copy that somebody only looks at: it signs nobody out of apps. */
const SILENT = ["endEverythingIn(tx, reason) {"]

test("no function ends a session in rows without telling", () => {
  const folder = import.meta.dir
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.startsWith("store/"),
  )
  const found: string[] = []
  const silent: string[] = []
  for (const file of files) {
    const text = readFileSync(join(folder, file), "utf8")
    // Functions of a file, and the verbs of an object.
    for (const part of text.split(/\n(?=(?:export )?(?:async )?function |(?:export )?const |\/\*\*| {4}\w+\(tx)/)) {
      if (!ENDS.test(part) || /^\s*import/.test(part)) continue
      if (TELLS.test(part)) found.push(file)
      else
        silent.push(
          part
            .trim()
            .split("\n")
            .find((line) => !/^\/?\*|^import/.test(line.trim()))!
            .trim(),
        )
    }
  }
  expect(found.length).toBeGreaterThanOrEqual(4)
  expect(silent).toEqual(SILENT)
})
