import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { decodeJwt, generateKeyPair, type JWTPayload, SignJWT } from "jose"
import { AppError, credits, HOUR_MS, Lru } from "../../app/index.ts"
import { answer, ISSUER, type Kit, type Made, openKit, refusal } from "../testing.ts"
import type { AccessClaims, AiScope, TokenResponse } from "../types.ts"

let kit: Kit
let app: Made
let tokens: TokenResponse
beforeEach(async () => {
  kit = await openKit()
  app = await kit.register()
  tokens = await kit.login(app, { scope: "openid profile email offline_access llm" })
})
afterEach(() => kit.close())

const verify = (token = tokens.access_token) => kit.oauth.verifyAccessToken(token)
const alive = async (token = tokens.access_token) => kit.oauth.assertAlive(await verify(token))
const grant = (claims: AccessClaims, scope?: AiScope) => kit.write((tx) => kit.oauth.requireGrantIn(tx, claims, scope))

test("claims name internal ids and the token's own scopes", async () => {
  const claims = await verify()
  expect(claims).toMatchObject({
    userId: 1,
    userPublicId: "usr_1",
    clientId: app.client.id,
    clientPublicId: app.client.publicId,
    consentId: kit.oauth.consentsOf(1)[0]!.id,
    developerId: 9,
    mode: "live",
    expMs: kit.clock.now() + HOUR_MS,
  })
  expect([...claims.scopes]).toEqual(["openid", "profile", "email", "offline_access", "llm"])
  expect(await verify()).toBe(claims)
})

describe("forged and foreign tokens", () => {
  const payload = () => decodeJwt(tokens.access_token)
  const [header, body, signature] = [0, 1, 2] as const
  const part = (index: number) => tokens.access_token.split(".")[index]!
  const json = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")

  test("changed in any part", async () => {
    const kid = JSON.parse(Buffer.from(part(header), "base64url").toString()).kid
    const more = json({ ...payload(), scope: "openid llm mcp" })
    for (const forged of [
      `${part(header)}.${more}.${part(signature)}`,
      `${json({ alg: "none", typ: "at+jwt", kid })}.${part(body)}.`,
      `${json({ alg: "HS256", typ: "at+jwt", kid })}.${part(body)}.${part(signature)}`,
      `${json({ alg: "RS256", typ: "at+jwt" })}.${part(body)}.${part(signature)}`,
      `${part(header)}.${part(body)}.`,
      `${tokens.access_token}.x`,
      "not.a.jwt",
      "",
      "a".repeat(10_000),
      tokens.id_token!,
      tokens.refresh_token!,
    ])
      expect(await refusal(verify(forged))).toBe("token_invalid")
  })

  test("signed by somebody else, with our key id", async () => {
    const { privateKey } = await generateKeyPair("RS256")
    const { kid } = JSON.parse(Buffer.from(part(header), "base64url").toString())
    const forged = await new SignJWT(payload())
      .setProtectedHeader({ alg: "RS256", kid, typ: "at+jwt" })
      .sign(privateKey)
    expect(await refusal(verify(forged))).toBe("token_invalid")
  })

  test("signed by us, but with another issuer, audience, type or grant", async () => {
    const { loadKeys } = await import("../keys/keys.ts")
    const keys = await loadKeys(kit.deps)
    const sign = (more: JWTPayload, typ: "at+jwt" | "JWT" = "at+jwt") => keys.sign({ ...payload(), ...more }, typ)
    await verify(await sign({}))
    for (const forged of [
      sign({}, "JWT"),
      sign({ iss: "https://evil.example" }),
      sign({ iss: `${ISSUER}/` }),
      sign({ aud: app.client.publicId }),
      sign({ aud: ISSUER }),
      sign({ gid: "gnt_unknown" }),
      sign({ client_id: "cli_other" }),
    ])
      expect(await refusal(verify(await forged))).toBe("token_invalid")
  })

  test("one hour, to the millisecond, cached or not", async () => {
    const cached = await verify()
    kit.clock.advance(HOUR_MS - 1)
    await alive()
    kit.clock.advance(1)
    expect(await refusal(verify())).toBe("token_expired")
    expect(await refusal(verify())).toBe("token_expired")
    expect(await refusal(() => kit.oauth.assertAlive(cached))).toBe("token_expired")
  })
})

