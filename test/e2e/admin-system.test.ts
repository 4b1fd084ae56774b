// /admin/jobs and /admin/system as an operator without JavaScript uses them: run a job, try a message again, give one up, test the mail.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { SMTPServer } from "smtp-server"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import { writeRestoreNote } from "../../src/replica/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../build.ts"

let server: TestServer
let admin: WebAgent
const EMAIL = "chief@example.com"

beforeAll(async () => {
  server = await startTestServer()
  await makeUser(server.app, { name: "Chief", isAdmin: true, email: EMAIL })
  admin = await signedIn(server, EMAIL)
}, 30_000)
afterAll(() => server?.close())

const at = (path: string) => `${server.url}${path}`
const enqueue = (subject: string) =>
  server.app.store.write(CTX, (tx) =>
    server.app.outbox.enqueueIn(tx, { topic: "nobody", subject, payload: { code: 1 } }),
  )

test("jobs are listed with their times, and one is run at once", async () => {
  const page = await admin.get(at("/admin/jobs"))
  const text = plainText(page.text)
  for (const word of ["verify-books", "every 1 h", "give-back-space", "every day", "Nothing waits"])
    expect(text).toContain(word)
  const ran = await admin.submit(page, "/admin/jobs/note-size/run", {})
  expect(plainText(ran.text)).toContain("note-size ran and went well.")
  const acts = server.app.store.read.all("SELECT actor, subject FROM audit_log WHERE action = 'job.run'")
  expect(acts).toEqual([{ actor: expect.stringMatching(/^admin:usr_/), subject: "note-size" }])
})

test("a message that waits is tried now, given up after a question, and taken up again", async () => {
  const id = await enqueue("<b>somebody</b>")
  const page = await admin.get(at("/admin/jobs"))
  expect(plainText(page.text)).toContain("nobody")
  expect(page.text).not.toContain("<b>somebody")
  const tried = await admin.submit(page, `/admin/outbox/${id}/retry`, {})
  expect(plainText(tried.text)).toContain("is tried again now")
  const question = await admin.get(at(`/admin/outbox/${id}/removal`))
  expect(plainText(question.text)).toContain("Give up this nobody to")
  await admin.submit(question, `/admin/outbox/${id}/removal`, {})
  const dead = await admin.get(at("/admin/jobs?messages=dead"))
  expect(plainText(dead.text)).toContain("Given up 1")
  const again = await admin.submit(dead, `/admin/outbox/${id}/retry`, {})
  expect(plainText(again.text)).toContain("Waiting 1")
})

test("a long list of messages has an older page", async () => {
  for (let n = 0; n < 60; n++) await enqueue(`person ${n}`)
  const first = await admin.get(at("/admin/jobs"))
  const older = /href="(\/admin\/jobs\?[^"]*before=\d+)"/.exec(first.text)?.[1]?.replaceAll("&amp;", "&")
  expect(first.text).toContain("person 59")
  const second = await admin.get(at(older!))
  expect(second.text).toContain("person 3<")
  expect(second.text).not.toContain("person 59<")
})

test("the system page says version, room and growth; a test mail in demo mode stays in the mailbox", async () => {
  const page = await admin.get(at("/admin/system"))
  const text = plainText(page.text)
  for (const word of ["Version", "Database", "known after a day", "Free on the disk", EMAIL])
    expect(text).toContain(word)
  const sent = await admin.submit(page, "/admin/system/mail-test", {})
  expect(plainText(sent.text)).toContain("The answer: kept in the demo mailbox")
})

