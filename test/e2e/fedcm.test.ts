// FedCM over HTTP, as browsers ask: what is answered, and every refusal. What a browser does with it is in test/browser/fedcm.test.ts.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { decodeJwt } from "jose"
import { WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import { CTX, makeClient, makeUser, PASSWORD, startTestServer, type TestServer } from "../build.ts"

const HERE = "https://app.example.com"
const NONCE = JSON.stringify({ nonce: "n-1" })

let server: TestServer
let app: Client
let ada: User
let agent: WebAgent

beforeAll(async () => {
  server = await startTestServer()
  ;({ client: app } = await makeClient(server.app, { redirectUris: [`${HERE}/callback`] }))
  const set = { ownerId: "any" as const, clientPublicId: app.publicId, policyUri: `${HERE}/privacy` }
  await server.app.store.write(CTX, (tx) => server.app.oauth.updateClientIn(tx, set))
})
afterAll(() => server.close())
beforeEach(async () => {
  ada = await makeUser(server.app, { name: "Ada" })
  agent = await signedIn(ada)
})

async function signedIn(user: User, browser = new WebAgent((next) => next.origin === server.url)): Promise<WebAgent> {
  const form = await browser.get(`${server.url}/login?as=other`)
  await browser.submit(form, "/login", { email: user.email, password: PASSWORD })
  return browser
}

/** Of all cookies those that browsers send along here. */
const wordsOf = (browser: WebAgent): string =>
  browser
    .cookieHeader(server.url)
    .split("; ")
    .filter((pair) => pair.startsWith("purser_fedcm-"))
    .join("; ")

const allow = (user: User, scopes = ["openid", "profile", "email"], client = app) =>
  server.app.store.write(CTX, (tx) =>
    server.app.oauth.grantConsentIn(tx, { userId: user.id, clientId: client.id, scopes }),
  )

interface Call {
  body?: Record<string, string>
  headers?: Record<string, string | null>
  cookie?: string
}

async function call(path: string, { body, headers = {}, cookie = wordsOf(agent) }: Call = {}) {
  const all: Record<string, string | null> = { "sec-fetch-dest": "webidentity", origin: HERE, cookie, ...headers }
  const sent = Object.fromEntries(Object.entries(all).filter((one): one is [string, string] => one[1] !== null))
  const answer = await fetch(`${server.url}${path}`, {
    method: body ? "POST" : "GET",
    headers: sent,
    redirect: "manual",
    ...(body ? { body: new URLSearchParams(body) } : {}),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, json: text.startsWith("{") ? JSON.parse(text) : {} }
}

const assertion = (more: Record<string, string> = {}, rest: Omit<Call, "body"> = {}) =>
  call("/fedcm/assertion", {
    body: { client_id: app.publicId, account_id: ada.publicId, params: NONCE, ...more },
    ...rest,
  })
const codeOf = ({ json }: Awaited<ReturnType<typeof call>>): string | undefined => json.error?.code

describe("who is signed in", () => {
  test("the browser hears of everybody here, and which apps they said yes to", async () => {
    await allow(ada)
    const bob = await makeUser(server.app)
    await signedIn(bob, agent)
    const { status, json, headers } = await call("/fedcm/accounts", { headers: { origin: null } })
    expect(status).toBe(200)
    expect(headers.get("cache-control")).toBe("no-store")
    const found = (json.accounts as { id: string }[]).find(({ id }) => id === ada.publicId)
    expect(found).toMatchObject({ name: "Ada", email: ada.email, approved_clients: [app.publicId] })
    expect(json.accounts).toHaveLength(2)
  })
  test("nobody but a browser: no page, no program, no cookie of a session", async () => {
    for (const dest of ["empty", "document", null])
      expect((await call("/fedcm/accounts", { headers: { "sec-fetch-dest": dest } })).status).toBe(403)
    const session = agent.cookieHeader(server.url).replace(/purser_fedcm-[^;]+;? ?/g, "")
    expect((await call("/fedcm/accounts", { cookie: session })).status).toBe(401)
    expect((await call("/fedcm/accounts", { cookie: "" })).status).toBe(401)
    expect((await call("/fedcm/accounts", { cookie: "purser_fedcm-x=v1.made.up" })).status).toBe(401)
  })
  test("nobody who signed out, was signed out, or is suspended", async () => {
    const cookie = wordsOf(agent)
    const bob = await makeUser(server.app)
    const bobs = wordsOf(await signedIn(bob))
    await server.app.store.write(CTX, (tx) => server.app.identity.suspendIn(tx, { userId: bob.id, reason: "r" }))
    expect((await call("/fedcm/accounts", { cookie: bobs })).status).toBe(401)
    await agent.submit(await agent.get(`${server.url}/logout`), "/logout/confirmation")
    expect((await call("/fedcm/accounts", { cookie })).status).toBe(401)
    expect(wordsOf(agent)).toBe("")
  })
  test("what it carries is no session: not for pages, and not under another name", async () => {
    const word = wordsOf(agent).split("=")[1]!
    const cookie = `${wordsOf(agent)}; purser_auth=${word}; purser_console=${word}`
    expect((await fetch(`${server.url}/settings`, { headers: { cookie }, redirect: "manual" })).status).toBe(303)
  })
})

describe("an ID token, or a code", () => {
  test("for one who said yes, by the scopes that they gave", async () => {
    await allow(ada, ["openid", "email"])
    const given = await assertion({ params: JSON.stringify({ nonce: "n-1", scope: "openid email" }) })
    expect([given.status, given.headers.get("access-control-allow-origin")]).toEqual([200, HERE])
    expect(given.headers.get("access-control-allow-credentials")).toBe("true")
    const claims = decodeJwt(given.json.token)
    expect(claims).toMatchObject({ sub: ada.publicId, aud: app.publicId, nonce: "n-1", email: ada.email })
    expect(claims).not.toHaveProperty("name")
  })
  test("nobody else's page: another origin, none, one that only looks alike", async () => {
    await allow(ada)
    const wrong = [
      "https://evil.example",
      `${HERE}.evil.example`,
      `${HERE}:444`,
      "http://app.example.com",
      "null",
      null,
    ]
    for (const origin of [...wrong, `${HERE}/`, `${HERE}@evil.example`]) {
      const refused = await assertion({}, { headers: { origin } })
      expect(refused.json).not.toHaveProperty("token")
      expect(refused.status).toBeGreaterThanOrEqual(400)
    }
  })
  test("nobody but a browser asks", async () => {
    await allow(ada)
    for (const dest of ["empty", "iframe", null]) {
      const refused = await assertion({}, { headers: { "sec-fetch-dest": dest } })
      expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([403, null])
    }
  })
  test("an unknown client, another one's account, somebody who is not here", async () => {
    await allow(ada)
    const elsewhere = await makeUser(server.app)
    await allow(elsewhere)
    await signedIn(elsewhere)
    expect(codeOf(await assertion({ client_id: "cli_none" }))).toBe("invalid_client")
    expect(codeOf(await assertion({ account_id: elsewhere.publicId }))).toBe("login_required")
    expect(codeOf(await assertion({ account_id: "" }))).toBe("login_required")
    expect(codeOf(await assertion({}, { cookie: "" }))).toBe("login_required")
  })
  test("params that are none, and what they may not ask", async () => {
    await allow(ada)
    const wrong: [string, string][] = [
      ["{", "invalid_request"],
      ["[]", "invalid_request"],
      ["{}", "invalid_request"],
      [JSON.stringify({ nonce: "n".repeat(9_000) }), "invalid_request"],
      [JSON.stringify({ nonce: "n", response_type: "token" }), "unsupported_response_type"],
      [JSON.stringify({ nonce: "n", scope: "profile" }), "invalid_scope"],
      [JSON.stringify({ nonce: "n", scope: "openid mcp" }), "invalid_scope"],
      [JSON.stringify({ response_type: "code" }), "invalid_request"],
      [
        JSON.stringify({ response_type: "code", code_challenge: "x".repeat(43), code_challenge_method: "plain" }),
        "invalid_request",
      ],
      [JSON.stringify({ nonce: "n", redirect_uri: "https://evil.example/callback" }), "unauthorized_client"],
      [JSON.stringify({ nonce: "n", redirect_uri: `${HERE}/other` }), "invalid_request"],
    ]
    for (const [params, code] of wrong) expect([params, codeOf(await assertion({ params }))]).toEqual([params, code])
  })
  test("a suspended app, and one that sends its requests to /par only", async () => {
    const { client } = await makeClient(server.app, { redirectUris: [`${HERE}/second`] })
    await allow(ada, ["openid"], client)
    const ask = async () =>
      codeOf(await assertion({ client_id: client.publicId, params: JSON.stringify({ nonce: "n", scope: "openid" }) }))
    expect(await ask()).toBeUndefined()
    const { oauth, store } = server.app
    const set = { ownerId: "any" as const, clientPublicId: client.publicId }
    await store.write(CTX, (tx) => oauth.updateClientIn(tx, { ...set, requirePar: true }))
    expect(await ask()).toBe("invalid_request")
    await store.write(CTX, (tx) => oauth.updateClientIn(tx, { ...set, requirePar: false }))
    await store.write(CTX, (tx) => oauth.suspendClientIn(tx, { clientPublicId: client.publicId, reason: "r" }))
    expect(await ask()).toBe("unauthorized_client")
  })
})

describe("one who never said yes", () => {
  const continued = async (rest: Record<string, string> = {}) =>
    (await assertion(rest)).json.continue_on as string | undefined

  test("is led to our pages, and gets nothing before; a permission that was taken back is none", async () => {
    expect(await continued()).toStartWith(`${server.url}/fedcm/continue?request=`)
    await allow(ada, ["openid", "profile", "email"])
    expect(await continued()).toBeUndefined()
    expect(await continued({ params: JSON.stringify({ nonce: "n", scope: "openid llm" }) })).toBeDefined()
    const [consent] = server.app.oauth.consentsOf(ada.id)
    await server.app.store.write(CTX, (tx) =>
      server.app.oauth.revokeConsentIn(tx, { userId: ada.id, consentPublicId: consent!.publicId }),
    )
    expect(await continued()).toBeDefined()
  })
  test("says yes there, as the one who was chosen; the script is given the token, once asked with the form's word", async () => {
    const bob = await makeUser(server.app)
    await signedIn(bob, agent)
    const page = await agent.get((await continued())!)
    expect(page.text).toContain(ada.email)
    expect(page.text).not.toContain(bob.email)
    const done = await agent.submit(page, "/authorize/consent", { decision: "approve", scope: "email" })
    const address = new URL(done.url)
    expect(address.pathname).toBe("/fedcm/done")
    const csrf = /data-csrf="([^"]+)"/.exec(done.text)![1]!
    const resolve = (headers: Record<string, string>, request = address.searchParams.get("request")!) =>
      fetch(`${server.url}/fedcm/resolution`, {
        method: "POST",
        headers: { "content-type": "application/json", cookie: agent.cookieHeader(server.url), ...headers },
        body: JSON.stringify({ request }),
      })
    const own = { "x-csrf-token": csrf, origin: server.url }
    for (const forged of [{}, { ...own, origin: "https://evil.example" }, { ...own, "x-csrf-token": "x" }])
      expect((await resolve(forged)).status).toBe(403)
    expect((await resolve(own, "v1.made.up")).status).toBe(400)
    const { token } = (await (await resolve(own)).json()) as { token: string }
    expect(decodeJwt(token)).toMatchObject({ sub: ada.publicId, email: ada.email, nonce: "n-1" })
  })
  test("says no, and nothing is kept; another browser cannot go on with it", async () => {
    const address = (await continued())!
    const stranger = await signedIn(await makeUser(server.app))
    expect((await stranger.get(address)).text).not.toContain('name="decision"')
    const no = await agent.submit(await agent.get(address), "/authorize/consent", { decision: "deny" })
    expect(no.url).toBe(`${server.url}/fedcm/done`)
    expect(server.app.oauth.consentsOf(ada.id)).toEqual([])
    expect((await agent.get(`${server.url}/fedcm/continue?request=v1.made.up`)).status).toBe(400)
  })
})

