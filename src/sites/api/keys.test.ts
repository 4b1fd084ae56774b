// Calls with a person's own key: how it is sent, what it costs, and every way in which it is refused.
import { describe, expect, test } from "bun:test"
import Anthropic from "@anthropic-ai/sdk"
import OpenAI from "openai"
import { credits, type KeyId, nano, PrincipalId, UserId } from "../../app/index.ts"
import type { CreateKey } from "../../keys/index.ts"
import { testCtx } from "../../store/index.ts"
import { ASK, books, kit, last, spent, start, token, USAGE } from "./testing.ts"

/** $1 and $2 a million tokens. */
const RAW = USAGE.prompt_tokens * 1_000 + USAGE.completion_tokens * 2_000

const get = (path: string, headers: Record<string, string>) => fetch(`${kit.server.url}${path}`, { headers })
const codeOf = async (response: Response) => ((await response.json()) as { error: { code: string } }).error.code
const ref = (key: { publicId: string }) => ({ userId: UserId(1), keyPublicId: key.publicId })
/** A key, and a call with it as `curl` sends one. */
async function caller(options: Partial<CreateKey> = {}) {
  const made = await kit.key(options)
  return { ...made, call: (body: object = ASK) => kit.post(made.secret, body) }
}
const setPrice = (rates: { input: number; output: number }) =>
  kit.pricing.setModelPrice(testCtx, { provider: "openai", model: "mock-1", rates })

describe("a call", () => {
  test("by the official SDK, streamed and not, is charged raw and the plan's markup, all of it upstream's and platform's", async () => {
    await start()
    const { secret, key } = await kit.key()
    const client = new OpenAI({ apiKey: secret, baseURL: `${kit.server.url}/v1`, maxRetries: 0 })
    const whole = await client.chat.completions.create({ model: "mock-1", messages: [{ role: "user", content: "hi" }] })
    expect(whole.usage?.completion_tokens).toBe(USAGE.completion_tokens)
    expect(spent()).toBe(RAW * 1.1)
    expect(last()).toMatchObject({
      clientId: null,
      developerId: null,
      chargeNano: 154_000,
      upstreamNano: RAW,
      developerNano: 0,
      platformNano: 14_000,
    })
    const stream = await client.chat.completions.create({
      model: "mock-1",
      messages: [{ role: "user", content: "hi" }],
      stream: true,
      stream_options: { include_usage: true },
    })
    for await (const _ of stream);
    expect(spent()).toBe(2 * 154_000)
    expect(kit.keys.byPublicId(UserId(1), key.publicId)!.lastUsedMs).toBe(kit.clock.now())
    expect(kit.store.read.get<{ keyId: number }>("SELECT key_id AS keyId FROM charges ORDER BY id DESC")!.keyId).toBe(
      key.id,
    )
    books()
  })

  test("may send the key as x-api-key, as SDKs of Anthropic do; beside Authorization it is not looked at", async () => {
    await start()
    const { secret } = await kit.key()
    const asked = (headers: Record<string, string>) =>
      fetch(`${kit.server.url}/v1/chat/completions`, { method: "POST", headers, body: JSON.stringify(ASK) })
    expect((await asked({ "x-api-key": secret })).status).toBe(200)
    expect((await asked({ "x-api-key": token })).status).toBe(200)
    expect((await asked({ "x-api-key": secret, authorization: "Bearer nonsense" })).status).toBe(401)
    expect(await codeOf(await asked({ "x-api-key": "two words" }))).toBe("token_invalid")
    expect(await codeOf(await asked({}))).toBe("token_missing")
    expect((await get(`/v1/me?api_key=${secret}`, {})).status).toBe(401)
  })

  test("by Anthropic's SDK, which sends x-api-key", async () => {
    await start()
    const client = new Anthropic({ apiKey: (await kit.key()).secret, baseURL: kit.server.url, maxRetries: 0 })
    const answer = await client.messages.create({
      model: "mock-1",
      max_tokens: 100,
      messages: [{ role: "user", content: "hi" }],
    })
    expect(answer.usage.output_tokens).toBe(USAGE.completion_tokens)
    expect(spent()).toBe(154_000)
    books()
  })

  test("minimum and request fee of a rule for keys apply, rules for apps do not", async () => {
    await start()
    const { call } = await caller()
    await kit.pricing.setRule(testCtx, {
      pattern: "mock-*",
      traffic: "key",
      priority: 1,
      platformBp: 9_000,
      developerBp: 0,
      minimumNano: nano(0),
      requestFeeNano: nano(777),
      active: true,
    })
    expect((await call()).status).toBe(200)
    expect(spent()).toBe(154_777)
    books()
  })

  test("with a test key reaches this machine's own models and the test wallet only", async () => {
    await start()
    const { call } = await caller({ mode: "test" })
    expect(await codeOf(await call())).toBe("model_not_found")
    await kit.write((tx) =>
      kit.ledger.grantIn(tx, {
        owner: { kind: "principal", id: PrincipalId(1) },
        mode: "test",
        type: "bonus",
        bucket: "bonus",
        amountNano: credits(10),
        paid: false,
        key: "test-credits",
      }),
    )
    expect((await call({ ...ASK, model: "sandbox" })).status).toBe(200)
    expect([spent() as number, kit.upstream.journal.length, last().mode]).toEqual([0, 0, "test"])
    books()
  })
})

