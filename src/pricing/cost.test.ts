import { describe, expect, test } from "bun:test"
import { calcPrice, waitForUpdate } from "@pydantic/genai-prices"
import { chargeForApp } from "./charge.ts"
import { rawCost, worstCost } from "./cost.ts"
import { PriceBook } from "./prices.ts"
import { DEFAULT_RULES } from "./rules.ts"
import { PRICE_TABLE_VERSION } from "./table.ts"
import { noUsage, random, randomUsage } from "./testing.ts"
import { type ModelPrice, type TokenUsage, UsageError } from "./types.ts"

const book = new PriceBook([])
const AT = Date.UTC(2026, 10, 21)
const priced = (provider: string, model: string, atMs = AT): ModelPrice => {
  const price = book.price(provider, model, atMs, "chat")
  if (!price) throw new Error(`${provider}/${model} has no price`)
  return price
}

// Figures computed by hand from the providers' published prices: [provider, model, usage, raw n$, charge at 50 % + 50
// %].
const golden: [string, string, Partial<TokenUsage>, number, number][] = [
  ["openai", "gpt-4o-mini", { inputTokens: 1_000, outputTokens: 200 }, 270_000, 540_000],
  ["openai", "gpt-4o-mini", { inputTokens: 1_000, cachedInputTokens: 400, outputTokens: 200 }, 240_000, 480_000],
  ["openai", "gpt-4o-mini-2024-07-18", { inputTokens: 1 }, 150, 300],
  [
    "anthropic",
    "claude-opus-4-8",
    { inputTokens: 4_740, cacheWriteTokens: 4_735, cacheWrite1hTokens: 1_000, outputTokens: 255 },
    39_743_750,
    79_487_500,
  ],
  [
    "anthropic",
    "claude-opus-4-8",
    { inputTokens: 1_100, cachedInputTokens: 1_000, outputTokens: 0 },
    1_000_000,
    2_000_000,
  ],
  // Thoughts are part of the output and cost as output.
  [
    "google",
    "gemini-2.5-flash",
    { inputTokens: 1_000, cachedInputTokens: 900, outputTokens: 100, reasoningTokens: 60 },
    307_000,
    614_000,
  ],
  [
    "openai",
    "gpt-4o-mini-realtime-preview",
    { inputTokens: 1_000, inputAudioTokens: 300, outputTokens: 500, outputAudioTokens: 400 },
    11_660_000,
    23_320_000,
  ],
  // 300 audio tokens of which 200 came from the cache: 200 × 0.3 + 100 × 10 + 100 × 0.6 (text, cached: 0).
  [
    "openai",
    "gpt-4o-mini-realtime-preview",
    { inputTokens: 300, inputAudioTokens: 300, cachedInputTokens: 200 },
    1_060_000,
    2_120_000,
  ],
  ["perplexity", "sonar", { inputTokens: 10, outputTokens: 10 }, 12_020_000, 24_040_000],
  // Reasoning with a rate of its own: 100 × 2 + 60 × 8 + 40 × 3.
  [
    "openrouter",
    "perplexity/sonar-deep-research",
    { inputTokens: 100, outputTokens: 100, reasoningTokens: 40 },
    800_000,
    1_600_000,
  ],
  ["sandbox", "sandbox", { inputTokens: 20, outputTokens: 40 }, 1_400_000, 2_800_000],
  ["openrouter", "meta-llama/llama-3.3-70b-instruct:free", { inputTokens: 9_000, outputTokens: 900 }, 0, 0],
]

describe("golden usages", () => {
  for (const [provider, model, usage, rawNano, chargeNano] of golden) {
    test(`${provider}/${model} ${JSON.stringify(usage)}`, () => {
      const raw = rawCost(priced(provider, model), { ...noUsage, ...usage })
      expect(raw).toBe(BigInt(rawNano) * 1_000n)
      expect(chargeForApp(raw, DEFAULT_RULES.app).totalNano as number).toBe(chargeNano)
    })
  }

  test("a rate finer than µ$ per Mtok is kept whole and rounds up once", () => {
    const price = priced("openrouter", "google/gemini-2.5-flash-lite")
    expect(price.scale).toBe(10n ** 11n)
    expect(price.rates.cacheWrite!.base).toBe(8_333_333_333_333_334n)
    // 3 × 83333.33333333334
    expect(rawCost(price, { ...noUsage, inputTokens: 3, cacheWriteTokens: 3 })).toBe(250_001n)
    expect(rawCost(price, { ...noUsage, inputTokens: 3 })).toBe(300_000n)
  })
})

