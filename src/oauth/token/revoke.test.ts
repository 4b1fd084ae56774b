import { afterEach, beforeEach, expect, test } from "bun:test"
import { HOUR_MS } from "../../app/index.ts"
import { type Kit, type Made, openKit, refusal } from "../test-kit.ts"
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

const alive = async (accessToken: string) => kit.oauth.assertAlive(await kit.oauth.verifyAccessToken(accessToken))

test("a refresh token takes its access tokens along", async () => {
  await alive(tokens.access_token)
  await kit.revoke(app, tokens.refresh_token!)
  expect(await refusal(alive(tokens.access_token))).toBe("token_revoked")
  expect(await refusal(kit.refresh(app, tokens.refresh_token!))).toBe("invalid_grant")
})

test("an access token goes alone, and stays gone after a restart", async () => {
  await alive(tokens.access_token)
  await kit.revoke(app, tokens.access_token)
  expect(await refusal(alive(tokens.access_token))).toBe("token_revoked")
  await kit.restart()
  expect(await refusal(alive(tokens.access_token))).toBe("token_revoked")
  await alive((await kit.refresh(app, tokens.refresh_token!)).access_token)
})

test("unknown tokens, and tokens of others, are answered alike and do nothing", async () => {
  const thief = await kit.register()
  await kit.revoke(thief, tokens.refresh_token!)
  await kit.revoke(thief, tokens.access_token)
  await kit.revoke(app, "unknown")
  await kit.revoke(app, tokens.id_token!)
  await alive(tokens.access_token)
  await kit.refresh(app, tokens.refresh_token!)
})

test("the client must prove itself and name a token", async () => {
  const wrong = kit.revoke({ client: app.client, secret: "wrong" }, tokens.refresh_token!)
  expect(await refusal(wrong)).toBe("invalid_client")
  expect(await refusal(kit.revoke(app, ""))).toBe("invalid_request")
  await alive(tokens.access_token)
})

test("the sweep forgets what nobody can present any more", async () => {
  await kit.revoke(app, tokens.access_token)
  kit.clock.advance(2 * HOUR_MS)
  await kit.oauth.sweep()
  expect(kit.count("oauth_revoked_tokens") + kit.count("oauth_interactions")).toBe(0)
})
