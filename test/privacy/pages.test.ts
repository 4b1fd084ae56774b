// Your data, as a person meets it: a copy that only they can fetch, and an account that goes on its day or is kept after all.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { strFromU8, unzipSync } from "fflate"
import { credits, DAY_MS, HOUR_MS, VirtualClock } from "../../src/app/index.ts"
import { plainText, WebAgent } from "../../src/cli/demo/agent.ts"
import { DECLARED } from "../../src/compose/parts.ts"
import type { User } from "../../src/identity/index.ts"
import { signedIn } from "../browser/house.ts"
import {
  CTX,
  giveCredits,
  makeClient,
  makeUser,
  mintTokens,
  PASSWORD,
  startTestServer,
  type TestServer,
} from "../build.ts"

let server: TestServer
let clock: VirtualClock
let person: User
let agent: WebAgent
const at = (path: string) => `${server.url}${path}`
const mails = () => server.app.mailer.mailbox.filter(({ to }) => to === person.email).map(({ subject }) => subject)
const run = (name: string) => server.app.jobs.runNow(CTX, name)

beforeAll(async () => {
  clock = new VirtualClock(Date.UTC(2026, 10, 27, 12))
  server = await startTestServer({ clock })
  // The last admin cannot go.
  await makeUser(server.app, { isAdmin: true })
  person = await makeUser(server.app, { name: '=HYPERLINK("http://evil.example")' })
  await server.app.keys.create(CTX, { userId: person.id, name: "=1+1", scopes: ["llm"] })
  await giveCredits(server.app, person, 1_234_567)
  agent = await signedIn(server, person.email)
})
afterAll(() => server.close())

async function askCopy(): Promise<string> {
  const page = await agent.get(at("/settings/data"))
  return plainText((await agent.submit(page, "/settings/data/copies")).text)
}
const copyId = () => server.app.privacy.copyOf(person.id)!.publicId
const fetchCopy = (by: WebAgent, id = copyId()) => by.get(at(`/settings/data/copies/${id}`))

test("a copy is made by a job, said by mail, and holds what every domain declares", async () => {
  expect(await askCopy()).toContain("It is being made.")
  expect((await fetchCopy(agent)).status).toBe(404)
  await run("make-exports")
  await server.app.outbox.flush()
  expect(mails()[0]).toContain("copy of your Purser data is ready")
  expect(plainText((await agent.get(at("/settings/data"))).text)).toContain("Download (")
  const file = server.app.privacy.fileOf(person.id, copyId())!
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const zip = unzipSync(new Uint8Array(await Bun.file(file).arrayBuffer()))
  const names = DECLARED.files.map(({ name }) => name).filter((name) => !name.endsWith("/"))
  expect(Object.keys(zip).toSorted()).toEqual([...names, "README.txt"].toSorted())
  const textOf = (name: string) => strFromU8(zip[name]!)
  for (const { what } of DECLARED.files) expect(textOf("README.txt")).toContain(what)
  expect(JSON.parse(textOf("account.json"))).toMatchObject([{ email: person.email, id: person.publicId }])
  // Exact, as text; what a spreadsheet would run is marked as text.
  expect(textOf("credits.csv")).toContain("1.234567")
  expect(textOf("api-keys.csv")).toContain("'=1+1")
  const all = Object.values(zip)
    .map((bytes) => strFromU8(bytes))
    .join("\n")
  for (const secret of ["argon2", "_hash", "sk_live_"]) expect([secret, all.includes(secret)]).toEqual([secret, false])
})

test("the link alone gives nothing: nobody else gets the file, signed in or not", async () => {
  const mine = await fetch(at(`/settings/data/copies/${copyId()}`), { redirect: "manual" })
  expect(mine.status).toBe(303)
  expect(mine.headers.get("location")).toContain("/console/login")
  const other = await makeUser(server.app)
  const thief = await signedIn(server, other.email)
  expect((await fetchCopy(thief)).status).toBe(404)
  expect((await fetchCopy(agent, "exp_01K9ZT4M2Q8V6X3B7N5RJDHWCE")).status).toBe(404)
})

test("one a day, one at a time, and gone after a week", async () => {
  expect((await agent.get(at("/settings/data"))).text).not.toContain("Make a copy")
  await expect(server.app.store.write(CTX, (tx) => server.app.privacy.askCopyIn(tx, person.id))).rejects.toMatchObject({
    code: "rate_limit_exceeded",
  })
  clock.advance(7 * DAY_MS)
  expect(server.app.privacy.fileOf(person.id, copyId())).toBeNull()
  await run("sweep-exports")
  expect(readdirSync(join(server.dataDir, "exports"))).toEqual([])
})

