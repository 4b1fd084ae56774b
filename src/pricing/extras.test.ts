// What a call may have beside standard tokens: searches, pictures, service tiers. The package's own calculator is the second opinion.
import { describe, expect, test } from "bun:test"
import { calcPrice, waitForUpdate } from "@pydantic/genai-prices"
import { nano } from "../app/index.ts"
import { atTier } from "./at-tier.ts"
import { chargeForApp } from "./charge.ts"
import { rawCost, worstCost } from "./cost.ts"
import { PriceBook } from "./prices.ts"
import { DEFAULT_RULES } from "./rules.ts"
import { readSnapshot, snapshot } from "./snapshot.ts"
import { noUsage, random, randomUsage } from "./testing.ts"
import { type ModelPrice, SERVICE_TIERS, type TokenUsage, UsageError } from "./types.ts"

const AT = Date.UTC(2026, 10, 21)
const book = new PriceBook([])
const priced = (provider: string, model: string): ModelPrice => book.price(provider, model, AT, "chat")!
const plain = priced("sandbox", "sandbox")
const rich: ModelPrice = {
  ...plain,
  units: { webSearch: 10_000_000_000n, image: 3_613_000_000n },
  services: { flex: 5_000, priority: 17_500, batch: 5_000 },
}

describe("searches and pictures", () => {
  test("are added one by one, whatever the tier", () => {
    const usage = { ...noUsage, inputTokens: 10, webSearches: 2, images: 3 }
    expect(rawCost(rich, usage)).toBe(100_000_000n + 20_000_000_000n + 10_839_000_000n)
    expect(rawCost(rich, { ...usage, serviceTier: "flex" })).toBe(50_000_000n + 20_000_000_000n + 10_839_000_000n)
  })
  test("without a price: searches are refused, pictures cost their tokens", () => {
    expect(() => rawCost(plain, { ...noUsage, webSearches: 1 })).toThrow(UsageError)
    expect(() => worstCost(plain, 1, 1, { webSearches: 1 })).toThrow(UsageError)
    expect(rawCost(plain, { ...noUsage, inputTokens: 10, images: 4 })).toBe(100_000_000n)
  })
  test("the bundled list's searches: $10 a thousand", () => {
    expect(rawCost(priced("openai", "gpt-4o-mini"), { ...noUsage, webSearches: 3 })).toBe(30_000_000_000n)
  })
  test("no honest upstream reports these counts", () => {
    for (const webSearches of [-1, 0.5, Number.NaN, 2e9]) {
      expect(() => rawCost(rich, { ...noUsage, webSearches })).toThrow(UsageError)
      expect(() => rawCost(rich, { ...noUsage, images: webSearches })).toThrow(UsageError)
      expect(() => worstCost(rich, 1, 1, { webSearches })).toThrow(UsageError)
    }
  })
})

describe("service tiers", () => {
  test("multiply the tokens, and what they leave of a pico-dollar rounds up once", () => {
    expect(rawCost(rich, { ...noUsage, outputTokens: 100, serviceTier: "priority" })).toBe(5_250_000_000n)
    const odd: ModelPrice = {
      ...plain,
      rates: { input: { base: 3n, tiers: [] } },
      services: { flex: 3_333 },
      scale: 1n,
    }
    // 7 × 3 × 0.3333 = 6.9993
    expect(rawCost(odd, { ...noUsage, inputTokens: 7, serviceTier: "flex" })).toBe(7n)
  })
  test("a price at a tier is a price of its own, which charges the same and comes back from a snapshot", () => {
    const next = random(5)
    for (const serviceTier of SERVICE_TIERS) {
      const own = readSnapshot(snapshot(atTier(rich, serviceTier), { ...DEFAULT_RULES.app })).price
      for (let round = 0; round < 200; round++) {
        const usage = { ...randomUsage(next), webSearches: next(3), images: next(3) }
        expect(rawCost(own, usage)).toBe(rawCost(rich, { ...usage, serviceTier }))
      }
    }
    expect([atTier(rich, "standard"), atTier(rich, undefined), atTier(plain, "flex")]).toEqual([rich, rich, plain])
    expect(atTier(rich, "flex")).toBe(atTier(rich, "flex"))
  })
  test("one without a price is refused, in use and in a hold", () => {
    for (const serviceTier of SERVICE_TIERS) {
      expect(() => rawCost(plain, { ...noUsage, inputTokens: 1, serviceTier })).toThrow(UsageError)
      expect(() => worstCost(plain, 1, 1, { serviceTier })).toThrow(UsageError)
    }
  })
})