describe("an app's page that forgets somebody", () => {
  const disconnect = (more: Record<string, string> = {}, origin = HERE) =>
    call("/fedcm/disconnect", {
      body: { client_id: app.publicId, account_hint: ada.publicId, ...more },
      headers: { origin },
    })
  test("ends their permission, and nobody else's page does", async () => {
    await allow(ada)
    expect((await disconnect({}, "https://evil.example")).json).toMatchObject({
      error: { code: "unauthorized_client" },
    })
    expect((await disconnect({ account_hint: "somebody" })).json).toMatchObject({ error: { code: "access_denied" } })
    expect(server.app.oauth.consentsOf(ada.id)).toHaveLength(1)
    expect((await disconnect({ account_hint: ada.email })).json).toEqual({ account_id: ada.publicId })
    expect(server.app.oauth.consentsOf(ada.id)).toHaveLength(0)
    expect((await disconnect()).status).toBe(400)
  })
})

test("the documents name each other; an app is told of to its own pages alone", async () => {
  const known = await call("/.well-known/web-identity")
  const [config] = known.json.provider_urls as string[]
  expect(config).toBe(`${server.url}/fedcm/config.json`)
  const { json } = await call("/fedcm/config.json")
  expect([json.accounts_endpoint, json.login_url]).toEqual([known.json.accounts_endpoint, known.json.login_url])
  const mine = await call(`/fedcm/client?client_id=${app.publicId}`)
  expect(mine.json).toEqual({ privacy_policy_url: `${HERE}/privacy` })
  const others = await call(`/fedcm/client?client_id=${app.publicId}`, { headers: { origin: "https://evil.example" } })
  expect(others.status).toBe(404)
})

test("the browser is told when somebody signs in, and when the last one is out", async () => {
  const form = await agent.get(`${server.url}/login?as=other`)
  const bob = await makeUser(server.app)
  const entered = await fetch(`${server.url}/login`, {
    method: "POST",
    redirect: "manual",
    headers: { cookie: agent.cookieHeader(server.url), origin: server.url },
    body: new URLSearchParams([
      ...form.forms
        .find(({ action }) => action === "/login")!
        .fields.filter(([name]) => !["email", "password"].includes(name)),
      ["email", bob.email],
      ["password", PASSWORD],
    ]),
  })
  expect(entered.headers.get("set-login")).toBe("logged-in")
  const word = entered.headers.getSetCookie().find((line) => line.startsWith("purser_fedcm-"))
  expect(word).toContain("HttpOnly; SameSite=None; Secure")
  const out = await agent.get(`${server.url}/logout`)
  const left = await fetch(`${server.url}/logout/confirmation`, {
    method: "POST",
    redirect: "manual",
    headers: { cookie: agent.cookieHeader(server.url), origin: server.url },
    body: new URLSearchParams(out.forms.find(({ action }) => action === "/logout/confirmation")!.fields),
  })
  expect(left.headers.get("set-login")).toBe("logged-out")
})
