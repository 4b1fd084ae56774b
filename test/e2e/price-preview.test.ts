// The preview over last month's calls, against charges that the gateway made: exact where the books hold what a price looks at.
import { afterEach, beforeEach, expect, test } from "bun:test"
import { DAY_MS, nano } from "../../src/app/index.ts"
import { chargeForApp, DEFAULT_RULES, draftPrice, type PriceRule, packPrice, rawCost } from "../../src/pricing/index.ts"
import { pastCharges } from "../../src/sites/admin/price-past.ts"
import { openV1, type V1Kit } from "../../src/sites/api/v1-testing.ts"
import { openReadOnly } from "../../src/store/index.ts"

let kit: V1Kit
beforeEach(async () => {
  kit = await openV1()
})
afterEach(() => kit.close())

const usage = (input: number, output: number) => ({
  inputTokens: input,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: output,
  reasoningTokens: 0,
  inputAudioTokens: 0,
  outputAudioTokens: 0,
})

async function threeCalls(): Promise<{ input: number; output: number }[]> {
  const app = await kit.app()
  for (const userId of [1, 1, 1]) {
    const ask = { model: "mock-1", messages: [{ role: "user", content: "Hello" }], max_tokens: 20 }
    expect((await kit.post(await app.token(userId), ask)).status).toBe(200)
  }
  return kit.store.read.all<{ input: number; output: number }>(
    "SELECT input_tokens AS input, output_tokens AS output FROM v_charges ORDER BY id",
  )
}
const past = (more: Omit<Parameters<typeof pastCharges>[1], "sinceMs">, sinceMs = kit.clock.now() - DAY_MS) => {
  const reader = openReadOnly(kit.store.path)
  try {
    return pastCharges(reader, { sinceMs, ...more })
  } finally {
    reader.close()
  }
}

test("another price: each call is charged anew, to the n$", async () => {
  const calls = await threeCalls()
  const price = draftPrice({ provider: "openai", model: "mock-1", rates: { input: 3_333_333, output: 7_777_777 } })
  const rule = kit.pricing.ruleFor("mock-1", "app")
  const expected = calls.map(({ input, output }) => chargeForApp(rawCost(price, usage(input, output)), rule))
  const found = past({ price: { list: "openai", model: "mock-1", packed: packPrice(price) } })
  expect(found).toMatchObject({ calls: 3, people: 1, isCut: false, unchargeable: 0 })
  expect(found.wouldBe).toEqual({
    chargeNano: expected.reduce((sum, one) => sum + one.totalNano, 0),
    upstreamNano: expected.reduce((sum, one) => sum + one.upstreamNano, 0),
    developerNano: expected.reduce((sum, one) => sum + one.developerNano, 0),
  })
  const charged = kit.store.read.get<{ sum: number }>("SELECT SUM(charge_nano) AS sum FROM v_charges")!.sum
  expect(found.was.chargeNano).toBe(charged)
})

test("the same price changes nothing; another model's, and calls before the month, do not count", async () => {
  await threeCalls()
  const packed = packPrice(kit.pricing.modelPrice("openai", "mock-1", kit.clock.now())!)
  const same = past({ price: { list: "openai", model: "mock-1", packed } })
  expect(same.wouldBe).toEqual(same.was)
  expect(past({ price: { list: "openai", model: "other", packed } }).calls).toBe(0)
  expect(past({ price: { list: "openrouter", model: "mock-1", packed } }).calls).toBe(0)
  expect(past({}, kit.clock.now() + 1).calls).toBe(0)
})

test("other rules: the whole order counts, as calls would meet it", async () => {
  const calls = await threeCalls()
  const rule: PriceRule = {
    ...DEFAULT_RULES.app,
    id: 7,
    pattern: "mock*",
    priority: 9,
    platformBp: 333,
    developerBp: 777,
    minimumNano: nano(0),
    requestFeeNano: nano(5),
  }
  const price = kit.pricing.modelPrice("openai", "mock-1", kit.clock.now())!
  const charges = calls.map(({ input, output }) => chargeForApp(rawCost(price, usage(input, output)), rule).totalNano)
  const found = past({ rules: [...kit.pricing.rules(), rule] })
  expect(found.wouldBe.chargeNano).toBe(charges.reduce((sum, one) => sum + one, 0))
  expect(past({ rules: [...kit.pricing.rules(), { ...rule, active: false }] }).wouldBe).toEqual(found.was)
})

test("a price without output cannot charge answers, and says for how many", async () => {
  await threeCalls()
  const packed = packPrice(draftPrice({ provider: "openai", model: "mock-1", rates: { input: 1 } }))
  expect(past({ price: { list: "openai", model: "mock-1", packed } })).toMatchObject({ calls: 3, unchargeable: 3 })
})
