// What lives in memory, cookies and addresses while the secret key is exchanged: pages that are open go on while the old key opens; once
// it is out of use, each says in plain words what to do, and nothing fails.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { plainText, WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { authorizeUrl, field, signedIn } from "../browser/house.ts"
import { CTX, makeClient, makeUser, PASSWORD, startTestServer, type TestServer } from "../build.ts"

setDefaultTimeout(60_000)
let server: TestServer
let ada: User
beforeAll(async () => {
  server = await startTestServer()
  ada = await makeUser(server.app, { name: "Ada" })
})
afterAll(() => server?.close())

const at = (path: string) => `${server.url}${path}`
const rotate = () => server.app.vault.rotate(CTX)
const exchange = async () => {
  await rotate()
  await server.app.vault.reseal(CTX)
}
async function endSessions(user: User): Promise<void> {
  for (const { publicId } of server.app.identity.sessionsOf(user.id))
    await server.app.identity.revokeSession(CTX, { userId: user.id, sessionPublicId: publicId })
}

describe("a form that was kept while its person signs in", () => {
  const typedInto = async (meanwhile: () => Promise<unknown>) => {
    const agent = await signedIn(server, ada.email)
    const settings = await agent.get(at("/settings"))
    await endSessions(ada)
    await agent.submit(settings, "/settings/name", { name: "Ada Lovelace" })
    await meanwhile()
    // The page of the sign-in is loaded anew: its own form is of the old key.
    const login = await agent.get(
      at(`/console/login?${new URLSearchParams({ next: "/unfinished?at=/settings/name" })}`),
    )
    return agent.submit(login, "/login", { email: ada.email, password: PASSWORD })
  }

  test("comes back after a rotation", async () => {
    const again = await typedInto(rotate)
    expect(again.status).toBe(200)
    expect(field(again, "/settings/name", "name")).toBe("Ada Lovelace")
  })

  test("is told to be lost once its key is out of use", async () => {
    const again = await typedInto(exchange)
    expect(again.status).toBe(200)
    expect(new URL(again.url).pathname).toBe("/dashboard")
    expect(plainText(again.text)).toContain("What you typed could not be kept")
  })
})

test("an open page’s form is taken after a rotation; out of use, it asks to load the page again", async () => {
  const agent = await signedIn(server, ada.email)
  const first = await agent.get(at("/settings"))
  await rotate()
  const done = await agent.submit(first, "/settings/name", { name: "Ada L." })
  expect(plainText(done.text)).toContain("Your name is Ada L. now.")
  await server.app.vault.reseal(CTX)
  const second = await agent.submit(first, "/settings/name", { name: "Ada" })
  expect(second.status).toBe(403)
  expect(plainText(second.text)).toContain("Go back, reload the page and send it again.")
  expect((await agent.get(at("/settings"))).status).toBe(200)
})

test("a sign-in to an app on its way goes on after a rotation; later it ends on a page of ours", async () => {
  const made = await makeClient(server.app)
  for (const [meanwhile, path] of [
    [rotate, "/authorize/consent"],
    [exchange, "/dashboard"],
  ] as const) {
    const agent = new WebAgent()
    const login = await agent.get(authorizeUrl(server, made.client.publicId))
    await meanwhile()
    const reloaded = await agent.get(login.url)
    const next = await agent.submit(reloaded, "/login", { email: ada.email, password: PASSWORD })
    expect([next.status, new URL(next.url).pathname]).toEqual([200, path])
  }
})

test("a consent that waits for its answer", async () => {
  const made = await makeClient(server.app, { name: "Reader" })
  const agent = await signedIn(server, ada.email)
  const consent = await agent.get(authorizeUrl(server, made.client.publicId))
  expect(consent.status).toBe(200)
  await exchange()
  const answered = await agent.submit(consent, "/authorize/consent", { decision: "deny" })
  expect(answered.status).toBeGreaterThanOrEqual(400)
  expect(answered.status).toBeLessThan(500)
  expect(plainText(answered.text)).toContain("Go back")
})

test("a code that was mailed is asked for anew", async () => {
  const agent = new WebAgent()
  const form = await agent.get(at("/signup"))
  const sent = await agent.submit(form, "/signup", {
    email: "new@example.com",
    name: "New",
    password: PASSWORD,
  })
  expect(sent.status).toBe(200)
  await exchange()
  const again = await agent.get(sent.url)
  expect(again.status).toBeLessThan(500)
})

test("cookies of a flash, a secret shown once and the console’s round trip are ignored, not an error", async () => {
  const agent = await signedIn(server, ada.email)
  const settings = await agent.get(at("/settings"))
  await agent.submit(settings, "/settings/name", { name: "Once more" })
  for (const name of ["flash", "once-x", "kept-x"])
    agent.setCookie(server.url, `purser_${name}`, "v1.deadbeef.AAAA.BBBB")
  for (const path of ["/settings", "/dashboard", "/keys", "/console/callback?state=x&code=y"])
    expect((await agent.get(at(path))).status).toBeLessThan(500)
})
