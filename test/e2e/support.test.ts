// Support: a person asks, an admin answers, both are told once; who pays for it comes first; nobody reads somebody else's question.
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import { DAY_MS, VirtualClock } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { SUPPORT_LIMITS as L, PRIORITY_MAIL, SUPPORT_MAIL } from "../../src/support/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../build.ts"

const clock = new VirtualClock()
let server: TestServer
let admin: User
let ann: User
beforeAll(async () => {
  server = await startTestServer({ clock })
  admin = await makeUser(server.app, { isAdmin: true })
  await server.app.settings.set(CTX, SUPPORT_MAIL, { value: "help@house.example" })
  await server.app.settings.set(CTX, PRIORITY_MAIL, { value: "first@house.example" })
})
beforeEach(async () => {
  ann = await makeUser(server.app, { name: "Ann" })
})
afterAll(() => server.close())

const ask = (text: string, who = ann, subject = "Where is my invoice?") =>
  server.app.support.ask(CTX, { userId: who.id, topic: "money", subject, text })
const decide = (
  publicId: string,
  act: "answer" | "answer_close" | "close" | "reopen",
  text = "",
  read: number | null = null,
) => server.app.support.decide(CTX, { publicId, act, text, read })
async function mailsTo(email: string) {
  await server.app.outbox.flush()
  return server.app.mailer.mailbox.filter(({ to }) => to === email)
}
const stateOf = (publicId: string) => server.app.support.one(publicId).state

test("asked and answered through pages: the person gets one mail without the words, and reads them behind it", async () => {
  const person = await signedIn(server, ann.email)
  const page = await person.get(server.at("/support"))
  const sent = await person.submit(page, "/support", {
    topic: "money",
    subject: "Where is my invoice?",
    text: "I paid <b>yesterday</b>.",
  })
  expect(sent.text).toContain("I paid &lt;b&gt;yesterday&lt;/b&gt;.")
  const { publicId } = server.app.support.of(ann.id)[0]!
  const asked = (await mailsTo("help@house.example"))[0]!
  expect(asked.text).toContain(`/admin/support/${publicId}`)
  expect(asked.text).not.toContain("yesterday")

  const chief = await signedIn(server, admin.email)
  expect((await chief.get(server.at("/admin/support"))).text).toContain("Where is my invoice?")
  const thread = await chief.get(server.at(`/admin/support/${publicId}`))
  const answered = await chief.submit(thread, `/admin/support/${publicId}`, { act: "answer", text: "Under Credits." })
  expect(answered.text).toContain("Answered. They get a mail.")
  const mails = (await mailsTo(ann.email)).filter(({ subject }) => subject.includes("answered your question"))
  expect(mails.map(({ text }) => [text.includes(`/support/${publicId}`), text.includes("Under Credits")])).toEqual([
    [true, false],
  ])
  const read = await person.get(server.at(`/support/${publicId}`))
  expect(read.text).toContain("Under Credits.")
  // An admin is never named to a person.
  expect(read.text).not.toContain(admin.email)
  expect((await person.submit(read, `/support/${publicId}/closing`)).text).toContain("Closed. Write again to open it.")
  expect(stateOf(publicId)).toBe("closed")
})

test("somebody else’s question is not there, to read, to write in, to close", async () => {
  const publicId = await ask("Mine")
  const eve = await makeUser(server.app, { name: "Eve" })
  const agent = await signedIn(server, eve.email)
  const own = await agent.get(server.at("/support"))
  const csrf = own.forms.find(({ action }) => action.endsWith("/support"))!.fields.filter(([name]) => name === "csrf")
  expect((await agent.get(server.at(`/support/${publicId}`))).status).toBe(404)
  expect((await agent.post(server.at(`/support/${publicId}`), [...csrf, ["text", "Hello"]])).status).toBe(404)
  expect((await agent.post(server.at(`/support/${publicId}/closing`), csrf)).status).toBe(404)
  expect([stateOf(publicId), server.app.support.messages(server.app.support.one(publicId).id).length]).toEqual([
    "waiting",
    1,
  ])
  expect((await agent.get(server.at(`/admin/support/${publicId}`))).status).toBe(404)
})

