// A developer is paid, over real pages: says where the money goes, asks, is approved, put into a file and paid; monthly and test payouts; and
// nobody else sees any of it.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { DEBTOR_IBAN, DEBTOR_NAME, RATES } from "../../src/payouts/index.ts"
import { csrfOf, signedIn } from "../browser/house.ts"
import { CTX, makeDeveloper, makeUser, startTestServer, type TestServer } from "../build.ts"
import { DOCUMENT, earned } from "../payout-world.ts"

let server: TestServer
let developer: User
let agent: WebAgent
let boss: WebAgent
let other: WebAgent
const at = (path: string) => server.at(path)
const HOME = "/developer/payouts"
const cookieOf = (one: WebAgent) =>
  ["browser", "auth", "console"].map((name) => `purser_${name}=${one.cookie(server.url, `_${name}`)}`).join("; ")

beforeAll(async () => {
  server = await startTestServer()
  const { app } = server
  developer = await makeDeveloper(app)
  await earned(app, developer, await makeUser(app), 100)
  await app.settings.set(CTX, RATES, { value: ["EUR=0.92"] })
  await app.settings.set(CTX, DEBTOR_NAME, { value: "Purser GmbH" })
  await app.settings.set(CTX, DEBTOR_IBAN, { value: "DE02120300000000202051" })
  const people = [developer, await makeUser(app, { isAdmin: true }), await makeDeveloper(app)]
  const [first, second, third] = await Promise.all(people.map(({ email }) => signedIn(server, email)))
  agent = first!
  boss = second!
  other = third!
}, 60_000)
afterAll(() => server.close())

test("a method is checked, saved sealed, and used only after its waiting time", async () => {
  const path = `${HOME}/method/bank`
  const form = await agent.get(at(path))
  const typed = { holder: "Ada Lovelace", iban: "DE89 3704 0044 0532 0130 01", bic: "", currency: "EUR" }
  const wrong = await agent.submit(form, path, typed)
  expect([wrong.status, plainText(wrong.text).includes("check digits do not fit")]).toEqual([422, true])
  const saved = await agent.submit(wrong, path, { ...typed, iban: "DE89 3704 0044 0532 0130 00" })
  const words = plainText(saved.text)
  expect(words).toContain("Bank account ending in 3000")
  expect(saved.text).not.toContain("370400440532")
  expect(words).toContain("Ask again when its waiting time is over")
  await server.app.store.write(CTX, (tx) => tx.run("UPDATE payout_methods SET usable_ms = created_ms"))
})

test("asked for, approved, sent in a file, paid: each step stands on both sides", async () => {
  const asked = await agent.submit(await agent.get(at(HOME)), HOME, { amount: "40" })
  expect(plainText(asked.text)).toContain("Payout of $40")
  const id = asked.url.split("/").at(-1)!
  expect(plainText((await boss.get(at("/admin"))).text)).toContain("Payouts that developers asked for")
  const list = await boss.get(at("/admin/payouts"))
  expect(list.text).toContain(`/admin/payouts/${id}`)
  const approval = `/admin/payouts/${id}/approval`
  const approved = await boss.submit(await boss.get(at(approval)), approval, { reason: "Looked at" })
  expect(plainText(approved.text)).toContain("EUR 36.80")
  const made = await boss.submit(await boss.get(at("/admin/payouts/files")), "/admin/payouts/files", {
    format: "pain",
    reason: "Friday run",
  })
  const file = new URL(made.url).pathname
  const text = (await boss.get(at(`${file}/download`))).text
  expect(text).toContain('<InstdAmt Ccy="EUR">36.80</InstdAmt>')
  expect(text).toContain("<IBAN>DE89370400440532013000</IBAN>")
  expect(plainText((await agent.get(at(`${HOME}/${id}`))).text)).toContain("On its way")
  const paid = await boss.submit(await boss.get(at(`${file}/payment`)), `${file}/payment`, {
    reference: "Run 48",
    reason: "Bank statement",
  })
  expect(plainText(paid.text)).toContain("1 payout is paid.")
  const end = plainText((await agent.get(at(`${HOME}/${id}`))).text)
  for (const words of ["Paid", "Run 48", "$1 = 0.92 EUR"]) expect(end).toContain(words)
  expect(await agent.get(at(file))).toMatchObject({ status: 404 })
  const statement = plainText((await agent.get(at(`${HOME}/statements/${new Date().getUTCFullYear()}`))).text)
  expect(statement).toContain("Payouts asked for")
})