describe("the plan Free", () => {
  const FREE = {
    planCode: "free",
    planName: "Free",
    markupPaidBp: 0,
    freeModelsOnly: true,
    freePer1kNano: nano(1_000_000),
  }

  test("reaches free models only, in words that say what to do; apps of the same person are not bound", async () => {
    await start()
    kit.keyTerms = FREE
    const { call, secret } = await caller()
    const refused = await call()
    const { error } = (await refused.json()) as { error: Record<string, string> }
    expect([refused.status, error.code, error.plan, error.param]).toEqual([403, "plan_required", "free", "model"])
    expect(error.message).toContain("plan Free")
    expect(error.message).toContain("GET /v1/models")
    expect(kit.upstream.journal).toEqual([])
    const listed = async (bearer: string) =>
      (
        (await (await get("/v1/models", { authorization: `Bearer ${bearer}` })).json()) as { data: { id: string }[] }
      ).data.map(({ id }) => id)
    expect(await listed(secret)).not.toContain("mock-1")
    expect(await listed(token)).toContain("mock-1")
    expect((await get("/v1/models/mock-1", { authorization: `Bearer ${secret}` })).status).toBe(404)
    expect((await kit.post(token, ASK)).status).toBe(200)
  })

  test("reaches nothing that the house sells for a price; other plans pay that price and no markup", async () => {
    await start()
    const terms = { name: "house-chat", model: "mock/mock-1", active: true, feeNano: nano(0) }
    await kit.gateway.setHouseModel(testCtx, null, {
      ...terms,
      input1kNano: nano(9_000_000),
      output1kNano: nano(9_000_000),
    })
    kit.keyTerms = FREE
    const { call, secret } = await caller()
    const ask = { ...ASK, model: "house-chat" }
    expect(await codeOf(await call(ask))).toBe("plan_required")
    expect((await get("/v1/models/house-chat", { authorization: `Bearer ${secret}` })).status).toBe(404)
    kit.keyTerms = {}
    expect((await call(ask)).status).toBe(200)
    expect(last()).toMatchObject({ chargeNano: 120 * 9_000, upstreamNano: RAW, developerNano: 0 })
    books()
  })

  test("pays $0.001 for 1,000 tokens of a free model, to the n$; other plans pay nothing", async () => {
    await start()
    await setPrice({ input: 0, output: 0 })
    kit.keyTerms = FREE
    const { call, secret } = await caller()
    expect((await call()).headers.get("x-credits-charged")).toBe("0.12")
    expect(last()).toMatchObject({ chargeNano: 120_000, upstreamNano: 0, platformNano: 120_000 })
    const entry = (await (await get("/v1/models/mock-1", { authorization: `Bearer ${secret}` })).json()) as {
      pricing: object
    }
    expect(entry.pricing).toMatchObject({ input: "1000", output: "1000" })
    kit.keyTerms = {}
    expect((await call()).headers.get("x-credits-charged")).toBe("0")
    expect(spent()).toBe(120_000)
    books()
  })
})

