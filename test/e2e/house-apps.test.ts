// Apps of the house: made by an admin who proved who they are, held to the rules of addresses, shut with the next request. And an admin's word
// about a domain.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits, MINUTE_MS, VirtualClock } from "../../src/app/index.ts"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { authorizeUrl, csrfOf, signedIn } from "../browser/house.ts"
import {
  addSandbox,
  CTX,
  chat,
  giveCredits,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"

const clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
let server: TestServer
let person: User
let developer: User
let ada: WebAgent
let eve: WebAgent
beforeAll(async () => {
  server = await startTestServer({ clock })
  await addSandbox(server.app)
  const admin = await makeUser(server.app, { name: "Ada", isAdmin: true })
  developer = await makeDeveloper(server.app)
  person = await makeUser(server.app, { name: "Eve" })
  await giveCredits(server.app, person, credits(500))
  ada = await signedIn(server, admin.email)
  eve = await signedIn(server, person.email)
}, 60_000)
afterAll(() => server?.close())

async function post(agent: WebAgent, path: string, fields: Record<string, string>) {
  const csrf = await csrfOf(server, agent)
  return agent.post(server.at(path), [["csrf", csrf], ...Object.entries(fields)])
}
const HOUSE = { name: "Help desk", redirect_uris: "https://help.example/callback", scope: "llm", reason: "ours" }
const houseApps = () =>
  server.app.store.read
    .all<{ id: string; name: string }>(
      "SELECT public_id AS id, name FROM v_oauth_clients WHERE type = 'first-party' ORDER BY client_id",
    )
    .filter(({ name }) => name !== "Purser")

test("an address that a browser must not be sent to makes no app, by page or by program", async () => {
  for (const uri of ["javascript:alert(1)", "http://evil.example/cb", "https://*.example/", "com.x.app:/cb"]) {
    const refused = await post(ada, "/admin/apps", { ...HOUSE, redirect_uris: uri })
    expect([uri, refused.status]).toEqual([uri, 422])
  }
  expect(houseApps()).toEqual([])
})

test("an admin makes one with a secret shown once; people are asked nothing; who is not an admin makes none", async () => {
  expect((await post(eve, "/admin/apps", HOUSE)).status).toBe(404)
  expect((await eve.get(server.at("/admin/apps/new"))).status).toBe(404)
  const made = await post(ada, "/admin/apps", HOUSE)
  expect(made.text).toMatch(/cs_live_[\w-]{43}/)
  const { id } = houseApps()[0]!
  expect((await ada.get(server.at(`/admin/apps/${id}`))).text).not.toMatch(/cs_live_[\w-]{43}/)
  const url = authorizeUrl(server, id, { redirect_uri: HOUSE.redirect_uris, scope: "openid llm" })
  const answer = await fetch(url, { redirect: "manual", headers: { cookie: eve.cookieHeader(server.url) } })
  expect(answer.headers.get("location") ?? "").toStartWith("https://help.example/callback?code=")
  const bad = await post(ada, `/admin/apps/house/${id}`, { ...HOUSE, redirect_uris: "javascript:alert(1)" })
  expect([bad.status, server.app.oauth.clientByPublicId(id)!.redirectUris]).toEqual([422, [HOUSE.redirect_uris]])
  await post(ada, `/admin/apps/house/${id}`, { ...HOUSE, name: "Help desk 2" })
  expect(server.app.oauth.clientByPublicId(id)!.name).toBe("Help desk 2")
})

test("making one asks who is there", async () => {
  clock.advance(11 * MINUTE_MS)
  const before = houseApps().length
  const asked = await post(ada, "/admin/apps", { ...HOUSE, name: "Second" })
  expect([asked.text.includes("Confirm"), houseApps().length]).toEqual([true, before])
})

test("the console is changed and shut by nobody, also not by address", async () => {
  const console = server.app.store.read.get<{ id: string }>(
    "SELECT public_id AS id FROM v_oauth_clients WHERE name = 'Purser'",
  )!
  const shut = await post(ada, `/admin/apps/${console.id}/suspension`, { reason: "a slip" })
  expect(shut.text).toContain("This is the console itself.")
  expect((await ada.get(server.at(`/admin/apps/house/${console.id}`))).status).toBe(404)
})

test("suspended: the next request of a developer's app is refused, and nothing of before comes back", async () => {
  const { client, secret } = await makeClient(server.app, { ownerId: developer.id })
  const { accessToken, refreshToken } = await mintTokens(server.app, {
    user: person,
    client,
    secret,
    dailyNano: credits(40),
  })
  const { secret: key } = await server.app.appKeys.create(CTX, {
    ownerId: developer.id,
    clientPublicId: client.publicId,
    name: "k",
    scopes: ["users"],
  })
  const users = () => fetch(server.at("/v1/app/users"), { headers: { authorization: `Bearer ${key}` } })
  const refresh = () =>
    fetch(server.at("/token"), {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "refresh_token",
        refresh_token: refreshToken!,
        client_id: client.publicId,
        client_secret: secret,
      }),
    })
  expect([(await chat(server.url, accessToken)).status, (await users()).status]).toEqual([200, 200])
  await post(ada, `/admin/apps/${client.publicId}/suspension`, { reason: "It asks for passwords." })
  const refused = await chat(server.url, accessToken)
  expect([refused.status, (await users()).status, (await refresh()).status]).toEqual([403, 403, 400])
  expect((await eve.get(authorizeUrl(server, client.publicId))).text).toContain("suspended")
  await post(ada, `/admin/apps/${client.publicId}/reinstatement`, { reason: "mended" })
  expect([(await chat(server.url, accessToken)).status, (await users()).status]).toEqual([401, 200])
})

test("an admin's word about a domain, given and taken back", async () => {
  const { client } = await makeClient(server.app, { ownerId: developer.id, homepageUrl: "https://app.example.com" })
  const path = `/admin/apps/${client.publicId}/verification`
  const said = () => server.app.appHosts.verified(server.app.oauth.clientById(client.id)!) !== null
  const { client: homeless } = await makeClient(server.app, { ownerId: developer.id })
  expect(
    (await post(ada, `/admin/apps/${homeless.publicId}/verification`, { verified: "1", reason: "x" })).text,
  ).toContain("no homepage")
  expect((await post(eve, path, { verified: "1", reason: "x" })).status).toBe(404)
  await post(ada, path, { verified: "1", reason: "seen their papers" })
  expect(said()).toBe(true)
  await post(ada, path, { verified: "", reason: "papers were wrong" })
  expect(said()).toBe(false)
})
