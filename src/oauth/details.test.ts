import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { credits } from "../app/index.ts"
import { answer, interactionOf, type Kit, type Made, openKit, refusal } from "./testing.ts"
import type { AuthSession } from "./types.ts"

let kit: Kit
let app: Made
let session: AuthSession
beforeEach(async () => {
  kit = await openKit()
  app = await kit.register()
  session = kit.signIn()
})
afterEach(() => kit.close())

const daily = (amount: unknown, scopes: unknown = ["llm"]) => ({ type: "purser_daily_limit", scopes, credits: amount })
const asks = (...details: unknown[]) => ({ scope: "openid", authorization_details: JSON.stringify(details) })
const go = (...details: unknown[]) => kit.begin(kit.params(app.client, asks(...details)), session)
const decide = async (
  page: Awaited<ReturnType<typeof go>>,
  limits: Record<string, number>,
  scopes = ["llm", "embeddings"],
) => answer(await kit.decide(interactionOf(page), session, { scopes, limits }))
const viewOf = (page: Awaited<ReturnType<typeof go>>) => {
  if (page.kind !== "consent") throw new Error(page.kind)
  return page.view
}

describe("an app proposes a daily limit (RFC 9396)", () => {
  test("the person sees it, decides, and the app hears what they gave", async () => {
    const page = await go(daily("250"), daily("20.5", ["embeddings"]))
    expect(viewOf(page).scopes.filter(({ kind }) => kind === "ai")).toMatchObject([
      { scope: "llm", limitNano: credits(250), suggestedNano: credits(250) },
      { scope: "embeddings", limitNano: credits(20.5), suggestedNano: credits(20.5) },
    ])
    const tokens = await kit.redeem(app, (await decide(page, { llm: credits(40) })).get("code")!)
    expect(tokens.scope).toBe("openid llm embeddings")
    // Left as it stood in the form, which is for the page to send; without it the usual one.
    expect(tokens.authorization_details).toEqual([daily("40"), daily("20", ["embeddings"])] as never)
    expect(kit.oauth.consentsOf(1)[0]!.limits.llm).toBe(credits(40))
  })
  test("a scope that was not allowed is not among what was given", async () => {
    const page = await go(daily("250", ["llm", "embeddings"]))
    const tokens = await kit.redeem(app, (await decide(page, { llm: credits(9) }, ["llm"])).get("code")!)
    expect(tokens.authorization_details).toEqual([daily("9") as never])
    expect(kit.oauth.consentsOf(1)[0]!.limits).not.toHaveProperty("embeddings")
  })
  test("what stands is told: after a change of the limit too, by refresh and introspection", async () => {
    const more = { ...asks(daily("250")), scope: "openid offline_access" }
    const page = await kit.begin(kit.params(app.client, more), session)
    const tokens = await kit.redeem(
      app,
      (await decide(page, { llm: credits(40) }, ["llm", "offline_access"])).get("code")!,
    )
    const [consent] = kit.oauth.consentsOf(1)
    const limits = { llm: credits(7) }
    await kit.write((tx) => kit.oauth.updateLimitsIn(tx, { userId: 1, consentPublicId: consent!.publicId, limits }))
    for (const token of [tokens.access_token, tokens.refresh_token!]) {
      expect(await kit.introspect(app, token)).toMatchObject({ authorization_details: [daily("7")] })
    }
    expect((await kit.refresh(app, tokens.refresh_token!)).authorization_details).toEqual([daily("7") as never])
    const plain = await kit.login(app, { scope: "openid llm" }, session)
    expect(plain).not.toHaveProperty("authorization_details")
    expect(await kit.introspect(app, plain.access_token)).not.toHaveProperty("authorization_details")
  })
  test("whoever gave less is not asked for the same again, only for more", async () => {
    await decide(await go(daily("250")), { llm: credits(40) }, ["llm"])
    expect((await go(daily("250"))).kind).toBe("redirect")
    expect((await go(daily("30"))).kind).toBe("redirect")
    const more = await go(daily("251"))
    expect(viewOf(more)).toMatchObject({
      reason: "limits",
      scopes: [{ scope: "openid" }, { limitNano: credits(40), suggestedNano: credits(251) }],
    })
    await decide(more, { llm: credits(40) }, ["llm"])
    expect((await go(daily("251"))).kind).toBe("redirect")
    expect((await kit.begin(kit.params(app.client, { scope: "openid llm" }), session)).kind).toBe("redirect")
  })
  test("by /par the mistakes are told to the server", async () => {
    const { request_uri } = await kit.push(app, asks(daily("250")))
    const page = await kit.begin(new URLSearchParams({ client_id: app.client.publicId, request_uri }), session)
    expect(viewOf(page).scopes[1]).toMatchObject({ scope: "llm", suggestedNano: credits(250) })
    expect(await refusal(kit.push(app, asks(daily(250))))).toBe("invalid_authorization_details")
    expect(kit.oauth.discovery().authorization_details_types_supported).toEqual(["purser_daily_limit"])
  })
})

test("what is not understood is refused by its name (RFC 9396 §5)", async () => {
  const wrong: unknown[][] = [
    [],
    [daily("250"), daily("20")],
    [{ type: "payment_initiation" }],
    [{ scopes: ["llm"], credits: "1" }],
    [{ ...daily("250"), locations: ["https://other.example"] }],
    [daily("250", [])],
    [daily("250", ["openid"])],
    [daily("250", ["speech"])],
    [daily("250", "llm")],
    [daily("250", ["llm", 1])],
    ...["0", "-1", "1e3", "0.0000001", "", " 5", "1,000", "1000001", "NaN", 250, null].map((amount) => [daily(amount)]),
    ["llm"],
    [null],
    Array.from({ length: 7 }, () => daily("1")),
  ]
  for (const details of wrong) {
    const outcome = await go(...details)
    expect([JSON.stringify(details), outcome.kind]).toEqual([JSON.stringify(details), "refused"])
    expect(answer(outcome).get("error")).toBe("invalid_authorization_details")
  }
  for (const text of ["{}", "[", "1", '"x"']) {
    const outcome = await kit.begin(kit.params(app.client, { authorization_details: text }), session)
    expect(answer(outcome).get("error")).toBe("invalid_authorization_details")
  }
})

describe("why somebody is asked again", () => {
  test("after they revoked it, and when it is older than the operator wants", async () => {
    await kit.close()
    kit = await openKit({ consentMaxAgeMs: 1_000 })
    app = await kit.register()
    session = kit.signIn()
    await kit.login(app, { scope: "openid" }, session)
    expect((await kit.ask(app, { scope: "openid" }, session)).kind).toBe("redirect")
    kit.clock.advance(1_001)
    expect(viewOf(await kit.ask(app, { scope: "openid" }, session)).reason).toBe("expired")
    const [consent] = kit.oauth.consentsOf(1)
    await kit.write((tx) => kit.oauth.revokeConsentIn(tx, { userId: 1, consentPublicId: consent!.publicId }))
    expect(viewOf(await kit.ask(app, { scope: "openid" }, session)).reason).toBe("revoked")
  })
})
