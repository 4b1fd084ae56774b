import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { DAY_MS, SECOND_MS } from "../../app/index.ts"
import { type Kit, type Made, openKit, refusal } from "../test-kit.ts"
import type { TokenResponse } from "../types.ts"

let kit: Kit
let app: Made
let tokens: TokenResponse
let first: string
beforeEach(async () => {
  kit = await openKit()
  app = await kit.register()
  tokens = await kit.login(app, { scope: "openid offline_access llm embeddings" })
  first = tokens.refresh_token!
})
afterEach(() => kit.close())

const alive = async (accessToken: string) => kit.oauth.assertAlive(await kit.oauth.verifyAccessToken(accessToken))

test("rotates: a new token each time, a new ID token, the same scope", async () => {
  kit.clock.advance(SECOND_MS)
  const second = await kit.refresh(app, first)
  expect(second.refresh_token).not.toBe(first)
  expect(second.scope).toBe(tokens.scope)
  expect(second.id_token).toBeDefined()
  const third = await kit.refresh(app, second.refresh_token!)
  expect(new Set([first, second.refresh_token, third.refresh_token]).size).toBe(3)
  await alive(third.access_token)
})

test("neither tokens nor the answer kept for repeats can be read from the database", async () => {
  const second = await kit.refresh(app, first)
  const dump = JSON.stringify(kit.store.read.all("SELECT * FROM oauth_refresh_tokens"))
  for (const secret of [first, second.refresh_token!, second.access_token]) expect(dump).not.toContain(secret)
})

describe("repeating the old token", () => {
  test("within ten seconds gives the identical answer, any number of times", async () => {
    const answer = JSON.stringify(await kit.refresh(app, first))
    for (const ms of [0, 4_000, 5_999, 1]) {
      kit.clock.advance(ms)
      expect(JSON.stringify(await kit.refresh(app, first))).toBe(answer)
    }
    expect(kit.count("oauth_refresh_tokens")).toBe(2)
  })
  test("after ten seconds kills the family", async () => {
    const second = await kit.refresh(app, first)
    kit.clock.advance(10 * SECOND_MS + 1)
    expect(await refusal(kit.refresh(app, first))).toBe("invalid_grant")
    expect(await refusal(kit.refresh(app, second.refresh_token!))).toBe("invalid_grant")
    expect(await refusal(alive(second.access_token))).toBe("token_revoked")
    expect(await refusal(alive(tokens.access_token))).toBe("token_revoked")
  })
  test("the ten seconds survive a restart", async () => {
    const answer = JSON.stringify(await kit.refresh(app, first))
    await kit.restart()
    expect(JSON.stringify(await kit.refresh(app, first))).toBe(answer)
  })
  test("a replay after the sweep took the answer away is reuse", async () => {
    await kit.refresh(app, first)
    kit.clock.advance(10 * SECOND_MS + 1)
    await kit.oauth.sweep()
    expect(kit.count("oauth_refresh_tokens", "replay IS NOT NULL")).toBe(0)
    expect(await refusal(kit.refresh(app, first))).toBe("invalid_grant")
    expect(kit.count("oauth_grants", "revoked_reason = 'refresh_reuse'")).toBe(1)
  })
  test("with another scope is refused and kills nothing", async () => {
    const second = await kit.refresh(app, first, { scope: "openid llm" })
    expect(await refusal(kit.refresh(app, first))).toBe("invalid_scope")
    await kit.refresh(app, second.refresh_token!)
  })
  test("by another client gives nothing and kills nothing, then or later", async () => {
    const second = await kit.refresh(app, first)
    const thief = await kit.register()
    expect(await refusal(kit.refresh(thief, first))).toBe("invalid_grant")
    kit.clock.advance(60 * SECOND_MS)
    expect(await refusal(kit.refresh(thief, first))).toBe("invalid_grant")
    await kit.refresh(app, second.refresh_token!)
  })
  test("while the person is suspended gives nothing", async () => {
    await kit.refresh(app, first)
    kit.people.suspended.add(1)
    expect(await refusal(kit.refresh(app, first))).toBe("invalid_grant")
  })
  test("after the consent is revoked gives nothing", async () => {
    await kit.refresh(app, first)
    const { publicId } = kit.oauth.consentsOf(1)[0]!
    await kit.write((tx) => kit.oauth.revokeConsentIn(tx, { userId: 1, consentPublicId: publicId }))
    expect(await refusal(kit.refresh(app, first))).toBe("invalid_grant")
    expect(kit.count("oauth_refresh_tokens", "replay IS NOT NULL")).toBe(0)
  })
})

