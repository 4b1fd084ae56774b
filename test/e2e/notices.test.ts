// Notices: told once with their cause or not at all, read by their person alone, and turned off where they may be, by page and by mail program.
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import { DECLARED } from "../../src/compose/parts.ts"
import type { User } from "../../src/identity/index.ts"
import { comesBy, isOptional, KINDS, NOTICE_LIMITS, ONLY_MAIL } from "../../src/notices/index.ts"
import type { AnyLetter } from "../../src/part/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../build.ts"

let server: TestServer
let person: User
beforeAll(async () => {
  server = await startTestServer()
})
beforeEach(async () => {
  person = await makeUser(server.app, { name: "Ann" })
})
afterAll(() => server.close())

const letterOf = (kind: string): AnyLetter => DECLARED.letters.find((letter) => letter.kind === kind)!
const send = (kind: string, to = person.email) =>
  server.app.store.write(CTX, (tx) => {
    const letter = letterOf(kind)
    server.app.mails.queueIn(tx, letter, { to, data: letter.sample, uselessAfterMs: null })
  })
const told = (user = person) => server.app.notices.page(user.id, null).rows
async function mailsTo(user = person) {
  await server.app.outbox.flush()
  return server.app.mailer.mailbox.filter(({ to }) => to === user.email)
}

test("each letter of the house is a kind of notice, or a letter alone", () => {
  const kinds = DECLARED.letters.map(({ kind }) => kind)
  expect([...KINDS.keys(), ...ONLY_MAIL].toSorted()).toEqual(kinds.toSorted())
})

test("each kind is told with its subject and where it leads, in the order of its causes", async () => {
  const kinds = [...KINDS.keys()].filter((kind) => comesBy(kind, "console"))
  for (const kind of KINDS.keys()) await send(kind)
  const rows = told()
  expect(rows.map(({ kind }) => kind)).toEqual(kinds.toReversed().slice(0, NOTICE_LIMITS.pageRows))
  for (const row of rows) {
    expect(row.title.length).toBeGreaterThan(5)
    if (row.path !== null) expect(row.path).toMatch(/^\/[a-z]/)
  }
  const older = server.app.notices.page(person.id, server.app.notices.page(person.id, null).next)
  expect(older.rows.length).toBe(Math.min(NOTICE_LIMITS.pageRows, kinds.length - NOTICE_LIMITS.pageRows))
})

test("codes and links are no notices, and strangers get mail alone", async () => {
  for (const kind of ONLY_MAIL) await send(kind)
  await send("order_paid", "nobody@example.com")
  expect(told()).toEqual([])
})

test("undone with its cause there is neither", async () => {
  const undone = server.app.store.write(CTX, (tx) => {
    const letter = letterOf("order_paid")
    server.app.mails.queueIn(tx, letter, { to: person.email, data: letter.sample, uselessAfterMs: null })
    throw new Error("undone")
  })
  await expect(undone).rejects.toThrow("undone")
  expect([told(), await mailsTo()]).toEqual([[], []])
})

test("the bell counts, a press opens and marks, and nobody opens somebody else’s", async () => {
  await send("order_paid")
  await send("new_device")
  const agent = await signedIn(server, person.email)
  expect((await agent.get(server.at("/dashboard"))).text).toContain("Notices, 2 unread")
  const page = await agent.get(server.at("/notices"))
  const [device, order] = told()
  expect(page.text).toContain(Bun.escapeHTML(order!.title))
  const opened = await agent.submit(page, `/notices/${order!.publicId}/opening`)
  expect(new URL(opened.url).pathname).toBe(order!.path!)
  expect(told().map(({ readMs }) => readMs === null)).toEqual([true, false])

  const stranger = await makeUser(server.app, { name: "Eve" })
  const other = await signedIn(server, stranger.email)
  const hers = await other.get(server.at("/settings/notices"))
  const fields = hers.forms.find(({ action }) => action.endsWith("/settings/notices"))!.fields
  const theirs = server.at(`/notices/${device!.publicId}/opening`)
  expect(
    (
      await other.post(
        theirs,
        fields.filter(([name]) => name === "csrf"),
      )
    ).status,
  ).toBe(404)
  expect(told()[0]!.readMs).toBeNull()
  await agent.submit(page, "/notices/reading")
  expect(server.app.notices.unread(person.publicId)).toBe(0)
})