test("taken back before it is approved, and monthly on and off", async () => {
  const asked = await agent.submit(await agent.get(at(HOME)), HOME, { amount: "" })
  expect(plainText(asked.text)).toContain("Payout of $60")
  const path = `${new URL(asked.url).pathname}/withdrawal`
  for (const one of [other, boss]) expect((await one.get(at(path))).status).toBe(404)
  const back = await agent.submit(await agent.get(at(path)), path)
  expect(plainText(back.text)).toContain("Taken back")
  const on = await agent.submit(await agent.get(at(HOME)), `${HOME}/schedule`)
  expect(plainText(on.text)).toContain("A payout is asked for each month.")
  const off = await agent.submit(on, `${HOME}/schedule`)
  expect(plainText(off.text)).toContain("You ask for each payout yourself.")
  expect(server.app.payouts.isMonthly(developer.id)).toBe(false)
})

test("held by an admin: its developer reads that, not why", async () => {
  const path = `/admin/users/${developer.publicId}/payouts`
  const held = await boss.submit(await boss.get(at(`${path}/hold`)), `${path}/hold`, { reason: "Odd cards" })
  expect(plainText(held.text)).toContain("Held: Odd cards")
  const page = plainText((await agent.get(at(HOME))).text)
  expect([page.includes("Your payouts are held"), page.includes("Odd cards")]).toEqual([true, false])
  await boss.submit(await boss.get(at(`${path}/release`)), `${path}/release`, { reason: "All well" })
  expect(plainText((await agent.get(at(HOME))).text)).not.toContain("Your payouts are held")
})

test("a PayPal address that is not theirs is proved by a code, and five wrong ones end it", async () => {
  const path = `${HOME}/method/paypal`
  const set = async () =>
    agent.submit(await agent.get(at(path)), path, { email: "ada.pays@example.com", currency: "USD" })
  const asked = await set()
  expect(new URL(asked.url).pathname).toBe(`${HOME}/method/code`)
  expect(asked.text).not.toContain("ada.pays@")
  for (let wrong = 0; wrong < 5; wrong++) {
    const again = await agent.submit(await agent.get(at(`${HOME}/method/code`)), `${HOME}/method/code`, {
      code: "000000",
    })
    expect(again.status).toBe(422)
  }
  expect(server.app.payouts.methodOf(developer.id)).toMatchObject({ confirmedMs: null, hint: "a…@example.com" })
})

test("documents: sent by a form, read by their person and, in the log, by an admin; by nobody else; accepted", async () => {
  const path = `${HOME}/documents`
  const send = async (file: Uint8Array<ArrayBuffer>, name: string) => {
    const body = new FormData()
    body.set("csrf", await csrfOf(server, agent))
    body.set("kind", "identity")
    // What a sender says of it counts for nothing.
    body.set("file", new Blob([file], { type: "application/pdf" }), name)
    const headers = { cookie: cookieOf(agent), "sec-fetch-site": "same-origin" }
    return fetch(at(path), { method: "POST", body, redirect: "manual", headers })
  }
  const page = new Uint8Array(Buffer.from("<html><script>alert(1)</script></html>"))
  const refused = await send(page, "passport.pdf")
  expect([refused.status, plainText(await refused.text()).includes("no whole PDF, JPEG or PNG")]).toEqual([422, true])
  expect((await send(DOCUMENT, "../../passport.html")).status).toBe(303)
  const [made] = server.app.payouts.documentsOf(developer.id)
  const file = `${path}/${made!.publicId}/file`
  const read = async (one: WebAgent, where: string) => {
    const answer = await fetch(at(where), { headers: { cookie: cookieOf(one) } })
    return [answer, new Uint8Array(await answer.arrayBuffer())] as const
  }
  const [own, bytes] = await read(agent, file)
  expect([own.status, bytes]).toEqual([200, DOCUMENT])
  expect(Object.fromEntries(own.headers)).toMatchObject({
    "content-type": "application/pdf",
    "content-disposition": `attachment; filename="identity-${made!.publicId}.pdf"`,
    "content-security-policy": "default-src 'none'; sandbox",
    "cache-control": "private, no-store",
    "x-content-type-options": "nosniff",
  })
  const forAdmins = `/admin/payouts/documents/${made!.publicId}`
  for (const [one, where] of [
    [other, file],
    [boss, file],
    [other, `${path}/${made!.publicId}/removal`],
    [agent, forAdmins],
    [other, forAdmins],
    [agent, `/admin/users/${developer.publicId}/payouts/documents`],
  ] as const)
    expect([where, (await read(one, where))[0].status]).toEqual([where, 404])
  expect((await fetch(at(file), { redirect: "manual" })).status).toBe(303)
  const readings = () =>
    server.app.store.read.all("SELECT actor FROM audit_log WHERE action = 'payout_document.read'").length
  expect(readings()).toBe(0)
  expect((await read(boss, forAdmins))[1]).toEqual(DOCUMENT)
  expect(readings()).toBe(1)
  expect(plainText((await boss.get(at("/admin/payouts"))).text)).toContain("Documents to look at")
  const decide = `/admin/users/${developer.publicId}/payouts/documents`
  const unsaid = await boss.submit(await boss.get(at(decide)), decide, { decision: "refused", reason: "Looked" })
  expect([unsaid.status, plainText(unsaid.text).includes("Say why: they read it.")]).toEqual([422, true])
  const done = await boss.submit(unsaid, decide, { decision: "approved", because: "", reason: "Looked" })
  expect(plainText(done.text)).toContain("Accepted")
  expect(plainText((await agent.get(at(path))).text)).toContain("Your documents are accepted")
})