describe("refused from the moment the act is answered, though the token was cached a moment before", () => {
  const revokeConsent = () => {
    const { publicId } = kit.oauth.consentsOf(1)[0]!
    return kit.write((tx) => kit.oauth.revokeConsentIn(tx, { userId: 1, consentPublicId: publicId }))
  }
  const acts: [string, () => Promise<unknown>, string][] = [
    ["consent revoked", revokeConsent, "token_revoked"],
    ["token revoked", () => kit.revoke(app, tokens.access_token), "token_revoked"],
    ["grant revoked", () => kit.revoke(app, tokens.refresh_token!), "token_revoked"],
    ["all grants of the person ended", () => kit.write((tx) => kit.oauth.revokeGrantsOfUserIn(tx, 1)), "token_revoked"],
    [
      "client suspended",
      () => kit.write((tx) => kit.oauth.suspendClientIn(tx, { clientPublicId: app.client.publicId, reason: "x" })),
      "client_suspended",
    ],
    ["person suspended", async () => kit.people.suspended.add(1), "account_suspended"],
  ]
  test.each(acts)("%s", async (_name, act, code) => {
    const claims = await verify()
    await alive()
    await grant(claims, "llm")
    await act()
    expect(await refusal(() => kit.oauth.assertAlive(claims))).toBe(code as never)
    expect(await refusal(alive())).toBe(code as never)
    expect(await refusal(grant(claims, "llm"))).toBe(code as never)
    expect(await refusal(kit.oauth.userinfo(tokens.access_token))).toBe(code as never)
    await kit.restart()
    expect(await refusal(alive())).toBe(code as never)
  })
  test("a hold queued behind the revocation in the same commit is refused", async () => {
    const claims = await verify()
    const [, hold] = await Promise.allSettled([revokeConsent(), grant(claims, "llm")])
    expect(hold.status).toBe("rejected")
  })
  test("an act whose body fails leaves the memory alone", async () => {
    const failing = kit.write((tx) => {
      kit.oauth.suspendClientIn(tx, { clientPublicId: app.client.publicId, reason: "x" })
      kit.oauth.revokeGrantsOfUserIn(tx, 1)
      throw new Error("no")
    })
    await expect(failing).rejects.toThrow("no")
    await alive()
    expect(kit.oauth.isClientSuspended(app.client.id)).toBe(false)
  })
  test("an unsuspended client works again", async () => {
    const input = { clientPublicId: app.client.publicId, reason: "x" }
    await kit.write((tx) => kit.oauth.suspendClientIn(tx, input))
    expect(kit.oauth.isClientSuspended(app.client.id)).toBe(true)
    await kit.write((tx) => kit.oauth.unsuspendClientIn(tx, input))
    await alive((await kit.refresh(app, tokens.refresh_token!)).access_token)
  })
  test("one person's revocation leaves others alone", async () => {
    const other = await kit.login(app, {}, kit.signIn(2))
    await revokeConsent()
    await alive(other.access_token)
  })
})

