// Prices of media: what is paid one by one, exact and refused where there is no figure; and the built-in table against two public sources.
import { describe, expect, test } from "bun:test"
import { openTestStore, testCtx } from "../store/index.ts"
import { atTier } from "./at-tier.ts"
import { rawCost, unpricedOf, worstCost } from "./cost.ts"
import { createPricing } from "./index.ts"
import { madeOfUnits, pricePerOne, unitsOfMade } from "./made.ts"
import { MEDIA_TABLE } from "./media-table.ts"
import { PriceBook } from "./prices.ts"
import { DEFAULT_RULES } from "./rules.ts"
import { readSnapshot, snapshot } from "./snapshot.ts"
import { noUsage } from "./testing.ts"
import { type Made, type ModelPrice, PRICE_USES, type PriceUse, UsageError } from "./types.ts"

const AT = Date.UTC(2026, 10, 28)
const book = new PriceBook([])
const image = (model: string, provider = "openai") => book.price(provider, model, AT, "image")!
const pictures = (as: string, count = 1): Made => ({ unit: "image", as, count })
const spoken = (count: number): Made => ({ unit: "character", as: "", count })
const heard = (count: number): Made => ({ unit: "second", as: "", count })
const searched = (count: number): Made => ({ unit: "search", as: "", count })
/** $ → p$ */
const pico = (dollars: number): bigint => BigInt(Math.round(dollars * 1e6)) * 1_000_000n

/**
 * What two public sources say that one costs, in $: read on the day given. A figure that one of them rounds is as it stands there.
 * `litellm`: model_prices_and_context_window of BerriAI/litellm, in its package 1.110.2 (2026-11), or in 1.80.10 (2025-12) for models that were
 * withdrawn since (per pixel × pixels for DALL·E). `canvas`: github.com/kevinhermawan/Canvas model-info.json (of openai.com/pricing).
 * `tokenmix`: tokenmix.ai/blog/dall-e-api-pricing. `xai`: docs.x.ai models page (archive.fo/uwYZx). `accounts`: cost table of a relay, "source:
 * docs.x.ai/developers/models". `google`: ai.google.dev/gemini-api/docs/pricing as it was retrieved in discuss.ai.google.dev/t/101173.
 * `evangelist`: the same page on 2026-09-20, api-evangelist/gemini plans/gemini-plans-pricing.yml. `crazyrouter`: docs.crazyrouter.com/images/grok,
 * "official price". `krea`: docs.krea.ai, video/grok-imagine. `apiyi`: help.apiyi.com/?p=3773, and for Grok docs.apiyi.com
 * grok-imagine-video/overview, "same price as xAI", with a bill. `comet`: cometapi.com, "Sora API access in 2026". `reapi`:
 * reapi.ai/ru/blog/cheapest-veo-3-1-api-2026 (of Google's page, 2026-05); Fast was $0.15 until 2026-03. Veo's 4K is dearer, and the wire never asks
 * for it; so are the 2K and 4K of Imagen. Free moderation is stated, not compared. Grok's 1.5 and OpenRouter's own videos have no two sources that
 * agree here, and no price.
 */
