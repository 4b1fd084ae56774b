import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { nano, UserId } from "../../app/index.ts"
import { principal } from "../../ledger/index.ts"
import { createPricing, type ModelPrice, type Pricing, type Rate, type RateKind } from "../../pricing/index.ts"
import { openTestStore } from "../../store/index.ts"
import { chat } from "../dialects/chat/index.ts"
import { type ChatRequest, checkChat } from "../dialects/chat/request.ts"
import { parseJson } from "../dialects/json.ts"
import { PROVIDERS } from "../providers/index.ts"
import { ROUTING, routerKit } from "../routing/testing.ts"
import { requestFor } from "../run/request.ts"
import type { Caller, Candidate, Quote, ReadyUpstream } from "../types.ts"
import { answeredBy } from "./answered.ts"
import { fitToHold } from "./fit.ts"
import { quotesFor } from "./quote.ts"

let pricing: Pricing
let close: () => Promise<void>
beforeAll(async () => {
  const kit = await openTestStore()
  pricing = createPricing({ store: kit.store, clock: kit.clock })
  close = kit.close
})
afterAll(() => close())

const caller = { kind: "app", mode: "live", userId: UserId(1), payer: principal(UserId(1)) } as unknown as Caller
const plans = {
  keyTermsOf: () => {
    throw new Error("plans are asked about keys alone")
  },
}
const upstream = (name: string, more: Partial<ReadyUpstream> = {}): ReadyUpstream =>
  ({
    name,
    provider: PROVIDERS["openai-compatible"],
    account: { baseUrl: "https://u.example/v1", apiKey: "" },
    priceProvider: "p",
    maxTokensField: "max_tokens",
    extraFields: new Set(),
    traits: { quirks: new Set(), hasAnswered: false, outputMaxima: new Map() },
    routing: ROUTING,
    ...more,
  }) as ReadyUpstream
const { router } = routerKit()
const NOW = Date.UTC(2026, 0, 1)

type Next = (limit: number) => number
/** A seeded generator (Park and Miller): integers from 0 to below `limit`. */
function random(seed: number): Next {
  let state = seed * 7_919
  return (limit) => {
    state = (state * 48_271) % 2_147_483_647
    return Math.floor((state / 2_147_483_647) * limit)
  }
}
const pick = <T>(next: Next, from: readonly T[]): T => from[next(from.length)]!

function randomPrice(next: Next): ModelPrice {
  const rate = (): Rate => ({
    base: BigInt(next(1_000_000)),
    tiers: next(4) === 0 ? [{ above: next(5_000), rate: BigInt(next(2_000_000)) }] : [],
  })
  const rates: Partial<Record<RateKind, Rate>> & { input: Rate } = { input: rate(), output: rate() }
  const rest: RateKind[] = ["cacheRead", "cacheWrite", "cacheWrite1h", "inputAudio", "outputAudio", "reasoning"]
  for (const kind of rest) if (next(2) === 0) rates[kind] = rate()
  const scale = pick(next, [1n, 10n])
  return { provider: "p", model: "m", source: "override", scale, rates, perRequest: BigInt(next(1_000)), free: false }
}

const CONTENT: ((next: Next) => unknown)[] = [
  (next) => "word ".repeat(next(2_000)),
  () => [{ type: "image_url", image_url: { url: "data:image/png;base64,AAAA", detail: "low" } }],
  (next) => [{ type: "input_audio", input_audio: { data: "A".repeat(next(10_000)), format: "wav" } }],
  () => [{ type: "text", text: "x", cache_control: { type: "ephemeral", ttl: "1h" } }],
  (next) => [{ type: "file", file: { file_data: "A".repeat(next(200_000)) } }],
]
const maximum = (next: Next) => 1 + next(10 ** (1 + next(6)))
const FIELDS: Record<string, (next: Next) => unknown> = {
  max_tokens: maximum,
  max_completion_tokens: maximum,
  n: (next) => 1 + next(8),
  reasoning: (next) => ({ max_tokens: 1 + next(3_000) }),
  modalities: () => ["text", "audio"],
  tools: (next) => [{ type: "function", function: { name: "f", description: "d ".repeat(next(500)) } }],
  extra_thing: (next) => "e ".repeat(next(500)),
  stream: () => true,
}

function randomBody(next: Next): Record<string, unknown> {
  const messages = Array.from({ length: 1 + next(4) }, () => ({ role: "user", content: pick(next, CONTENT)(next) }))
  const body: Record<string, unknown> = { model: "m", messages }
  for (const [name, make] of Object.entries(FIELDS)) if (next(3) === 0) body[name] = next(8) === 0 ? null : make(next)
  return body
}