describe("the grant inside the hold", () => {
  test("gives the daily limit that stands now", async () => {
    const claims = await verify()
    expect((await grant(claims, "llm")).dailyLimitNano).toBe(credits(100))
    const { publicId, id } = kit.oauth.consentsOf(1)[0]!
    const input = { userId: 1, consentPublicId: publicId, limits: { llm: credits(3), embeddings: 5 } }
    const updated = await kit.write((tx) => kit.oauth.updateLimitsIn(tx, input))
    expect(updated.limits).toEqual({ llm: credits(3) })
    expect((await grant(claims, "llm")).dailyLimitNano).toBe(credits(3))
    expect(await kit.write((tx) => kit.oauth.limitFor(tx, id, "llm"))).toBe(credits(3))
    expect(await kit.write((tx) => kit.oauth.limitFor(tx, id, "mcp"))).toBeNull()
    const foreign = kit.write((tx) => kit.oauth.updateLimitsIn(tx, { ...input, userId: 2 }))
    expect(await refusal(foreign)).toBe("not_found")
  })
  test("needs the scope in token, grant and consent", async () => {
    const claims = await verify()
    expect(await refusal(grant(claims, "embeddings"))).toBe("insufficient_scope")
    await kit.write((tx) =>
      kit.oauth.grantConsentIn(tx, { userId: 1, clientId: app.client.id, scopes: ["embeddings"] }),
    )
    expect(await refusal(grant(claims, "embeddings"))).toBe("insufficient_scope")
    const session = kit.signIn()
    const asked = await kit.begin(kit.params(app.client, { scope: "llm", prompt: "consent" }), session)
    if (asked.kind !== "consent") throw new Error()
    await kit.decide(asked.interaction, session, { scopes: [] })
    expect((await grant(claims, "llm")).dailyLimitNano).toBe(credits(100))
    const again = await kit.begin(kit.params(app.client, { scope: "openid llm", prompt: "consent" }), session)
    if (again.kind !== "consent") throw new Error()
    await kit.decide(again.interaction, session, { scopes: [] })
    expect(await refusal(grant(claims, "llm"))).toBe("insufficient_scope")
  })
  test("never exceeds a token that was narrowed at refresh", async () => {
    const narrow = await kit.refresh(app, tokens.refresh_token!, { scope: "openid" })
    expect(await refusal(grant(await verify(narrow.access_token), "llm"))).toBe("insufficient_scope")
  })
  test("has no limit for a first-party client", async () => {
    const own = await kit.register("first-party", { scopes: ["llm"] })
    const claims = await verify((await kit.login(own)).access_token)
    expect(await grant(claims, "llm")).toMatchObject({ dailyLimitNano: null, developerId: null })
    expect(claims.consentId).toBeNull()
  })
})

describe("the ID token", () => {
  const person = (token: TokenResponse) => {
    const { name, email, email_verified } = decodeJwt(token.id_token!)
    return { name, email, email_verified }
  }
  const whole = { name: "Person 1", email: "p1@example.com", email_verified: true }

  test("says who the person is as far as the scopes that stand open it, from a code and from a refresh", async () => {
    expect(person(tokens)).toEqual(whole)
    expect(person(await kit.refresh(app, tokens.refresh_token!))).toEqual(whole)
    const nobody = { name: undefined, email: undefined, email_verified: undefined }
    expect(person(await kit.login(app, { scope: "openid llm" }))).toEqual(nobody)
    expect(person(await kit.login(app, { scope: "openid email" }))).toEqual({ ...whole, name: undefined })
    expect(person(await kit.login(app, { scope: "openid profile" }))).toEqual({ ...nobody, name: whole.name })
  })
  test("leaves out what was unticked, and a name nobody gave", async () => {
    const session = kit.signIn()
    const asked = await kit.begin(kit.params(app.client, { scope: "openid profile email", prompt: "consent" }), session)
    if (asked.kind !== "consent") throw new Error()
    const code = answer(await kit.decide(asked.interaction, session, { scopes: ["profile"] })).get("code")!
    kit.people.users.get(1)!.name = null
    expect(person(await kit.redeem(app, code))).toEqual({
      name: undefined,
      email: undefined,
      email_verified: undefined,
    })
  })
  test("a claim that is asked for by name asks for the scope that opens it", async () => {
    const claims = JSON.stringify({ userinfo: { name: { essential: true } }, id_token: { email: null } })
    const session = kit.signIn()
    const asked = await kit.begin(kit.params(app.client, { scope: "openid", claims, prompt: "consent" }), session)
    if (asked.kind !== "consent") throw new Error()
    expect(asked.view.scopes.map(({ scope }) => scope)).toEqual(["openid", "profile", "email"])
    const code = answer(await kit.decide(asked.interaction, session)).get("code")!
    const given = await kit.redeem(app, code)
    // The claim, not its scope.
    expect(given.scope).toBe("openid")
    expect(person(given)).toMatchObject({ name: undefined, email: "p1@example.com" })
    expect((await kit.oauth.userinfo(given.access_token)).name).toBe("Person 1")
    // What the app has not registered stays shut, and breaks nothing.
    const plain = await kit.register("confidential", { scopes: [] })
    expect((await kit.login(plain, { scope: "openid", claims })).scope).toBe("openid")
  })
})