test("200 parallel refreshes: one rotation, the others its replay; after ten seconds the family dies", async () => {
  const answers = await Promise.all(Array.from({ length: 200 }, () => kit.refresh(app, first)))
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  expect(kit.count("oauth_refresh_tokens")).toBe(2)
  expect(kit.count("oauth_refresh_tokens", "spent_ms IS NULL")).toBe(1)
  kit.clock.advance(10 * SECOND_MS + 1)
  const late = await Promise.allSettled(Array.from({ length: 50 }, () => kit.refresh(app, first)))
  expect(late.every((result) => result.status === "rejected")).toBe(true)
  expect(await refusal(alive(answers[0]!.access_token))).toBe("token_revoked")
})

test("the database itself refuses a forked family", async () => {
  const fork = kit.write((tx) =>
    tx.run(
      "INSERT INTO oauth_refresh_tokens (hash, grant_id, created_ms, expires_ms) VALUES (?, 1, 0, 1)",
      "f".repeat(64),
    ),
  )
  await expect(fork).rejects.toThrow("UNIQUE")
})

describe("a refresh token", () => {
  test("is bound to its client, and a confidential client must prove itself", async () => {
    const thief = await kit.register()
    const spa = await kit.register("public")
    expect(await refusal(kit.refresh(thief, first))).toBe("invalid_grant")
    expect(await refusal(kit.refresh(spa, first))).toBe("invalid_grant")
    expect(await refusal(kit.refresh({ client: app.client, secret: null }, first))).toBe("invalid_client")
    expect(await refusal(kit.refresh({ client: app.client, secret: "wrong" }, first))).toBe("invalid_client")
    await kit.refresh(app, first)
  })
  test("lives 30 days from its own making", async () => {
    kit.clock.advance(30 * DAY_MS - 1)
    const second = await kit.refresh(app, first)
    kit.clock.advance(30 * DAY_MS - 1)
    const third = await kit.refresh(app, second.refresh_token!)
    kit.clock.advance(30 * DAY_MS)
    expect(await refusal(kit.refresh(app, third.refresh_token!))).toBe("invalid_grant")
  })
  test("is not spent while the person is suspended, and works again afterwards", async () => {
    kit.people.suspended.add(1)
    expect(await refusal(kit.refresh(app, first))).toBe("invalid_grant")
    kit.people.suspended.delete(1)
    await kit.refresh(app, first)
  })
  test("dies with the consent, and a new consent does not wake it", async () => {
    const { publicId } = kit.oauth.consentsOf(1)[0]!
    await kit.write((tx) => kit.oauth.revokeConsentIn(tx, { userId: 1, consentPublicId: publicId }))
    expect(await refusal(kit.refresh(app, first))).toBe("invalid_grant")
    await kit.login(app)
    expect(await refusal(kit.refresh(app, first))).toBe("invalid_grant")
  })
  test("is refused once the person took offline_access back", async () => {
    const session = kit.signIn()
    const scope = "openid offline_access"
    const asked = await kit.begin(kit.params(app.client, { scope, prompt: "consent" }), session)
    if (asked.kind !== "consent") throw new Error()
    await kit.decide(asked.interaction, session, { scopes: [] })
    expect(await refusal(kit.refresh(app, first))).toBe("invalid_grant")
    await alive(tokens.access_token)
  })
  test("dies with all of a person's grants", async () => {
    expect(await kit.write((tx) => kit.oauth.revokeGrantsOfUserIn(tx, 1))).toBe(1)
    expect(await refusal(kit.refresh(app, first))).toBe("invalid_grant")
    expect(await refusal(alive(tokens.access_token))).toBe("token_revoked")
    expect(kit.oauth.consentsOf(1)).toHaveLength(1)
  })
})

describe("scope", () => {
  test("may shrink for one access token; the family keeps all of it", async () => {
    const narrow = await kit.refresh(app, first, { scope: "openid llm" })
    expect(narrow.scope).toBe("openid llm")
    expect((await kit.refresh(app, narrow.refresh_token!)).scope).toBe(tokens.scope)
  })
  test.each(["openid llm email", "openid root", "mcp", "root"])("never grows: %s", async (scope) => {
    expect(await refusal(kit.refresh(app, first, { scope }))).toBe("invalid_scope")
    await kit.refresh(app, first)
  })
  test("follows what the person took back at a later consent, and what the client lost", async () => {
    const session = kit.signIn()
    const asked = await kit.begin(kit.params(app.client, { scope: "openid llm", prompt: "consent" }), session)
    if (asked.kind !== "consent") throw new Error()
    await kit.decide(asked.interaction, session, { scopes: [] })
    const second = await kit.refresh(app, first)
    expect(second.scope).toBe("openid offline_access embeddings")
    await kit.write((tx) =>
      kit.oauth.updateClientIn(tx, { ownerId: 9, clientPublicId: app.client.publicId, scopes: [] }),
    )
    expect((await kit.refresh(app, second.refresh_token!)).scope).toBe("openid offline_access")
  })
})