/** Everything a call may use within its prompt and the maximum that was sent, split at random over what has a price. */
function usageWithin(next: Next, inputTokens: number, outputTokens: number, hasAudio: boolean, hasLongCache: boolean) {
  const cachedInputTokens = next(inputTokens + 1)
  const cacheWriteTokens = next(inputTokens - cachedInputTokens + 1)
  const reasoningTokens = next(outputTokens + 1)
  return {
    inputTokens,
    cachedInputTokens,
    cacheWriteTokens,
    cacheWrite1hTokens: hasLongCache ? next(cacheWriteTokens + 1) : 0,
    outputTokens,
    reasoningTokens,
    inputAudioTokens: hasAudio ? next(inputTokens - cachedInputTokens - cacheWriteTokens + 1) : 0,
    outputAudioTokens: hasAudio ? next(outputTokens - reasoningTokens + 1) : 0,
  }
}

const checked = (body: object): ChatRequest => checkChat(parseJson(JSON.stringify(body)))
const toQuote = (request: ChatRequest) => ({
  name: chat.name,
  demand: request,
  conversation: () => chat.conversation(request),
})
const sentTo = (body: ChatRequest, quote: Quote): unknown => {
  const asked = requestFor({ dialect: chat, body, conversation: () => chat.conversation(body) }, quote, body.stream)
  return JSON.parse(String(quote.wire.encode(asked, new Set())))
}

test("what a random body may cost at what is sent never exceeds what is held", () => {
  let priced = 0
  for (let seed = 1; seed <= 1_500; seed++) {
    const next = random(seed)
    const prices = [randomPrice(next), randomPrice(next)]
    const window = pick(next, [null, 500, 8_000, 128_000])
    const modelMax = pick(next, [null, 100, 4_000])
    const rule = { ...pricing.ruleFor("m", "app"), minimumNano: nano(next(1_000)), requestFeeNano: nano(next(1_000)) }
    const extraFields = new Set(["extra_thing"])
    const candidates = prices.map(
      (_, at): Candidate => ({ model: `m${at}`, upstream: upstream(`u${at}`, { extraFields }) }),
    )
    const fake: Pricing = {
      ...pricing,
      modelPrice: (_, model) => prices[Number(model.slice(1))]!,
      limits: () => ({ contextWindow: window, maxOutputTokens: modelMax }),
      ruleFor: () => rule,
    }
    const request = checked(randomBody(next))
    let quotes: Quote[]
    try {
      quotes = quotesFor(
        { resolver: { candidates: () => candidates, isServed: () => true }, router, pricing: fake, plans, ring: null },
        caller,
        toQuote(request),
        NOW,
      )
    } catch (error) {
      // Thinking that leaves no room for an answer.
      expect(String(error)).toContain("must be below the most output")
      continue
    }
    priced++
    const dearest = Math.max(...quotes.map((quote) => quote.hold.totalNano))
    const least = Math.max(...quotes.map((quote) => quote.least.totalNano))
    // The ledger holds all of it, or what the balance has, but never less than the least.
    const heldNano = Math.min(dearest, pick(next, [dearest, least, least + next(Math.max(1, dearest - least))]))
    fitToHold(quotes, request.choices, heldNano)
    for (const quote of quotes) {
      const sent = sentTo(request, quote) as { max_tokens: number; n?: number; max_completion_tokens?: number }
      expect(sent.max_completion_tokens).toBeUndefined()
      expect(Number.isInteger(sent.max_tokens) && sent.max_tokens >= 1).toBe(true)
      if (request.maxTokens !== null) expect(sent.max_tokens).toBeLessThanOrEqual(request.maxTokens)
      expect(sent.max_tokens).toBeGreaterThan(request.thinking?.tokens ?? 0)
      const { likely } = request.size.tokensFor(quote.model, window)
      const { hasAudio, hasLongCache } = request.size
      const usage = usageWithin(next, likely, (sent.n ?? 1) * sent.max_tokens, hasAudio, hasLongCache)
      const charge = pricing.chargeForApp(pricing.rawCost(quote.price, usage), rule)
      expect([seed, charge.totalNano <= heldNano]).toEqual([seed, true])
    }
  }
  expect(priced).toBeGreaterThan(1_000)
})

