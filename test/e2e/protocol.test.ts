// The endpoints that programs call, by the letter of their RFCs, with strict clients that we did not write (oauth4webapi, jose) and by
// hand where a client would never send what is tried.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { createRemoteJWKSet, jwtVerify } from "jose"
import * as oauth from "oauth4webapi"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import {
  addSandbox,
  CTX,
  makeClient,
  makeUser,
  mintTokens,
  PASSWORD,
  startTestServer,
  type TestServer,
  type Tokens,
} from "../build.ts"

let server: TestServer
let person: User
let made: { client: Client; secret: string }
let tokens: Tokens
let as: oauth.AuthorizationServer
const insecure = { [oauth.allowInsecureRequests]: true }

beforeAll(async () => {
  server = await startTestServer()
  await addSandbox(server.app)
  person = await makeUser(server.app)
  made = await makeClient(server.app)
  tokens = await mintTokens(server.app, { user: person, ...made })
  const issuer = new URL(server.url)
  as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure))
})
afterAll(() => server.close())

const post = (path: string, body: string | URLSearchParams, headers: Record<string, string> = {}) =>
  fetch(`${server.url}${path}`, { method: "POST", body, headers })
const credentials = () => ({ client_id: made.client.publicId, client_secret: made.secret })
const whoami = (headers: Record<string, string>) => fetch(`${server.url}/userinfo`, { headers })
const bearer = (token = tokens.accessToken) => ({ authorization: `Bearer ${token}` })
const refresh = (more: [string, string][] = [], secrets: Record<string, string> = credentials()) => {
  const grant = { ...secrets, grant_type: "refresh_token", refresh_token: tokens.refreshToken }
  return post("/token", new URLSearchParams([...Object.entries(grant), ...more]))
}
const errorOf = async (response: Response) => [response.status, ((await response.json()) as { error: string }).error]

describe("protected resource metadata (RFC 9728)", () => {
  test("a strict client goes from a 401 of /v1 to this authorization server", async () => {
    const resource = new URL(`${server.url}/v1`)
    const denied = await fetch(`${server.url}/v1/models`)
    expect(denied.status).toBe(401)
    const named = /resource_metadata="([^"]+)"/.exec(denied.headers.get("www-authenticate")!)![1]
    expect(named).toBe(`${server.url}/.well-known/oauth-protected-resource/v1`)
    const asked = await oauth.resourceDiscoveryRequest(resource, insecure)
    expect(asked.url).toBe(named!)
    const metadata = await oauth.processResourceDiscoveryResponse(resource, asked)
    expect(metadata.authorization_servers).toEqual([as.issuer])
    expect(metadata.scopes_supported).toContain("llm")
    expect(metadata.bearer_methods_supported).toEqual(["header"])
    // The audience of the tokens that it takes.
    const keys = createRemoteJWKSet(new URL(as.jwks_uri!))
    await jwtVerify(tokens.accessToken, keys, { issuer: as.issuer, audience: metadata.resource, typ: "at+jwt" })
  })
  test("the origin itself has one too, and any origin may read both", async () => {
    const origin = new URL(server.url)
    const asked = await oauth.resourceDiscoveryRequest(origin, insecure)
    expect(asked.headers.get("access-control-allow-origin")).toBe("*")
    const metadata = await oauth.processResourceDiscoveryResponse(origin, asked)
    expect(metadata.bearer_methods_supported).toEqual(["header", "body"])
    expect((await fetch(`${server.url}/.well-known/oauth-protected-resource/v2`)).status).toBe(404)
  })
  test("a missing scope is named where the client looks for it (RFC 6750 §3)", async () => {
    const plain = await mintTokens(server.app, { user: person, ...made, scope: "openid email" })
    const body = JSON.stringify({ model: "sandbox", messages: [{ role: "user", content: "hi" }] })
    const denied = await post("/v1/chat/completions", body, {
      ...bearer(plain.accessToken),
      "content-type": "application/json",
    })
    expect(denied.status).toBe(403)
    expect(denied.headers.get("www-authenticate")).toContain(
      'error="insufficient_scope", scope="llm", resource_metadata=',
    )
  })
})

