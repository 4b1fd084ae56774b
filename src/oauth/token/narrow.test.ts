// A token for less than was given (RFC 9396 §6): never for more, in force at every use, and the grant stays whole.
import { afterEach, beforeEach, expect, test } from "bun:test"
import { credits } from "../../app/index.ts"
import { answer, interactionOf, type Kit, type Made, openKit, refusal } from "../testing.ts"
import type { AiScope, AuthSession, TokenResponse } from "../types.ts"

let kit: Kit
let app: Made
let session: AuthSession
beforeEach(async () => {
  kit = await openKit()
  app = await kit.register()
  session = kit.signIn()
})
afterEach(() => kit.close())

const daily = (amount: string, scopes = ["llm"]) => ({ type: "purser_daily_limit", scopes, credits: amount })
const asks = (...details: unknown[]) => ({ authorization_details: JSON.stringify(details) })
/** A code of a person who gave 40 credits of llm and 10 of embeddings. */
async function code(): Promise<string> {
  const page = await kit.begin(kit.params(app.client, { scope: "openid offline_access llm embeddings" }), session)
  if (page.kind === "redirect") return answer(page).get("code")!
  const limits = { llm: credits(40), embeddings: credits(10) }
  const scopes = ["openid", "offline_access", "llm", "embeddings"]
  return answer(await kit.decide(interactionOf(page), session, { scopes, limits })).get("code")!
}
const limitOf = async ({ access_token }: TokenResponse, scope: AiScope) => {
  const claims = await kit.oauth.verifyAccessToken(access_token)
  return kit.write((tx) => kit.oauth.requireGrantIn(tx, claims, scope).dailyLimitNano)
}
const setLimit = (llm: number) =>
  kit.write((tx) => {
    const [consent] = kit.oauth.consentsOf(1)
    const limits = { ...consent!.limits, llm }
    kit.oauth.updateLimitsIn(tx, { userId: 1, consentPublicId: consent!.publicId, limits })
  })

test("names its scopes and at most how much; the rest it may not use", async () => {
  const tokens = await kit.redeem(app, await code(), asks(daily("15")))
  expect(tokens.scope).toBe("openid offline_access llm")
  expect(tokens.authorization_details).toEqual([daily("15") as never])
  const payload = JSON.parse(Buffer.from(tokens.access_token.split(".")[1]!, "base64url").toString())
  expect(payload.authorization_details).toEqual([daily("15")])
  expect(await limitOf(tokens, "llm")).toBe(credits(15))
  expect(await refusal(limitOf(tokens, "embeddings"))).toBe("insufficient_scope")
  expect(await kit.introspect(app, tokens.access_token)).toMatchObject({ authorization_details: [daily("15")] })
})

test("a limit that the person lowers holds for it, one that they raise does not", async () => {
  const tokens = await kit.redeem(app, await code(), asks(daily("15")))
  await setLimit(credits(7))
  expect(await limitOf(tokens, "llm")).toBe(credits(7))
  expect(await kit.introspect(app, tokens.access_token)).toMatchObject({ authorization_details: [daily("7")] })
  await setLimit(credits(500))
  expect(await limitOf(tokens, "llm")).toBe(credits(15))
})

test("the refresh token stays whole, and narrows each time by itself", async () => {
  const tokens = await kit.redeem(app, await code(), asks(daily("15")))
  const whole = await kit.refresh(app, tokens.refresh_token!)
  expect(whole.scope).toBe("openid offline_access llm embeddings")
  expect(await limitOf(whole, "llm")).toBe(credits(40))
  const narrow = await kit.refresh(app, whole.refresh_token!, asks(daily("3", ["embeddings"])))
  expect(narrow.scope).toBe("openid offline_access embeddings")
  expect(await limitOf(narrow, "embeddings")).toBe(credits(3))
  // Repeated as it was it is the same answer; repeated for more it is none.
  expect(await kit.refresh(app, whole.refresh_token!, asks(daily("3", ["embeddings"])))).toEqual(narrow)
  expect(await refusal(kit.refresh(app, whole.refresh_token!))).toBe("invalid_scope")
})

test("more than was given, what was not given, and what nobody knows are refused, and use nothing up", async () => {
  const once = await code()
  const wrong = [
    [daily("41")],
    [daily("1", ["speech"])],
    [daily("5"), daily("11", ["embeddings"])],
    [{ type: "payment_initiation" }],
    [{ ...daily("5"), actions: ["all"] }],
    [],
  ]
  for (const details of wrong)
    expect([details, await refusal(kit.redeem(app, once, asks(...details)))]).toEqual([
      details,
      "invalid_authorization_details",
    ])
  expect(await refusal(kit.redeem(app, once, { authorization_details: "{" }))).toBe("invalid_authorization_details")
  const tokens = await kit.redeem(app, once, asks(daily("40"), daily("10", ["embeddings"])))
  expect(await refusal(kit.refresh(app, tokens.refresh_token!, asks(daily("41"))))).toBe(
    "invalid_authorization_details",
  )
  expect((await kit.refresh(app, tokens.refresh_token!)).access_token).toBeString()
})

test("a client that registered other types, or none, may not ask in detail (RFC 9396 §10)", async () => {
  const set = (detailTypes: string[] | null) =>
    kit.write((tx) => kit.oauth.updateClientIn(tx, { ownerId: 9, clientPublicId: app.client.publicId, detailTypes }))
  expect((await set(["purser_daily_limit"])).detailTypes).toEqual(["purser_daily_limit"])
  const once = await code()
  await set([])
  expect(await refusal(kit.redeem(app, once, asks(daily("5"))))).toBe("invalid_authorization_details")
  expect(answer(await kit.begin(kit.params(app.client, asks(daily("5"))), session)).get("error")).toBe(
    "invalid_authorization_details",
  )
  expect(await refusal(set(["payment_initiation"]))).toBe("validation_failed")
  await set(null)
  expect((await kit.redeem(app, once, asks(daily("5")))).scope).toContain("llm")
})
