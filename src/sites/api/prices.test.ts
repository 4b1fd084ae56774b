// Prices that change while calls run, over real HTTP: each charge is what the snapshot says that it names, and a daily read of lists
// asks only whom it should.
import { afterEach, expect, test } from "bun:test"
import { DAY_MS } from "../../app/index.ts"
import { refreshDueLists, refreshLists } from "../../gateway/index.ts"
import { chargeForApp, type Pricing, rawCost, readSnapshot } from "../../pricing/index.ts"
import type { Settings } from "../../settings/index.ts"
import { testCtx } from "../../store/index.ts"
import { chatAnswer } from "./mock-upstream.ts"
import { openV1, type V1Kit } from "./v1-testing.ts"

let kit: V1Kit
afterEach(() => kit.close())

interface Charged {
  snapshot: string
  charge_nano: number
  upstream_nano: number
  developer_nano: number
  input_tokens: number
  cached_tokens: number
  output_tokens: number
  reasoning_tokens: number
  units: string | null
}

/** Every charge is what its snapshot says of its usage. @returns how many there are */
function provenCharges(): number {
  const rows = kit.store.read.all<Charged>(
    `SELECT r.snapshot, c.charge_nano, c.upstream_nano, c.developer_nano, c.input_tokens, c.cached_tokens, c.output_tokens,
            c.reasoning_tokens, c.units
       FROM v_charges c JOIN v_usage_routes r ON r.id = c.route_id`,
  )
  for (const row of rows) {
    const { price, rule } = readSnapshot(row.snapshot)
    const raw = rawCost(price, {
      inputTokens: row.input_tokens,
      cachedInputTokens: row.cached_tokens,
      cacheWriteTokens: 0,
      outputTokens: row.output_tokens,
      reasoningTokens: row.reasoning_tokens,
      inputAudioTokens: 0,
      outputAudioTokens: 0,
      ...JSON.parse(row.units ?? "{}"),
    })
    const charge = chargeForApp(raw, rule)
    expect([row.charge_nano, row.upstream_nano, row.developer_nano]).toEqual([
      charge.totalNano,
      charge.upstreamNano,
      charge.developerNano,
    ])
  }
  return rows.length
}

test("swapped under load: every charge equals the snapshot it names, to the n$", async () => {
  kit = await openV1()
  const token = await (await kit.app()).token()
  const ask = { model: "mock-1", messages: [{ role: "user", content: "Hello there" }], max_tokens: 20 }
  let isDone = false
  let swaps = 0
  const swapping = (async () => {
    while (!isDone) {
      swaps++
      await kit.pricing.setModelPrice(testCtx, {
        provider: "openai",
        model: "mock-1",
        rates: { input: 1_000_000 + swaps * 7, output: 2_000_000 + swaps * 13 },
      })
      const [rule] = kit.pricing.rules()
      await kit.pricing.setRule(testCtx, {
        ...rule!,
        platformBp: 1_000 + (swaps % 5_000),
        developerBp: 1 + (swaps % 777),
      })
      kit.clock.advance(1)
      await Bun.sleep(0)
    }
  })()
  for (let round = 0; round < 12; round++) {
    const answers = await Promise.all(Array.from({ length: 10 }, () => kit.post(token, ask)))
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200))
    await Promise.all(answers.map((answer) => answer.text()))
  }
  isDone = true
  await swapping
  expect(provenCharges()).toBe(120)
  const prices = kit.store.read.get<{ count: number }>("SELECT COUNT(*) AS count FROM usage_prices")!
  expect(prices.count).toBeGreaterThan(3)
}, 60_000)