describe("userinfo", () => {
  test("takes the token of a POST from its body (RFC 6750 §2.2)", async () => {
    const response = await post("/userinfo", new URLSearchParams({ access_token: tokens.accessToken }))
    expect(response.status).toBe(200)
    const claims = (await response.json()) as Record<string, unknown>
    expect(claims).toMatchObject({ sub: person.publicId, name: "Ada Reader", email: person.email })
    expect(claims.updated_at).toBe(Math.floor(person.updatedMs / 1_000))
    const empty = await fetch(`${server.url}/userinfo`, { method: "POST", headers: bearer() })
    expect(empty.status).toBe(200)
  })
  test("never from two places at once, nor from the address", async () => {
    const both = await post("/userinfo", new URLSearchParams({ access_token: tokens.accessToken }), bearer())
    expect(await errorOf(both)).toEqual([400, "invalid_request"])
    const twice = `access_token=${tokens.accessToken}&access_token=${tokens.accessToken}`
    const form = { "content-type": "application/x-www-form-urlencoded" }
    expect(await errorOf(await post("/userinfo", twice, form))).toEqual([400, "invalid_request"])
    expect((await fetch(`${server.url}/userinfo?access_token=${tokens.accessToken}`)).status).toBe(401)
    const json = JSON.stringify({ access_token: tokens.accessToken })
    expect((await post("/userinfo", json, { "content-type": "application/json" })).status).toBe(401)
  })
  test("lets a browser app of any origin read why it was refused", async () => {
    const denied = await whoami({ authorization: "Bearer nonsense", origin: "https://app.example" })
    expect(denied.status).toBe(401)
    expect(denied.headers.get("www-authenticate")).toContain("invalid_token")
    const exposed = denied.headers.get("access-control-expose-headers") ?? ""
    expect(exposed.split(", ")).toContain("www-authenticate")
    expect(denied.headers.get("access-control-allow-origin")).toBe("*")
  })
})

describe("the token endpoint", () => {
  test("is for POST alone", async () => {
    for (const path of ["/token", "/revoke", "/introspect", "/par"]) {
      for (const method of ["GET", "PUT", "DELETE"]) {
        const response = await fetch(`${server.url}${path}`, { method })
        expect(response.headers.get("allow")).toBe("POST, OPTIONS")
        expect(await errorOf(response)).toEqual([405, "invalid_request"])
      }
    }
    expect(await errorOf(await fetch(`${server.url}/.well-known/nothing`))).toEqual([404, "invalid_request"])
  })
  test("says invalid_request to JSON (RFC 6749 §5.2)", async () => {
    const json = JSON.stringify({ ...credentials(), grant_type: "refresh_token" })
    const response = await post("/token", json, { "content-type": "application/json" })
    expect(await errorOf(response)).toEqual([400, "invalid_request"])
    expect(await errorOf(await fetch(`${server.url}/token`, { method: "POST" }))).toEqual([400, "invalid_request"])
  })
  test("takes several resources, which the RFC allows, and none that is no API of this server (RFC 8707 §2)", async () => {
    const several: [string, string][] = [
      ["resource", `${server.url}/v1`],
      ["resource", `${server.url}/api/v1`],
    ]
    const response = await refresh(several)
    expect(response.status).toBe(200)
    const answer = (await response.json()) as { access_token: string; refresh_token: string }
    tokens = { accessToken: answer.access_token, refreshToken: answer.refresh_token }
    for (const wrong of ["v1", `${server.url}/v1#part`, "https://mcp.example/tools", "x".repeat(5_000)]) {
      expect(await errorOf(await refresh([["resource", wrong]]))).toEqual([400, "invalid_target"])
    }
    // Everything else is sent once.
    expect(await errorOf(await refresh([["client_id", made.client.publicId]]))).toEqual([400, "invalid_request"])
  })
  test("refuses a suspended client with 400 (RFC 6749 §5.2), on both endpoints", async () => {
    const input = { clientPublicId: made.client.publicId }
    await server.app.store.write(CTX, (tx) => server.app.oauth.suspendClientIn(tx, { ...input, reason: "test" }))
    expect(await errorOf(await refresh())).toEqual([400, "unauthorized_client"])
    const token = new URLSearchParams({ ...credentials(), token: tokens.accessToken })
    expect(await errorOf(await post("/revoke", token))).toEqual([400, "unauthorized_client"])
    // Only whoever proves to be the client learns it.
    const stranger = { client_id: made.client.publicId, client_secret: "wrong" }
    expect(await errorOf(await refresh([], stranger))).toEqual([401, "invalid_client"])
    await server.app.store.write(CTX, (tx) => server.app.oauth.unsuspendClientIn(tx, input))
    expect(await errorOf(await whoami(bearer()))).toEqual([401, "invalid_token"])
  })
})

describe("a person who is let in again", () => {
  test("brings no old token along: neither access nor refresh token, nor code", async () => {
    const user = await makeUser(server.app)
    const old = await mintTokens(server.app, { user, ...made })
    const { identity } = server.app
    await identity.suspend(CTX, { userId: user.id, reason: "test" })
    expect((await whoami(bearer(old.accessToken))).status).toBe(403)
    await identity.unsuspend(CTX, { userId: user.id, reason: "test" })
    expect(await errorOf(await whoami(bearer(old.accessToken)))).toEqual([401, "invalid_token"])
    const chat = await fetch(`${server.url}/v1/models`, { headers: bearer(old.accessToken) })
    expect(chat.status).toBe(401)
    tokens = { ...tokens, refreshToken: old.refreshToken }
    expect(await errorOf(await refresh())).toEqual([400, "invalid_grant"])
    const fresh = await mintTokens(server.app, { user, ...made })
    expect((await whoami(bearer(fresh.accessToken))).status).toBe(200)
  })
})