test("signing keys: rotated by a button, which says when it is too early; withdrawn after a question, and then what they signed is dead", async () => {
  const kids = () => server.app.oauth.jwks().keys.map(({ kid }) => String(kid))
  const first = await admin.get(at("/admin/system"))
  for (const kid of kids()) expect(first.text).toContain(kid.slice(0, 12))
  const rotated = await admin.submit(first, "/admin/system/signing-keys", {})
  expect(plainText(rotated.text)).toContain("What was signed before stays valid")
  expect(kids()).toHaveLength(6)
  const early = await admin.submit(rotated, "/admin/system/signing-keys", {})
  expect(plainText(early.text)).toContain("The next key is too new")
  const before = kids()
  const question = await admin.get(at("/admin/system/signing-keys/withdrawal"))
  expect(plainText(question.text)).toContain("Every token that was signed so far is dead at once")
  const silent = await admin.submit(question, "/admin/system/signing-keys/withdrawal", {})
  expect([silent.status, kids()]).toEqual([422, before])
  const done = await admin.submit(silent, "/admin/system/signing-keys/withdrawal", { reason: "a disk was stolen" })
  expect(plainText(done.text)).toContain("New signing keys are in use")
  expect(plainText(done.text)).toContain("Withdrawn")
  expect(kids().filter((kid) => before.includes(kid))).toEqual([])
})

test("what the mail server answers is shown, also when it refuses", async () => {
  const smtp = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    onRcptTo: ({ address }, _, done) => done(address.startsWith("chief") ? null : new Error("no such box")),
    onData: (stream, _, done) => {
      stream.resume()
      stream.on("end", () => done(null, "queued as 42" as never))
    },
  })
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", () => resolve()))
  const { port } = smtp.server.address() as { port: number }
  const { createMailer, sendTestMail } = await import("../../src/mail/index.ts")
  const { store, ids, log, mails } = server.app
  const url = `smtp://127.0.0.1:${port}`
  const mailer = createMailer({ smtpUrl: url, from: "Purser <purser@example.com>", demo: false, log })
  const test = (email: string) => sendTestMail({ mailer, mails, store, ids }, CTX, { email, publicId: "usr_1" })
  expect(await test(EMAIL)).toEqual({ ok: true, answer: "250 queued as 42" })
  expect(await test("other@example.com")).toEqual({ ok: false, answer: expect.stringContaining("no such box") })
  await new Promise<void>((resolve) => smtp.close(() => resolve()))
  expect(await test(EMAIL)).toMatchObject({ ok: false })
})

test("a house without a replica is told so, and has nothing to try; the page of a restore says that there was none", async () => {
  const page = await admin.get(at("/admin/system"))
  expect(plainText(page.text)).toContain("There is no replica")
  expect(page.text).not.toContain("/admin/system/backup-proof")
  expect(plainText((await admin.get(at("/admin/restore"))).text)).toContain("Nothing was restored")
})

test("after a restore everybody signs in again; the page says what was lost, and goes on with a password that is right", async () => {
  const lastMs = Date.now() - 60_000
  const more = { epoch: 3, asked: null, complete: false }
  writeRestoreNote(server.app.store.path, {
    atMs: Date.now(),
    source: "s3://b/<i>p",
    lastMs,
    aliveMs: lastMs + 8_000,
    ...more,
  })
  await server.app.backup.recover()
  expect((await admin.get(at("/admin/restore"))).url).toContain("/login")
  admin = await signedIn(server, EMAIL)
  const text = plainText((await admin.get(at("/admin/restore"))).text)
  for (const words of ["Jobs and messages wait", "s3://b/<i>p, folder e3", "8.0 s later", "revoke them once more"])
    expect(text).toContain(words)
  expect(plainText((await admin.get(at("/admin/jobs"))).text)).toContain("This house was restored")
  expect(plainText((await admin.get(at("/admin"))).text)).toContain("jobs and messages wait for you")
  const page = await admin.get(at("/admin/restore"))
  const on = await admin.submit(page, "/admin/restore")
  expect(plainText(on.text)).toContain("Jobs and messages go on.")
  expect(plainText(on.text)).toContain("Looked at")
  expect(plainText((await admin.get(at("/admin/jobs"))).text)).not.toContain("This house was restored")
  const log = plainText((await admin.get(at("/admin/audit"))).text)
  expect(log).toContain("restored from a backup")
  expect(log).toContain("let jobs and messages go on")
})