test("no hold falls short, and the parts of every charge add up to it, over random usages", () => {
  const next = random(11)
  const fees = { minimumNano: nano(0), requestFeeNano: nano(0) }
  for (let round = 0; round < 5_000; round++) {
    const serviceTier = [undefined, ...SERVICE_TIERS][next(4)]
    const usage: TokenUsage = {
      ...randomUsage(next),
      webSearches: next(4),
      images: next(3),
      ...(serviceTier ? { serviceTier } : {}),
    }
    const raw = rawCost(rich, usage)
    const { webSearches, images } = usage
    const options = {
      audio: true,
      cacheWrite1h: true,
      webSearches: webSearches!,
      images: images!,
      ...(serviceTier ? { serviceTier } : {}),
    }
    expect(worstCost(rich, usage.inputTokens, usage.outputTokens, options)).toBeGreaterThanOrEqual(raw)
    const rule = {
      platformBp: next(100_001),
      developerBp: next(100_001),
      minimumNano: next(3) === 0 ? nano(next(1_000_000_000)) : fees.minimumNano,
      requestFeeNano: next(3) === 0 ? nano(next(1_000_000)) : fees.requestFeeNano,
    }
    const charge = chargeForApp(raw, rule)
    expect(charge.upstreamNano + charge.developerNano + charge.platformNano).toBe(charge.totalNano)
    // The exact rational, by another road: ten-thousandths of a pico-dollar, up to whole n$, once.
    const exact = raw * BigInt(10_000 + rule.platformBp + rule.developerBp) + BigInt(rule.requestFeeNano) * 10_000_000n
    const whole = exact % 10_000_000n === 0n ? exact / 10_000_000n : exact / 10_000_000n + 1n
    const least = BigInt(rule.minimumNano)
    expect(BigInt(charge.totalNano)).toBe(whole > least ? whole : least)
  }
})

/** Names of the package's own for each kind of token. */
const foreign = (usage: TokenUsage) => ({
  input_tokens: usage.inputTokens,
  cache_read_tokens: usage.cachedInputTokens,
  cache_write_tokens: usage.cacheWriteTokens,
  cache_write_1h_tokens: usage.cacheWrite1hTokens ?? 0,
  output_tokens: usage.outputTokens,
  output_reasoning_tokens: usage.reasoningTokens,
  web_searches: usage.webSearches ?? 0,
})

test("within 1 n$ of calcPrice before rounding, every model it knows, at 200,000 and 200,001 and random sizes", async () => {
  const next = random(23)
  let compared = 0
  for (const provider of (await waitForUpdate()) ?? []) {
    for (const { id } of provider.models) {
      const price = book.price(provider.id, id, AT, "chat")
      if (!price || price.free) continue
      const webSearches = price.units?.webSearch === undefined ? 0 : next(5)
      const usages: TokenUsage[] = [
        { ...noUsage, inputTokens: 200_000, outputTokens: 1_000, webSearches },
        { ...noUsage, inputTokens: 200_001, outputTokens: 1_000, webSearches },
        { ...randomUsage(next), inputAudioTokens: 0, outputAudioTokens: 0, webSearches },
      ]
      for (const usage of usages) {
        const theirs = calcPrice(foreign(usage), id, { providerId: provider.id, timestamp: new Date(AT) })!.total_price
        const ours = Number(rawCost(price, usage)) / 1e12
        // Theirs is a sum of doubles: sixteen digits of it are meant.
        expect([provider.id, id, Math.abs(ours - theirs) <= 1e-9 + theirs * 1e-14]).toEqual([provider.id, id, true])
        compared++
      }
    }
  }
  expect(compared).toBeGreaterThan(3_000)
  expect(chargeForApp(1n, DEFAULT_RULES.app).totalNano).toBe(nano(1))
})
