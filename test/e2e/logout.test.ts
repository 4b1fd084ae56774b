// Signing out through an app, over HTTP: an app on openid-client, a browser's cookies, and the address that hears of it.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { decodeJwt } from "jose"
import * as client from "openid-client"
import { WebAgent } from "../../src/cli/demo/agent.ts"
import type { SafeRequest } from "../../src/http/index.ts"
import type { User } from "../../src/identity/index.ts"
import { CTX, makeClient, makeUser, PASSWORD, startTestServer, type TestServer } from "../build.ts"

const BYE = "https://app.example.com/bye"
const TOLD = "https://app.example.com/told"
const CALLBACK = "https://app.example.com/callback"

let server: TestServer
let person: User
let config: client.Configuration
const told: { url: string; claims: ReturnType<typeof decodeJwt> }[] = []

beforeAll(async () => {
  const safeFetch = async (url: string, { body = "" }: SafeRequest) => {
    told.push({ url, claims: decodeJwt(new URLSearchParams(body).get("logout_token")!) })
    return { status: 200, headers: new Headers(), bytes: new Uint8Array(), text: () => "" }
  }
  server = await startTestServer({ safeFetch })
  person = await makeUser(server.app)
  const made = await makeClient(server.app, { redirectUris: [CALLBACK] })
  const set = { ownerId: "any" as const, clientPublicId: made.client.publicId }
  await server.app.store.write(CTX, (tx) =>
    server.app.oauth.updateClientIn(tx, { ...set, postLogoutUris: [BYE], backchannelLogoutUri: TOLD }),
  )
  const insecure = { execute: [client.allowInsecureRequests] }
  config = await client.discovery(new URL(server.url), made.client.publicId, made.secret, undefined, insecure)
})
afterAll(() => server.close())

const newAgent = () => new WebAgent((next) => next.origin === server.url)

/** Through sign-in and consent, as a person goes. */
async function enter(agent: WebAgent) {
  const verifier = client.randomPKCECodeVerifier()
  const params = {
    redirect_uri: CALLBACK,
    scope: "openid offline_access",
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  }
  let page = await agent.get(String(await client.buildAuthorizationUrlWithPAR(config, params)))
  if (page.url.includes("/login"))
    page = await agent.submit(page, "/login", { email: person.email, password: PASSWORD })
  if (page.url.includes("/authorize/consent"))
    page = await agent.submit(page, "/authorize/consent", { decision: "approve", scope: "offline_access" })
  const tokens = await client.authorizationCodeGrant(config, new URL(page.url), { pkceCodeVerifier: verifier })
  const claims = tokens.claims()!
  return { idToken: tokens.id_token!, claims, sid: String(claims.sid) }
}

const endSession = (params: Record<string, string>) => String(client.buildEndSessionUrl(config, params))
const isSignedIn = async (agent: WebAgent) => !(await agent.get(`${server.url}/settings`)).url.includes("/login")
const heard = async () => {
  await server.app.outbox.flush()
  return told.splice(0)
}

test("an app that shows its ID token signs out without a question, and hears of it", async () => {
  const agent = newAgent()
  const { idToken, claims, sid } = await enter(agent)
  expect(claims).toMatchObject({ acr: "urn:purser:acr:1fa", amr: ["pwd"], sid: expect.stringMatching(/^ses_/) })
  await heard()
  const out = await agent.get(endSession({ id_token_hint: idToken, post_logout_redirect_uri: BYE, state: "s 1" }))
  expect(out.url).toBe(`${BYE}?state=s+1`)
  expect(await isSignedIn(agent)).toBe(false)
  expect(await heard()).toMatchObject([{ url: TOLD, claims: { sub: person.publicId, sid } }])
  // Again, with nobody there: a link, no redirect.
  const again = await agent.get(endSession({ id_token_hint: idToken, post_logout_redirect_uri: BYE }))
  expect(again.url).toStartWith(server.url)
  expect(again.text).toContain(`href="${BYE}"`)
  expect(await heard()).toEqual([])
})

