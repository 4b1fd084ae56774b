import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose"
import { MINUTE_MS, sha256Hex } from "../../app/index.ts"
import { auditOf } from "../../audit/index.ts"
import { CALLBACK, ISSUER, type Kit, type Made, openKit, refusal, VERIFIER } from "../testing.ts"

let kit: Kit
let app: Made
beforeEach(async () => {
  kit = await openKit()
  app = await kit.register()
})
afterEach(() => kit.close())

const alive = async (accessToken: string) => {
  kit.oauth.assertAlive(await kit.oauth.verifyAccessToken(accessToken))
}

test("a login gives the three tokens, verified by an independent verifier over HTTP", async () => {
  const tokens = await kit.login(app, { nonce: "n-1", scope: "openid email offline_access llm" })
  expect(Object.keys(tokens)).toEqual([
    "access_token",
    "token_type",
    "expires_in",
    "scope",
    "refresh_token",
    "id_token",
  ])
  expect(tokens).toMatchObject({ token_type: "Bearer", expires_in: 3600, scope: "openid email offline_access llm" })

  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => Response.json(kit.oauth.jwks()) })
  const jwks = createRemoteJWKSet(new URL(`http://127.0.0.1:${server.port}/`))
  const currentDate = new Date(kit.clock.now())
  const access = await jwtVerify(tokens.access_token, jwks, {
    issuer: ISSUER,
    audience: `${ISSUER}/v1`,
    typ: "at+jwt",
    algorithms: ["RS256"],
    currentDate,
  })
  const id = await jwtVerify(tokens.id_token!, jwks, { issuer: ISSUER, audience: app.client.publicId, currentDate })
  await server.stop(true)

  const now = kit.clock.now() / 1_000
  expect(access.payload).toMatchObject({
    sub: "usr_1",
    client_id: app.client.publicId,
    scope: "openid email offline_access llm",
    iat: now,
    exp: now + 3_600,
    auth_time: now,
  })
  expect(access.payload.gid).toMatch(/^gnt_/)
  expect(access.payload.jti).toMatch(/^jti_/)
  const atHash = new Bun.CryptoHasher("sha256").update(tokens.access_token).digest().subarray(0, 16)
  expect(id.payload).toEqual({
    iss: ISSUER,
    sub: "usr_1",
    aud: app.client.publicId,
    azp: app.client.publicId,
    iat: now,
    exp: now + 3_600,
    auth_time: now,
    nonce: "n-1",
    acr: "urn:purser:acr:1fa",
    amr: ["pwd"],
    sid: "ses_1",
    at_hash: atHash.toString("base64url"),
    email: "p1@example.com",
    email_verified: true,
  })
  expect(decodeProtectedHeader(tokens.id_token!).typ).toBe("JWT")
})

test("the claims parameter opens what the app has registered, no more", async () => {
  const claims = JSON.stringify({ id_token: { email: { essential: true }, name: null, sub: null, isAdmin: null } })
  const tokens = await kit.login(app, { scope: "openid email", claims })
  const payload = decodeJwt(tokens.id_token!)
  expect([payload.email, payload.name]).toEqual(["p1@example.com", "Person 1"])
  expect("isAdmin" in payload).toBe(false)
})

describe("refresh tokens are given", () => {
  test.each([
    ["openid offline_access", true],
    ["openid llm", false],
    ["llm", true],
  ])("%s: %p", async (scope, given) => {
    const tokens = await kit.login(app, { scope })
    expect("refresh_token" in tokens).toBe(given)
    expect("id_token" in tokens).toBe(scope.includes("openid"))
  })
  test("not when the person unticked it", async () => {
    const session = kit.signIn()
    const asked = await kit.begin(kit.params(app.client), session)
    if (asked.kind !== "consent") throw new Error()
    const outcome = await kit.decide(asked.interaction, session, { scopes: ["llm"] })
    if (outcome.kind !== "redirect") throw new Error()
    const tokens = await kit.redeem(app, new URL(outcome.location).searchParams.get("code")!)
    expect([tokens.scope, tokens.refresh_token]).toEqual(["openid llm", undefined])
  })
})