describe("a strict client from outside", () => {
  test("refreshes with the scopes of its first request and verifies an ID token that names the person", async () => {
    const given = await mintTokens(server.app, { user: person, ...made, scope: "openid profile email offline_access" })
    const client = { client_id: made.client.publicId }
    const auth = oauth.ClientSecretBasic(made.secret)
    const scope = "openid profile email offline_access address phone llm"
    const options = { ...insecure, additionalParameters: { scope } }
    const response = await oauth.refreshTokenGrantRequest(as, client, auth, given.refreshToken, options)
    const result = await oauth.processRefreshTokenResponse(as, client, response)
    const claims = oauth.getValidatedIdTokenClaims(result)!
    expect(claims).toMatchObject({ name: "Ada Reader", email: person.email, email_verified: true })
    await oauth.validateApplicationLevelSignature(as, response, insecure)
    const verified = await jwtVerify(result.id_token!, createRemoteJWKSet(new URL(as.jwks_uri!)), {
      issuer: as.issuer,
      audience: made.client.publicId,
    })
    expect(verified.payload.sub).toBe(person.publicId)
    const info = await oauth.userInfoRequest(as, client, result.access_token, insecure)
    expect((await oauth.processUserInfoResponse(as, client, person.publicId, info)).name).toBe("Ada Reader")
  })
})

test("a browser that tells neither its site nor its origin may sign in: old ones say `null` after no-referrer pages", async () => {
  const page = await fetch(`${server.url}/login`)
  const cookie = page.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ")
  const csrf = /name="csrf" value="([^"]+)"/.exec(await page.text())![1]!
  const body = new URLSearchParams({ csrf, email: person.email, password: PASSWORD })
  const enter = (headers: Record<string, string>) =>
    fetch(`${server.url}/login`, { method: "POST", body, redirect: "manual", headers: { cookie, ...headers } })
  expect((await enter({ origin: "null" })).status).toBe(303)
  expect((await enter({ origin: "null", "sec-fetch-site": "cross-site" })).status).toBe(403)
  expect((await enter({ origin: "https://evil.example" })).status).toBe(403)
  expect((await enter({ origin: "null", cookie: "" })).status).toBe(403)
})

describe("introspection (RFC 7662)", () => {
  test("a strict client learns of its own token, and of no other", async () => {
    const client = { client_id: made.client.publicId }
    const ask = async (token: string, auth: oauth.ClientAuth) =>
      oauth.processIntrospectionResponse(
        as,
        client,
        await oauth.introspectionRequest(as, client, auth, token, insecure),
      )
    const own = await mintTokens(server.app, { user: person, ...made })
    for (const auth of [oauth.ClientSecretBasic(made.secret), oauth.ClientSecretPost(made.secret)]) {
      const told = await ask(own.accessToken, auth)
      expect(told).toMatchObject({ active: true, sub: person.publicId, iss: as.issuer, aud: `${server.url}/v1` })
      expect((await ask("unknown", auth)).active).toBe(false)
    }
    const answer = await post("/introspect", new URLSearchParams({ ...credentials(), token: own.accessToken }))
    expect(answer.headers.get("cache-control")).toBe("no-store")
    const wrong = new URLSearchParams({ client_id: made.client.publicId, client_secret: "no", token: own.accessToken })
    expect(await errorOf(await post("/introspect", wrong))).toEqual([401, "invalid_client"])
  })
})

describe("pushed authorization requests (RFC 9126)", () => {
  test("a strict client pushes, and a browser follows", async () => {
    const verifier = oauth.generateRandomCodeVerifier()
    const params = {
      response_type: "code",
      redirect_uri: made.client.redirectUris[0]!,
      scope: "openid llm",
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    }
    const client = { client_id: made.client.publicId }
    const auth = oauth.ClientSecretBasic(made.secret)
    const sent = await oauth.pushedAuthorizationRequest(as, client, auth, params, insecure)
    expect([sent.status, sent.headers.get("cache-control")]).toEqual([201, "no-store"])
    const { request_uri } = await oauth.processPushedAuthorizationResponse(as, client, sent)
    const query = new URLSearchParams({ client_id: made.client.publicId, request_uri })
    const page = await fetch(`${server.url}/authorize?${query}`, { redirect: "manual" })
    expect(page.headers.get("location")).toStartWith("/login?interaction=")
    const wrong = await oauth.pushedAuthorizationRequest(as, client, auth, { ...params, scope: "speech" }, insecure)
    expect(await errorOf(wrong)).toEqual([400, "invalid_scope"])
  })
})