const READ = "2026-11-28"
const SOURCES: [provider: string, model: string, as: string, first: [string, number], second: [string, number]][] = [
  ["openai", "dall-e-2", "256x256/standard", ["canvas", 0.016], ["litellm", 24_414e-11 * 256 * 256]],
  ["openai", "dall-e-2", "512x512/standard", ["canvas", 0.018], ["litellm", 686e-10 * 512 * 512]],
  ["openai", "dall-e-2", "1024x1024/standard", ["canvas", 0.02], ["litellm", 19e-9 * 1_024 * 1_024]],
  ["openai", "dall-e-3", "1024x1024/standard", ["canvas", 0.04], ["tokenmix", 0.04]],
  ["openai", "dall-e-3", "1024x1792/standard", ["canvas", 0.08], ["litellm", 4_359e-11 * 1_024 * 1_792]],
  ["openai", "dall-e-3", "1792x1024/standard", ["canvas", 0.08], ["litellm", 4_359e-11 * 1_024 * 1_792]],
  ["openai", "dall-e-3", "1024x1024/hd", ["canvas", 0.08], ["litellm", 7_629e-11 * 1_024 * 1_024]],
  ["openai", "dall-e-3", "1024x1792/hd", ["canvas", 0.12], ["litellm", 6_539e-11 * 1_024 * 1_792]],
  ["openai", "dall-e-3", "1792x1024/hd", ["canvas", 0.12], ["litellm", 6_539e-11 * 1_024 * 1_792]],
  ["google", "imagen-4.0-fast-generate-001", "1024x1024/standard", ["google", 0.02], ["litellm", 0.02]],
  ["google", "imagen-4.0-generate-001", "1024x1024/standard", ["google", 0.04], ["litellm", 0.04]],
  ["google", "imagen-4.0-ultra-generate-001", "1024x1024/standard", ["google", 0.06], ["litellm", 0.06]],
  ["x-ai", "grok-2-image", "1024x1024/standard", ["xai", 0.07], ["accounts", 0.07]],
  ["x-ai", "grok-2-image-1212", "1024x1024/standard", ["xai", 0.07], ["accounts", 0.07]],
  ["x-ai", "grok-imagine-image", "1024x1024/standard", ["crazyrouter", 0.02], ["litellm", 0.02]],
]

const VIDEOS: [provider: string, model: string, as: string, first: [string, number], second: [string, number]][] = [
  ["openai", "sora-2", "1280x720", ["apiyi", 0.1], ["litellm", 0.1]],
  ["openai", "sora-2", "720x1280", ["apiyi", 0.1], ["litellm", 0.1]],
  ["openai", "sora-2-pro", "1280x720", ["apiyi", 0.3], ["litellm", 0.3]],
  ["openai", "sora-2-pro", "720x1280", ["apiyi", 0.3], ["litellm", 0.3]],
  ["openai", "sora-2-pro", "1792x1024", ["apiyi", 0.5], ["litellm", 0.5]],
  ["openai", "sora-2-pro", "1024x1792", ["apiyi", 0.5], ["litellm", 0.5]],
  ["google", "veo-3.1-generate-preview", "1280x720", ["evangelist", 0.4], ["litellm", 0.4]],
  ["google", "veo-3.1-generate-preview", "720x1280", ["evangelist", 0.4], ["litellm", 0.4]],
  ["google", "veo-3.1-generate-preview", "1920x1080", ["evangelist", 0.4], ["litellm", 0.4]],
  ["google", "veo-3.1-generate-preview", "1080x1920", ["evangelist", 0.4], ["litellm", 0.4]],
  ["google", "veo-3.1-fast-generate-preview", "1280x720", ["reapi", 0.1], ["litellm", 0.1]],
  ["google", "veo-3.1-fast-generate-preview", "720x1280", ["reapi", 0.1], ["litellm", 0.1]],
  ["google", "veo-3.1-fast-generate-preview", "1920x1080", ["reapi", 0.12], ["litellm", 0.12]],
  ["google", "veo-3.1-fast-generate-preview", "1080x1920", ["reapi", 0.12], ["litellm", 0.12]],
  ["x-ai", "grok-imagine-video", "854x480", ["krea", 0.05], ["litellm", 0.05]],
  ["x-ai", "grok-imagine-video", "480x854", ["krea", 0.05], ["litellm", 0.05]],
  ["x-ai", "grok-imagine-video", "1280x720", ["krea", 0.07], ["litellm", 0.07]],
  ["x-ai", "grok-imagine-video", "720x1280", ["krea", 0.07], ["litellm", 0.07]],
]
/** Dated and stable names of the same, which sources name less often: [name, what it is]. */
const ALSO: [provider: string, model: string, same: string][] = [
  ["openai", "sora-2-2025-10-06", "sora-2"],
  ["openai", "sora-2-2025-12-08", "sora-2"],
  ["openai", "sora-2-pro-2025-10-06", "sora-2-pro"],
  ["google", "veo-3.1-generate-001", "veo-3.1-generate-preview"],
  ["google", "veo-3.1-fast-generate-001", "veo-3.1-fast-generate-preview"],
]