test("service tiers: refused without a price, charged as given, and another model's answer is charged as any", async () => {
  kit = await openV1()
  const token = await (await kit.app()).token()
  const ask = { model: "mock-1", messages: [{ role: "user", content: "Hello" }], max_tokens: 20 }
  const send = (service_tier: string) => kit.post(token, { ...ask, service_tier })
  const refused = await send("flex")
  expect([refused.status, (await refused.json()).error.param, kit.upstream.journal.length]).toEqual([
    400,
    "service_tier",
    0,
  ])

  const rates = { input: 1_000_000, output: 2_000_000 }
  const services = { flex: 5_000, priority: 20_000 }
  await kit.pricing.setModelPrice(testCtx, { provider: "openai", model: "mock-1", rates, services })
  await kit.pricing.setModelPrice(testCtx, {
    provider: "openai",
    model: "dear-1",
    rates: { input: 9_000_000, output: 9_000_000 },
  })
  const charged = async (service_tier: string, more: object = {}) => {
    kit.upstream.answer = async (body) => {
      const { model, ...answer } = (await chatAnswer(body).json()) as Record<string, unknown>
      return Response.json({ model, ...answer, ...more })
    }
    const answer = await send(service_tier)
    expect([answer.status, kit.upstream.journal.at(-1)!.service_tier]).toEqual([200, service_tier])
    await answer.text()
    return kit.store.read.get<{ nano: number }>("SELECT charge_nano AS nano FROM v_charges ORDER BY id DESC LIMIT 1")!
      .nano
  }
  // 100 × $1 and 20 × $2 a million, doubled by the shares.
  const standard = 2 * (100 * 1_000 + 20 * 2_000)
  expect(await charged("default")).toBe(standard)
  expect(await charged("auto", { service_tier: "default" })).toBe(standard)
  expect(await charged("flex", { service_tier: "flex" })).toBe(standard / 2)
  expect(await charged("flex")).toBe(standard / 2)
  expect(await charged("priority")).toBe(standard * 2)
  // It was not given: the provider bills any other call.
  expect(await charged("priority", { service_tier: "default" })).toBe(standard)
  expect(await charged("flex", { service_tier: "default" })).toBe(standard / 2)
  expect(provenCharges()).toBe(7)
  // A dearer model without tiers answered: what is charged stays within the hold, and the call is settled.
  expect(await charged("priority", { model: "dear-1", service_tier: "priority" })).toBeGreaterThanOrEqual(standard * 2)
  expect((await kit.post(token, ask)).status).toBe(200)
})

test("pictures that a price counts one by one are held, charged, and stand in the books", async () => {
  kit = await openV1()
  const token = await (await kit.app()).token()
  const picture = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA", detail: "low" } }
  const content = [{ type: "text", text: "What is this?" }, picture, picture]
  const charged = async () => {
    const answer = await kit.post(token, { model: "mock-1", messages: [{ role: "user", content }], max_tokens: 20 })
    expect(answer.status).toBe(200)
    await answer.text()
    return kit.store.read.get<{ nano: number; units: string | null }>(
      "SELECT charge_nano AS nano, units FROM v_charges ORDER BY id DESC LIMIT 1",
    )!
  }
  const plain = await charged()
  const [before] = kit.pricing.priceHistory("openai", "mock-1")
  await kit.pricing.setModelPrice(testCtx, {
    provider: "openai",
    model: "mock-1",
    rates: { input: 1_000_000, output: 2_000_000 },
    units: { image: 3_000 },
    limits: before!.limits,
  })
  const counted = await charged()
  // Two pictures of 3,000 µ$, doubled by the shares.
  expect(counted.nano - plain.nano).toBe(2 * 3_000 * 1_000 * 2)
  expect([counted.units, plain.units]).toEqual(['{"images":2}', '{"images":2}'])
  expect(provenCharges()).toBe(2)
})

test("lists are read once a day, from providers that are on; never in a demo, nor where it is switched off", async () => {
  kit = await openV1()
  const asked: string[] = []
  const read = { list: "openrouter", ok: true, message: "", models: 1, changed: 0, held: 0 }
  const reads: (typeof read & { atMs: number })[] = []
  const catalogue = {
    reads: () => reads,
    async refresh(_: unknown, url: string) {
      asked.push(url)
      reads.unshift({ ...read, atMs: kit.clock.now() })
      return reads[0]!
    },
  } as unknown as Pricing["catalogue"]
  let isOn = true
  const settings = {
    get: (setting: { key: string; default: unknown }) =>
      setting.key === "pricing.catalogue_on" && !isOn ? "off" : setting.default,
  } as unknown as Settings
  const deps = { gateway: kit.gateway, pricing: { catalogue }, settings, clock: kit.clock, config: { demo: true } }
  const mock = () => kit.gateway.upstreams().find((one) => one.name === "mock")!

  await refreshDueLists(deps)
  isOn = false
  await refreshDueLists({ ...deps, config: { demo: false } })
  expect([asked.length, mock().test]).toEqual([0, null])

  isOn = true
  await refreshDueLists({ ...deps, config: { demo: false } })
  await refreshDueLists({ ...deps, config: { demo: false } })
  const first = mock().test!
  expect([asked, first.atMs]).toEqual([["https://openrouter.ai/api/v1/models"], kit.clock.now()])

  kit.clock.advance(DAY_MS)
  await kit.gateway.enableUpstream(testCtx, mock().publicId, false)
  await refreshDueLists({ ...deps, config: { demo: false } })
  expect([asked.length, mock().test!.atMs]).toEqual([1, first.atMs])

  // Whoever asks is answered, whatever is switched off.
  isOn = false
  const { upstreams, catalogue: said } = await refreshLists(deps, testCtx)
  expect([asked.length, upstreams, said.ok]).toEqual([2, [], true])
})