describe("tiers price the whole prompt", () => {
  test("200,000 and 200,001", () => {
    const price = priced("anthropic", "claude-sonnet-4-5")
    const cost = (inputTokens: number) => rawCost(price, { ...noUsage, inputTokens, outputTokens: 1_000 })
    expect(cost(200_000)).toBe(200_000n * 3_000_000n + 1_000n * 15_000_000n)
    expect(cost(200_001)).toBe(200_001n * 6_000_000n + 1_000n * 22_500_000n)
  })

  test("271,999 and 272,000, cache reads counted in the prompt", () => {
    const price = priced("openai", "gpt-5.5")
    const cost = (inputTokens: number) => rawCost(price, { ...noUsage, inputTokens, cachedInputTokens: inputTokens })
    expect(cost(271_999)).toBe(271_999n * 500_000n)
    expect(cost(272_000)).toBe(272_000n * 1_000_000n)
  })

  test("a hold reaches the tier its prompt reaches", () => {
    const price = priced("anthropic", "claude-sonnet-4-5")
    expect(worstCost(price, 200_000, 10)).toBe(200_000n * 3_750_000n + 10n * 15_000_000n)
    expect(worstCost(price, 200_001, 10)).toBe(200_001n * 7_500_000n + 10n * 22_500_000n)
    expect(worstCost(price, 10, 0, { cacheWrite1h: true })).toBe(60_000_000n)
  })
})

describe("hostile usage", () => {
  const price = priced("openai", "gpt-4o-mini")
  const hostile: Record<string, Partial<Record<keyof TokenUsage, unknown>>> = {
    negative: { inputTokens: -1 },
    fraction: { outputTokens: 1.5 },
    "not a number": { inputTokens: Number.NaN },
    infinite: { outputTokens: Number.POSITIVE_INFINITY },
    absurd: { inputTokens: 1_000_000_001 },
    text: { inputTokens: "100" },
    bigint: { inputTokens: 100n },
    missing: { outputTokens: undefined },
    nothing: { reasoningTokens: null },
    "more cached than input": { inputTokens: 10, cachedInputTokens: 11 },
    "cached and written beyond input": { inputTokens: 10, cachedInputTokens: 6, cacheWriteTokens: 5 },
    "more one-hour writes than writes": { inputTokens: 10, cacheWriteTokens: 1, cacheWrite1hTokens: 2 },
    "more reasoning than output": { outputTokens: 10, reasoningTokens: 11 },
    "reasoning and audio beyond output": { outputTokens: 10, reasoningTokens: 6, outputAudioTokens: 6 },
    "more audio than input": { inputTokens: 10, inputAudioTokens: 11 },
    "written audio": { inputTokens: 10, cacheWriteTokens: 10, inputAudioTokens: 1 },
    "negative part": { inputTokens: 10, cachedInputTokens: -5 },
  }
  for (const [name, usage] of Object.entries(hostile)) {
    test(name, () => {
      expect(() => rawCost(price, { ...noUsage, ...usage } as TokenUsage)).toThrow(UsageError)
    })
  }
  test("output of a model that sells none", () => {
    const embedding = book.price("openai", "text-embedding-3-small", AT, "embedding")!
    expect(rawCost(embedding, { ...noUsage, inputTokens: 1_000 })).toBe(20_000_000n)
    expect(() => rawCost(embedding, { ...noUsage, inputTokens: 1, outputTokens: 1 })).toThrow(UsageError)
  })
  test("a hold of a nonsensical size", () => {
    for (const [input, output] of [
      [-1, 1],
      [1, 0.5],
      [1, Number.NaN],
      [2e9, 1],
    ] as const) {
      expect(() => worstCost(price, input, output)).toThrow(UsageError)
    }
  })
})

describe("the whole table", () => {
  test("version is the installed package's", async () => {
    const installed = await Bun.file("node_modules/@pydantic/genai-prices/package.json").json()
    expect(PRICE_TABLE_VERSION).toBe(`genai-prices-${installed.version}`)
  })

  test("agrees with the package's own calculator at three moments, and no hold falls short", async () => {
    const next = random(7)
    let compared = 0
    for (const provider of (await waitForUpdate()) ?? []) {
      for (const { id } of provider.models) {
        for (const atMs of [Date.UTC(2026, 0, 1, 2), Date.UTC(2026, 7, 20, 7), AT]) {
          const chat = book.price(provider.id, id, atMs, "chat")
          const price = chat ?? book.price(provider.id, id, atMs, "embedding")
          if (!price || price.free) continue
          const usage = chat ? randomUsage(next) : { ...noUsage, inputTokens: next(1_000_000) }
          const expected = calcPrice(
            {
              input_tokens: usage.inputTokens,
              cache_read_tokens: usage.cachedInputTokens,
              cache_write_tokens: usage.cacheWriteTokens,
              cache_write_1h_tokens: usage.cacheWrite1hTokens ?? 0,
              output_tokens: usage.outputTokens,
              output_reasoning_tokens: usage.reasoningTokens,
              input_audio_tokens: usage.inputAudioTokens,
              // Of random usage no sound is cached.
              cache_audio_read_tokens: 0,
              cache_audio_write_tokens: 0,
              output_audio_tokens: usage.outputAudioTokens,
            },
            id,
            { providerId: provider.id, timestamp: new Date(atMs) },
          )
          const raw = rawCost(price, usage)
          expect(Math.abs(Number(raw) / 1e12 - expected!.total_price)).toBeLessThan(1e-9)
          const worst = worstCost(price, usage.inputTokens, usage.outputTokens, { cacheWrite1h: true, audio: true })
          expect(worst).toBeGreaterThanOrEqual(raw)
          compared++
        }
      }
    }
    expect(compared).toBeGreaterThan(3_000)
  })
})