/**
 * The same for what is counted in characters, seconds and searches: for how many, and what those cost. `openai`: the pages of these models at
 * developers.openai.com. `measured`: what OpenAI's cost API said of a text of 4,096 characters, github.com/sanand0/blog openai-tts-cost (it
 * counted 4,095). `memberjunction`: docs.memberjunction.org CohereReRanker, as of 2026-04. OpenRouter's own page of rerank-v3.5 has half of it;
 * Cohere's price page names none since.
 */
const COUNTED: [
  provider: string,
  model: string,
  use: PriceUse,
  made: Made,
  first: [string, number],
  second: [string, number],
][] = [
  ["openai", "tts-1", "speech", spoken(4_095), ["measured", 0.061425], ["openai", 4_095 * 0.000015]],
  ["openai", "tts-1", "speech", spoken(1_000_000), ["openai", 15], ["litellm", 15]],
  ["openai", "tts-1-1106", "speech", spoken(1_000_000), ["openai", 15], ["litellm", 15]],
  ["openai", "tts-1-hd", "speech", spoken(1_000_000), ["openai", 30], ["litellm", 30]],
  ["openai", "tts-1-hd-1106", "speech", spoken(1_000_000), ["openai", 30], ["litellm", 30]],
  ["openai", "whisper-1", "transcription", heard(60), ["openai", 0.006], ["litellm", 0.0001 * 60]],
  ["cohere", "rerank-v3.5", "rerank", searched(1_000), ["litellm", 1_000 * 0.002], ["memberjunction", 2]],
]

