import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { decodeJwt } from "jose"
import { answer, interactionOf, type Kit, type Made, openKit } from "./testing.ts"
import type { TokenResponse } from "./types.ts"

let kit: Kit
let app: Made
beforeEach(async () => {
  kit = await openKit()
  app = await kit.register()
  Object.assign(kit.people.users.get(1)!, {
    picture: "https://id.example.com/media/1/256",
    locale: "nl-BE",
    zoneinfo: "Europe/Brussels",
  })
})
afterEach(() => kit.close())

const PROFILE = ["locale", "name", "picture", "updated_at", "zoneinfo"]
const EVERY = [...PROFILE, "email", "email_verified"].sort()
const known = (claims: object) =>
  Object.keys(claims)
    .filter((name) => EVERY.includes(name))
    .sort()
const ask = (claims: object, scope = "openid") => kit.login(app, { scope, claims: JSON.stringify(claims) })
const both = async (tokens: TokenResponse) => ({
  id: known(decodeJwt(tokens.id_token!)),
  userinfo: known(await kit.oauth.userinfo(tokens.access_token)),
})

describe("what scopes open", () => {
  test("profile and email, all that is known and nothing made up", async () => {
    const tokens = await kit.login(app, { scope: "openid profile email" })
    expect(await kit.oauth.userinfo(tokens.access_token)).toEqual({
      sub: "usr_1",
      name: "Person 1",
      picture: "https://id.example.com/media/1/256",
      locale: "nl-BE",
      zoneinfo: "Europe/Brussels",
      updated_at: 1_700_000_000,
      email: "p1@example.com",
      email_verified: true,
    })
    Object.assign(kit.people.users.get(1)!, { picture: null, locale: null, zoneinfo: null, name: null })
    expect(known(await kit.oauth.userinfo(tokens.access_token))).toEqual(["email", "email_verified", "updated_at"])
    expect(kit.oauth.discovery().claims_supported).toEqual(expect.arrayContaining([...EVERY, "acr", "amr", "sid"]))
  })
})

describe("claims one by one", () => {
  test("come where they were asked for, alone, and without their scope in the token", async () => {
    const tokens = await ask({ userinfo: { name: null }, id_token: { email: { essential: true } } })
    expect(await both(tokens)).toEqual({ id: ["email"], userinfo: ["name"] })
    expect(tokens.scope).toBe("openid")
    expect(decodeJwt(tokens.access_token).scope).toBe("openid")
  })
  test("beside scopes they add", async () => {
    const tokens = await ask({ userinfo: { picture: null } }, "openid email")
    expect(await both(tokens)).toEqual({
      id: ["email", "email_verified"],
      userinfo: ["email", "email_verified", "picture"],
    })
  })
  test("the person is asked for what opens them, and a no is a no", async () => {
    const session = kit.signIn()
    const claims = JSON.stringify({ userinfo: { name: { essential: true }, email: null } })
    const page = await kit.begin(kit.params(app.client, { scope: "openid", claims }), session)
    if (page.kind !== "consent") throw new Error(page.kind)
    expect(page.view.scopes.map(({ scope }) => scope)).toEqual(["openid", "profile", "email"])
    const given = await kit.decide(interactionOf(page), session, { scopes: ["email"] })
    const tokens = await kit.redeem(app, answer(given).get("code")!)
    expect((await both(tokens)).userinfo).toEqual(["email"])
    // Not asked again for what was declined.
    expect((await kit.begin(kit.params(app.client, { scope: "openid", claims }), session)).kind).toBe("redirect")
  })
  test("a value must be the one that was asked for", async () => {
    const right = await ask({ userinfo: { email: { value: "p1@example.com" }, locale: { values: ["en", "nl-BE"] } } })
    expect((await both(right)).userinfo).toEqual(["email", "locale"])
    const wrong = await ask({ userinfo: { email: { value: "p2@example.com" }, locale: { values: ["en"] } } })
    expect((await both(wrong)).userinfo).toEqual([])
  })
  test("stay with the login, and go with the permission", async () => {
    const tokens = await ask({ userinfo: { name: null }, id_token: { name: null } }, "openid offline_access")
    const next = await kit.refresh(app, tokens.refresh_token!)
    expect(await both(next)).toEqual({ id: ["name"], userinfo: ["name"] })
    const row = { userId: 1, clientId: app.client.id, scopes: ["openid", "offline_access"] }
    const [consent] = kit.oauth.consentsOf(1)
    await kit.write((tx) => kit.oauth.revokeConsentIn(tx, { userId: 1, consentPublicId: consent!.publicId }))
    await kit.write((tx) => kit.oauth.grantConsentIn(tx, row))
    expect(known(await kit.oauth.userinfo((await kit.login(app, { scope: "openid" })).access_token))).toEqual([])
  })
  test("of a scope that the app has not registered there are none, nor unknown ones", async () => {
    const plain = await kit.register("confidential", { scopes: [] })
    const claims = JSON.stringify({ userinfo: { name: null, email: null, isAdmin: null, phone_number: null } })
    const tokens = await kit.login(plain, { scope: "openid", claims })
    expect(await kit.oauth.userinfo(tokens.access_token)).toEqual({ sub: "usr_1" })
    const none = await ask({ userinfo: { toString: null, __proto__: null, constructor: null } })
    expect(await kit.oauth.userinfo(none.access_token)).toEqual({ sub: "usr_1" })
  })
  test("first-party apps get them without a question", async () => {
    const own = await kit.register("first-party")
    const update = { ownerId: "any" as const, clientPublicId: own.client.publicId, scopes: ["profile"] }
    await kit.write((tx) => kit.oauth.updateClientIn(tx, update))
    const tokens = await kit.login(own, { scope: "openid", claims: JSON.stringify({ userinfo: { name: null } }) })
    expect(known(await kit.oauth.userinfo(tokens.access_token))).toEqual(["name"])
  })
  test("out of shape they are refused", async () => {
    for (const claims of ["[]", "1", "{", '{"userinfo":[]}', '{"userinfo":{"name":1}}', '{"id_token":{"acr":"x"}}']) {
      const outcome = await kit.begin(kit.params(app.client, { claims }), kit.signIn())
      expect(answer(outcome).get("error")).toBe("invalid_request")
    }
  })
})