test("a process that dies while it is made leaves it to the next one: made once, and given up at the third death", async () => {
  const { privacy, store } = server.app
  const ask = () => store.write(CTX, (tx) => privacy.askCopyIn(tx, person.id))
  await ask()
  await expect(ask()).rejects.toMatchObject({ code: "conflict" })
  const cut = new AbortController()
  cut.abort(new Error("killed"))
  for (let death = 0; death < 2; death++) await expect(privacy.makeCopy(cut.signal)).rejects.toThrow("killed")
  expect(readdirSync(join(server.dataDir, "exports"))).toEqual([])
  const before = mails().length
  await privacy.makeCopy(new AbortController().signal)
  await privacy.makeCopy(new AbortController().signal)
  await server.app.outbox.flush()
  expect([privacy.copyOf(person.id)?.state, mails().length]).toEqual(["ready", before + 1])

  clock.advance(8 * DAY_MS)
  await ask()
  for (let death = 0; death < 3; death++) await expect(privacy.makeCopy(cut.signal)).rejects.toThrow("killed")
  await privacy.makeCopy(new AbortController().signal)
  expect(privacy.copyOf(person.id)?.state).toBe("failed")
})

test("while others use their app they are told so, and cannot go", async () => {
  const owner = await makeUser(server.app, { name: "Owner" })
  const { client, secret } = await makeClient(server.app, { ownerId: owner.id, name: "Loved app" })
  await mintTokens(server.app, { user: person, client, secret, dailyNano: credits(5) })
  const by = await signedIn(server, owner.email)
  const page = await by.get(at("/settings/data/deletion"))
  expect(plainText(page.text)).toContain("1 person uses your app Loved app.")
  expect(page.text).not.toContain("Delete my account</button>")
  await expect(
    server.app.store.write(CTX, (tx) => server.app.privacy.askErasureIn(tx, { userId: owner.id, by: "person" })),
  ).rejects.toMatchObject({ code: "conflict" })
})

test("an account goes on its day: told before, kept by a word until then, gone afterwards", async () => {
  const fresh = await signedIn(server, person.email)
  const page = await fresh.get(at("/settings/data/deletion"))
  const words = plainText(page.text)
  for (const told of ["1.234567 credits are lost", "1 API key stops", "1 app loses access", "after 14 days"])
    expect(words).toContain(told)
  const asked = await fresh.submit(page, "/settings/data/deletion")
  expect(plainText(asked.text)).toContain("Your account will be deleted.")
  await server.app.outbox.flush()
  expect(mails()[0]).toBe("Your Purser account will be deleted on 26 December 2026")
  // Every page says so, and whoever signs in is asked.
  expect(plainText((await fresh.get(at("/dashboard"))).text)).toContain("You can keep it under Settings, Your data.")
  const again = new WebAgent()
  const login = await again.get(at("/login"))
  const keep = await again.submit(login, "/login", { email: person.email, password: PASSWORD })
  expect(plainText(keep.text)).toContain("Keep your account?")
  expect(plainText((await again.submit(keep, "/keep-account")).text)).toContain("Your account stays.")
  expect(server.app.privacy.leavesMs(person.id)).toBeNull()

  await fresh.submit(await fresh.get(at("/settings/data/deletion")), "/settings/data/deletion")
  clock.advance(12 * DAY_MS + HOUR_MS)
  await run("erase-people")
  await server.app.outbox.flush()
  expect(mails()[0]).toStartWith("Your Purser account is deleted on")
  expect(server.app.identity.userById(person.id)).not.toBeNull()
  clock.advance(2 * DAY_MS)
  await run("erase-people")
  for (let left = 100; left > 0 && server.app.privacy.erasureOf(person.id)?.state !== "done"; left--)
    await run("erase-people")
  await server.app.outbox.flush()
  expect(server.app.mailer.mailbox[0]).toMatchObject({ to: person.email, subject: "Your Purser account is deleted" })
  expect(server.app.identity.userById(person.id)).toBeNull()
  expect((await fetch(at("/dashboard"), { redirect: "manual" })).status).toBe(303)
  const refused = await new WebAgent().get(at("/login"))
  const denied = await new WebAgent()
    .submit(refused, "/login", { email: person.email, password: PASSWORD })
    .catch(() => null)
  expect(denied?.text ?? "").not.toContain("Dashboard")
})