test("who has priority by their plan comes first, then who waits longest; a word more loses nobody their place", async () => {
  const first = await ask("One")
  clock.advance(1_000)
  const bob = await makeUser(server.app, { name: "Bob" })
  const second = await ask("Two", bob)
  clock.advance(1_000)
  const pro = await makeUser(server.app, { name: "Pro" })
  await server.app.plans.assign(CTX, { user: pro, planCode: "pro" })
  const third = await ask("Three", pro)
  clock.advance(1_000)
  await server.app.support.write(CTX, { userId: ann.id, publicId: first, text: "Hello?" })
  const asked = new Set([first, second, third])
  const order = () =>
    server.app.support
      .queue("waiting", 0)
      .rows.map(({ publicId }) => publicId)
      .filter((id) => asked.has(id))
  expect(order()).toEqual([third, first, second])
  const told = (await mailsTo("first@house.example")).map(({ subject }) => subject)
  expect(told).toEqual(["Priority: A question waits for an answer"])
  // Told once for each time that it begins to wait.
  const usual = async (id: string) =>
    (await mailsTo("help@house.example")).filter(({ text }) => text.includes(id)).length
  expect([await usual(first), await usual(second), await usual(third)]).toEqual([1, 1, 0])
  await decide(first, "answer", "Yes.")
  await server.app.support.write(CTX, { userId: ann.id, publicId: first, text: "Thank you. And tomorrow?" })
  expect(await usual(first)).toBe(2)
  expect(order()).toEqual([third, second, first])
})

test("an answer is about what was read, is given once, and says something", async () => {
  const publicId = await ask("One")
  const { id } = server.app.support.one(publicId)
  const read = server.app.support.messages(id).at(-1)!.id
  await server.app.support.write(CTX, { userId: ann.id, publicId, text: "It came. Never mind." })
  await expect(decide(publicId, "answer", "We look for it.", read)).rejects.toMatchObject({ code: "conflict" })
  await expect(decide(publicId, "answer", " ")).rejects.toMatchObject({ code: "validation_failed" })
  await expect(decide(publicId, "close", "Bye")).rejects.toMatchObject({ code: "validation_failed" })
  const now = server.app.support.messages(id).at(-1)!.id
  await decide(publicId, "answer_close", "Good.", now)
  await decide(publicId, "answer_close", "Good.", now)
  expect(server.app.support.messages(id).map(({ side }) => side)).toEqual(["person", "person", "admin"])
  expect((await mailsTo(ann.email)).length).toBe(1)
  await expect(decide(publicId, "close")).rejects.toMatchObject({ code: "conflict" })
  await decide(publicId, "reopen")
  expect(stateOf(publicId)).toBe("waiting")
  expect((await mailsTo(ann.email)).length).toBe(1)
  const acts = server.app.store.read.all<{ action: string; after: string | null }>(
    "SELECT action, after FROM audit_log WHERE subject = ? ORDER BY id",
    publicId,
  )
  expect(acts.map(({ action }) => action)).toEqual([
    "support.asked",
    "support.written",
    "support.answered",
    "support.reopened",
  ])
  // What was said is its person's, and goes with them: the log, which stays, has none of it.
  expect(JSON.stringify(acts)).not.toContain("Good.")
})

test("what a person may ask and write is bounded; pressed twice it is said once", async () => {
  expect(await ask("Same")).toBe(await ask("Same"))
  expect(server.app.support.of(ann.id).length).toBe(1)
  for (let n = 1; n < L.newPerDayMax; n++) await ask(`Question ${n}`)
  await expect(ask("One more")).rejects.toMatchObject({ code: "rate_limit_exceeded" })
  clock.advance(DAY_MS + 1)
  for (let n = 0; n < L.openMax - L.newPerDayMax; n++) await ask(`Next ${n}`)
  clock.advance(DAY_MS + 1)
  await expect(ask("Too many")).rejects.toMatchObject({ code: "rate_limit_exceeded" })
  const { publicId } = server.app.support.of(ann.id)[0]!
  await server.app.support.settle(CTX, { userId: ann.id, publicId })
  const last = await ask("There is room again")
  const write = (text: string) => server.app.support.write(CTX, { userId: ann.id, publicId: last, text })
  for (let n = 1; n < L.unansweredMax; n++) await write(`More ${n}`)
  await expect(write("And more")).rejects.toMatchObject({ code: "rate_limit_exceeded" })
  await expect(ask("x".repeat(L.textChars + 1))).rejects.toMatchObject({ code: "validation_failed" })
})

test("closed ones go after a year, with what was said; those that wait stay", async () => {
  const [kept, gone] = [await ask("Kept"), await ask("Gone")]
  await decide(gone, "close")
  clock.advance(L.keptMs + 1)
  while ((await server.app.support.sweep(3)) >= 3);
  expect(server.app.support.of(ann.id).map(({ publicId }) => publicId)).toEqual([kept])
  const orphans = "SELECT count(*) AS n FROM support_messages WHERE thread_id NOT IN (SELECT id FROM support_threads)"
  expect(server.app.store.read.get<{ n: number }>(orphans)!.n).toBe(0)
})