describe("how strong a sign-in is (acr)", () => {
  const MFA = "urn:purser:acr:mfa"
  const ONE = "urn:purser:acr:1fa"
  const essential = (...values: string[]) => JSON.stringify({ id_token: { acr: { essential: true, values } } })
  const strong = () => ({ ...kit.signIn(), amr: ["pwd", "otp", "mfa"] })
  const allow = () =>
    kit.write((tx) => kit.oauth.grantConsentIn(tx, { userId: 1, clientId: app.client.id, scopes: ["openid"] }))
  const go = (more: Record<string, string>, session = kit.signIn()) =>
    kit.begin(kit.params(app.client, { scope: "openid", ...more }), session)
  beforeEach(allow)

  test("is told in the ID token, from how they signed in; after a refresh too", async () => {
    const claims = async (session = kit.signIn()) =>
      decodeJwt((await kit.login(app, { scope: "openid" }, session)).id_token!)
    expect(await claims()).toMatchObject({ acr: ONE, amr: ["pwd"] })
    expect(await claims(strong())).toMatchObject({ acr: MFA, amr: ["pwd", "otp", "mfa"] })
    const tokens = await kit.login(app, { scope: "openid offline_access" }, strong())
    const next = await kit.refresh(app, tokens.refresh_token!)
    expect(decodeJwt(next.id_token!)).toMatchObject({ acr: MFA, auth_time: decodeJwt(tokens.id_token!).auth_time! })
    expect(kit.oauth.discovery().acr_values_supported).toEqual([ONE, MFA])
  })
  test("what must be is asked of whoever can, and refused of whoever cannot", async () => {
    const claims = essential(MFA)
    expect(answer(await go({ claims })).get("error")).toBe("unmet_authentication_requirements")
    kit.people.secondSteps.add(1)
    const page = await go({ claims })
    expect(page).toMatchObject({ kind: "login", reason: "stronger" })
    // A fresh sign-in alone is not enough (GHSA-hp74-gm6m-2qm5): its methods count.
    kit.clock.advance(1_000)
    expect(await kit.resume(interactionOf(page), kit.signIn())).toMatchObject({ kind: "login", reason: "stronger" })
    expect(answer(await kit.resume(interactionOf(page), strong())).get("code")).toBeTruthy()
  })
  test("a wish holds nobody up who cannot fulfil it", async () => {
    expect(answer(await go({ acr_values: MFA })).get("code")).toBeTruthy()
    expect(answer(await go({ acr_values: "urn:mace:incommon:iap:silver" })).get("code")).toBeTruthy()
    kit.people.secondSteps.add(1)
    expect(await go({ acr_values: MFA })).toMatchObject({ kind: "login", reason: "stronger" })
    expect(answer(await go({ acr_values: `${MFA} ${ONE}` })).get("code")).toBeTruthy()
    expect(answer(await go({ acr_values: ONE }, strong())).get("code")).toBeTruthy()
  })
  test("an unknown class that must be is never met; one that may be is", async () => {
    kit.people.secondSteps.add(1)
    const unmet = await go({ claims: essential("urn:other") }, strong())
    expect(answer(unmet).get("error")).toBe("unmet_authentication_requirements")
    const wished = JSON.stringify({ id_token: { acr: { values: ["urn:other"] } } })
    expect(answer(await go({ claims: wished })).get("code")).toBeTruthy()
    expect(
      answer(await go({ claims: JSON.stringify({ id_token: { acr: { essential: true } } }) })).get("code"),
    ).toBeTruthy()
  })
  test("prompt=none asks nobody", async () => {
    kit.people.secondSteps.add(1)
    const silent = { claims: essential(MFA), prompt: "none" }
    expect(answer(await go(silent)).get("error")).toBe("login_required")
    expect(answer(await go(silent, strong())).get("code")).toBeTruthy()
  })
})
