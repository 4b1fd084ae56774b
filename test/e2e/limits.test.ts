// Limits as people set them: an operator on /admin/limits, an owner on a key's page; in force for the next call, and counted.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits } from "../../src/app/index.ts"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { signedIn } from "../browser/house.ts"
import { addSandbox, CTX, chat, giveCredits, makeUser, startTestServer, type TestServer } from "../build.ts"

let server: TestServer
let admin: WebAgent
let owner: User
let hers: WebAgent
let key: string
let keyId: string

beforeAll(async () => {
  server = await startTestServer()
  await addSandbox(server.app)
  const chief = await makeUser(server.app, { name: "Chief", isAdmin: true })
  owner = await makeUser(server.app, { name: "Ann" })
  await giveCredits(server.app, owner, credits(500))
  await server.app.plans.change(CTX, { user: owner, planCode: "basic" })
  const made = await server.app.keys.create(CTX, { userId: owner.id, name: "Report", scopes: ["llm"], mode: "live" })
  key = made.secret
  keyId = made.key.publicId
  admin = await signedIn(server, chief.email)
  hers = await signedIn(server, owner.email)
}, 30_000)
afterAll(() => server?.close())

const at = (path: string) => `${server.url}${path}`
const NEW = { plan: "", person: "", key: "", app: "", reason: "A fair share for all" }

test("an operator limits a person, changes it, sees what it refused, and takes it away", async () => {
  const form = await admin.get(at("/admin/limits/new"))
  const wrong = await admin.submit(form, "/admin/limits", {
    ...NEW,
    level: "user",
    person: "nobody@example.com",
    kind: "requests_day",
    amount: "many",
  })
  expect([wrong.status, wrong.text.includes("Nobody here has this email or id")]).toEqual([422, true])
  expect(wrong.text).toContain("Give a whole number from 0 to")
  const whose = { ...NEW, level: "user", person: owner.email, kind: "requests_day", amount: "1" }
  const list = await admin.submit(form, "/admin/limits", whose)
  expect(list.url).toBe(at("/admin/limits"))
  expect(list.text).toContain("Ann: 1 request a day, from the next request on.")

  expect((await chat(server.url, key)).status).toBe(200)
  const refused = await chat(server.url, key)
  expect([refused.status, refused.headers.get("x-should-retry")]).toEqual([429, "false"])
  const { publicId } = server.app.limits.rules()[0]!
  const page = await admin.get(at(`/admin/limits/${publicId}`))
  expect(page.text).toContain("It refused 1 call today.")

  const more = await admin.submit(page, `/admin/limits/${publicId}`, { amount: "3", reason: "She asked for more" })
  expect(more.text).toContain("Ann: 3 requests a day, from the next request on.")
  expect((await chat(server.url, key)).status).toBe(200)

  const removal = await admin.get(at(`/admin/limits/${publicId}/removal`))
  const gone = await admin.submit(removal, `/admin/limits/${publicId}/removal`, { reason: "No longer needed" })
  expect(gone.text).toContain("Nothing is limited yet")
  const audit = await admin.get(at("/admin/audit"))
  for (const words of [
    "limited a person to 1 request a day",
    "from 1 request a day to 3 requests a day",
    "removed the limit",
  ])
    expect(plainText(audit.text)).toContain(words)
})

test("an owner limits what a key may spend, within what the operator allows, and sees what is used", async () => {
  const { app } = server
  const id = app.keys.byPublicId(owner.id, keyId)!.id
  await app.limits.set(CTX, { level: "key", subject: String(id), kind: "requests_minute", amount: 100 })
  const page = await hers.get(at(`/keys/${keyId}/limits`))
  expect(page.text).toContain("The operator allows this key at most 100 requests a minute.")
  const above = await hers.submit(page, `/keys/${keyId}/limits`, { requests_minute: "101", spend_day: "5" })
  expect([above.status, above.text.includes("This key may have at most 100 requests a minute.")]).toEqual([422, true])
  const saved = await hers.submit(page, `/keys/${keyId}/limits`, { requests_minute: "90", spend_day: "6" })
  expect(saved.text).toContain("requests a minute 90, spend a day 6 credits")
  expect((await chat(server.url, key)).status).toBe(200)
  const [minute, day] = app.limits.keyLimits({ keyId: id, payerId: owner.id }).own
  expect([minute!.kind, minute!.used]).toEqual(["requests_minute", 1])
  expect([day!.kind, day!.amount, day!.held]).toEqual(["spend_day", credits(6), 0])
  // With what the key spent today before there was a limit.
  const calls = app.usage.recentOfKey(owner.id, id, 20).filter(({ chargeNano }) => chargeNano > 0)
  expect(calls.length).toBeGreaterThan(1)
  expect(day!.used).toBe(calls.reduce((sum, { collectedNano }) => sum + collectedNano, 0))
  expect((await hers.get(at(`/keys/${keyId}/limits`))).text).toContain("Used so far")
  // Somebody else's key is not there.
  expect((await admin.get(at(`/keys/${keyId}/limits`))).status).toBe(404)
})
