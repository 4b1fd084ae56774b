// A developer deletes an app: closed with the next request, back within a week as it was, then gone for good with all that let anybody in.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { DAY_MS, VirtualClock } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import { signedIn } from "../browser/house.ts"
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
let developer: User
let person: User
beforeAll(async () => {
  server = await startTestServer({ clock })
  await addSandbox(server.app)
  developer = await makeDeveloper(server.app)
  person = await makeUser(server.app)
  await giveCredits(server.app, person, 1_000_000_000)
}, 30_000)
afterAll(() => server?.close())

const code = async (answer: Promise<Response>) => {
  const response = await answer
  return response.ok ? "ok" : ((await response.json()) as { error: { code: string } }).error.code
}
/** An app that somebody uses, with a key of its own. */
async function used() {
  const { client, secret } = await makeClient(server.app, { ownerId: developer.id })
  const ref = { ownerId: developer.id, clientPublicId: client.publicId }
  const key = (await server.app.appKeys.create(CTX, { ...ref, name: "Server", scopes: ["users"] })).secret
  const tokens = await mintTokens(server.app, { user: person, client, secret })
  const refresh = () =>
    server.app.oauth.token({
      params: new URLSearchParams({
        grant_type: "refresh_token",
        refresh_token: tokens.refreshToken,
        client_id: client.publicId,
        client_secret: secret,
      }),
      authorization: null,
      requestId: "req_test",
    })
  const call = (token = tokens.accessToken) => code(chat(server.url, token))
  const asks = () => code(fetch(server.at("/v1/app/users"), { headers: { authorization: `Bearer ${key}` } }))
  return { client, ref, call, asks, refresh, path: `/developer/apps/${client.publicId}` }
}
const write = <T>(act: Parameters<TestServer["app"]["store"]["write"]>[1]) =>
  server.app.store.write(CTX, act) as Promise<T>
const refusal = (act: Promise<unknown>) =>
  act.then(
    () => "done",
    (error: { code?: string }) => error.code,
  )
const stateOf = ({ publicId }: Client) => server.app.oauth.clientByPublicId(publicId)!

test("by its page: asked once, closed with the next request, and brought back as it was", async () => {
  const app = await used()
  expect(await app.call()).toBe("ok")
  const agent = await signedIn(server, developer.email)
  const asked = await agent.get(server.at(`${app.path}/deletion`))
  expect(asked.text).toContain("One person uses it now.")
  expect((await agent.submit(asked, `${app.path}/deletion`)).text).toContain("You deleted this app.")
  expect([await app.call(), await app.asks(), await refusal(app.refresh())]).toEqual([
    "client_suspended",
    "client_suspended",
    expect.stringMatching(/client|grant/),
  ])
  const stranger = await signedIn(server, (await makeDeveloper(server.app)).email)
  expect((await stranger.get(server.at(`${app.path}/deletion`))).status).toBe(404)
  clock.advance(6 * DAY_MS)
  const again = await signedIn(server, developer.email)
  await again.submit(await again.get(server.at(app.path)), `${app.path}/restoration`)
  expect([stateOf(app.client).endsMs, await app.asks()]).toEqual([null, "ok"])
  expect(await app.call((await app.refresh()).access_token)).toBe("ok")
}, 60_000)

test("after its week consents, secrets and keys are gone, its name and what it earned stay, and nothing brings it back", async () => {
  const app = await used()
  expect(await app.call()).toBe("ok")
  const earned = server.app.usage.byClient(app.client.id, clock.now()).developerNano
  await write((tx) => server.app.oauth.deleteClientIn(tx, app.ref))
  clock.advance(7 * DAY_MS - 1)
  await server.app.oauth.sweep()
  expect(stateOf(app.client).removedMs).toBeNull()
  clock.advance(1)
  await server.app.oauth.sweep()
  expect(stateOf(app.client).removedMs).not.toBeNull()
  expect(server.app.oauth.consentsOf(person.id).some(({ clientId }) => clientId === app.client.id)).toBe(false)
  expect([await app.asks(), server.app.oauth.secretsOf(app.client.id)]).toEqual(["invalid_api_key", []])
  expect(await refusal(write((tx) => server.app.oauth.restoreClientIn(tx, app.ref)))).toBe("conflict")
  expect(earned).toBeGreaterThan(0)
  expect(server.app.usage.byClient(app.client.id, clock.now()).developerNano).toBe(earned)
  const agent = await signedIn(server, developer.email)
  expect((await agent.get(server.at(app.path))).status).toBe(404)
}, 60_000)

test("what an admin suspended is neither deleted nor brought back by its developer", async () => {
  const app = await used()
  const { clientPublicId } = app.ref
  await write((tx) => server.app.oauth.suspendClientIn(tx, { clientPublicId, reason: "spam" }))
  expect(await refusal(write((tx) => server.app.oauth.deleteClientIn(tx, app.ref)))).toBe("conflict")
  await write((tx) => server.app.oauth.unsuspendClientIn(tx, { clientPublicId }))
  await write((tx) => server.app.oauth.deleteClientIn(tx, app.ref))
  // An admin does not open what its developer closed.
  expect(await refusal(write((tx) => server.app.oauth.unsuspendClientIn(tx, { clientPublicId })))).toBe("conflict")
  await write((tx) => server.app.oauth.suspendClientIn(tx, { clientPublicId, reason: "spam" }))
  expect(await refusal(write((tx) => server.app.oauth.restoreClientIn(tx, app.ref)))).toBe("conflict")
  expect(stateOf(app.client).suspendedReason).toBe("spam")
})
