// DPoP over HTTP, with clients that we did not write and their own handles: openid-client and oauth4webapi log in, refresh, ask userinfo and
// call models. Then what they never send, by hand.
import { afterAll, beforeAll, describe, expect, spyOn, test } from "bun:test"
import * as oauth from "oauth4webapi"
import * as oidc from "openid-client"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import {
  addSandbox,
  CALLBACK,
  CTX,
  makeClient,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"

let server: TestServer
let user: User
let made: { client: Client; secret: string }
const insecure = { [oauth.allowInsecureRequests]: true }

beforeAll(async () => {
  server = await startTestServer()
  await addSandbox(server.app)
  user = await makeUser(server.app)
  made = await makeClient(server.app)
  await server.app.store.write(CTX, (tx) =>
    server.app.oauth.updateClientIn(tx, { ownerId: "any", clientPublicId: made.client.publicId, dpopBound: true }),
  )
})
afterAll(() => server.close())

/** The person says yes. @returns where the app is called back */
async function approve(params: URLSearchParams): Promise<URL> {
  const session = { sessionId: 1, userId: user.id, authTimeMs: server.app.clock.now(), amr: ["pwd"], sid: "sid" }
  const rest = { session, browserIds: ["b"], requestId: "req_test" }
  let outcome = await server.app.oauth.beginAuthorization({ params, ...rest })
  if (outcome.kind === "consent") {
    const decision = { approve: true, scopes: ["llm", "offline_access", "profile"], limits: { llm: 1e9 } }
    outcome = await server.app.oauth.decide({ interaction: outcome.interaction, ...decision, ...rest })
  }
  return new URL((outcome as { location: string }).location)
}
const body = JSON.stringify({ model: "sandbox", messages: [{ role: "user", content: "hi" }] })

test("openid-client with its handle and nothing else: login, userinfo, refresh, a call", async () => {
  const config = await oidc.discovery(new URL(server.url), made.client.publicId, made.secret, undefined, {
    execute: [oidc.allowInsecureRequests],
  })
  const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair())
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: "openid profile offline_access llm",
    state: "s",
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    dpop_jkt: await DPoP.calculateThumbprint(),
  })
  const tokens = await oidc.authorizationCodeGrant(
    config,
    await approve(url.searchParams),
    { pkceCodeVerifier, expectedState: "s" },
    undefined,
    { DPoP },
  )
  expect(tokens.token_type).toBe("dpop")
  const { sub } = tokens.claims()!
  expect((await oidc.fetchUserInfo(config, tokens.access_token, sub, { DPoP })).sub).toBe(user.publicId)
  const fresh = await oidc.refreshTokenGrant(config, tokens.refresh_token!, undefined, { DPoP })
  const chat = new URL(`${server.url}/v1/chat/completions`)
  const headers = new Headers({ "content-type": "application/json" })
  for (const token of [tokens.access_token, fresh.access_token]) {
    const answer = await oidc.fetchProtectedResource(config, token, chat, "POST", body, headers, { DPoP })
    expect(answer.status).toBe(200)
    expect(Number(answer.headers.get("x-credits-charged"))).toBeGreaterThan(0)
  }
  const { cnf } = await oidc.tokenIntrospection(config, fresh.access_token)
  expect(cnf?.jkt).toBe(await DPoP.calculateThumbprint())
})