describe("candidates", () => {
  const price = randomPrice(random(1))
  const quoteAt = (upstreams: ReadyUpstream[], body: object) => {
    const fake: Pricing = { ...pricing, modelPrice: () => price }
    const resolver = { candidates: () => upstreams.map((one) => ({ model: "m", upstream: one })), isServed: () => true }
    return quotesFor({ resolver, router, pricing: fake, plans, ring: null }, caller, toQuote(checked(body)), NOW)
  }
  const ASK = { model: "m", messages: [{ role: "user", content: "hi" }] }

  test("that do not take a field are passed over", () => {
    const plain = upstream("plain")
    const generous = upstream("generous", { extraFields: new Set(["min_tokens"]) })
    expect(quoteAt([plain, generous], ASK)).toHaveLength(2)
    expect(quoteAt([plain, generous], { ...ASK, min_tokens: 1 }).map((quote) => quote.upstream.name)).toEqual([
      "generous",
    ])
    expect(() => quoteAt([plain], { ...ASK, min_tokens: 1 })).toThrow("min_tokens")
    expect(() => quoteAt([generous], { ...ASK, min_tokens: 1, other: 1 })).toThrow("other")
  })

  test("are told the maximum under the name they know", () => {
    const [quote] = quoteAt([upstream("newer", { maxTokensField: "max_completion_tokens" })], { ...ASK, max_tokens: 9 })
    const sent = sentTo(checked({ ...ASK, max_tokens: 9 }), quote!)
    expect(sent).toEqual({ messages: ASK.messages, max_completion_tokens: 9, model: "m" })
  })

  test("leave room for an answer behind the thinking", () => {
    const thinking = (tokens: number, more: object = {}) =>
      quoteAt([upstream("u")], { ...ASK, reasoning: { max_tokens: tokens }, ...more })
    expect(thinking(10_000)[0]!.outputTokensMax).toBe(10_128)
    expect(thinking(10, { max_tokens: 11 })[0]!.outputTokensMax).toBe(11)
    expect(() => thinking(10, { max_tokens: 10 })).toThrow("reasoning.max_tokens")
    expect(() => thinking(20_000)).toThrow("16384")
    // A maximum that is cut takes its budget with it, as long as there is room to think in.
    expect(thinking(31_999, { max_tokens: 32_000 })[0]!.outputTokensMax).toBe(16_384)
  })
})

describe("the model that answered", () => {
  const usage = {
    inputTokens: 1_000,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 1_000,
    reasoningTokens: 0,
    inputAudioTokens: 0,
    outputAudioTokens: 0,
  }
  const answered = (provider: string, model: string, said: string | null) => {
    const price = pricing.modelPrice(provider, model, NOW)!
    const quote = { model, price, atMs: NOW, upstream: upstream("u", { priceProvider: provider }) } as Quote
    const { price: charged, other, isUnpriced } = answeredBy(pricing, quote, said, usage)
    expect(isUnpriced).toBe(
      other !== null && pricing.modelPrice(provider, other, NOW) === null && !said?.startsWith("o1"),
    )
    return [charged.model, other]
  }

  test("is the one asked for under its own, its maker's, its dated and its free name", () => {
    expect(answered("openai", "gpt-4o-mini", null)).toEqual(["gpt-4o-mini", null])
    for (const said of [
      "gpt-4o-mini",
      "GPT-4o-mini",
      "gpt-4o-mini-2024-07-18",
      "openai/gpt-4o-mini",
      "gpt-4o-mini-latest",
    ]) {
      expect(answered("openai", "gpt-4o-mini", said)).toEqual(["gpt-4o-mini", null])
    }
    expect(answered("openrouter", "openai/gpt-4o-mini", "gpt-4o-mini-2024-07-18")).toEqual(["openai/gpt-4o-mini", null])
    expect(answered("openrouter", "some/model:free", "some/model")).toEqual(["some/model:free", null])
    expect(answered("anthropic", "claude-sonnet-4-5", "claude-sonnet-4-5-20250929")).toEqual([
      "claude-sonnet-4-5",
      null,
    ])
  })

  test("is charged by its own price when that is more, dated names with a price of their own too", () => {
    expect(answered("openai", "gpt-4o-mini", "o1-pro")).toEqual(["o1-pro", "o1-pro"])
    expect(answered("openrouter", "openai/gpt-4o-mini", "o1-pro")).toEqual(["openai/o1-pro", "o1-pro"])
    expect(answered("openai", "gpt-4o", "gpt-4o-2024-05-13")).toEqual(["gpt-4o-2024-05-13", "gpt-4o-2024-05-13"])
  })

  test("is compared in no time, whatever it calls itself", () => {
    const started = performance.now()
    expect(answered("openai", "gpt-4o-mini", `gpt-4o-mini${"-2024-01-01".repeat(20)}x`)[0]).toBe("gpt-4o-mini")
    expect(performance.now() - started).toBeLessThan(500)
  })

  test("is never a reason to charge less, and without a price changes nothing but the alarm", () => {
    expect(answered("openai", "o1-pro", "gpt-4o-mini")).toEqual(["o1-pro", "gpt-4o-mini"])
    expect(answered("openai", "gpt-4o-mini", "llama-secret")).toEqual(["gpt-4o-mini", "llama-secret"])
    expect(answered("openai", "gpt-4o-mini", "x".repeat(100_000))).toEqual(["gpt-4o-mini", "x".repeat(256)])
  })
})
