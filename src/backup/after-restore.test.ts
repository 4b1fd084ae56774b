// The first start of a restored house: nobody is signed in, nothing leaves, until somebody has looked.

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  CTX,
  giveCredits,
  logIn,
  makeClient,
  makeUser,
  mintTokens,
  PASSWORD,
  startTestServer,
} from "../../test/build.ts"
import { type Config, readConfig, silentLog, UserId } from "../app/index.ts"
import { type App, compose } from "../compose.ts"
import { bringBack } from "./bring-back.ts"
import { copyTo } from "./copy-to.ts"

setDefaultTimeout(60_000)

const VISITOR = { ip: "127.0.0.1", userAgent: "test", browserId: "b".repeat(43), requestId: "req_test" }
const root = mkdtempSync(join(tmpdir(), "purser-after-"))
let config: Config
let app: App
let adminEmail: string
let tokens: { accessToken: string; refreshToken?: string | undefined }
let session: string

beforeAll(async () => {
  mkdirSync(join(root, "data"))
  const server = await startTestServer({ dataDir: join(root, "data") })
  const admin = await makeUser(server.app, { isAdmin: true })
  adminEmail = admin.email
  await giveCredits(server.app, admin, 5_000)
  session = (await logIn(server.app.identity, VISITOR, { email: admin.email, password: PASSWORD })).token
  tokens = await mintTokens(server.app, { user: admin, ...(await makeClient(server.app)) })
  await server.app.identity.createSetupLink(CTX)
  // Something that had not been delivered when the copy was made.
  await server.app.store.write(CTX, (tx) =>
    server.app.outbox.enqueueIn(tx, { topic: "late", subject: "a", payload: {} }),
  )
  copyTo(join(server.dataDir, "purser.db"), join(root, "copy.db"))
  await server.app.stop()
  config = readConfig({ port: "0", "data-dir": server.dataDir, "base-url": server.url }, {}, true)
  const place = { kind: "here", keepIn: join(root, "old") } as const
  const log = silentLog
  await bringBack({ config, log, place, until: { kind: "latest" }, epoch: null, file: join(root, "copy.db") })
  app = await compose(config, { log })
  app.outbox.handle("late", async ({ payload }) => void sent.push(payload))
  await app.listen()
})
afterAll(async () => {
  await app.stop()
  rmSync(root, { recursive: true, force: true })
})
const sent: unknown[] = []
const paused = () =>
  app.jobs
    .list()
    .filter(({ isPaused }) => isPaused)
    .map(({ name }) => name)

test("sessions, links, grants and refresh families have ended; it is in the audit log once", async () => {
  expect(app.identity.sessionByToken(session)).toBeNull()
  const open = (sql: string) => app.store.read.get<{ n: number }>(`SELECT COUNT(*) AS n FROM ${sql}`)!.n
  expect(open("sessions WHERE ended_ms IS NULL")).toBe(0)
  expect(open("oauth_grants WHERE revoked_ms IS NULL")).toBe(0)
  expect(open("setup_links WHERE used_ms IS NULL AND void_ms IS NULL")).toBe(0)
  expect(open("audit_log WHERE action = 'restore.started'")).toBe(1)
  const answer = await fetch(`${config.baseUrl}/v1/models`, {
    headers: { authorization: `Bearer ${tokens.accessToken}` },
  })
    .then(({ status }) => status)
    .catch(() => 0)
  expect([0, 401]).toContain(answer)
  expect(app.backup.lastRestore()).toMatchObject({
    sessionsEnded: 1,
    grantsEnded: 1,
    complete: 0,
    aliveMs: null,
    lookedMs: null,
    source: join(root, "copy.db"),
  })
  expect(app.backup.lastRestore()!.lastTransactionId).toStartWith("txn_")
})

test("what was made before waits, a code that somebody asks for is sent, and jobs wait but for those that must not", async () => {
  await app.outbox.flush()
  expect(sent).toEqual([])
  expect(app.backup.heldMessages()).toBeGreaterThan(0)
  const before = app.mailer.mailbox.length
  await app.identity.requestPasswordReset(VISITOR, { email: adminEmail })
  await app.outbox.flush()
  expect(app.mailer.mailbox.length).toBe(before + 1)
  expect(paused()).toContain("refresh-prices")
  expect(paused()).toContain("allocate-plans")
  expect(paused()).not.toContain("sweep-holds")
  expect(paused()).not.toContain("verify-books")
  expect(app.contributed.checks()).toContainEqual(expect.objectContaining({ label: "Restore", state: "bad" }))
})

test("it still waits after another start, and the next restore's note is acted upon once", async () => {
  await app.stop()
  app = await compose(config, { log: silentLog })
  app.outbox.handle("late", async ({ payload }) => void sent.push(payload))
  await app.listen()
  await app.outbox.flush()
  expect([sent.length, paused().length > 5]).toEqual([0, true])
  expect(app.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM restores")!.n).toBe(1)
})

test("an admin lets it go on, nobody else; then everything leaves", async () => {
  const admin = app.identity.userByEmail(adminEmail)!
  const ctx = { actor: `admin:${admin.publicId}`, requestId: "req_test", reason: "looked" }
  const nobody = UserId(admin.id + 1_000)
  await expect(app.backup.goOn(ctx, nobody)).rejects.toMatchObject({ code: "unauthenticated" })
  expect(app.outbox.isPaused).toBe(true)
  const { lookedBy } = await app.backup.goOn(ctx, admin.id)
  expect(lookedBy).toBe(ctx.actor)
  await app.outbox.flush()
  expect(sent).toEqual([{}])
  expect(paused()).toEqual([])
  await expect(app.backup.goOnFromConsole(CTX)).rejects.toMatchObject({ code: "conflict" })
  expect(app.contributed.checks().some(({ label }) => label === "Restore")).toBe(false)
})
