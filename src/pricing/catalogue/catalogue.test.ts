// A list of OpenRouter's format, written from its public documentation and served by a real HTTP server.
import { afterAll, afterEach, beforeEach, describe, expect, test } from "bun:test"
import { DAY_MS } from "../../app/index.ts"
import { auditOf } from "../../audit/index.ts"
import { createSafeFetch } from "../../http/index.ts"
import { openTestStore, type Store, testCtx } from "../../store/index.ts"
import { createPricing, type ModelPrice, type Pricing, rawCost, readSnapshot, snapshot } from "../index.ts"
import { DEFAULT_RULES } from "../rules.ts"
import { noUsage } from "../testing.ts"
import { readOpenRouterList } from "./openrouter.ts"

interface Row {
  id: string
  pricing: Record<string, string>
}
const FIXTURE = await Bun.file(`${import.meta.dir}/fixtures/openrouter-models.json`).text()
const rowsOf = (): Row[] => (JSON.parse(FIXTURE).data as (Row | null)[]).filter((row) => row !== null)
/** The list with these prices changed. */
const changed = (changes: Record<string, Record<string, string>>, rows = rowsOf()): string =>
  JSON.stringify({
    data: rows.map((row) => (changes[row.id] ? { ...row, pricing: { ...row.pricing, ...changes[row.id] } } : row)),
  })

let answer: () => Response
const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => answer() })
const URL_OF_LIST = `http://127.0.0.1:${server.port}/api/v1/models`
const opened: { close(): Promise<void> }[] = []
let store: Store
let pricing: Pricing
let clock: { now(): number; advance(ms: number): void }
const open = () => createPricing({ store, clock, safeFetch: createSafeFetch({ allow: ["127.0.0.1"] }) })
beforeEach(async () => {
  const fixture = await openTestStore()
  opened.push(fixture)
  store = fixture.store
  clock = fixture.clock
  answer = () => new Response(FIXTURE)
  pricing = open()
})
afterAll(async () => {
  server.stop(true)
  for (const fixture of opened) await fixture.close()
})

const priceOf = (model: string): ModelPrice | null => pricing.modelPrice("openrouter", model, clock.now())
const refresh = () => pricing.catalogue.refresh(testCtx, URL_OF_LIST)
/** p$ of a million tokens in and out, for the sizes of prices. */
const pair = (price: ModelPrice | null) =>
  price && [price.rates.input.base / price.scale, price.rates.output!.base / price.scale]
/** Everything that decides a price, as text. */
const state = () => rowsOf().map(({ id }) => snapshotOf(priceOf(id)))
const snapshotOf = (price: ModelPrice | null) => price && snapshot(price, DEFAULT_RULES.app)

describe("a list is read exactly", () => {
  test("golden: what is in force, to the pico-dollar", async () => {
    expect(await refresh()).toMatchObject({ ok: true, models: 9, held: 0 })
    expect(pair(priceOf("openai/gpt-4o-mini"))).toEqual([150_000n, 600_000n])
    expect(pair(priceOf("ACME/Brand-New"))).toEqual([420_000n, 1_680_000n])
    const mini = priceOf("openai/gpt-4o-mini")!
    expect(mini).toMatchObject({
      source: "catalogue",
      version: `openrouter ${new Date(clock.now()).toISOString()}`,
      units: { webSearch: 10_000_000_000n },
    })
    expect(pricing.limits("openrouter", "openai/gpt-4o-mini", clock.now())).toEqual({
      contextWindow: 128_000,
      maxOutputTokens: 16_384,
    })
    // Finer than a pico-dollar: 3 × 83333.33333333334, up.
    const lite = priceOf("google/gemini-2.5-flash-lite")!
    expect(rawCost(lite, { ...noUsage, inputTokens: 3, cacheWriteTokens: 3 })).toBe(250_001n)
    const sonar = priceOf("perplexity/sonar")!
    expect(rawCost(sonar, { ...noUsage, inputTokens: 10, outputTokens: 10 })).toBe(5_020_000_000n)
    const deep = priceOf("perplexity/sonar-deep-research")!
    expect(rawCost(deep, { ...noUsage, outputTokens: 100, reasoningTokens: 40 })).toBe(
      60n * 8_000_000n + 40n * 3_000_000n,
    )
  })

  test("a 0 beside a paid price is no price of its own: reasoning costs as output, searches are refused", async () => {
    await refresh()
    const sonnet = priceOf("anthropic/claude-sonnet-4.5")!
    expect(sonnet.rates.reasoning).toBeUndefined()
    expect(rawCost(sonnet, { ...noUsage, outputTokens: 10, reasoningTokens: 10 })).toBe(150_000_000n)
    expect(() => rawCost(priceOf("google/gemini-2.5-pro")!, { ...noUsage, webSearches: 1 })).toThrow()
    expect(
      rawCost(priceOf("google/gemini-2.5-flash-lite")!, { ...noUsage, inputTokens: 7, cachedInputTokens: 7 }),
    ).toBe(70_000n)
  })

  test("a picture costs its tokens; a figure of its own counts only where tokens cost nothing, and is not free", () => {
    const of = (pricing: Record<string, string>) =>
      readOpenRouterList(JSON.stringify({ data: [{ id: "a/b", pricing: { completion: "0", ...pricing } }] })).models[0]!
        .price
    expect(of({ prompt: "0.000003", image: "0.0048" }).units).toBeUndefined()
    expect(of({ prompt: "0", image: "0.001" })).toMatchObject({ units: { image: 1_000_000_000n }, free: false })
    expect(of({ prompt: "0", image: "0" })).toMatchObject({ free: true })
  })

  test("free is an explicit 0; variable, broken, drawn and unknown figures are no price", async () => {
    await refresh()
    expect(priceOf("deepseek/deepseek-r1:free")).toMatchObject({ free: true })
    expect(priceOf("stealth/horizon")).toMatchObject({ free: true, source: "catalogue" })
    for (const id of [
      "openrouter/auto",
      "acme/negative",
      "acme/words",
      "acme/unknown-figure",
      "acme/no-pricing",
      "acme/bad name",
    ])
      expect([id, priceOf(id)]).toEqual([id, null])
    expect(priceOf("google/gemini-2.5-flash-image")?.source ?? "none").not.toBe("catalogue")
    expect(readOpenRouterList(FIXTURE)).toMatchObject({ variable: 1, unreadable: 7 })
  })

  test("long prompts cost as the maker's do: 200,000 and 200,001", async () => {
    await refresh()
    const cost = (model: string, inputTokens: number) =>
      rawCost(priceOf(model)!, { ...noUsage, inputTokens, outputTokens: 10 })
    expect(cost("google/gemini-2.5-pro", 200_000)).toBe(200_000n * 1_250_000n + 10n * 10_000_000n)
    expect(cost("google/gemini-2.5-pro", 200_001)).toBe(200_001n * 2_500_000n + 10n * 15_000_000n)
    expect(cost("anthropic/claude-sonnet-4.5", 200_001)).toBe(200_001n * 6_000_000n + 10n * 22_500_000n)
  })
})