describe("what a suspension ended stays ended", () => {
  test("a client's tokens do not come back with it; new ones work", async () => {
    const claims = await verify()
    const input = { clientPublicId: app.client.publicId }
    await kit.write((tx) => kit.oauth.suspendClientIn(tx, { ...input, reason: "abuse" }))
    await kit.write((tx) => kit.oauth.unsuspendClientIn(tx, input))
    expect(await refusal(alive())).toBe("token_revoked")
    expect(await refusal(() => kit.oauth.assertAlive(claims))).toBe("token_revoked")
    expect(await refusal(grant(claims, "llm"))).toBe("token_revoked")
    await kit.restart()
    expect(await refusal(alive())).toBe("token_revoked")
    const fresh = await kit.refresh(app, tokens.refresh_token!)
    await alive(fresh.access_token)
    expect((await grant(await verify(fresh.access_token), "llm")).scopes).toContain("llm")
    await kit.write((tx) => kit.oauth.suspendClientIn(tx, { ...input, reason: "again" }))
    await kit.write((tx) => kit.oauth.unsuspendClientIn(tx, input))
    expect(await refusal(alive(fresh.access_token))).toBe("token_revoked")
  })
  test("a token that is being signed while its client is suspended is dead as well", async () => {
    const input = { clientPublicId: app.client.publicId }
    const signing = kit.refresh(app, tokens.refresh_token!)
    await kit.write((tx) => kit.oauth.suspendClientIn(tx, { ...input, reason: "abuse" }))
    await kit.write((tx) => kit.oauth.unsuspendClientIn(tx, input))
    const late = await signing.catch(() => null)
    if (late) expect(await refusal(alive(late.access_token))).toBe("token_revoked")
  })
  test("a new consent wakes no token of the old one", async () => {
    const claims = await verify()
    const { publicId } = kit.oauth.consentsOf(1)[0]!
    await kit.write((tx) => kit.oauth.revokeConsentIn(tx, { userId: 1, consentPublicId: publicId }))
    await kit.login(app, { scope: "openid profile email offline_access llm" })
    expect(await refusal(alive())).toBe("token_revoked")
    expect(await refusal(grant(claims, "llm"))).toBe("token_revoked")
  })
})

describe("userinfo", () => {
  test("opens what the scopes open", async () => {
    expect(await kit.oauth.userinfo(tokens.access_token)).toEqual({
      sub: "usr_1",
      name: "Person 1",
      updated_at: 1_700_000_000,
      email: "p1@example.com",
      email_verified: true,
    })
    const narrow = await kit.refresh(app, tokens.refresh_token!, { scope: "openid" })
    expect(await kit.oauth.userinfo(narrow.access_token)).toEqual({ sub: "usr_1" })
  })
  test("needs openid", async () => {
    const plain = await kit.login(app, { scope: "llm" })
    expect(await refusal(kit.oauth.userinfo(plain.access_token))).toBe("insufficient_scope")
  })
  test("takes no ID token, and closes a scope the moment it is taken back", async () => {
    expect(await refusal(kit.oauth.userinfo(tokens.id_token!))).toBe("token_invalid")
    const session = kit.signIn()
    const asked = await kit.begin(kit.params(app.client, { scope: "openid email", prompt: "consent" }), session)
    if (asked.kind !== "consent") throw new Error()
    await kit.decide(asked.interaction, session, { scopes: [] })
    expect(await kit.oauth.userinfo(tokens.access_token)).toEqual({
      sub: "usr_1",
      name: "Person 1",
      updated_at: 1_700_000_000,
    })
  })
})

test("errors carry a message for the developer and never the token", async () => {
  const error = await verify(`${tokens.access_token}x`).catch((caught: AppError) => caught)
  expect(error).toBeInstanceOf(AppError)
  expect(JSON.stringify(error)).not.toContain(tokens.access_token)
  expect(kit.oauth.challenge(error as AppError, "/v1")).toBe(
    `Bearer error="invalid_token", resource_metadata="${ISSUER}/.well-known/oauth-protected-resource/v1"`,
  )
})

test("the memory of verified tokens is bounded and keeps what is used", () => {
  const lru = new Lru<number>(4)
  for (const key of ["a", "b", "c"]) lru.set(key, 1)
  lru.get("a")
  lru.set("d", 1)
  expect([lru.get("a"), lru.get("b"), lru.get("d")]).toEqual([1, undefined, 1])
  for (let key = 0; key < 100; key++) lru.set(`${key}`, 1)
  expect(lru.size).toBeLessThanOrEqual(4)
  lru.delete("99")
  expect([lru.get("99"), lru.get("98")]).toEqual([undefined, 1])
})
