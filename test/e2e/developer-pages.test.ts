// A developer's pages of an app: its secret keys from making to revoking, its users with what they allow and used, the end of one
// permission, and figures that equal the calls.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits } from "../../src/app/index.ts"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import { authorizeUrl, signedIn } from "../browser/house.ts"
import {
  addSandbox,
  chat,
  giveCredits,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"

let server: TestServer
let agent: WebAgent
let client: Client
let token: string
let shown: User
let hidden: User

beforeAll(async () => {
  server = await startTestServer()
  const { app } = server
  await addSandbox(app)
  const developer = await makeDeveloper(app)
  const made = await makeClient(app, { ownerId: developer.id })
  client = made.client
  shown = await makeUser(app, { name: "Shown Person", email: "shown@example.com" })
  hidden = await makeUser(app, { name: "Hidden Person", email: "hidden@example.com" })
  await giveCredits(app, shown, credits(500))
  token = (await mintTokens(app, { user: shown, client, secret: made.secret, dailyNano: credits(40) })).accessToken
  await mintTokens(app, { user: hidden, client, secret: made.secret, scope: "openid llm" })
  for (let call = 0; call < 3; call++) expect((await chat(server.url, token)).status).toBe(200)
  agent = await signedIn(server, developer.email)
}, 30_000)
afterAll(() => server?.close())

const path = (rest = "") => server.at(`/developer/apps/${client.publicId}${rest}`)

test("a secret key: made after a proof, shown once, works, and is refused once it is revoked", async () => {
  const page = await agent.get(path("/keys"))
  const made = await agent.submit(page, `/developer/apps/${client.publicId}/keys`, { name: "Mailing list" })
  const secret = /app_live_[\w-]{51}/.exec(made.text)?.[0]
  expect([made.status, secret === undefined]).toEqual([200, false])
  const ask = () => fetch(server.at("/v1/app/users"), { headers: { authorization: `Bearer ${secret}` } })
  expect((await ask()).status).toBe(200)
  const again = await agent.get(path("/keys"))
  expect(again.text).not.toContain(secret!)
  expect(again.text).toContain("Mailing list")
  const [key] = server.app.appKeys.of(client.id)
  expect(key).toMatchObject({ name: "Mailing list", scopes: ["users"] })
  const revoke = `/developer/apps/${client.publicId}/keys/${key!.publicId}/revocation`
  const done = await agent.submit(await agent.get(server.at(revoke)), revoke)
  expect(done.text).toContain("no longer works")
  expect((await ask()).status).toBe(401)
})

test("users: what they let the app see, allow and used; no search tells of what they did not", async () => {
  const all = (await agent.get(path("/users"))).text
  for (const words of ["Shown Person", "shown@example.com", shown.publicId, hidden.publicId])
    expect(all).toContain(words)
  for (const words of ["Hidden Person", "hidden@example.com"]) expect(all).not.toContain(words)
  expect(all).toContain("2 users")
  expect(/Chat[\s\S]{0,200}40/.test(all)).toBe(true)
  expect((await agent.get(path("/users?q=SHOWN%40"))).text).toContain(shown.publicId)
  const none = (await agent.get(path("/users?q=hidden%40example.com"))).text
  expect([none.includes(hidden.publicId), none.includes("Nobody found")]).toEqual([false, true])
})

test("figures equal the calls, on the page and in the file", async () => {
  const { calls, earned } = server.app.store.read.get<{ calls: number; earned: number }>(
    "SELECT COUNT(*) AS calls, SUM(earned_nano) AS earned FROM charges WHERE client_id = ?",
    client.id,
  )!
  expect([calls, earned > 0]).toEqual([3, true])
  const page = await agent.get(server.at(`/developer/analytics?app=${client.publicId}&range=7d`))
  expect(page.status).toBe(200)
  for (const words of ["By model", "sandbox", "Storyteller", "What is this?"]) expect(page.text).toContain(words)
  const file = await agent.get(server.at("/developer/analytics/export?range=7d"))
  const last = file.text.trim().split("\r\n").at(-1)!.split(",")
  expect([last[1], last[4], last[5], last[8]]).toEqual(["3", "1", "2", String(earned / 1_000_000)])
  const wrong = await agent.get(server.at("/developer/analytics?range=custom&from=2026-02-30&to=2026-03-01"))
  expect([wrong.status, wrong.text.includes("Give both days")]).toEqual([422, true])
  expect((await agent.get(server.at("/developer/analytics?app=cli_none"))).status).toBe(404)
})

test("requests: each call with what it used, one by one, by filters; never what was said; health by kind", async () => {
  const words = "a secret of mine that nobody keeps"
  const asked = await chat(server.url, token, { messages: [{ role: "user", content: words }] })
  const answered = asked.headers.get("x-request-id")!
  expect((await chat(server.url, token, { model: "none" })).status).toBe(404)
  await server.app.usage.flush()
  const all = await agent.get(path("/requests"))
  expect([all.status, all.text.includes(answered), all.text.includes("model_not_found")]).toEqual([200, true, true])
  const refused = await agent.get(path("/requests?only=refused"))
  expect([refused.text.includes(answered), refused.text.includes("model_not_found")]).toEqual([false, true])
  expect((await agent.get(path("/requests?model=sandbox"))).text).toContain(answered)
  expect((await agent.get(path("/requests?model=other&before=nonsense"))).text).toContain("No such call")
  const one = await agent.get(path(`/requests/${answered}`))
  for (const told of [answered, shown.publicId, "sandbox", "llm"]) expect(one.text).toContain(told)
  for (const { text } of [all, one]) expect(text).not.toContain(words)
  expect((await agent.get(path("/requests/req_none"))).status).toBe(404)
  const other = await makeClient(server.app, { ownerId: (await server.app.oauth.clientById(client.id))!.ownerId! })
  const elsewhere = server.at(`/developer/apps/${other.client.publicId}/requests/${answered}`)
  expect((await agent.get(elsewhere)).status).toBe(404)
  const health = await agent.get(path("/health"))
  for (const told of ["model_not_found", "There is no such model", "Slowest calls", answered])
    expect(health.text).toContain(told)
})

test("ending one permission ends every token of it, and nobody else's", async () => {
  const revoke = `/developer/apps/${client.publicId}/users/${shown.publicId}/revocation`
  const done = await agent.submit(await agent.get(server.at(revoke)), revoke)
  expect(done.text).toContain("Their permission has ended")
  expect((await chat(server.url, token)).status).toBe(401)
  const left = (await agent.get(path("/users"))).text
  expect([left.includes(shown.publicId), left.includes(hidden.publicId)]).toEqual([false, true])
  expect((await agent.get(server.at(revoke))).status).toBe(404)
})

test("settings: the company that people read where they sign in, changed and taken off again", async () => {
  const person = await makeUser(server.app)
  const theirs = await signedIn(server, person.email)
  const read = async () => (await theirs.get(authorizeUrl(server, client.publicId))).text
  const settings = server.at("/developer/settings")
  const save = async (company: string) =>
    await agent.submit(await agent.get(settings), "/developer/settings", { company })
  expect((await save("Lantern Works")).text).toContain("People read Lantern Works now.")
  expect(await read()).toContain("Lantern Works")
  const refused = await save("Purser Inc.")
  expect([refused.status, refused.text.includes("Lantern Works")]).toEqual([422, true])
  await save("")
  expect(await read()).not.toContain("Lantern Works")
  // Whoever is no developer has none.
  expect(new URL((await theirs.get(settings)).url).pathname).toBe("/developer")
})