test("a tax number: checked, given by its person after they proved who they are, shown by its end, read whole by an admin with a line in the log", async () => {
  const path = `${HOME}/tax-number`
  const form = await agent.get(at(path))
  const typed = { country: "DE", kind: "vat", number: "DE12345678" }
  const wrong = await agent.submit(form, path, typed)
  expect([wrong.status, plainText(wrong.text).includes("A VAT ID of Germany looks like DE123456789")]).toEqual([
    422,
    true,
  ])
  const saved = await agent.submit(wrong, path, { ...typed, number: "DE 987 654 321" })
  expect(plainText(saved.text)).toContain("VAT ID of Germany ending in 4321")
  const pages = [HOME, path, "/developer/settings", `${HOME}/statements/${new Date().getUTCFullYear()}`]
  for (const where of pages) {
    const { text } = await agent.get(at(where))
    expect([where, plainText(text).includes("VAT ID of Germany ending in 4321")]).toEqual([where, true])
    expect(text).not.toContain("987654321")
  }
  const key = async (userId: User["id"]) =>
    (await server.app.keys.create(CTX, { userId, name: "M", scopes: ["manage"] })).secret
  const byApi = async (userId: User["id"]) => {
    const headers = { authorization: `Bearer ${await key(userId)}` }
    const answer = await fetch(at("/api/v1/developer/tax-number"), { headers })
    return [answer.status, await answer.json()] as const
  }
  expect(await byApi(developer.id)).toEqual([
    200,
    { object: "tax_number", country: "DE", kind: "vat", ends_in: "4321", set_at: expect.any(String) },
  ])
  expect((await byApi((await makeDeveloper(server.app)).id))[0]).toBe(404)
  expect(plainText((await other.get(at(path))).text)).not.toContain("ending in 4321")
  const whole = `/admin/users/${developer.publicId}/payouts/tax-number`
  for (const one of [agent, other]) expect((await one.get(at(whole))).status).toBe(404)
  const readings = () =>
    server.app.store.read.all("SELECT actor FROM audit_log WHERE action = 'payout_tax_number.read'").length
  expect(plainText((await boss.get(at(`/admin/users/${developer.publicId}/payouts`))).text)).toContain("ending in 4321")
  expect(readings()).toBe(0)
  expect((await boss.get(at(whole))).text).toContain("DE987654321")
  expect(readings()).toBe(1)
  // Somebody at their open browser neither sets it nor reads it.
  await server.app.store.write(CTX, (tx) => tx.run("UPDATE sessions SET proved_ms = 0, auth_time_ms = 0"))
  const asked = await agent.submit(await agent.get(at(path)), path, { ...typed, number: "DE111111111" })
  expect(asked.url).toContain("/confirm")
  expect((await boss.get(at(whole))).url).toContain("/confirm")
  expect([readings(), server.app.payouts.openTaxNumber(developer.id)]).toEqual([1, "DE987654321"])
})
