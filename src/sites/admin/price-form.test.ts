// Prices typed as decimals: what comes out is exactly what was typed, and what is shown reads back as the same price.
import { describe, expect, test } from "bun:test"
import { createPricing, PRICE_PROVIDERS } from "../../pricing/index.ts"
import { openTestStore } from "../../store/index.ts"
import { inputOf, PRICE_FORM, presentOf, priceErrors } from "./price-form.ts"

const NOW = Date.UTC(2026, 10, 26, 12)
const LIMITS = { contextWindow: null, maxOutputTokens: null }
const typed = (more: Record<string, string>) => {
  const texts = { list: "openai", model: "gpt-99", reason: "a test", input: "1", ...more }
  return PRICE_FORM.parse(
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, [text]])),
    presentOf(null, LIMITS),
  )
}
const input = (more: Record<string, string>) => inputOf(typed(more).values!, NOW)

describe("typed", () => {
  test("decimals to the µ$, tiers, per thousand, percents, limits", () => {
    expect(
      input({
        input: "0.15",
        output: "600",
        cache_read: "0.000001",
        tiers: "200,000 input=6 output=1200.5\n1000000 input=7",
        request: "5",
        web_search: "10",
        image: "0.217",
        flex: "50",
        priority: "175.5",
        context_window: "128000",
        from: "2026-12-01",
      }),
    ).toEqual({
      provider: "openai",
      model: "gpt-99",
      rates: {
        input: {
          base: 150_000,
          tiers: [
            { above: 200_000, rate: 6_000_000 },
            { above: 1_000_000, rate: 7_000_000 },
          ],
        },
        output: { base: 600_000_000, tiers: [{ above: 200_000, rate: 1_200_500_000 }] },
        cacheRead: 1,
      },
      requestMicro: 5_000,
      units: { webSearch: 10_000, image: 217 },
      services: { flex: 5_000, priority: 17_550 },
      limits: { contextWindow: 128_000, maxOutputTokens: null },
      effectiveFromMs: Date.UTC(2026, 11, 1),
    })
  })
  test("a day that has begun means now", () => {
    for (const from of ["", "2026-11-26", "2020-01-01"]) expect(input({ from }).effectiveFromMs).toBeUndefined()
    expect(input({ from: "2026-11-27" }).effectiveFromMs).toBe(Date.UTC(2026, 10, 27))
  })
  test("what is finer, or no figure, is refused by field", () => {
    expect(priceErrors(typed({ input: "0.0000001", request: "0.0001" }).readable)).toEqual({
      input: "Use at most six decimal places.",
      request: "Use at most three decimal places.",
    })
    expect(priceErrors(typed({ tiers: "200000 output=1" }).readable)).toEqual({
      tiers: "Give output a price above first.",
    })
    for (const tiers of [
      "many input=1",
      "0 input=1",
      "5",
      "5 banana=1",
      "5 input=-1",
      "5 input=0.0000001",
      "5 input=1\n5 input=2",
    ]) {
      expect([tiers, Object.keys(typed({ tiers }).errors)]).toEqual([tiers, ["tiers"]])
    }
    expect(Object.keys(typed({ input: "" }).errors)).toEqual(["input"])
  })
})

test("every price of the bundled table, shown and saved again, costs the same where it has whole µ$", async () => {
  const { store, close } = await openTestStore()
  const pricing = createPricing({ store })
  let compared = 0
  for (const provider of PRICE_PROVIDERS) {
    for (const { id } of pricing.models(provider, NOW)) {
      const price = pricing.modelPrice(provider, id, NOW)!
      if (price.scale !== 1n) continue
      const shown = PRICE_FORM.typedOf({ ...presentOf(price, LIMITS), list: provider, model: id, reason: "again" })
      const { values, errors } = PRICE_FORM.parse(shown)
      expect([id, errors]).toEqual([id, {}])
      const again = inputOf(values!, NOW)
      for (const [kind, { base, tiers }] of Object.entries(price.rates)) {
        const rate = again.rates![kind as "input"]
        const flat = typeof rate === "number" ? { base: rate, tiers: [] } : rate
        expect([id, kind, BigInt(flat.base)]).toEqual([id, kind, base])
        expect(flat.tiers.map((tier) => BigInt(tier.rate))).toEqual(tiers.map((tier) => tier.rate))
      }
      compared++
    }
  }
  expect(compared).toBeGreaterThan(700)
  await close()
})
