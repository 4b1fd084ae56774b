// Names that are not a provider's: capabilities by what a person prefers, and models that the house sells.
import { describe, expect, test } from "bun:test"
import OpenAI from "openai"
import { nano, UserId } from "../../app/index.ts"
import { testCtx } from "../../store/index.ts"
import { ASK, addUpstream, books, chatAnswer, kit, last, spent, start, token } from "./testing.ts"

const ME = { userId: UserId(1), userPublicId: "usr_1" }
const priced = (model: string, input: number, contextWindow = 128_000) =>
  kit.pricing.setModelPrice(testCtx, {
    provider: "openai",
    model,
    rates: { input, output: 2 * input },
    limits: { contextWindow, maxOutputTokens: 1_000 },
  })

/** Two providers with a small, a large and a long model each. */
async function open(): Promise<OpenAI> {
  await start()
  await priced("gpt-5-mini", 500_000)
  await priced("gpt-5", 3_000_000)
  await priced("gemini-2.5-flash", 300_000, 1_000_000)
  for (const [name, models] of [
    ["near", ["gpt-5-mini", "gpt-5"]],
    ["far", ["gemini-2.5-flash"]],
  ] as const) {
    await kit.gateway.addUpstream(testCtx, {
      kind: "openai-compatible",
      name,
      baseUrl: kit.upstream.url,
      priceProvider: "openai",
      models: [...models],
    })
  }
  kit.upstream.answer = asItself
  return new OpenAI({ apiKey: token, baseURL: `${kit.server.url}/v1`, maxRetries: 0 })
}
/** The mock, under the name it was asked by. */
async function asItself(body: Record<string, unknown>): Promise<Response> {
  const answer = chatAnswer(body)
  return new Response((await answer.text()).replaceAll('"mock-1"', `"${body.model}"`), answer)
}

const askedFor = async (client: OpenAI, model: string) => {
  await client.chat.completions.create({ ...ASK, model } as never)
  return kit.upstream.journal.at(-1)!.model
}
const prefer = (more: object, clientId = 0) =>
  kit.gateway.setPreference(testCtx, { ...ME, clientId }, { costTier: "middle", providers: [], choices: {}, ...more })

describe("a capability", () => {
  test("is what the person prefers, here and now; for one app whole in place of it", async () => {
    const client = await open()
    expect(await askedFor(client, "capability:cheap")).toBe("gemini-2.5-flash")
    expect(await askedFor(client, "capability:long-context")).toBe("gemini-2.5-flash")
    expect(await askedFor(client, "capability:fast")).toBe("gemini-2.5-flash")
    await prefer({ costTier: "high" })
    expect(await askedFor(client, "capability:thinking")).toBe("gpt-5")
    await prefer({ providers: ["near"] })
    expect(await askedFor(client, "capability:fast")).toBe("gpt-5-mini")
    await prefer({ providers: ["far"] }, last().clientId!)
    expect(await askedFor(client, "capability:fast")).toBe("gemini-2.5-flash")
    expect(last()).toMatchObject({ model: "capability:fast", upstreamModel: "gemini-2.5-flash" })
    books()
  })

  test("goes on to the next model when the first one's provider fails, and charges who answered", async () => {
    const client = await open()
    kit.upstream.answer = (body) =>
      body.model === "gemini-2.5-flash" ? new Response("boom", { status: 500 }) : asItself(body)
    await client.chat.completions.create({ ...ASK, model: "capability:fast" } as never)
    expect(kit.upstream.journal.map(({ model }) => model)).toEqual(["gemini-2.5-flash", "gpt-5-mini"])
    expect(last()).toMatchObject({ upstreamModel: "gpt-5-mini", chargeNano: 100 * 1_000 + 20 * 2_000 })
  })

  test("that nobody here has, and one that is none, are 404 by their name", async () => {
    const client = await open()
    for (const model of ["capability:video", "capability:nonsense"]) {
      const failed = await client.chat.completions.create({ ...ASK, model } as never).catch((error: unknown) => error)
      expect(failed).toMatchObject({ status: 404, code: "model_not_found", param: "model" })
    }
    expect(kit.upstream.journal).toEqual([])
  })

  test("models are named for it on plans that allow it, and only such that are served", async () => {
    await open()
    const named = prefer({ choices: { fast: "gpt-5" } })
    await expect(named).rejects.toMatchObject({ code: "plan_required" })
    const wrong = prefer({ choices: { fast: "nobody-serves-this" } })
    await expect(wrong).rejects.toMatchObject({ code: "validation_failed", extra: { param: "fast" } })
    await expect(prefer({ providers: ["a b"] })).rejects.toMatchObject({ code: "validation_failed" })
  })
})

