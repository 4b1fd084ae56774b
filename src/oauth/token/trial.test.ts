// A developer's test token: whose it can be, what it may do, and all that ends it.
import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { credits, HOUR_MS, MINUTE_MS, UserId } from "../../app/index.ts"
import { auditOf } from "../../audit/index.ts"
import { type Kit, type Made, openKit, refusal } from "../testing.ts"
import { TRIAL_DAILY } from "./trial.ts"

const OWNER = UserId(1)
const OTHER = UserId(2)
let kit: Kit
let app: Made
beforeEach(async () => {
  kit = await openKit()
  app = await kit.register("public", { ownerId: OWNER })
})
afterEach(() => kit.close())

const session = { sessionId: 1, authTimeMs: 0 }
const grant = (more: object = {}) =>
  kit.write((tx) =>
    kit.oauth.trialGrantIn(tx, {
      ownerId: OWNER,
      userId: OWNER,
      clientPublicId: app.client.publicId,
      session,
      replaces: true,
      ...more,
    }),
  )
const token = async (more: object = {}) => (await kit.oauth.signTrial(await grant(more))).token
const live = async (text: string) => {
  const claims = await kit.oauth.verifyAccessToken(text)
  kit.oauth.assertAlive(claims)
  return kit.write((tx) => kit.oauth.requireGrantIn(tx, claims, "llm"))
}

describe("a test token", () => {
  test("is for the owner of the app alone", async () => {
    expect(await refusal(grant({ ownerId: OTHER }))).toBe("not_found")
    expect(await refusal(grant({ clientPublicId: "cli_none" }))).toBe("not_found")
    const foreign = await kit.register("public", { ownerId: OTHER })
    expect(await refusal(grant({ clientPublicId: foreign.client.publicId }))).toBe("not_found")
    const { client } = await kit.register("first-party")
    expect(await refusal(grant({ clientPublicId: client.publicId }))).toBe("not_found")
    expect(kit.store.read.all("SELECT 1 FROM oauth_grants")).toEqual([])
  })

  test("may chat, within its own limit, and nothing else; nobody's consent says so", async () => {
    const made = await token()
    expect(await live(made)).toMatchObject({ dailyLimitNano: TRIAL_DAILY, scopes: ["llm"], developerId: OWNER })
    const claims = await kit.oauth.verifyAccessToken(made)
    expect([claims.userId, claims.clientId, claims.consentId]).toEqual([OWNER, app.client.id, null])
    const embed = kit.write((tx) => kit.oauth.requireGrantIn(tx, claims, "embeddings"))
    expect(await refusal(embed)).toBe("insufficient_scope")
    expect(await refusal(kit.oauth.userinfo(made))).toBe("insufficient_scope")
    expect(kit.oauth.consentsOf(OWNER)).toEqual([])
  })

  test("leaves the person's own consent as it is, and lives without it", async () => {
    const limits = { llm: credits(7) }
    await kit.write((tx) =>
      kit.oauth.grantConsentIn(tx, { userId: OWNER, clientId: app.client.id, scopes: ["openid", "llm"], limits }),
    )
    const made = await token()
    const [consent] = kit.oauth.consentsOf(OWNER)
    expect(consent!.limits).toEqual({ llm: credits(7) })
    await kit.write((tx) => kit.oauth.revokeConsentIn(tx, { userId: OWNER, consentPublicId: consent!.publicId }))
    expect((await live(made)).dailyLimitNano).toBe(TRIAL_DAILY)
  })

  test("ends after an hour, with the next one, and by hand", async () => {
    const first = await token()
    expect(kit.oauth.trialEndsMs(OWNER, app.client.publicId)).toBe(kit.clock.now() + HOUR_MS)
    const beside = await token({ replaces: false })
    expect((await live(first)).scopes).toEqual(["llm"])
    const second = await token()
    expect([await refusal(live(first)), await refusal(live(beside))]).toEqual(["token_revoked", "token_revoked"])
    const end = (more: object) =>
      kit.write((tx) => kit.oauth.endTrialsIn(tx, { userId: OWNER, clientPublicId: app.client.publicId, ...more }))
    expect(await end({ userId: OTHER })).toBe(0)
    expect(await end({ grant: "gnt_none" })).toBe(0)
    expect((await live(second)).scopes).toEqual(["llm"])
    expect(await end({})).toBe(1)
    expect(await refusal(live(second))).toBe("token_revoked")
    expect(kit.oauth.trialEndsMs(OWNER, app.client.publicId)).toBeNull()
    const third = await token()
    kit.clock.advance(HOUR_MS)
    expect(await refusal(live(third))).toBe("token_expired")
    expect(kit.oauth.trialEndsMs(OWNER, app.client.publicId)).toBeNull()
  })

  test("dies with the suspension of the app or the person, and with a new password", async () => {
    const clientPublicId = app.client.publicId
    const first = await token()
    await kit.write((tx) => kit.oauth.suspendClientIn(tx, { clientPublicId, reason: "abuse" }))
    expect(await refusal(live(first))).toBe("client_suspended")
    expect(await refusal(grant())).toBe("client_suspended")
    await kit.write((tx) => kit.oauth.unsuspendClientIn(tx, { clientPublicId }))
    expect(await refusal(live(first))).toBe("token_revoked")
    const second = await token()
    await kit.write((tx) => kit.oauth.revokeGrantsOfUserIn(tx, OWNER))
    expect(await refusal(live(second))).toBe("token_revoked")
    kit.people.suspended.add(OWNER)
    expect(await refusal(grant())).toBe("account_suspended")
  })

  test("is refused once the app may not chat any more", async () => {
    const made = await token()
    const change = { ownerId: OWNER, clientPublicId: app.client.publicId, scopes: ["profile"] }
    await kit.write((tx) => kit.oauth.updateClientIn(tx, change))
    expect(await refusal(live(made))).toBe("token_revoked")
    expect(await refusal(grant())).toBe("conflict")
  })

  test("is signed for once it is made, never for other grants or later", async () => {
    const fresh = await grant()
    kit.clock.advance(MINUTE_MS)
    expect(await refusal(kit.oauth.signTrial(fresh))).toBe("token_revoked")
    expect(await refusal(kit.oauth.signTrial("gnt_none"))).toBe("token_revoked")
    const ended = await grant()
    await grant()
    expect(await refusal(kit.oauth.signTrial(ended))).toBe("token_revoked")
  })

  test("is audited when it is made and when it ends; the database knows no token", async () => {
    const publicId = await grant()
    const { token: made } = await kit.oauth.signTrial(publicId)
    await grant()
    expect(auditOf(kit.store.read, publicId).map((row) => row.action)).toEqual([
      "grant.trial_ended",
      "grant.trial_created",
    ])
    expect(JSON.stringify(kit.store.read.all("SELECT * FROM audit_log"))).not.toContain(made.slice(-40))
  })
})
