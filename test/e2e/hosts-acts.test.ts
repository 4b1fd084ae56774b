// Sign-in's longer ways on a server whose parts have origins of their own: proofs before dangerous acts, several people, devices, an account
// that is to be deleted. What was typed on one origin waits there while its person is at another.
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import { WebAgent, type WebPage } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { CTX, makeClient, makeUser, PASSWORD, startTestServer, type TestServer } from "../build.ts"

let server: TestServer
let at: { auth: string; console: string; api: string; site: string }
let ada: User
let agent: WebAgent
beforeAll(async () => {
  server = await startTestServer({ fourHosts: true })
  at = server.app.config.hosts
})
afterAll(() => server?.close())
beforeEach(async () => {
  ada = await makeUser(server.app, { name: "Ada" })
  agent = newAgent()
  await signIn(await agent.get(`${at.console}/credits`), ada)
})

const newAgent = () => new WebAgent((next) => Object.values(at).includes(next.origin))
const signIn = (form: WebPage, { email }: User) => agent.submit(form, "/login", { email, password: PASSWORD })
const words = ({ text }: WebPage) => text.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ")
/** Whatever was proved is long ago. */
const growOld = () => server.app.store.write(CTX, (tx) => void tx.run("UPDATE sessions SET proved_ms = 1"))

test("a key is made on the console's origin after a proof at sign-in's, and what was typed stands there again", async () => {
  await growOld()
  const form = await agent.get(`${at.console}/keys/new`)
  const asked = await agent.submit(form, "/keys", { name: "by four", scope: "llm" })
  expect(asked.url).toStartWith(`${at.auth}/confirm?`)
  expect(words(asked)).toContain(ada.email)
  const again = await agent.submit(asked, "/confirm", { password: PASSWORD })
  expect(again.url).toStartWith(`${at.console}/unfinished?`)
  expect(again.text).toContain('value="by four"')
  await agent.submit(again, "/keys")
  expect(server.app.keys.of(ada.id).map(({ name }) => name)).toEqual(["by four"])
})

test("a form of the settings, on sign-in's own origin, waits there", async () => {
  await growOld()
  const page = await agent.get(`${at.auth}/settings/email`)
  const form = page.forms.find(({ action }) => action.startsWith("/settings/email"))!
  const action = new URL(form.action, page.url).pathname
  const asked = await agent.submit(page, action, { email: "four@example.com" })
  expect(asked.url).toStartWith(`${at.auth}/confirm?`)
  const again = await agent.submit(asked, "/confirm", { password: PASSWORD })
  expect(again.url).toStartWith(`${at.auth}/unfinished?`)
  expect(again.text).toContain('value="four@example.com"')
})

test("the console of either origin follows the account that is chosen", async () => {
  const bob = await makeUser(server.app, { name: "Bob" })
  const home = await signIn(await agent.get(`${at.auth}/login?as=other`), bob)
  expect(home.url).toBe(`${at.console}/dashboard`)
  for (const page of [`${at.auth}/settings`, `${at.console}/dashboard`])
    expect(words(await agent.get(page))).toContain(bob.email)
  const chooser = await agent.get(`${at.console}/console/login?choose=1&next=/credits`)
  expect(chooser.url).toStartWith(`${at.auth}/login?`)
  const back = await agent.submit(chooser, "/login/account", { account: ada.publicId })
  expect(back.url).toBe(`${at.console}/credits`)
  for (const page of [`${at.auth}/settings`, `${at.console}/dashboard`])
    expect(words(await agent.get(page))).toContain(ada.email)
})

test("a sign-out from the console's own menu is asked at sign-in's origin, and ends both", async () => {
  const page = await agent.get(`${at.console}/credits`)
  const out = await agent.submit(page, "/logout/confirmation")
  expect(out.url).toBe(`${at.auth}/logout`)
  expect(words(await agent.submit(out, "/logout/confirmation"))).toContain("You are signed out")
  expect((await agent.get(`${at.console}/dashboard`)).url).toStartWith(`${at.auth}/login`)
})

test("a device's code is typed at sign-in's origin", async () => {
  const { client } = await makeClient(server.app, { type: "public" })
  const set = { ownerId: "any" as const, clientPublicId: client.publicId, deviceFlow: true }
  await server.app.store.write(CTX, (tx) => server.app.oauth.updateClientIn(tx, set))
  const started = await fetch(`${at.auth}/device_authorization`, {
    method: "POST",
    body: new URLSearchParams({ client_id: client.publicId, scope: "openid" }),
  })
  const { verification_uri_complete } = (await started.json()) as { verification_uri_complete: string }
  expect(verification_uri_complete).toStartWith(`${at.auth}/device`)
  const consent = await agent.submit(await agent.get(verification_uri_complete), "/device")
  const done = await agent.submit(consent, "/authorize/consent", { decision: "approve" })
  expect(done.url).toBe(`${at.auth}/device/done?answer=yes`)
})

test("an account is given up in the settings, and kept on the way in", async () => {
  const page = await agent.get(`${at.auth}/settings/data`)
  expect(page.url).toBe(`${at.auth}/settings/data`)
  await server.app.store.write(CTX, (tx) => server.app.privacy.askErasureIn(tx, { userId: ada.id, by: "person" }))
  agent = newAgent()
  const asked = await signIn(await agent.get(`${at.console}/credits`), ada)
  expect(asked.url).toStartWith(`${at.auth}/keep-account?`)
  const kept = await agent.submit(asked, "/keep-account")
  expect(kept.url).toBe(`${at.console}/credits`)
  expect(server.app.privacy.leavesMs(ada.id)).toBeNull()
})