test("what is turned off does not come by that way; what keeps an account safe always does", async () => {
  const agent = await signedIn(server, person.email)
  const page = await agent.get(server.at("/settings/notices"))
  expect(page.text).toContain("Credits bought: By mail")
  const form = page.forms.find(({ action }) => action.endsWith("/settings/notices"))!
  const off = (name: string, value: string) =>
    (name === "mail" && value === "order_paid") || (name === "console" && value === "plan_ended")
  const address = server.at("/settings/notices")
  const saved = await agent.post(
    address,
    form.fields.filter(([name, value]) => !off(name, value)),
  )
  expect(saved.text).toContain("Your choice is saved.")
  for (const kind of ["order_paid", "plan_ended", "new_device"]) await send(kind)
  expect(told().map(({ kind }) => kind)).toEqual(["new_device", "order_paid"])
  const subjects = (await mailsTo()).map(({ subject }) => subject)
  const subjectOf = (kind: string) => {
    const letter = letterOf(kind)
    return letter.subject(letter.sample, { productName: "Purser", baseUrl: server.url })
  }
  expect(subjects).toContain(subjectOf("plan_ended"))
  expect(subjects).not.toContain(subjectOf("order_paid"))
  // Whoever sends less than the page does turns off no safety.
  await agent.post(
    address,
    form.fields.filter(([name]) => name === "csrf"),
  )
  for (const kind of KINDS.keys())
    if (!isOptional(kind)) expect(server.app.notices.wanted(person.id).mail.has(kind)).toBe(true)
  await send("password_changed")
  expect(told()[0]!.kind).toBe("password_changed")
  expect((await mailsTo()).some(({ subject }) => subject === subjectOf("password_changed"))).toBe(true)
})

test("a mail program turns off a kind by one POST without a session (RFC 8058), and nothing else by it", async () => {
  await send("order_paid")
  await send("new_device")
  const mails = await mailsTo()
  const { offUrl, html, text } = mails.find((mail) => mail.offUrl)!
  expect(mails.filter((mail) => mail.offUrl).length).toBe(1)
  expect(html).toContain(Bun.escapeHTML(offUrl!))
  expect(text).toContain(offUrl!)
  // Whoever only looks turns off nothing: programs open links of mails ahead.
  expect(await (await fetch(offUrl!)).text()).toContain("Turn off these mails?")
  expect(server.app.notices.wanted(person.id).mail.has("order_paid")).toBe(true)
  const body = "List-Unsubscribe=One-Click"
  const headers = { "content-type": "application/x-www-form-urlencoded" }
  for (const _ of [1, 2]) {
    const pressed = await fetch(offUrl!, { method: "POST", body, headers, redirect: "manual" })
    expect([pressed.status, await pressed.text()]).toEqual([200, expect.stringContaining("These mails are off")])
  }
  const { mail, console: here } = server.app.notices.wanted(person.id)
  expect([...KINDS.keys()].filter((kind) => !mail.has(kind))).toEqual(["order_paid"])
  expect(here.size).toBe([...KINDS.keys()].filter((kind) => comesBy(kind, "console")).length)

  const other = await makeUser(server.app, { name: "Eve" })
  for (const change of [
    { who: other.publicId },
    { kind: "plan_ended" },
    { kind: "new_device" },
    { sign: "" },
    { sign: "x".repeat(43) },
  ]) {
    const forged = new URL(offUrl!)
    for (const [name, value] of Object.entries(change)) forged.searchParams.set(name, value)
    expect((await fetch(forged, { method: "POST", body, headers })).status).toBe(404)
    expect((await fetch(forged)).status).toBe(404)
  }
  expect(server.app.notices.wanted(other.id).mail.size).toBe(KINDS.size)
})

test("a person has so many notices, the newest", async () => {
  await server.app.store.write(CTX, (tx) => {
    const letter = letterOf("order_paid")
    for (let at = 0; at < NOTICE_LIMITS.perPersonMax + 3; at++)
      server.app.mails.queueIn(tx, letter, { to: person.email, data: letter.sample, uselessAfterMs: 1 })
  })
  let [before, count]: [number | null, number] = [null, 0]
  do {
    const page = server.app.notices.page(person.id, before)
    count += page.rows.length
    before = page.next
  } while (before !== null)
  expect(count).toBe(NOTICE_LIMITS.perPersonMax)
})
