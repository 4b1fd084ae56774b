import { afterEach, beforeEach, expect, test } from "bun:test"
import { decodeJwt } from "jose"
import { HOUR_MS, UserId } from "../../app/index.ts"
import { ISSUER, type Kit, type Made, openKit, refusal } from "../testing.ts"
import type { TokenResponse } from "../types.ts"

let kit: Kit
let app: Made
let tokens: TokenResponse
beforeEach(async () => {
  kit = await openKit()
  app = await kit.register()
  tokens = await kit.login(app)
})
afterEach(() => kit.close())

const INACTIVE = { active: false } as const
const both = () => [tokens.access_token, tokens.refresh_token!]
const expectDead = async () => {
  for (const token of both()) expect(await kit.introspect(app, token)).toEqual(INACTIVE)
}

test("an access token is told as it was signed", async () => {
  const { iat, exp, jti, aud } = decodeJwt(tokens.access_token)
  expect(await kit.introspect(app, tokens.access_token)).toEqual({
    active: true,
    iss: ISSUER,
    sub: "usr_1",
    client_id: app.client.publicId,
    scope: "openid offline_access llm",
    auth_time: kit.clock.now() / 1_000,
    token_type: "Bearer",
    iat,
    exp,
    jti,
    aud,
  })
})

test("a refresh token too, whatever the hint says", async () => {
  for (const hint of ["refresh_token", "access_token", "anything"]) {
    const told = await kit.introspect(app, tokens.refresh_token!, { token_type_hint: hint })
    expect(told).toMatchObject({ active: true, sub: "usr_1", scope: "openid offline_access llm" })
    expect(told).not.toHaveProperty("token_type")
  }
})

test("tokens of others, ID tokens and nonsense are inactive and nothing more", async () => {
  const other = await kit.register()
  for (const token of both()) expect(await kit.introspect(other, token)).toEqual(INACTIVE)
  for (const token of [tokens.id_token!, "nonsense", `${tokens.access_token}x`]) {
    expect(await kit.introspect(app, token)).toEqual(INACTIVE)
  }
})

test("only a client that proves itself is answered", async () => {
  expect(await refusal(kit.introspect({ client: app.client, secret: "wrong" }, tokens.access_token))).toBe(
    "invalid_client",
  )
  expect(await refusal(kit.introspect({ client: app.client, secret: null }, tokens.access_token))).toBe(
    "invalid_client",
  )
  const page = await kit.register("public")
  const own = await kit.login(page)
  expect(await refusal(kit.introspect(page, own.access_token))).toBe("unauthorized_client")
  expect(await refusal(kit.introspect(app, ""))).toBe("invalid_request")
})

test("inactive once it was rotated, has expired or was revoked", async () => {
  const next = await kit.refresh(app, tokens.refresh_token!)
  expect(await kit.introspect(app, tokens.refresh_token!)).toEqual(INACTIVE)
  expect(await kit.introspect(app, next.refresh_token!)).toMatchObject({ active: true })
  await kit.revoke(app, tokens.access_token)
  expect(await kit.introspect(app, tokens.access_token)).toEqual(INACTIVE)
  expect(await kit.introspect(app, next.access_token)).toMatchObject({ active: true })
  kit.clock.advance(HOUR_MS)
  expect(await kit.introspect(app, next.access_token)).toEqual(INACTIVE)
  kit.clock.advance(30 * 24 * HOUR_MS)
  expect(await kit.introspect(app, next.refresh_token!)).toEqual(INACTIVE)
})

test("inactive with the consent", async () => {
  const [consent] = kit.oauth.consentsOf(1)
  await kit.write((tx) => kit.oauth.revokeConsentIn(tx, { userId: 1, consentPublicId: consent!.publicId }))
  await expectDead()
})

test("inactive while the person is suspended", async () => {
  kit.people.suspended.add(UserId(1))
  await expectDead()
})

test("a scope that was taken back is not told any more", async () => {
  await kit.write((tx) =>
    kit.oauth.updateClientIn(tx, { ownerId: "any", clientPublicId: app.client.publicId, scopes: ["profile"] }),
  )
  for (const token of both()) {
    expect(await kit.introspect(app, token)).toMatchObject({ active: true, scope: "openid offline_access" })
  }
})