describe("which source wins", () => {
  test("an operator's price, then the published list, then the bundled table; after a restart too", async () => {
    expect(priceOf("openai/gpt-4o-mini")?.source).toBe("table")
    answer = () => new Response(changed({ "openai/gpt-4o-mini": { prompt: "0.0000002" } }))
    await refresh()
    expect(priceOf("openai/gpt-4o-mini")).toMatchObject({ source: "catalogue" })
    expect(open().modelPrice("openrouter", "openai/gpt-4o-mini", clock.now())).toEqual(priceOf("openai/gpt-4o-mini"))
    await pricing.setModelPrice(testCtx, {
      provider: "openrouter",
      model: "openai/gpt-4o-mini",
      rates: { input: 1, output: 1 },
    })
    expect(priceOf("openai/gpt-4o-mini")?.source).toBe("override")
    await pricing.setModelPrice(testCtx, { provider: "openrouter", model: "openai/gpt-4o-mini", rates: null })
    expect(priceOf("openai/gpt-4o-mini")?.source).toBe("catalogue")
    // Another provider's list is not touched by it.
    expect(pricing.modelPrice("openai", "gpt-4o-mini", clock.now())?.source).toBe("table")
  })

  test("an unchanged price stays the same object and version; a changed one names the new list", async () => {
    await refresh()
    const [mini, sonar] = [priceOf("openai/gpt-4o-mini"), priceOf("perplexity/sonar")]
    clock.advance(DAY_MS)
    answer = () => new Response(changed({ "perplexity/sonar": { prompt: "0.000002" } }))
    expect(await refresh()).toMatchObject({ ok: true, changed: 1 })
    expect(priceOf("openai/gpt-4o-mini")).toBe(mini)
    expect(priceOf("perplexity/sonar")!.version).toBe(`openrouter ${new Date(clock.now()).toISOString()}`)
    expect(readSnapshot(snapshotOf(sonar)!).price).toEqual(sonar!)
  })
})