describe("reads", () => {
  test("/v1/me shows the person to a key that manages the account; no app, so no app's limits", async () => {
    await start()
    const me = async (scopes: string[]) =>
      (await get("/v1/me", { authorization: `Bearer ${(await kit.key({ scopes })).secret}` })).json()
    expect(await me(["llm"])).toEqual({
      object: "user",
      id: "usr_1",
      mode: "live",
      balance: { nano: "1000000000", credits: "1000" },
      held: { nano: "0", credits: "0" },
      scopes: ["llm"],
      limits: {},
    })
    expect(await me(["llm", "manage"])).toMatchObject({ name: "P 1", email: "p1@example.com" })
  })

  test("/v1/requests shows a call to its own key only", async () => {
    await start()
    const { call, secret } = await caller()
    const other = await kit.key()
    const id = (await call()).headers.get("x-request-id")!
    const status = async (bearer: string) =>
      (await get(`/v1/requests/${id}`, { authorization: `Bearer ${bearer}` })).status
    expect([await status(secret), await status(other.secret), await status(token)]).toEqual([200, 404, 404])
  })

  test("/v1/models says what the key pays", async () => {
    await start()
    const price = async (bearer: string) =>
      ((await (await get("/v1/models/mock-1", { authorization: `Bearer ${bearer}` })).json()) as { pricing: object })
        .pricing
    expect(await price((await kit.key()).secret)).toMatchObject({ input: "1100", output: "2200" })
    expect(await price(token)).toMatchObject({ input: "2000", output: "4000" })
  })
})

describe("a key that does not count", () => {
  test("one that was never made has no owner to tell", async () => {
    await start()
    const { secret } = await kit.key()
    for (const wrong of ["sk_live_", secret.replace("sk_live_", "sk_test_"), `${secret.slice(0, -1)}`]) {
      const response = await kit.post(wrong, ASK)
      expect([response.status, await codeOf(response)]).toEqual([401, "invalid_api_key"])
      expect(response.headers.get("www-authenticate")).toContain("invalid_token")
    }
    await kit.usage.flush()
    expect(kit.store.read.get<{ n: number }>("SELECT count(*) AS n FROM refused_calls")!.n).toBe(0)
  })

  test("revoked between the door and the hold: the hold asks again", async () => {
    await start()
    const { call, key } = await caller()
    // Reading the body gives the revocation its turn.
    const verify = kit.keys.assertAlive
    let isFirst = true
    kit.keys.assertAlive = (claims, address) => {
      verify(claims, address)
      if (isFirst) void kit.keys.revoke(testCtx, ref(key))
      isFirst = false
    }
    expect(await codeOf(await call())).toBe("api_key_revoked")
    expect([kit.upstream.journal.length, spent() as number]).toEqual([0, 0])
    books()
  })
})

test("what was spent with a key is exact, whatever of it is summed already, and its calls are listed, refused ones too", async () => {
  await start()
  const [one, other] = [await caller(), await caller()]
  const spend = () => [one, other].map(({ key }) => kit.keys.spendOf(UserId(1)).get(key.id) as object | undefined)
  expect(spend()).toEqual([undefined, undefined])
  await one.call()
  await kit.post(token, ASK)
  expect(spend()).toEqual([{ calls: 1, spentNano: 154_000 }, undefined])
  await kit.keys.flushUses()
  expect(spend()).toEqual([{ calls: 1, spentNano: 154_000 }, undefined])
  for (let count = 0; count < 3; count++) await one.call()
  await other.call()
  expect(spend()).toEqual([
    { calls: 4, spentNano: 616_000 },
    { calls: 1, spentNano: 154_000 },
  ])
  await kit.keys.flushUses()
  await kit.keys.flushUses()
  expect(spend()).toEqual([
    { calls: 4, spentNano: 616_000 },
    { calls: 1, spentNano: 154_000 },
  ])
  expect(kit.keys.spendOf(UserId(2))).toEqual(new Map())

  await other.call({ model: "nothing", messages: [] })
  await kit.usage.flush()
  const calls = (key: { id: KeyId }) =>
    kit.usage.recentOfKey(UserId(1), key.id, 3).map(({ keyId, status }) => [keyId, status])
  expect(calls(one.key)).toEqual(Array(3).fill([one.key.id, 200]))
  expect(calls(other.key)).toEqual([
    [other.key.id, 400],
    [other.key.id, 200],
  ])
  expect(kit.usage.recentOfKey(UserId(2), one.key.id, 3)).toEqual([])
})
