import { afterAll, beforeAll, expect, test } from "bun:test"
import * as client from "openid-client"
import { AppError } from "../app/index.ts"
import { createOauth } from "./create.ts"
import { answer, ISSUER, type Kit, openKit } from "./testing.ts"
import type { ClientType } from "./types.ts"

let kit: Kit
beforeAll(async () => {
  kit = await openKit()
})
afterAll(() => kit.close())

test("both documents speak of the configured issuer and of what is really offered", () => {
  const oidc = kit.oauth.discovery()
  const oauth = kit.oauth.authorizationServerMetadata()
  for (const document of [oidc, oauth]) {
    expect(document).toMatchObject({
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}/authorize`,
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: true,
      response_types_supported: ["code"],
      response_modes_supported: ["query"],
      grant_types_supported: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
    })
    for (const [name, value] of Object.entries(document)) {
      if (/_(endpoint|uri)$/.test(name)) expect(String(value).startsWith(`${ISSUER}/`)).toBe(true)
    }
  }
  expect(oidc).toMatchObject({
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256", "ES256"],
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
  })
})

/** The least HTTP that can stand before this domain: what the auth site does, without pages. */
function serve(kitOf: () => Kit["oauth"]) {
  const json = (value: unknown) => Response.json(value, { headers: { "cache-control": "no-store" } })
  return Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const oauth = kitOf()
      const { pathname } = new URL(request.url)
      const authorization = request.headers.get("authorization")
      const input = async () => ({
        params: new URLSearchParams(await request.text()),
        authorization,
        requestId: "req_h",
      })
      try {
        if (pathname === "/.well-known/openid-configuration") return json(oauth.discovery())
        if (pathname === "/.well-known/oauth-authorization-server") return json(oauth.authorizationServerMetadata())
        if (pathname === "/.well-known/jwks.json") return json(oauth.jwks())
        if (pathname === "/token") return json(await oauth.token(await input()))
        if (pathname === "/userinfo") return json(await oauth.userinfo(authorization!.slice("Bearer ".length)))
        if (pathname === "/revoke") {
          await oauth.revoke(await input())
          return new Response(null)
        }
        return new Response(null, { status: 404 })
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        const body = { error: error.kind.oauth ?? "server_error", error_description: error.message }
        return Response.json(body, {
          status: error.status,
          ...(error.extra.headers ? { headers: error.extra.headers } : {}),
        })
      }
    },
  })
}

test.each<[ClientType, "oidc" | "oauth2"]>([
  ["confidential", "oidc"],
  ["public", "oauth2"],
])("openid-client, a strict %s client, logs in with issuer and client alone (%s)", async (type, algorithm) => {
  const server = serve(() => oauth)
  const issuer = `http://127.0.0.1:${server.port}`
  // This client checks token times against the real clock.
  kit.clock.set(Date.now())
  const oauth = await createOauth({ ...kit.deps, issuer })
  const made = await kit.register(type)
  const config = await client.discovery(new URL(issuer), made.client.publicId, made.secret ?? undefined, undefined, {
    execute: [client.allowInsecureRequests],
    algorithm,
  })
  const verifier = client.randomPKCECodeVerifier()
  const [state, nonce] = [client.randomState(), client.randomNonce()]
  const redirectUri = made.client.redirectUris[0]!
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: "openid email offline_access llm",
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
  })
  expect(url.origin).toBe(issuer)
  const session = kit.signIn()
  const at = { session, browserIds: [kit.browser], requestId: "req_o" }
  const asked = await oauth.beginAuthorization({ ...at, params: url.searchParams })
  if (asked.kind !== "consent") throw new Error(asked.kind)
  const approval = { approve: true, scopes: ["email", "offline_access", "llm"], limits: {} }
  const outcome = await oauth.decide({ ...at, interaction: asked.interaction, ...approval })
  expect(answer(outcome).get("iss")).toBe(issuer)
  if (outcome.kind !== "redirect") throw new Error()

  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, maxAge: 60 }
  const tokens = await client.authorizationCodeGrant(config, new URL(outcome.location), checks)
  expect(tokens.claims()!.sub).toBe("usr_1")
  const info = await client.fetchUserInfo(config, tokens.access_token, "usr_1")
  expect(info.email).toBe("p1@example.com")
  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token!)
  expect(refreshed.claims()!.sub).toBe("usr_1")
  await client.tokenRevocation(config, refreshed.refresh_token!)
  await expect(client.refreshTokenGrant(config, refreshed.refresh_token!)).rejects.toMatchObject({
    error: "invalid_grant",
  })
  await server.stop(true)
})