describe("a code", () => {
  test("is stored as a hash only", async () => {
    const code = await kit.code(app.client)
    const dump = JSON.stringify(kit.store.read.all("SELECT * FROM oauth_codes"))
    expect(dump).not.toContain(code)
    expect(dump).toContain(sha256Hex(code))
  })

  test("an invalid attempt is refused and burns nothing", async () => {
    const code = await kit.code(app.client)
    const thief = await kit.register()
    const spa = await kit.register("public")
    const attempts: [Made, Record<string, string>, string][] = [
      [thief, {}, "invalid_grant"],
      [spa, {}, "invalid_grant"],
      [app, { code_verifier: "w".repeat(43) }, "invalid_grant"],
      [app, { code_verifier: "" }, "invalid_request"],
      [app, { code_verifier: VERIFIER.slice(0, 42) }, "invalid_grant"],
      // The challenge itself is no verifier: plain is not spoken here.
      [app, { code_verifier: new Bun.CryptoHasher("sha256").update(VERIFIER).digest("base64url") }, "invalid_grant"],
      [app, { redirect_uri: `${CALLBACK}/other` }, "invalid_grant"],
      [app, { code: `${code}x` }, "invalid_grant"],
      [app, { code: "" }, "invalid_request"],
      [app, { grant_type: "password" }, "unsupported_grant_type"],
      [app, { grant_type: "toString" }, "unsupported_grant_type"],
      [app, { grant_type: "" }, "invalid_request"],
    ]
    for (const [made, more, error] of attempts) expect(await refusal(kit.redeem(made, code, more))).toBe(error as never)
    const tokens = await kit.redeem(app, code)
    await alive(tokens.access_token)
  })

  test("lives 60 seconds", async () => {
    const [early, late] = [await kit.code(app.client), await kit.code(app.client)]
    kit.clock.advance(MINUTE_MS - 1)
    await kit.redeem(app, early)
    kit.clock.advance(1)
    expect(await refusal(kit.redeem(app, late))).toBe("invalid_grant")
  })

  test("a loopback port of the moment is bound to the code", async () => {
    const native = await kit.register("public", { redirectUris: ["http://127.0.0.1/cb"] })
    const code = await kit.code(native.client, { redirect_uri: "http://127.0.0.1:4000/cb" })
    const at = (redirect_uri: string) => kit.redeem(native, code, { redirect_uri })
    expect(await refusal(at("http://127.0.0.1:4001/cb"))).toBe("invalid_grant")
    expect((await at("http://127.0.0.1:4000/cb")).token_type).toBe("Bearer")
  })

  test("a second valid use revokes all that the first gave", async () => {
    const code = await kit.code(app.client)
    const tokens = await kit.redeem(app, code)
    await alive(tokens.access_token)
    expect(await refusal(kit.redeem(app, code, { code_verifier: "w".repeat(43) }))).toBe("invalid_grant")
    await alive(tokens.access_token)
    expect(await refusal(kit.redeem(app, code))).toBe("invalid_grant")
    expect(await refusal(alive(tokens.access_token))).toBe("token_revoked")
    expect(await refusal(kit.refresh(app, tokens.refresh_token!))).toBe("invalid_grant")
    const gid = decodeJwt(tokens.access_token).gid as string
    expect(auditOf(kit.store.read, gid).map((row) => row.action)).toEqual(["grant.revoked", "grant.created"])
  })

  test("a second use is theft also after the code's minute", async () => {
    const code = await kit.code(app.client)
    const tokens = await kit.redeem(app, code)
    kit.clock.advance(30 * MINUTE_MS)
    expect(await refusal(kit.redeem(app, code))).toBe("invalid_grant")
    expect(await refusal(alive(tokens.access_token))).toBe("token_revoked")
  })

  test("200 parallel redemptions: one winner", async () => {
    const code = await kit.code(app.client)
    const results = await Promise.allSettled(Array.from({ length: 200 }, () => kit.redeem(app, code)))
    const winners = results.filter((result) => result.status === "fulfilled")
    expect(winners).toHaveLength(1)
    // 199 others held the right verifier: that is theft, and what the winner got is dead too (OAuth 2.1 §4.1.3).
    expect(await refusal(alive(winners[0]!.value.access_token))).toBe("token_revoked")
    expect(kit.count("oauth_refresh_tokens")).toBe(1)
    expect(kit.count("oauth_codes", "used_ms IS NOT NULL")).toBe(1)
  })

  test("is worthless once person, consent or client are gone", async () => {
    const code = await kit.code(app.client)
    kit.people.suspended.add(1)
    expect(await refusal(kit.redeem(app, code))).toBe("invalid_grant")
    kit.people.suspended.delete(1)
    const consent = kit.oauth.consentsOf(1)[0]!
    await kit.write((tx) => kit.oauth.revokeConsentIn(tx, { userId: 1, consentPublicId: consent.publicId }))
    expect(await refusal(kit.redeem(app, code))).toBe("invalid_grant")
    expect(kit.count("oauth_refresh_tokens")).toBe(0)
  })

  test("is no refresh token, and a refresh token is no code", async () => {
    const code = await kit.code(app.client)
    expect(await refusal(kit.refresh(app, code))).toBe("invalid_grant")
    const { refresh_token } = await kit.redeem(app, code)
    expect(await refusal(kit.redeem(app, refresh_token!))).toBe("invalid_grant")
  })
})

test("the console redeems in this process without a secret; no other client may", async () => {
  const own = await kit.register("first-party")
  const params = (code: string) =>
    new URLSearchParams({ grant_type: "authorization_code", code, code_verifier: VERIFIER, redirect_uri: CALLBACK })
  const tokens = await kit.oauth.tokenForFirstParty(own.client.id, params(await kit.code(own.client)), "req_9")
  await alive(tokens.access_token)
  const foreign = kit.oauth.tokenForFirstParty(app.client.id, params(await kit.code(app.client)), "req_9")
  await expect(foreign).rejects.toThrow("invariant")
})
