// Passkeys over plain HTTP: the pages, an app's flow with how it was proved, confirming, and the ways back for who lost them.
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import { decodeJwt } from "jose"
import { VirtualClock } from "../../src/app/index.ts"
import { controlVerbs } from "../../src/cli/control.ts"
import { plainText, WebAgent, type WebPage } from "../../src/cli/demo/agent.ts"
import { cli } from "../../src/cli/testing.ts"
import type { User } from "../../src/identity/index.ts"
import { serveControl } from "../../src/store/index.ts"
import { authorizeUrl, field, signedIn } from "../browser/house.ts"
import {
  addPasskey,
  CALLBACK,
  makeClient,
  makeUser,
  PASSWORD,
  type SoftKey,
  softKey,
  startTestServer,
  type TestServer,
} from "../build.ts"

const MINUTE = 60_000
let clock: VirtualClock
let server: TestServer
let ada: User
let key: SoftKey
beforeAll(async () => {
  clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
  server = await startTestServer({ clock })
})
afterAll(() => server?.close())
beforeEach(async () => {
  ada = await makeUser(server.app)
  key = await softKey(server.url)
})

const at = (path: string) => `${server.url}${path}`
const newAgent = () => new WebAgent((next) => next.origin === server.url)
const pathOf = (page: WebPage) => new URL(page.url).pathname

/** What a page asks the authenticator. */
function asked(page: WebPage, action: string) {
  const options = /data-options="([^"]+)"/.exec(page.text)![1]!.replace(/&(#34|quot);/g, '"')
  return { ticket: field(page, action, "ticket")!, options: JSON.parse(options) as Record<string, unknown> }
}

const answer = async (agent: WebAgent, page: WebPage, action: string): Promise<WebPage> =>
  agent.submit(page, action, { response: await key.use(asked(page, action)) })

test("from the settings on: made after a proof, named, renamed, and removed after another", async () => {
  const agent = await signedIn(server, ada.email)
  clock.advance(11 * MINUTE)
  const confirm = await agent.get(at("/settings/passkeys/new"))
  expect(pathOf(confirm)).toBe("/confirm")
  const page = await agent.submit(confirm, "/confirm", { password: PASSWORD })
  expect(pathOf(page)).toBe("/settings/passkeys/new")
  const path = "/settings/passkeys/new"
  const empty = await agent.submit(page, path, { response: "" })
  expect([empty.status, plainText(empty.text).includes("could not be made")]).toEqual([422, true])
  const codes = await agent.submit(page, path, { name: "Laptop", response: await key.make(asked(page, path)) })
  expect(codes.text.match(/[2-9a-z]{4}(-[2-9a-z]{4}){3}/g)).toHaveLength(10)
  const [made] = server.app.identity.passkeysOf(ada.id)
  const one = `/settings/passkeys/${made!.publicId}`
  const list = await agent.submit(await agent.get(at(one)), one, { name: "Old laptop" })
  expect(plainText(list.text)).toContain("It is called “Old laptop” now.")

  // By then it is asked for itself.
  const removal = await agent.submit(await agent.get(at(`${one}/removal`)), `${one}/removal`)
  expect(pathOf(removal)).toBe("/confirm")
  expect((await agent.submit(removal, "/confirm", { password: PASSWORD })).status).toBe(422)
  const again = await answer(agent, removal, "/confirm/passkey")
  expect(plainText(again.text)).toContain("Thank you, it is you.")
  const gone = await agent.submit(again, `${one}/removal`)
  expect(plainText(gone.text)).toContain("“Old laptop” no longer signs you in.")
  expect(server.app.identity.passkeysOf(ada.id)).toEqual([])
})

test("another person's is not there", async () => {
  const id = await addPasskey(server.app, ada, key)
  const eve = await makeUser(server.app)
  const agent = await signedIn(server, eve.email)
  for (const path of [`/settings/passkeys/${id}`, `/settings/passkeys/${id}/removal`])
    expect((await agent.get(at(path))).status).toBe(404)
})

test("an app's sign-in goes on by it, and is told how (amr); a refused one leaves the app waiting", async () => {
  await addPasskey(server.app, ada, key)
  const { client, secret } = await makeClient(server.app)
  const agent = newAgent()
  const login = await agent.get(authorizeUrl(server, client.publicId, { scope: "openid" }))
  const refused = await agent.submit(login, "/login/passkey", {
    response: await key.use(asked(login, "/login/passkey"), { forged: true }),
  })
  expect([refused.status, pathOf(refused)]).toEqual([422, "/login/passkey"])
  expect(plainText(refused.text)).toContain("This passkey does not fit here")
  expect(plainText(refused.text)).toContain("to continue to Storyteller")
  const consent = await answer(agent, refused, "/login/passkey")
  expect(pathOf(consent)).toBe("/authorize/consent")
  const back = await agent.submit(consent, "/authorize/consent", { decision: "approve" })
  const code = new URL(back.url).searchParams.get("code")!
  const tokens = await fetch(at("/token"), {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code,
      redirect_uri: CALLBACK,
      client_id: client.publicId,
      client_secret: secret,
      code_verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    }),
  })
  const { id_token } = (await tokens.json()) as { id_token: string }
  expect(decodeJwt(id_token).amr).toEqual(["hwk", "user", "mfa"])
})

test("after the password it is the second step, and one of another sign-in is none", async () => {
  await addPasskey(server.app, ada, key)
  const agent = newAgent()
  const step = await agent.submit(await agent.get(at("/login")), "/login", { email: ada.email, password: PASSWORD })
  expect(pathOf(step)).toBe("/login/code")
  expect(plainText(step.text)).toContain("Use your passkey")
  const login = await newAgent().get(at("/login"))
  const foreign = await key.use(asked(login, "/login/passkey"))
  const refused = await agent.submit(step, "/login/code/passkey", { response: foreign })
  expect(refused.status).toBe(422)
  expect(pathOf(await answer(agent, refused, "/login/code/passkey"))).toBe("/dashboard")
})

test("who lost them all: an admin removes them, or the console of the server", async () => {
  const admin = await makeUser(server.app, { isAdmin: true })
  const agent = await signedIn(server, admin.email)
  await addPasskey(server.app, ada, key)
  const path = `/admin/users/${ada.publicId}/passkeys`
  expect((await agent.get(at(`/admin/users/${ada.publicId}`))).text).toContain(path)
  const page = await agent.get(at(path))
  clock.advance(11 * MINUTE)
  const unproved = await agent.submit(page, path, { reason: "She called, I know her voice" })
  expect(pathOf(unproved)).toBe("/confirm")
  const proved = await agent.submit(unproved, "/confirm", { password: PASSWORD })
  const done = await agent.submit(proved, path)
  expect(plainText(done.text)).toContain("has no passkey any more")
  expect(server.app.identity.passkeysOf(ada.id)).toEqual([])
  expect(await server.app.identity.login(visitor(), { email: ada.email, password: PASSWORD })).toHaveProperty("token")

  await addPasskey(server.app, ada, await softKey(server.url))
  const control = serveControl(server.dataDir, controlVerbs(server.app))
  const run = await cli("admin", "passkeys-off", ada.email, "--data-dir", server.dataDir, "--base-url", server.url)
  await control.stop()
  expect(run.out).toContain(`${ada.email} has no passkey any more.`)
  expect(server.app.identity.passkeysOf(ada.id)).toEqual([])
})

const visitor = () => ({ ip: "127.0.0.1", userAgent: "test", browserId: "b".repeat(43), requestId: "req_test" })