describe("the built-in table", () => {
  for (const [provider, model, as, ...sources] of VIDEOS) {
    test(`a second of ${model} ${as}, as two sources had it on ${READ}`, () => {
      const price = book.price(provider, model, AT, "video")!
      const made: Made = { unit: "second", as, count: 8 }
      for (const [, dollars] of sources) expect(rawCost(price, { ...noUsage, made })).toBe(pico(8 * dollars))
    })
  }
  for (const [provider, model, same] of ALSO) {
    test(`${model} is ${same} by another name`, () =>
      expect(MEDIA_TABLE[provider]![model]).toEqual(MEDIA_TABLE[provider]![same]!))
  }
  test("a picture that Grok's videos begin with is paid beside the seconds", () => {
    // docs.apiyi.com has a bill: a second of 480p with a picture, $0.052. litellm: input_cost_per_image 0.002.
    const price = book.price("x-ai", "grok-imagine-video", AT, "video")!
    const made: Made = { unit: "second", as: "854x480", count: 1 }
    expect(rawCost(price, { ...noUsage, made, images: 1 })).toBe(pico(0.052))
  })
  test("seconds of a size that nobody named have no price, and none of a video is of sound", () => {
    const price = book.price("openai", "sora-2", AT, "video")!
    expect(unpricedOf(price, { made: { unit: "second", as: "1792x1024", count: 4 } })).toBeInstanceOf(UsageError)
    expect(book.price("openai", "sora-2", AT, "transcription")).toBeNull()
  })
  for (const [provider, model, use, made, ...sources] of COUNTED) {
    test(`${model}, as two sources had it on ${READ}`, () => {
      const cost = Number(rawCost(book.price(provider, model, AT, use)!, { ...noUsage, made })) / 1e12
      for (const [, dollars] of sources) expect(cost).toBeCloseTo(dollars, 9)
    })
  }
  for (const [provider, model, as, ...sources] of SOURCES) {
    test(`${model} ${as}, as two sources had it on ${READ}`, () => {
      const cost = Number(rawCost(image(model, provider), { ...noUsage, made: pictures(as) })) / 1e12
      // One source prices pixels with four digits: half a percent. DALL·E 2's largest is 0.01992 there.
      for (const [, dollars] of sources) expect(Math.abs(cost - dollars) / dollars).toBeLessThan(0.005)
      expect(cost).toBe(sources[0][1])
    })
  }
  test("every figure in it stands above, with two sources that are not one", () => {
    const rows = [...VIDEOS, ...SOURCES].map(([provider, model, as, ...sources]) => ({
      at: `${provider}/${model}`,
      as,
      sources,
    }))
    const counted = COUNTED.map(([provider, model, , { as }, ...sources]) => ({
      at: `${provider}/${model}`,
      as,
      sources,
    }))
    const all = [...rows, ...counted]
    for (const { at, sources } of all) expect([at, new Set(sources.map(([name]) => name)).size]).toEqual([at, 2])
    const isNamed = (at: string, figure: string) =>
      all.some((row) => row.at === at && [row.as, "*"].some((as) => fits(as, figure)))
    const fits = (as: string, figure: string) => figure === "*" || as === figure || as.split("/")[0] === figure
    const others = new Set(ALSO.map(([provider, model]) => `${provider}/${model}`))
    const figures = Object.entries(MEDIA_TABLE).flatMap(([provider, models]) =>
      Object.entries(models).flatMap(([model, { made = {} }]) =>
        Object.values(made).flatMap((each) =>
          Object.keys(each).map((figure) => [`${provider}/${model}`, figure] as const),
        ),
      ),
    )
    expect(figures.filter(([at, figure]) => !others.has(at) && !isNamed(at, figure))).toEqual([])
  })
  test("a model of pictures prices nothing else, and moderation is free", () => {
    for (const use of PRICE_USES)
      expect([use, book.price("openai", "dall-e-3", AT, use) !== null]).toEqual([use, use === "image"])
    expect(book.price("openai", "omni-moderation-latest", AT, "moderation")?.free).toBe(true)
    expect(book.price("openai", "omni-moderation-latest", AT, "chat")).toBeNull()
    for (const name of ["toString", "__proto__", "constructor"]) {
      expect([book.price("openai", name, AT, "image"), book.price(name, "dall-e-3", AT, "image")]).toEqual([null, null])
    }
  })
})

describe("pictures by the token", () => {
  test("of the package's list: text and pictures each at their rate, and never as an answer in words", () => {
    const price = image("gpt-image-1.5")
    expect(book.price("openai", "gpt-image-1.5", AT, "chat")).toBeNull()
    const usage = {
      ...noUsage,
      inputTokens: 1_000,
      inputImageTokens: 400,
      outputTokens: 5_000,
      outputImageTokens: 4_000,
    }
    // $5 and $8 in, $10 and $32 out, a million.
    expect(rawCost(price, usage)).toBe(pico(600 * 5e-6 + 400 * 8e-6 + 1_000 * 10e-6 + 4_000 * 32e-6))
    expect(worstCost(price, 1_000, 5_000)).toBe(pico(1_000 * 8e-6 + 5_000 * 32e-6))
  })
  test("a rate that is not there is that of text", () => {
    const usage = { ...noUsage, inputTokens: 10, outputTokens: 4_160, outputImageTokens: 4_160 }
    expect(rawCost(image("gpt-image-1"), usage)).toBe(pico(10 * 5e-6 + 4_160 * 40e-6))
  })
  test("parts that exceed their total are no honest report", () => {
    for (const wrong of [
      { inputImageTokens: 11 },
      { outputImageTokens: 11 },
      { outputImageTokens: -1 },
      { inputImageTokens: 0.5 },
    ]) {
      expect(() => rawCost(image("gpt-image-1"), { ...noUsage, inputTokens: 10, outputTokens: 10, ...wrong })).toThrow(
        UsageError,
      )
    }
  })
})