describe("a house model", () => {
  const terms = {
    name: "pipilot-1-chat",
    model: "near/gpt-5-mini",
    input1kNano: nano(25_000_000),
    output1kNano: nano(25_000_000),
    feeNano: nano(1_000_000),
    active: true,
  }
  /** $0.025 a thousand tokens, 120 of them, and a tenth of a cent. */
  const SALE = 120 * 25_000 + 1_000_000
  const RAW = 100 * 500 + 20 * 1_000

  test("answers under its own name, at its own price, whoever calls; the house has what remains", async () => {
    const client = await open()
    await kit.gateway.setHouseModel(testCtx, null, terms)
    const whole = await client.chat.completions.create({ ...ASK, model: "pipilot-1-chat" } as never)
    expect(whole.model).toBe("pipilot-1-chat")
    expect(kit.upstream.journal.at(-1)!.model).toBe("gpt-5-mini")
    const share = RAW / 2
    expect(last()).toMatchObject({
      chargeNano: SALE,
      upstreamNano: RAW,
      developerNano: share,
      platformNano: SALE - RAW - share,
    })
    const stream = await client.chat.completions
      .stream({ ...ASK, model: "PiPilot-1-chat" } as never)
      .finalChatCompletion()
    expect(stream.model).toBe("pipilot-1-chat")
    const response = await client.responses.create({ model: "pipilot-1-chat", input: "hi" })
    expect(response.model).toBe("pipilot-1-chat")
    expect(spent()).toBe(3 * SALE)
    const listed = await client.models.retrieve("pipilot-1-chat")
    // 25 credits a thousand.
    expect(listed).toMatchObject({ owned_by: "house", pricing: { input: "25000", output: "25000" } })
    books()
  })

  test("is not sold below what it costs, nor while it is off", async () => {
    const client = await open()
    const ask = () =>
      client.chat.completions.create({ ...ASK, model: "pipilot-1-chat" } as never).catch((error: unknown) => error)
    const { publicId } = await kit.gateway.setHouseModel(testCtx, null, {
      ...terms,
      input1kNano: nano(100),
      output1kNano: nano(100),
      feeNano: nano(0),
    })
    expect(await ask()).toMatchObject({ status: 503, code: "model_not_priced" })
    await kit.gateway.setHouseModel(testCtx, publicId, { ...terms, active: false })
    expect(await ask()).toMatchObject({ status: 404 })
    expect(kit.upstream.journal).toEqual([])
    expect(spent()).toBe(0)
  })

  test("has a name of its own, and a model that is served", async () => {
    await open()
    const set = (more: object) => kit.gateway.setHouseModel(testCtx, null, { ...terms, ...more })
    for (const [more, param] of [
      [{ name: "gpt-5" }, "name"],
      [{ name: "capability:fast" }, "name"],
      [{ name: "two words" }, "name"],
      [{ model: "nobody/serves-this" }, "model"],
    ] as const) {
      await expect(set(more)).rejects.toMatchObject({ code: "validation_failed", extra: { param } })
    }
    await set({})
    await expect(set({ name: "PIPILOT-1-chat" })).rejects.toMatchObject({ code: "validation_failed" })
    await addUpstream("other", kit.upstream.url)
    expect(kit.gateway.houseModels()).toHaveLength(1)
  })
})