describe("oauth4webapi", () => {
  let as: oauth.AuthorizationServer
  let client: oauth.Client
  let DPoP: oauth.DPoPHandle
  let token: string
  beforeAll(async () => {
    const issuer = new URL(server.url)
    as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure))
    client = { client_id: made.client.publicId }
    DPoP = oauth.DPoP(client, await oauth.generateKeyPair("ES256", { extractable: true }))
  })

  test("asks again with the nonce it was given, as its readme has it", async () => {
    expect(as.dpop_signing_alg_values_supported).toContain("ES256")
    const verifier = oauth.generateRandomCodeVerifier()
    const params = new URLSearchParams({
      client_id: client.client_id,
      redirect_uri: CALLBACK,
      response_type: "code",
      scope: "openid llm",
      state: "s",
      resource: `${server.url}/v1`,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    })
    const callback = oauth.validateAuthResponse(as, client, await approve(params), "s")
    const secret = oauth.ClientSecretBasic(made.secret)
    const ask = () =>
      oauth.authorizationCodeGrantRequest(as, client, secret, callback, CALLBACK, verifier, { DPoP, ...insecure })
    const refused = await oauth.processAuthorizationCodeResponse(as, client, await ask()).catch((error) => error)
    expect(oauth.isDPoPNonceError(refused)).toBe(true)
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, await ask())
    expect(tokens.token_type).toBe("dpop")
    token = tokens.access_token
    const me = () =>
      oauth.protectedResourceRequest(token, "GET", new URL(`${server.url}/v1/me`), undefined, null, {
        DPoP,
        ...insecure,
      })
    expect((await me()).status).toBe(200)
    expect((await me()).status).toBe(200)
  })

  test("the wrong scheme and no proof are told by WWW-Authenticate: DPoP", async () => {
    const call = (headers: Record<string, string>, path = "/v1/me") => fetch(`${server.url}${path}`, { headers })
    for (const path of ["/v1/me", "/userinfo", "/api/v1/credits/balance"]) {
      const bearer = await call({ authorization: `Bearer ${token}` }, path)
      expect([path, bearer.status]).toEqual([path, 401])
      const bare = await call({ authorization: `DPoP ${token}` }, path)
      expect([path, bare.status]).toEqual([path, 401])
      expect(bare.headers.get("www-authenticate")).toStartWith('DPoP error="invalid_dpop_proof"')
      expect(bare.headers.get("www-authenticate")).toContain('algs="ES256 ')
    }
    const nothing = await call({})
    expect(nothing.headers.get("www-authenticate")).toContain(', DPoP algs="ES256 EdDSA')
    const key = await call({ authorization: `DPoP ${"sk_live_x"}` })
    expect(key.status).toBe(401)
    const { secret } = await server.app.keys.create(CTX, { userId: user.id, name: "k", scopes: ["llm"] })
    expect((await call({ authorization: `Bearer ${secret}` })).status).toBe(200)
    expect((await call({ authorization: `DPoP ${secret}` })).status).toBe(401)
  })

  test("a resource asks for its nonce by 401, use_dpop_nonce and the header, which pages of other origins may read", async () => {
    const { privateKey, publicKey } = await oauth.generateKeyPair("ES256", { extractable: true })
    const cold = oauth.DPoP(client, { privateKey, publicKey })
    const url = new URL(`${server.url}/v1/me`)
    const refused = await oauth
      .protectedResourceRequest(token, "GET", url, undefined, null, { DPoP: cold, ...insecure })
      .catch((error) => error)
    expect(oauth.isDPoPNonceError(refused)).toBe(true)
    const { response } = refused as { response: Response }
    expect(response.status).toBe(401)
    expect(response.headers.get("www-authenticate")).toStartWith('DPoP error="use_dpop_nonce"')
    expect(response.headers.get("dpop-nonce")).toBeString()
    expect(response.headers.get("access-control-expose-headers")).toContain("dpop-nonce")
    // With the nonce it is the key that is wrong.
    const again = await oauth
      .protectedResourceRequest(token, "GET", url, undefined, null, { DPoP: cold, ...insecure })
      .catch((error) => error)
    expect((again as { response: Response }).response.headers.get("www-authenticate")).toStartWith(
      'DPoP error="invalid_dpop_proof"',
    )
  })

  test("CORS lets the proof through to every endpoint that takes one", async () => {
    for (const path of ["/token", "/userinfo", "/v1/chat/completions"]) {
      const preflight = await fetch(`${server.url}${path}`, {
        method: "OPTIONS",
        headers: { origin: "https://spa.example", "access-control-request-headers": "authorization, dpop" },
      })
      const allowed = preflight.headers.get("access-control-allow-headers")!
      expect([path, /\bdpop\b|\*/.test(allowed)]).toEqual([path, true])
    }
    const asked = await fetch(`${server.url}/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "refresh_token",
        refresh_token: "x",
        client_id: client.client_id,
        client_secret: made.secret,
      }),
    })
    expect(await asked.json()).toMatchObject({ error: "invalid_dpop_proof" })
    expect(asked.headers.get("access-control-expose-headers")).toContain("dpop-nonce")
  })
})

test("whoever merely bears a token pays nothing for this: no statement, no proof, nothing more to wait for", async () => {
  const { app, url } = server
  const { accessToken } = await mintTokens(app, { user, ...(await makeClient(app)) })
  const asking = () => new Request(`${url}/v1/me`, { headers: { authorization: `Bearer ${accessToken}` } })
  await app.gateway.authenticate(asking())
  const prove = spyOn(app.oauth, "proveCall")
  const statements = [spyOn(app.store.read, "get"), spyOn(app.store.read, "all")]
  try {
    expect((await app.gateway.authenticate(asking())).userId).toBe(user.id)
    expect([prove, ...statements].map((spy) => spy.mock.calls.length)).toEqual([0, 0, 0])
  } finally {
    for (const spy of [prove, ...statements]) spy.mockRestore()
  }
})
