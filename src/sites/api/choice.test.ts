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

const addModel = (name: string, model: string) =>
  kit.gateway.addUpstream(testCtx, {
    kind: "openai-compatible",
    name,
    baseUrl: kit.upstream.url,
    priceProvider: "openai",
    models: [model],
  })

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

  test("with a key of the plan Free is a model that it reaches, however many stand before", async () => {
    await open()
    for (const [at, model] of ["gpt-5-nano", "o4-mini", "gpt-4.1-mini", "gpt-4o-mini"].entries()) {
      await priced(model, (at + 1) * 10_000)
      await addModel(`small-${at}`, model)
    }
    await kit.pricing.setModelPrice(testCtx, {
      provider: "openai",
      model: "gemma-3-4b-mini",
      rates: { input: 0, output: 0 },
      limits: { contextWindow: 128_000, maxOutputTokens: 1_000 },
    })
    await addModel("free", "gemma-3-4b-mini")
    const free = { planCode: "free", planName: "Free", freeModelsOnly: true }
    kit.keyTerms = free
    const { secret } = await kit.key()
    await prefer({ costTier: "high" })
    const asked = { ...ASK, model: "capability:fast" }
    expect((await kit.post(secret, asked)).status).toBe(200)
    expect(kit.upstream.journal.at(-1)!.model).toBe("gemma-3-4b-mini")
    // Apps of the same person are not bound.
    expect((await kit.post(token, asked)).status).toBe(200)
    expect(kit.upstream.journal.at(-1)!.model).toBe("gpt-5-mini")
    const none = await kit.post(secret, { ...ASK, model: "capability:thinking" })
    expect(((await none.json()) as { error: { code: string } }).error.code).toBe("plan_required")
  })

  test("that nobody here has, and one that is none, are 404 by their name", async () => {
    const client = await open()
    for (const model of ["capability:speech", "capability:nonsense"]) {
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

  test("nor where only a long answer would pay for the prompt, nor once its model got dearer", async () => {
    const client = await open()
    const ask = (more: object = {}) =>
      client.chat.completions
        .create({ ...ASK, model: "pipilot-1-chat", ...more } as never)
        .then(() => 200)
        .catch(({ code }: { code: string }) => code)
    // A thousand tokens cost 500,000 n$ in and 1,000,000 out, and the developer has half as much again.
    const set = (input1k: number, output1k: number) =>
      kit.gateway.setHouseModel(testCtx, kit.gateway.houseModels()[0]?.publicId ?? null, {
        ...terms,
        input1kNano: nano(input1k),
        output1kNano: nano(output1k),
        feeNano: nano(0),
      })
    await set(400_000, 40_000_000)
    expect(await ask()).toBe("model_not_priced")
    await set(750_000, 1_500_000)
    expect(await ask()).toBe(200)
    await priced("gpt-5-mini", 500_001)
    expect(await ask()).toBe("model_not_priced")
    expect(kit.gateway.alarms()).toEqual([])
    books()
  })

  test("whose call came to more than it is sold for keeps its price, and the operator hears of the loss", async () => {
    const client = await open()
    await kit.gateway.setHouseModel(testCtx, null, {
      ...terms,
      feeNano: nano(0),
      input1kNano: nano(750_000),
      output1kNano: nano(1_500_000),
    })
    // What the answer cost turns out dearer than the list: thinking outside of what was to be said.
    const dearer = { provider: "openai", model: "gpt-5", rates: { input: 3_000_000, output: 6_000_000 } }
    kit.upstream.answer = async (body) => {
      const answer = await asItself(body)
      return new Response((await answer.text()).replaceAll('"gpt-5-mini"', `"${dearer.model}"`), answer)
    }
    for (let n = 0; n < 2; n++) await client.chat.completions.create({ ...ASK, model: "pipilot-1-chat" } as never)
    const sale = 100 * 750 + 20 * 1_500
    expect(last()).toMatchObject({ chargeNano: sale, developerNano: 0, platformNano: 0 })
    expect(kit.gateway.alarms()).toContainEqual({
      upstream: "near",
      what: "below-cost",
      asked: "pipilot-1-chat",
      got: "gpt-5-mini",
      count: 2,
    })
    const audited = kit.store.read.all("SELECT action FROM audit_log WHERE action = 'upstream.below-cost'")
    expect(audited).toHaveLength(1)
    books()
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