describe("what goes wrong changes nothing and is said", () => {
  const broken: [string, () => Response, RegExp][] = [
    ["an error", () => new Response("no", { status: 503 }), /503/],
    ["a redirect", () => Response.redirect("http://127.0.0.1:1/"), /redirects/],
    ["a page", () => new Response("<html>"), /not JSON/],
    ["another JSON", () => Response.json({ models: [] }), /not a list/],
    ["an empty list", () => Response.json({ data: [] }), /no model/],
    ["a list of nothing readable", () => Response.json({ data: [null, 1, {}] }), /no model/],
    ["too many bytes", () => new Response(`{"data":[${" ".repeat(9_000_000)}]}`), /too large/],
    ["half of it gone", () => new Response(JSON.stringify({ data: rowsOf().slice(0, 3) })), /the last one held 9/],
    [
      "every price a thousandfold",
      () =>
        new Response(
          JSON.stringify({ data: rowsOf().map((row) => ({ ...row, pricing: { ...row.pricing, prompt: "0.0015" } })) }),
        ),
      /beyond belief/,
    ],
    [
      "every price zero",
      () =>
        new Response(
          JSON.stringify({
            data: rowsOf().map((row) => ({ ...row, pricing: { ...row.pricing, prompt: "0", completion: "0" } })),
          }),
        ),
      /beyond belief/,
    ],
  ]
  for (const [name, response, words] of broken) {
    test(name, async () => {
      await refresh()
      const before = state()
      clock.advance(DAY_MS)
      answer = response
      const read = await refresh()
      expect(read.ok).toBe(false)
      expect(read.message).toMatch(words)
      expect(state()).toEqual(before)
      expect(open().catalogue.reads()[0]).toEqual(read)
      expect(auditOf(store.read, "catalogue:openrouter")[0]).toMatchObject({
        action: "catalogue.read",
        actor: testCtx.actor,
      })
    })
  }

  test("no network at all: the bundled table prices", async () => {
    const read = await pricing.catalogue.refresh(testCtx, "http://127.0.0.1:1/api/v1/models")
    expect(read).toMatchObject({ ok: false, models: 0 })
    expect(priceOf("openai/gpt-4o-mini")?.source).toBe("table")
  })

  test("an address inside the house is not asked", async () => {
    const strict = createPricing({ store, clock })
    expect(await strict.catalogue.refresh(testCtx, URL_OF_LIST)).toMatchObject({ ok: false })
  })
})

describe("a price beyond belief is held back alone", () => {
  const absurd: [string, Record<string, string>, RegExp][] = [
    ["more than 20 times up", { prompt: "0.00000301" }, /input rose/],
    ["less than a 20th", { completion: "0.00000002" }, /output fell/],
    ["zero for a paid model", { prompt: "0", completion: "0" }, /became free/],
    ["zero for one side of it", { completion: "0" }, /output became free/],
    ["a part of it more than 20 times up", { input_cache_read: "0.0000031" }, /cached input rose/],
    ["a part of it far below", { input_cache_read: "0.000000003" }, /cached input fell/],
    ["a part that is new and beyond belief", { internal_reasoning: "0.0000121" }, /reasoning rose/],
    ["dollars for each call", { request: "1.01" }, /more than \$1/],
    ["above what any model costs", { prompt: "0.02" }, /\$10,000|rose/],
  ]
  for (const [name, pricingChange, why] of absurd) {
    test(name, async () => {
      await refresh()
      const before = state()
      clock.advance(DAY_MS)
      answer = () => new Response(changed({ "openai/gpt-4o-mini": pricingChange, "acme/brand-new": {} }))
      expect(await refresh()).toMatchObject({ ok: true, held: 1 })
      expect(state()).toEqual(before)
      const [held] = pricing.catalogue.held()
      expect(held).toMatchObject({ model: "openai/gpt-4o-mini" })
      expect(held!.held!.why).toMatch(why)
      // An operator may believe it; then it is the one that later lists are judged by.
      await pricing.catalogue.believe(testCtx, "openrouter", "openai/gpt-4o-mini")
      expect(priceOf("openai/gpt-4o-mini")!.rates).toEqual(held!.held!.price.rates)
      expect(pricing.catalogue.held()).toEqual([])
      expect(await refresh()).toMatchObject({ ok: true, held: 0, changed: 0 })
    })
  }

  test("exactly 20 times is believed; a held price that becomes sane again is forgotten", async () => {
    await refresh()
    answer = () => new Response(changed({ "openai/gpt-4o-mini": { prompt: "0.000003" } }))
    expect(await refresh()).toMatchObject({ held: 0, changed: 1 })
    answer = () => new Response(changed({ "openai/gpt-4o-mini": { prompt: "0.1" } }))
    expect(await refresh()).toMatchObject({ held: 1 })
    answer = () => new Response(changed({ "openai/gpt-4o-mini": { prompt: "0.000003" } }))
    expect(await refresh()).toMatchObject({ held: 0 })
    expect(pricing.catalogue.held()).toEqual([])
  })

  test("believed while a list is read: it stays believed", async () => {
    await refresh()
    answer = () => new Response(changed({ "openai/gpt-4o-mini": { prompt: "0.1" } }))
    await refresh()
    const [read, entry] = await Promise.all([
      refresh(),
      pricing.catalogue.believe(testCtx, "openrouter", "openai/gpt-4o-mini"),
    ])
    expect([read.held, entry.held]).toEqual([1, null])
    expect(priceOf("openai/gpt-4o-mini")!.rates.input.base).toBe(
      100_000_000_000n * priceOf("openai/gpt-4o-mini")!.scale,
    )
    expect(pricing.catalogue.held()).toEqual([])
  })

  test("believing what is not held back is refused", async () => {
    await refresh()
    const refused = pricing.catalogue.believe(testCtx, "openrouter", "openai/gpt-4o-mini")
    expect(
      await refused.then(
        () => "done",
        (error: Error) => error.message,
      ),
    ).toMatch(/held back/)
  })
})

test("two reads at once are one", async () => {
  let asked = 0
  answer = () => {
    asked++
    return new Response(FIXTURE)
  }
  const [one, two] = await Promise.all([refresh(), refresh()])
  expect([one, asked]).toEqual([two, 1])
})

afterEach(() => {
  answer = () => new Response(FIXTURE)
})