describe("what is paid one by one", () => {
  const price: ModelPrice = {
    ...image("dall-e-3"),
    scale: 10n,
    made: { image: { "1024x1024/hd": 800n, "512x512": 300n, low: 100n }, second: { "*": 7n } },
  }
  const cost = (as: string, count = 1) => rawCost(price, { ...noUsage, made: pictures(as, count) })
  test("costs as it was asked for, by its size, or by its quality; the dearest where the model chooses", () => {
    expect([
      cost("1024x1024/hd", 2),
      cost("512x512/hd"),
      cost("9x9/low"),
      cost("auto/low"),
      cost("512x512/auto"),
    ]).toEqual([160n, 30n, 10n, 80n, 80n])
    expect(rawCost(price, { ...noUsage, made: { unit: "second", as: "anything", count: 3 } })).toBe(3n)
  })
  test("without a figure it is refused, in use and in a hold; nothing made costs nothing", () => {
    for (const made of [pictures("9x9/hd"), pictures("toString/x"), { unit: "search", as: "", count: 1 } as const]) {
      expect(unpricedOf(price, { made })).toBeInstanceOf(UsageError)
      expect(() => rawCost(price, { ...noUsage, made })).toThrow(UsageError)
      expect(() => worstCost(price, 1, 0, { made })).toThrow(UsageError)
    }
    expect(cost("9x9/hd", 0)).toBe(0n)
    for (const count of [-1, 0.5, 2e9]) expect(() => cost("512x512/hd", count)).toThrow(UsageError)
  })
  test("stands in the snapshot and in the books, so that the charge can be computed again", () => {
    const kept = readSnapshot(snapshot(price, DEFAULT_RULES.app)).price
    expect(kept.made).toEqual(price.made!)
    const made = pictures("1024x1024/hd", 2)
    expect(madeOfUnits({ images: 1, ...unitsOfMade(made) })).toEqual({ made })
    expect(madeOfUnits({ images: 1, "toString:x": 4 })).toEqual({})
    expect(rawCost(kept, { ...noUsage, ...madeOfUnits(unitsOfMade(made)) })).toBe(160n)
    expect(rawCost(atTier({ ...price, services: { flex: 5_000 } }, "flex"), { ...noUsage, made })).toBe(160n)
    expect(pricePerOne(price, made)).toBe(1 as never)
  })
})

test("an operator's price of pictures: set, read again from the rows, repeated; wrong ones named", async () => {
  const { store, close } = await openTestStore()
  try {
    const pricing = createPricing({ store })
    const set = {
      provider: "openai",
      model: "dall-e-3",
      rates: { input: 0 },
      made: { image: { "*": 50_000_000, "512x512/hd": 1 } },
    }
    const first = await pricing.setModelPrice(testCtx, set)
    const cost = (as: string, of = pricing) =>
      of.rawCost(of.modelPrice("openai", "dall-e-3", Date.now() + 9, "image")!, { ...noUsage, made: pictures(as) })
    expect([cost("1x1/hd"), cost("512x512/hd")]).toEqual([50_000_000_000n, 1_000n])
    const again = createPricing({ store })
    expect([cost("1x1/hd", again), cost("512x512/hd", again)]).toEqual([50_000_000_000n, 1_000n])
    expect((await pricing.repeatModelPrice(testCtx, first.id)).price?.made).toEqual(first.price!.made!)
    for (const made of [
      { image: { "*": -1 } },
      { image: { "a b": 1 } },
      { image: { "*": 1e13 } },
      { pages: { "*": 1 } },
    ]) {
      expect(await pricing.setModelPrice(testCtx, { ...set, made } as never).catch((error) => error.code)).toBe(
        "validation_failed",
      )
    }
  } finally {
    await close()
  }
})