test("without it the person is asked; the app is returned to after a yes", async () => {
  const agent = newAgent()
  await enter(agent)
  const asked = await agent.get(endSession({ post_logout_redirect_uri: BYE, state: "s" }))
  expect(asked.text).toContain("Storyteller")
  expect(await isSignedIn(agent)).toBe(true)
  const out = await agent.submit(asked, "/logout/confirmation")
  expect(out.url).toBe(`${BYE}?state=s`)
  expect(await isSignedIn(agent)).toBe(false)
  expect(await heard()).toHaveLength(1)
})

test("a form of the app does the same, and ends nothing by itself", async () => {
  const agent = newAgent()
  const { idToken } = await enter(agent)
  const out = await agent.post(`${server.url}/logout`, [
    ["id_token_hint", idToken],
    ["post_logout_redirect_uri", BYE],
  ])
  expect(out.url).toBe(BYE)
  expect(await isSignedIn(agent)).toBe(false)
  const cross = await fetch(`${server.url}/logout`, {
    method: "POST",
    body: new URLSearchParams({ state: "s" }),
    redirect: "manual",
  })
  expect([cross.status, cross.headers.get("location")]).toEqual([303, "/logout?state=s"])
  expect(cross.headers.getSetCookie()).toEqual([])
})

test("an address that was not registered is never gone to, and nobody is signed out", async () => {
  const agent = newAgent()
  const { idToken } = await enter(agent)
  const out = await agent.get(endSession({ id_token_hint: idToken, post_logout_redirect_uri: `${BYE}?x=1` }))
  expect([out.status, new URL(out.url).origin]).toEqual([400, server.url])
  expect(out.text).toContain("has not registered")
  expect(await isSignedIn(agent)).toBe(true)
})

test("the sid stays while one person stays in one browser, and ends with them", async () => {
  const agent = newAgent()
  const first = await enter(agent)
  const again = await agent.get(`${server.url}/login?as=other`)
  await agent.submit(again, "/login", { email: person.email, password: PASSWORD })
  expect((await enter(agent)).sid).toBe(first.sid)
  expect((await enter(newAgent())).sid).not.toBe(first.sid)
  await heard()
  const other = await makeUser(server.app)
  const login = await agent.get(`${server.url}/login?as=other`)
  await agent.submit(login, "/login", { email: other.email, password: PASSWORD })
  // Somebody else beside them ends nothing.
  expect(await heard()).toEqual([])
  const out = await agent.get(`${server.url}/logout`)
  await agent.submit(out, "/logout/confirmation", { account: person.publicId })
  expect(await heard()).toMatchObject([{ claims: { sid: first.sid } }])
})

test("ending a session elsewhere, taking the permission back, a new password, a suspension: each is told", async () => {
  const { oauth, identity, store } = server.app
  const { sid } = await enter(newAgent())
  const session = identity.sessionsOf(person.id).find(({ publicId }) => publicId === sid)!
  await identity.revokeSession(CTX, { userId: person.id, sessionPublicId: session.publicId })
  expect(await heard()).toMatchObject([{ claims: { sid } }])
  const [consent] = oauth.consentsOf(person.id)
  await store.write(CTX, (tx) => oauth.revokeConsentIn(tx, { userId: person.id, consentPublicId: consent!.publicId }))
  const all = await heard()
  expect(all).toMatchObject([{ claims: { sub: person.publicId } }])
  expect(all[0]!.claims).not.toHaveProperty("sid")
  await enter(newAgent())
  await store.write(CTX, (tx) => identity.suspendIn(tx, { userId: person.id, reason: "test" }))
  expect(await heard()).toMatchObject([{ claims: { sub: person.publicId } }])
  await store.write(CTX, (tx) => identity.unsuspendIn(tx, { userId: person.id, reason: "test" }))
})
